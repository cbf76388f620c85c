/* national_send - `export national --send`: sends what happened since the last time, record by
 * record, to the platform of anzheng.conf (national_url), through the outbox (national_outbox.h),
 * which survives a kill. */
#pragma once

#include "jobs/session.h"

/* fails   USAGE, CONFIG; BUSY when another process sends, or the run was stopped; REMOTE when the
 *         platform cannot be had: what was not sent stays in the outbox */
FALLIBLE national_send(struct session *session, struct error *err);
