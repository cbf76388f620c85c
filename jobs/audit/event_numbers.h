/* event_numbers - a set of event numbers, gathered from several places and visited in ascending
 * order. */
#pragma once

#include "core/base/arena.h"

struct event_numbers {
    struct arena *arena;
    uint64_t *items;
    size_t count;
    size_t capacity;
};

void event_numbers_add(struct event_numbers *numbers, const uint64_t *items, size_t count);
/* Ascending, each once. */
void event_numbers_order(struct event_numbers *numbers);
