/* import_report - prints the result of one imported file: its summary object, and for people what
 * became of its rows. */
#pragma once

#include "jobs/engine/intake/intake.h"
#include "jobs/session.h"

/* The object of CONTRACT 3. `source`: as on the command line. fails   as report_result */
FALLIBLE import_summary(struct session *session, const char *kind, const char *source,
                        const struct intake_report *report, struct error *err);

/* R-PF-06: the counter's own count, and whether all are saved. Nothing is saved by a dry run. */
void import_reading(struct session *session, const struct intake_report *report);

/* What the codes of a run were, to people; the status of what was refused or stopped. */
void import_codes(struct session *session, const struct intake_report *report, const char *rejects,
                  bool has_photos);
