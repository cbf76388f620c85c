/* intake_look - the looks at a whole file before its first row is judged. */
#pragma once

#include "core/io/csv.h"
#include "core/io/digest.h"
#include "jobs/engine/parts/seen_rows.h"

/* Checks the quoting of all rows and digests the file, side by side where there are two processors;
 * beside the longer of the two, `memory` (NULL is fine) is made ready.
 * path    the file that the reader has open
 * fails   as csv_check, file_digest; where both fail, as csv_check */
FALLIBLE intake_look_through(struct csv *csv, const char *path, struct seen_memory *memory,
                             struct digest *ret, struct error *err);
