/* map - see map.h. The hash folds eight bytes at a time through a 128-bit product (the mixing step
 * of Wang Yi's wyhash, public domain); it is not keyed: keys come from our own log. */
#include "core/base/map.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/sort.h"

enum { CAPACITY_FIRST = 16 };

#define HASH_SEED UINT64_C(0x9e3779b97f4a7c15)
#define HASH_MIX  UINT64_C(0xe7037ed1a0b428db)

__extension__ typedef unsigned __int128 wide;

static uint64_t mix(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t map_hash(bytes key)
{
    uint64_t hash = HASH_SEED ^ key.size;
    const uint8_t *data = key.data;
    size_t left = key.size;
    uint64_t word = 0;
    while (left >= sizeof word) {
        memcpy(&word, data, sizeof word);
        hash = mix(hash ^ word, HASH_MIX);
        data += sizeof word;
        left -= sizeof word;
    }
    if (left > 0) {
        word = 0;
        memcpy(&word, data, left);
        hash = mix(hash ^ word, HASH_MIX);
    }
    return mix(hash, HASH_SEED);
}

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){.arena = arena};
}

/* The slot where the key is, or the free one where it belongs. There is always a free one. */
static struct map_entry *slot_of(const struct map *map, bytes key, uint64_t hash)
{
    size_t at = (size_t)hash & (map->capacity - 1);
    while (map->slots[at].key.data != NULL) {
        struct map_entry *entry = &map->slots[at];
        if (entry->hash == hash && bytes_equal(entry->key, key)) {
            return entry;
        }
        at = (at + 1) & (map->capacity - 1);
    }
    return &map->slots[at];
}

struct map_entry *map_find(const struct map *map, bytes key)
{
    if (map->count == 0) {
        return NULL;
    }
    struct map_entry *entry = slot_of(map, key, map_hash(key));
    return entry->key.data != NULL ? entry : NULL;
}

static void grow(struct map *map)
{
    struct map_entry *old = map->slots;
    size_t old_capacity = map->capacity;
    map->capacity = old_capacity > 0 ? old_capacity * 2 : CAPACITY_FIRST;
    map->slots = ARENA_ARRAY(map->arena, struct map_entry, map->capacity);
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].key.data != NULL) {
            *slot_of(map, old[i].key, old[i].hash) = old[i];
        }
    }
}

struct map_entry *map_put(struct map *map, bytes key, bool *ret_made)
{
    if (map->count >= map->capacity - map->capacity / 4) {
        grow(map); /* at most three quarters full: probes stay short */
    }
    uint64_t hash = map_hash(key);
    struct map_entry *entry = slot_of(map, key, hash);
    bool made = entry->key.data == NULL;
    if (made) {
        *entry = (struct map_entry){.key = arena_bytes(map->arena, key), .hash = hash};
        map->count++;
    }
    *ret_made = made;
    return entry;
}

struct map_entry **map_sorted(const struct map *map, struct arena *arena)
{
    struct sort_item *items = ARENA_ARRAY(arena, struct sort_item, map->count);
    struct sort_item *spare = ARENA_ARRAY(arena, struct sort_item, map->count);
    struct map_entry **sorted = ARENA_ARRAY(arena, struct map_entry *, map->count);
    size_t count = 0;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key.data != NULL) {
            items[count++] = (struct sort_item){.key = map->slots[i].key, .item = &map->slots[i]};
        }
    }
    BUG_UNLESS(count == map->count);
    sort_by_key(items, spare, count);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = items[i].item;
    }
    return sorted;
}
