/* memory_views - views kept in memory: a store for views_apply, and a dump to compare. */
#pragma once

#include "core/base/map.h"
#include "projections/registry.h"

struct memory_views {
    struct arena *arena;
    struct map tables[VIEW_COUNT + 1]; /* values are struct bytes *, or NULL when deleted */
    int32_t last_day;                  /* for views_apply */
    size_t puts;                       /* calls of put, to see that nothing is written twice */
};

void memory_views_init(struct memory_views *views, struct arena *arena);
struct view_store memory_views_store(struct memory_views *views);

/* The record of a key, unpacked; NULL when there is none. */
ProtobufCMessage *memory_views_get(const struct memory_views *views, enum view_id view,
                                   struct view_key key, struct arena *arena);
/* Is there an index entry of exactly this prefix and text? */
bool memory_views_indexed(const struct memory_views *views, struct view_key prefix, str text);
/* Number of index entries, or of records, that begin with a prefix. */
size_t memory_views_count(const struct memory_views *views, enum view_id view,
                          const struct view_key *prefix);

/* Every record and index entry as text, a line each, sorted: "<table> <key> <bytes>", where bytes
 * that are no plain text are %XX. Equal views give equal dumps. */
str memory_views_dump(const struct memory_views *views, struct arena *arena);
/* The same, the records field by field: to be read by people and kept as a golden file. */
str memory_views_print(const struct memory_views *views, struct arena *arena);
