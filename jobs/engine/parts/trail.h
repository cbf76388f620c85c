/* trail - lists all events of a record, also those that the driver moved out of a record with many
 * events (projections/registry.h, TRAIL_EVENTS). */
#pragma once

#include "jobs/engine/parts/views.h"

/* Puts back what moved, in memory: the record then names every event, oldest first. `key` is the
 * record's; in the arena. Needs a transaction.
 * fails   RESOURCE; CORRUPT, MESSAGE_VIEWS_DIFFER when it cannot name every event */
FALLIBLE trail_complete(struct views *views, enum view_id view, struct view_key key,
                        ProtobufCMessage *record, struct arena *arena, struct error *err);
