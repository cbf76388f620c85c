/* event_numbers - see event_numbers.h. */
#include "jobs/audit/event_numbers.h"

#include <stdlib.h>

void event_numbers_add(struct event_numbers *numbers, const uint64_t *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_GROW(numbers->arena, numbers->items, numbers->count, &numbers->capacity);
        numbers->items[numbers->count++] = items[i];
    }
}

static int compare(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a;
    uint64_t second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

void event_numbers_order(struct event_numbers *numbers)
{
    size_t kept = 0;
    if (numbers->count > 1) {
        qsort(numbers->items, numbers->count, sizeof *numbers->items, compare);
    }
    for (size_t i = 0; i < numbers->count; i++) {
        if (kept == 0 || numbers->items[kept - 1] != numbers->items[i]) {
            numbers->items[kept++] = numbers->items[i];
        }
    }
    numbers->count = kept;
}
