/* daily_run - how many files of daily folders a run that names its work lists has taken in: broken
 * off and run again it numbers them on, so that none takes an earlier one's place. Kept in the meta
 * table of the log (docs/log-format.md), each count with the file that it counts. */
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
