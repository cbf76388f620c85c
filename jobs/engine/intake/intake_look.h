/* intake_look - the passes over a whole file before its first row is judged.
 *
 * The digest is of the file that the reader has open: replacing the file at its path does not
 * affect this import; writing to the open file ends it. */
#pragma once

#include "core/io/csv.h"
#include "core/io/digest.h"
#include "jobs/engine/parts/seen_rows.h"

/* Checks the quoting of all rows and digests the file, side by side where there are two processors;
 * beside the longer of the two, `memory` (NULL is fine) is made ready.
 * fails   as csv_check, file_digest; where both fail, as csv_check; MISSING MESSAGE_FILE_CHANGED */
FALLIBLE intake_look_through(struct csv *csv, struct seen_memory *memory, struct digest *ret,
                             struct error *err);
