/* fold_keys - index keys of a fold, see fold_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "jobs/engine/fold/fold_parts.h"

enum { KEYS_FIRST = 64, KEYS_LEAST = 16 /* are kept even if memory is short */, AHEAD = 16 };

void fold_keys_init(struct fold_keys *keys, size_t limit, bytes from)
{
    *keys = (struct fold_keys){.limit = limit, .from = from};
    arena_init(&keys->arenas[0], SIZE_MAX);
    arena_init(&keys->arenas[1], SIZE_MAX);
}

void fold_keys_release(struct fold_keys *keys)
{
    free(keys->items);
    keys->items = NULL;
    keys->count = 0;
    keys->capacity = 0;
    arena_release(&keys->arenas[0]);
    arena_release(&keys->arenas[1]);
}

static struct sort_item *items_of(size_t count)
{
    struct sort_item *items = malloc((count > 0 ? count : 1) * sizeof *items);
    MEMORY_UNLESS(items != NULL);
    return items;
}

static void sort_keys(struct fold_keys *keys)
{
    struct sort_item *spare = items_of(keys->count);
    sort_by_key(keys->items, spare, keys->count);
    free(spare);
}

/* Keys in order, each once. */
static void sort_and_join(struct fold_keys *keys)
{
    size_t count = 0;
    sort_keys(keys);
    for (size_t i = 0; i < keys->count; i++) {
        if (count == 0 || !bytes_equal(keys->items[count - 1].key, keys->items[i].key)) {
            keys->items[count++] = keys->items[i];
        }
    }
    keys->count = count;
}

/* Copies the lower half to the other arena, so that this one can be reset. */
static void cut_in_half(struct fold_keys *keys)
{
    struct arena *other = &keys->arenas[1 - keys->current];
    sort_and_join(keys);
    if (keys->count < 2) {
        return;
    }
    keys->count /= 2;
    keys->cut = arena_bytes(other, keys->items[keys->count].key);
    for (size_t i = 0; i < keys->count; i++) {
        keys->items[i].key = arena_bytes(other, keys->items[i].key);
    }
    arena_release(&keys->arenas[keys->current]);
    keys->current = 1 - keys->current;
}

static void grow(struct fold_keys *keys)
{
    size_t capacity = keys->capacity > 0 ? keys->capacity * 2 : KEYS_FIRST;
    struct sort_item *items = realloc(keys->items, capacity * sizeof *items);
    MEMORY_UNLESS(items != NULL);
    keys->items = items;
    keys->capacity = capacity;
}

void fold_keys_add(struct fold_keys *keys, bytes key)
{
    bool earlier = keys->from.data != NULL && bytes_compare(key, keys->from) < 0;
    bool later = keys->cut.data != NULL && bytes_compare(key, keys->cut) >= 0;
    if (earlier || later) {
        return;
    }
    /* twice the items: sorting needs room */
    if (keys->count > KEYS_LEAST &&
        keys->arenas[keys->current].used_bytes + keys->count * 2 * sizeof *keys->items >
            keys->limit) {
        cut_in_half(keys);
        if (keys->cut.data != NULL && bytes_compare(key, keys->cut) >= 0) {
            return;
        }
    }
    if (keys->count == keys->capacity) {
        grow(keys);
    }
    keys->items[keys->count++] =
        (struct sort_item){.key = arena_bytes(&keys->arenas[keys->current], key)};
}

/* Who gives them joins them. */
static void sort_work(void *state, unsigned number)
{
    struct fold *fold = state;
    sort_keys(&fold->workers[number].keys);
}

/* The lowest cut of all workers: some worker may not have kept the keys above it. */
static bytes lowest_cut(struct fold *fold)
{
    bytes cut = {0};
    for (unsigned i = 0; i < fold->workers_count; i++) {
        bytes other = fold->workers[i].keys.cut;
        if (other.data != NULL && (cut.data == NULL || bytes_compare(other, cut) < 0)) {
            cut = other;
        }
    }
    return cut.data != NULL ? arena_bytes(&fold->arena, cut) : cut;
}

/* The worker whose next key is the lowest; workers_count when none has one below the cut. */
static unsigned lowest(const struct fold *fold, const size_t *at, bytes cut)
{
    unsigned found = fold->workers_count;
    bytes best = cut;
    for (unsigned i = 0; i < fold->workers_count; i++) {
        const struct fold_keys *keys = &fold->workers[i].keys;
        if (at[i] < keys->count &&
            (best.data == NULL || bytes_compare(keys->items[at[i]].key, best) < 0)) {
            best = keys->items[at[i]].key;
            found = i;
        }
    }
    return found;
}

/* What all threads have, in order and each once, up to the cut. */
static outcome give(struct fold *fold, bytes cut, struct error *err)
{
    const bytes empty = {(const uint8_t *)"", 0};
    size_t at[THREADS_MAX] = {0};
    bytes last = {0};
    for (unsigned i; (i = lowest(fold, at, cut)) < fold->workers_count;) {
        if (fold_is_stopped(fold)) {
            *err = fold->error;
            return error_trace(err, HERE);
        }
        const struct fold_keys *keys = &fold->workers[i].keys;
        bytes key = keys->items[at[i]++].key;
        if (at[i] + AHEAD < keys->count) { /* they lie in the order in which they came */
            bytes later = keys->items[at[i] + AHEAD].key;
            __builtin_prefetch(later.data);
            __builtin_prefetch(later.data + later.size - 1);
        }
        if (last.data == NULL || !bytes_equal(key, last)) {
            TRY(fold->sink->put(fold->sink->state, VIEW_INDEX, key, empty, err));
        }
        last = key;
    }
    return OK;
}

struct giving {
    struct fold *fold;
    bytes cut;
    outcome result;
    struct error *err;
};

static bool is_given(struct fold *fold)
{
    fold_lock(fold);
    bool given = fold->keys_given;
    fold_unlock(fold);
    return given;
}

/* Only the calling thread may hand over. */
static void give_work(void *state, unsigned number)
{
    struct giving *giving = state;
    struct fold *fold = giving->fold;
    if (number == 0) {
        giving->result = give(fold, giving->cut, giving->err);
        fold_lock(fold);
        fold->keys_given = true;
        fold_unlock(fold);
    }
    while (number > 0 && !is_given(fold) && fold_work_beside(&fold->workers[number])) {
    }
}

FALLIBLE fold_keys_give(struct fold *fold, bytes *ret_cut, struct error *err)
{
    struct giving giving = {fold, lowest_cut(fold), OK, err};
    threads_run(fold->workers_count, sort_work, fold);
    fold->keys_given = false;
    threads_run(fold->workers_count, give_work, &giving);
    TRY(giving.result);
    *ret_cut = giving.cut;
    return OK;
}
