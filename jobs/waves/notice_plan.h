/* notice_plan - the plan of a notice as a file: lists the certificates that it would change, for
 * approval, and later checks whether that list is still the same. */
#pragma once

#include "jobs/wishes/single_wish.h"

/* Writes a row a certificate of the list, each with what the notice intends. In a transaction.
 * fails   CREATE, RESOURCE, CORRUPT */
FALLIBLE notice_plan_write(struct session *session, const WaveOpened *intent,
                           const struct wave_list *list, const char *path, struct error *err);

/* The plan is of this notice and its value, as far as it says so, and is what the notice would take
 * today, or what its wave took or is taking; else what changed is shown as rename_changes.h does.
 * `notice` is not judged. Opens a transaction.
 * fails   MISSING, MALFORMED; REFUSED MESSAGE_PLAN_DIFFERS, MESSAGE_PLAN_OTHER_NOTICE; RESOURCE,
 *         CORRUPT */
FALLIBLE notice_plan_check(const struct single_wish *notice, const char *path, bool csv,
                           struct error *err);
