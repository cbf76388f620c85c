/* history_refused - wishes that a rule refused, for `audit history`: no event is theirs, but the
 * file they came in, its answers and who signed it are kept (jobs/engine/judging/evidence.h).
 *
 * Shown is what was wished, by whom, on what, and the rule and code that refused it: the wish's own
 * words and numbers of documents stay sealed (`audit history file`). */
#pragma once

#include "jobs/objects/subject.h"
#include "jobs/session.h"

/* Whose wishes: NULL in a member that does not count. */
struct refused_filter {
    const struct subject *subject; /* named in the wish, or holder of a certificate that is */
    const char *actor;             /* enterprise code, 工号 or person id of whoever wished */
};

/* Takes a line of the history. `record` is given to it. */
typedef outcome refused_put(void *state, struct json *record, struct error *err);

/* Those of one FileProcessed event; any other event has none. A file whose key was destroyed
 * has none any more. Needs keys and a transaction.
 * fails   as evidence_open and `put` */
FALLIBLE history_refused_of(struct session *session, const Event *event,
                            const struct refused_filter *filter, refused_put *put, void *state,
                            struct error *err);
