/* rejects_place - chooses the rejects file of an `import`: --rejects, numbered if the run reads
 * several files, else a new file below reports/. */
#pragma once

#include "jobs/session.h"

/* No file's refused rows would be written over what the run reads, now or later.
 * fails   USAGE MESSAGE_REJECTS_IS_INPUT; MISSING (a folder of --daily) */
FALLIBLE rejects_place_check(struct session *session, struct error *err);

/* Of the run's file with that number, from 1. *ret NULL: a dry run only counts them.
 * fails   CREATE FILE_NOT_CREATED */
FALLIBLE rejects_place(struct session *session, const char *kind, uint64_t number, const char **ret,
                       struct error *err);
