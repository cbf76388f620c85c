/* vanished - what `import national --full` says of rows that the export no longer has: how many,
 * and which, as CSV and JSON lines below reports/. None is deleted.
 *
 * Numbers are masked like everywhere. Persons who are to be left alone (R-PV-02) are counted and
 * not listed. */
#pragma once

#include "jobs/engine/intake/full_export.h"
#include "jobs/session.h"

/* `dry_run`: nothing is written, only counted.
 * fails   CREATE, RESOURCE, CORRUPT */
FALLIBLE vanished_report(struct session *session, struct full_export *export_, bool dry_run,
                         struct error *err);
