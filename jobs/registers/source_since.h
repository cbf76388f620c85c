/* source_since - was any file of a given register kind imported after a given event? */
#pragma once

#include "jobs/engine/engine.h"

/* Reads the events behind `event`. Outside a transaction. fails   RESOURCE, CORRUPT */
FALLIBLE source_since(struct engine *engine, uint64_t event, const char *kind, bool *ret,
                      struct error *err);

/* The number of the last event. Outside a transaction. */
FALLIBLE source_last_event(struct engine *engine, uint64_t *ret, struct error *err);
