/* map - see map.h. The hash folds eight bytes at a time through a 128-bit product (the mixing step
 * of Wang Yi's wyhash, public domain); it is not keyed: keys come from our own log. */
#include "core/base/map.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

enum {
    CAPACITY_FIRST = 16,
    DIGIT_BITS = 8, /* of the radix sort */
    DIGIT_VALUES = 1 << DIGIT_BITS,
    FEW = 64,       /* so many keys are compared whole */
    DEPTH_MAX = 64, /* keys that agree so far are compared whole */
};

#define HASH_SEED UINT64_C(0x9e3779b97f4a7c15)
#define HASH_MIX  UINT64_C(0xe7037ed1a0b428db)

__extension__ typedef unsigned __int128 wide;

static uint64_t mix(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_of(bytes key)
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
    struct map_entry *entry = slot_of(map, key, hash_of(key));
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
    uint64_t hash = hash_of(key);
    struct map_entry *entry = slot_of(map, key, hash);
    bool made = entry->key.data == NULL;
    if (made) {
        *entry = (struct map_entry){.key = arena_bytes(map->arena, key), .hash = hash};
        map->count++;
    }
    *ret_made = made;
    return entry;
}

/* Eight bytes of a key, beside the entry: most comparisons then need no other memory. */
struct sorting {
    uint64_t head;
    struct map_entry *entry;
};

static uint64_t head_of(bytes key, size_t depth)
{
    uint64_t word = 0;
    size_t left = key.size > depth ? key.size - depth : 0;
    if (left > 0) {
        memcpy(&word, key.data + depth, left < sizeof word ? left : sizeof word);
    }
    return __builtin_bswap64(word);
}

static int compare_keys(const void *a, const void *b)
{
    const struct sorting *left = a;
    const struct sorting *right = b;
    return bytes_compare(left->entry->key, right->entry->key);
}

/* One digit of a radix sort; false when all have the same and nothing had to move. */
static bool sort_digit(const struct sorting *from, struct sorting *to, size_t count, unsigned shift)
{
    size_t starts[DIGIT_VALUES] = {0};
    for (size_t i = 0; i < count; i++) {
        starts[from[i].head >> shift & (DIGIT_VALUES - 1)]++;
    }
    if (starts[from[0].head >> shift & (DIGIT_VALUES - 1)] == count) {
        return false;
    }
    for (size_t value = 0, sum = 0; value < DIGIT_VALUES; value++) {
        size_t many = starts[value];
        starts[value] = sum;
        sum += many;
    }
    for (size_t i = 0; i < count; i++) {
        to[starts[from[i].head >> shift & (DIGIT_VALUES - 1)]++] = from[i];
    }
    return true;
}

/* By the head; `spare` has the same room. */
static void sort_heads(struct sorting *items, struct sorting *spare, size_t count)
{
    struct sorting *from = items;
    struct sorting *to = spare;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        if (sort_digit(from, to, count, shift)) {
            struct sorting *swap = from;
            from = to;
            to = swap;
        }
    }
    if (from != items) {
        memcpy(items, from, count * sizeof items[0]);
    }
}

/* Sorts keys that agree in their first `depth` bytes: by the next eight, then those that agree in
 * these too. Missing bytes count as zeros, so the last word is with the whole keys. */
static void sort_from(struct sorting *items, struct sorting *spare, size_t count, size_t depth)
{
    if (count <= FEW || depth >= DEPTH_MAX) {
        qsort(items, count, sizeof items[0], compare_keys);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        items[i].head = head_of(items[i].entry->key, depth);
    }
    sort_heads(items, spare, count);
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && items[to].head == items[from].head) {
            to++;
        }
        if (to - from > 1) {
            sort_from(items + from, spare, to - from, depth + sizeof items->head);
        }
    }
}

struct map_entry **map_sorted(const struct map *map, struct arena *arena)
{
    struct sorting *items = ARENA_ARRAY(arena, struct sorting, map->count);
    struct sorting *spare = ARENA_ARRAY(arena, struct sorting, map->count);
    struct map_entry **sorted = ARENA_ARRAY(arena, struct map_entry *, map->count);
    size_t count = 0;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key.data != NULL) {
            items[count++].entry = &map->slots[i];
        }
    }
    BUG_UNLESS(count == map->count);
    sort_from(items, spare, count, 0);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = items[i].entry;
    }
    return sorted;
}
