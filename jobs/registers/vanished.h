/* vanished - reports the rows that a full export (`import national --full`) no longer has: how
 * many, and which, as CSV and JSON lines below reports/. None is deleted.
 *
 * ID numbers are masked as everywhere. Blocked and erased persons (R-PV-02) are counted and not
 * listed. */
#pragma once

#include "jobs/engine/intake/full_export.h"
#include "jobs/session.h"

/* `dry_run`: nothing is written, only counted.
 * fails   CREATE, RESOURCE, CORRUPT */
FALLIBLE vanished_report(struct session *session, struct full_export *export_, bool dry_run,
                         struct error *err);
