/* sort - sorts many byte-string keys in the order of bytes_compare(). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

struct sort_item {
    uint64_t head; /* eight bytes of the key, kept here while sorting: no other memory is needed */
    bytes key;
    void *item; /* the caller's */
};

/* `spare` is scratch room for as many items. Not stable: equal keys come in any order. */
void sort_by_key(struct sort_item *items, struct sort_item *spare, size_t count);
