/* sort - see sort.h. A radix sort by eight bytes at a time, from the first byte on. */
#include "core/base/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGIT_BITS = 8, /* of the radix sort */
    DIGIT_VALUES = 1 << DIGIT_BITS,
    FEW = 24,       /* so many keys are moved one by one */
    DEPTH_MAX = 64, /* keys that agree so far are compared whole */
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

/* By the head; `spare` has the same room. */
static void sort_heads(struct sort_item *items, struct sort_item *spare, size_t count)
{
    struct sort_item *from = items;
    struct sort_item *to = spare;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        if (sort_digit(from, to, count, shift)) {
            struct sort_item *swap = from;
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
static void sort_from(struct sort_item *items, struct sort_item *spare, size_t count, size_t depth)
{
    if (depth >= DEPTH_MAX) {
        qsort(items, count, sizeof items[0], compare_keys);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        items[i].head = head_of(items[i].key, depth);
    }
    if (count <= FEW) {
        sort_few(items, count);
        return;
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

void sort_by_key(struct sort_item *items, struct sort_item *spare, size_t count)
{
    if (count > 1) {
        sort_from(items, spare, count, 0);
    }
}
