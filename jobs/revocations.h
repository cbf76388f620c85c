/* revocations - the revocation lists that anzheng.conf names. */
#pragma once

#include "jobs/session.h"

/* *ret: the lists (DER), for the whole run.
 * fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE revocations_read(struct session *session, const bytes **ret, size_t *ret_count,
                          struct error *err);
