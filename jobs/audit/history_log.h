/* history_log - histories of an actor, a wave, an input file or a day, refused wishes included. No
 * view lists their events, so they are searched in the log: for a day or a wave only in their part
 * of it, for an actor or a file in all of it, unpacking only events that may belong to them. */
#pragma once

#include "jobs/audit/history_refused.h"

struct history_log {
    struct session *session;
    void *state;
    outcome (*put_event)(void *state, uint64_t sequence, struct error *err);
    refused_put *put_refused;
    uint64_t found; /* lines so far */
};

/* Is it one of "actor", "wave", "import", "day", "code"? */
bool history_log_knows(const char *what);

/* All lines of `which`: code, 工号, operator, person's number or id; number of the WaveOpened;
 * event or SHA-256 of a file; date; the text of a QR code or its token. In a transaction. fails
 * USAGE MESSAGE_OPTION_VALUE; REFUSED MESSAGE_HISTORY_NOTHING when there is none; CORRUPT */
FALLIBLE history_log_tell(struct history_log *log, const char *what, const char *which,
                          struct error *err);

/* What came to nothing for a certificate, person or enterprise, oldest first: refused wishes, by
 * FileProcessed; of a certificate and a person also items of waves that failed. */
FALLIBLE history_log_refused(struct history_log *log, const struct subject *subject,
                             struct error *err);
