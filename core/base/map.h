/* map - byte-string keys to pointers, in an arena: open addressing, grows, never shrinks.
 *
 * Keys are copied into the arena; values are the caller's. Iteration order is unspecified; sort
 * (map_sorted) where order matters. */
#pragma once

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/str.h"

struct map_entry {
    bytes key;
    void *value;
    uint64_t hash;
};

struct map {
    struct arena *arena;
    struct map_entry *slots; /* key.data NULL: free */
    size_t capacity;         /* power of two, or 0 */
    size_t count;
};

/* The hash of a key. Not keyed against collision attacks: use the map for keys that come from our
 * own log. */
uint64_t map_hash(bytes key);
void map_init(struct map *map, struct arena *arena);
/* The entry of a key, or NULL. Valid until the next map_put. */
struct map_entry *map_find(const struct map *map, bytes key);
/* The entry of a key, made with a NULL value when it was not there (*ret_made says so). */
struct map_entry *map_put(struct map *map, bytes key, bool *ret_made);
/* All entries in key order, in the arena. */
struct map_entry **map_sorted(const struct map *map, struct arena *arena);
