/* revocations - the revocation lists that anzheng.conf names. */
#pragma once

#include "jobs/session.h"

/* *ret: the lists (DER), for the whole run. One that cannot be had stops the run: without it, who
 * is revoked would be let in. fails   CONFIG MESSAGE_REVOCATION_LIST_MISSING,
 * MESSAGE_REVOCATION_LIST_UNREADABLE, MESSAGE_REVOCATION_LISTS_MANY */
FALLIBLE revocations_read(struct session *session, const bytes **ret, size_t *ret_count,
                          struct error *err);
