/* practitioners - registers of level A of a sample: registrations.csv and contracts.csv, of those
 * who hold a B on the first day. */
#pragma once

#include "jobs/sample/output.h"

FALLIBLE practitioners_write(struct output *output, struct error *err);
