/* trusted - the trusted roots as they stand in the store's views. */
#pragma once

#include "core/io/cms.h"
#include "jobs/engine/engine.h"

/* Fills in roots and roots_count, in the arena. In a transaction. */
FALLIBLE trusted_roots(struct engine *engine, struct arena *arena, struct trust *trust,
                       struct error *err);
