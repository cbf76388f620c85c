/* daily_run - counts the files of daily folders that a run with --rejects has imported, so that an
 * interrupted run continues the numbering of its rejects files, and none takes an earlier one's
 * place. The count is in the meta table of the log (docs/log-format.md), written with the file that
 * it counts. */
#pragma once

#include "jobs/engine/intake/intake.h"

/* The number of files that this run has taken in before; 0 for a new one. Outside a transaction.
 * fails   RESOURCE, CORRUPT */
FALLIBLE daily_run_load(struct log *log, const char *kind, const struct digest *run, uint64_t *ret,
                        struct error *err);

/* To be written with the file's end: it is the number-th. */
struct intake_note daily_run_note(const char *kind, const struct digest *run, uint64_t number,
                                  struct arena *arena);

/* The run has come to its end, the next one begins anew. Writes only when there is something.
 * fails   RESOURCE, CORRUPT */
FALLIBLE daily_run_end(struct log *log, const char *kind, struct error *err);
