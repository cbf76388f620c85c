/* notice_plan - the plan of a notice as a file: what it would take, for approval, and whether that
 * is what it would take still. */
#pragma once

#include "jobs/wishes/lone_wish.h"

/* Writes a row a certificate of the list. In a transaction.
 * fails   CREATE, RESOURCE, CORRUPT */
FALLIBLE notice_plan_write(struct session *session, const struct wave_list *list, const char *path,
                           struct error *err);

/* The plan is what the notice would take today, or what its wave took or is taking; else what
 * changed is shown as rename_changes.h does. `notice` is not judged. Opens a transaction.
 * fails   MISSING, MALFORMED; REFUSED MESSAGE_PLAN_DIFFERS; RESOURCE, CORRUPT */
FALLIBLE notice_plan_check(const struct lone_wish *notice, const char *path, bool csv,
                           struct error *err);
