/* erasure_report - writes a file below reports/ that says what of a person was destroyed and how to
 * verify it. It contains no personal data. */
#pragma once

#include "jobs/engine/engine.h"

/* reports/erasure-<person id>.json; written again it is the same to the byte: all it says is in the
 * event.
 * fails   CREATE, RESOURCE */
FALLIBLE erasure_report_write(struct engine *engine, const PersonErased *erased,
                              struct arena *arena, struct error *err);
