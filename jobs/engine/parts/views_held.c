/* views_held - see views_held.h. */
#include "jobs/engine/parts/views_held.h"

#include "core/base/sort.h"
#include "core/io/mapped.h"

/* After this many entries the pages passed are released. */
enum { ENTRIES_MAPPED = 1 << 14 };

/* A key is prefetched this many entries ahead. */
enum { KEYS_AHEAD = 12 };

void views_held_init(struct views_held *held)
{
    *held = (struct views_held){.count = 0};
    arena_init(&held->arena, 0);
}

void views_held_release(struct views_held *held)
{
    arena_release(&held->arena);
    held->keys = NULL;
    held->count = held->capacity = 0;
}

bool views_held_add(struct views_held *held, bytes key)
{
    ARENA_GROW(&held->arena, held->keys, held->count, &held->capacity);
    held->keys[held->count++] = arena_bytes(&held->arena, key);
    held->bytes += key.size;
    return held->count == VIEWS_HELD_ENTRIES || held->bytes >= VIEWS_HELD_BYTES;
}

static outcome write_sorted(const struct sort_item *items, size_t count, struct store_txn *txn,
                            unsigned table, const char *dir, struct error *err)
{
    const bytes empty = {(const uint8_t *)"", 0};
    for (size_t i = 0; i < count; i++) {
        if (i + KEYS_AHEAD < count) {
            __builtin_prefetch(items[i + KEYS_AHEAD].key.data);
        }
        TRY(store_put(txn, table, items[i].key, empty, err));
        if ((i + 1) % ENTRIES_MAPPED == 0) {
            mapped_let_go(dir);
        }
    }
    return OK;
}

FALLIBLE views_held_write(struct views_held *held, struct store_txn *txn, unsigned table,
                          const char *dir, struct error *err)
{
    if (held->count == 0) {
        return OK;
    }
    struct sort_item *items = ARENA_ARRAY(&held->arena, struct sort_item, 2 * held->count);
    for (size_t i = 0; i < held->count; i++) {
        items[i] = (struct sort_item){.key = held->keys[i]};
    }
    sort_by_key(items, items + held->count, held->count);
    outcome written = write_sorted(items, held->count, txn, table, dir, err);
    views_held_drop(held);
    return written;
}

void views_held_drop(struct views_held *held)
{
    held->keys = NULL;
    held->count = held->capacity = held->bytes = 0;
    arena_reset(&held->arena);
}
