/* folded - the inside of project.h: views in memory, as one map from view and key to value. */
#pragma once

#include "jobs/engine/project.h"

struct folded *folded_open(void);
struct view_store folded_store(struct folded *folded);
/* For one event at a time. */
struct arena *folded_item_arena(struct folded *folded);
void folded_set_last(struct folded *folded, uint64_t sequence);
