/* log_days - finds the first event of a business date, by binary search in the log. */
#pragma once

#include "jobs/engine/engine.h"

/* The first event of that day, or behind all earlier ones: up to one more than there are. By
 * halving: dates never go back. In a damaged log they may, and any event is the answer. In a
 * transaction; needs no keys. fails   CORRUPT, RESOURCE */
FALLIBLE log_day_first(struct engine *engine, int32_t day, uint64_t *ret, struct error *err);
