/* sort - see sort.h. A radix sort by eight bytes at a time, from the first byte on. */
#include "core/base/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGIT_BITS = 8, /* of the radix sort */
    DIGIT_VALUES = 1 << DIGIT_BITS,
    FEW = 24,           /* so many keys are moved one by one */
    DEPTH_MAX = 64,     /* keys that agree so far are compared whole */
    AHEAD = 12,         /* keys that are asked for in time */
    CACHED = 32 * 1024, /* items that stay in the processor's cache, about */
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
    const struct sort_item *left = a;
    const struct sort_item *right = b;
    return bytes_compare(left->key, right->key);
}

/* Those whose heads are set, one by one; keys of equal heads are compared whole. */
static void sort_few(struct sort_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sort_item item = items[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct sort_item *before = &items[at - 1];
            if (before->head < item.head ||
                (before->head == item.head && bytes_compare(before->key, item.key) <= 0)) {
                break;
            }
            items[at] = *before;
        }
        items[at] = item;
    }
}

/* One digit of a radix sort; false when all have the same and nothing had to move. */
static bool sort_digit(const struct sort_item *from, struct sort_item *to, size_t count,
                       unsigned shift)
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

/* By the bytes of the head in which some differ, from the last one on; `spare` has the same room.
 */
static void sort_heads(struct sort_item *items, struct sort_item *spare, size_t count,
                       uint64_t differs)
{
    struct sort_item *from = items;
    struct sort_item *to = spare;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        bool same = (differs >> shift & (DIGIT_VALUES - 1)) == 0;
        if (!same && sort_digit(from, to, count, shift)) {
            struct sort_item *swap = from;
            from = to;
            to = swap;
        }
    }
    if (from != items) {
        memcpy(items, from, count * sizeof items[0]);
    }
}

/* The same where the items do not fit into the processor's cache: by the first byte in which some
 * differ, then each part for itself, until one fits. */
static void sort_many(struct sort_item *items, struct sort_item *spare, size_t count,
                      uint64_t differs)
{
    if (count <= CACHED || differs == 0) {
        sort_heads(items, spare, count, differs);
        return;
    }
    unsigned shift = (63U - (unsigned)__builtin_clzll(differs)) / DIGIT_BITS * DIGIT_BITS;
    if (sort_digit(items, spare, count, shift)) {
        memcpy(items, spare, count * sizeof items[0]);
    }
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && items[to].head >> shift == items[from].head >> shift) {
            to++;
        }
        sort_many(items + from, spare, to - from, differs & ((UINT64_C(1) << shift) - 1));
    }
}

/* Sets the heads; returns the bits in which some differ. Keys lie anywhere: they are asked for in
 * time. */
static uint64_t set_heads(struct sort_item *items, size_t count, size_t depth)
{
    uint64_t differs = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) {
            __builtin_prefetch(items[i + AHEAD].key.data);
        }
        items[i].head = head_of(items[i].key, depth);
        differs |= items[i].head ^ items[0].head;
    }
    return differs;
}

/* Sorts keys that agree in their first `depth` bytes: by the next eight, then those that agree in
 * these too. Missing bytes count as zeros, so the last word is with the whole keys. */
static void sort_from(struct sort_item *items, struct sort_item *spare, size_t count, size_t depth)
{
    uint64_t differs = 0;
    for (; depth < DEPTH_MAX; depth += sizeof items->head) {
        differs = set_heads(items, count, depth);
        if (differs != 0) {
            break; /* what all have in common is passed by */
        }
    }
    if (count <= FEW) {
        sort_few(items, count);
        return;
    }
    if (differs == 0) {
        qsort(items, count, sizeof items[0], compare_keys);
        return;
    }
    sort_many(items, spare, count, differs);
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

void sort_by_key(struct sort_item *items, struct sort_item *spare, size_t count)
{
    if (count > 1) {
        sort_from(items, spare, count, 0);
    }
}
