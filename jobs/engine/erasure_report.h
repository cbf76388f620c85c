/* erasure_report - what was destroyed of a person, and how to make sure of it: a file below
 * reports/ that holds nothing personal. */
#pragma once

#include "jobs/engine/engine.h"

/* reports/erasure-<person id>.json; written again it is the same to the byte: all it says is in the
 * event.
 * fails   CREATE, RESOURCE */
FALLIBLE erasure_report_write(struct engine *engine, const PersonErased *erased,
                              struct arena *arena, struct error *err);
