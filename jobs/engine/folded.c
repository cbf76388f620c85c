/* folded - see folded.h and project.h. */
#include "jobs/engine/folded.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/record.h"
#include "core/io/file.h"

/* A value in the arena: grown by half, so that lists that get longer are not copied every time. */
struct value {
    uint8_t *data; /* NULL: deleted */
    size_t size;
    size_t capacity;
};

struct folded {
    struct arena run;
    struct arena item;
    struct map map; /* view number (one byte) and key -> struct value */
    uint64_t last;
    int32_t last_day; /* for views_apply */
};

struct folded *folded_open(void)
{
    struct folded *folded = calloc(1, sizeof *folded);
    BUG_UNLESS(folded != NULL);
    folded->last_day = DAY_UNKNOWN;
    arena_init(&folded->run, SIZE_MAX);
    arena_init(&folded->item, 0);
    map_init(&folded->map, &folded->run);
    return folded;
}

void folded_close(struct folded *folded)
{
    if (folded == NULL) {
        return;
    }
    arena_release(&folded->item);
    arena_release(&folded->run);
    free(folded);
}

struct arena *folded_item_arena(struct folded *folded)
{
    return &folded->item;
}

uint64_t folded_last(const struct folded *folded)
{
    return folded->last;
}

void folded_set_last(struct folded *folded, uint64_t sequence)
{
    folded->last = sequence;
}

static bytes full_key(enum view_id view, bytes key, uint8_t out[VIEW_KEY_MAX + 1])
{
    BUG_UNLESS(key.size <= VIEW_KEY_MAX);
    out[0] = (uint8_t)view;
    memcpy(out + 1, key.data, key.size);
    return (bytes){out, key.size + 1};
}

static struct value *find(const struct folded *folded, enum view_id view, bytes key)
{
    uint8_t full[VIEW_KEY_MAX + 1];
    struct map_entry *entry = map_find(&folded->map, full_key(view, key, full));
    struct value *value = entry != NULL ? entry->value : NULL;
    return value != NULL && value->data != NULL ? value : NULL;
}

/* The three calls cannot fail; their type is the store's. */
static outcome fold_get(void *state, enum view_id view, bytes key, bytes *ret, struct error *err)
{
    const struct value *value = find(state, view, key);
    (void)err; /* memory does not fail */
    *ret = value != NULL ? (bytes){value->data, value->size} : (bytes){0};
    return OK;
}

static outcome fold_put(void *state, enum view_id view, bytes key, bytes content, struct error *err)
{
    struct folded *folded = state;
    uint8_t full[VIEW_KEY_MAX + 1];
    bool made = false;
    (void)err; /* memory does not fail */
    struct map_entry *entry = map_put(&folded->map, full_key(view, key, full), &made);
    if (entry->value == NULL) { /* the first bytes lie behind their head */
        struct value *first = arena_new_raw(&folded->run, sizeof *first + content.size);
        *first = (struct value){(uint8_t *)(first + 1), 0, content.size};
        entry->value = first;
    }
    struct value *value = entry->value;
    if (value->data == NULL || value->capacity < content.size) {
        value->capacity = value->data == NULL ? content.size : content.size + content.size / 2;
        value->data = arena_new_raw(&folded->run, value->capacity);
    }
    value->size = content.size;
    if (content.size > 0) {
        memcpy(value->data, content.data, content.size);
    }
    return OK;
}

static outcome fold_delete(void *state, enum view_id view, bytes key, struct error *err)
{
    struct value *value = find(state, view, key);
    (void)err; /* memory does not fail */
    if (value != NULL) {
        value->data = NULL;
    }
    return OK;
}

struct view_store folded_store(struct folded *folded)
{
    return (struct view_store){folded, fold_get, fold_put, fold_delete, &folded->last_day};
}

bytes folded_get(struct folded *folded, enum view_id view, struct view_key key)
{
    const struct value *value = find(folded, view, bytes_of(key.data, key.size));
    return value != NULL ? (bytes){value->data, value->size} : (bytes){0};
}

/* Calls `each` for every record of all views, in order of view and key. */
static outcome each_entry(struct folded *folded,
                          outcome (*each)(void *state, enum view_id view, bytes key, bytes value,
                                          struct error *err),
                          void *state, struct error *err)
{
    struct map_entry **entries = map_sorted(&folded->map, &folded->run);
    size_t count = folded->map.count;
    for (size_t i = 0; i < count; i++) {
        /* In key order they lie anywhere in memory: ask for the coming ones in time. */
        __builtin_prefetch(entries[i + 16 < count ? i + 16 : i]);
        __builtin_prefetch(entries[i + 8 < count ? i + 8 : i]->key.data);
        __builtin_prefetch(entries[i + 8 < count ? i + 8 : i]->value);
        const struct value *value = entries[i]->value;
        bytes key = {entries[i]->key.data + 1, entries[i]->key.size - 1};
        if (value->data != NULL) {
            TRY(each(state, (enum view_id)entries[i]->key.data[0], key,
                     (bytes){value->data, value->size}, err));
        }
    }
    return OK;
}

struct one_view {
    enum view_id view;
    outcome (*each)(void *state, bytes key, bytes value, struct error *err);
    void *state;
};

static outcome each_of_view(void *state, enum view_id view, bytes key, bytes value,
                            struct error *err)
{
    const struct one_view *one = state;
    if (view != one->view) {
        return OK;
    }
    return one->each(one->state, key, value, err);
}

FALLIBLE folded_each(struct folded *folded, enum view_id view,
                     outcome (*each)(void *state, bytes key, bytes value, struct error *err),
                     void *state, struct error *err)
{
    struct one_view one = {view, each, state};
    TRY(each_entry(folded, each_of_view, &one, err));
    return OK;
}

static outcome append_entry(void *state, enum view_id view, bytes key, bytes value,
                            struct error *err)
{
    return views_append(state, view, key, value, err);
}

static outcome write_all(struct folded *folded, struct views *views, struct error *err)
{
    TRY(views_begin(views, err));
    TRY(each_entry(folded, append_entry, views, err));
    TRY(views_set_applied(views, folded->last, err));
    TRY(views_commit(views, err));
    return OK;
}

FALLIBLE folded_write(struct folded *folded, const char *dir, struct error *err)
{
    struct views *views = NULL;
    TRY(views_open(dir, STORE_WRITE, &views, err));
    outcome result = write_all(folded, views, err);
    views_close(views);
    TRY(result);
    return OK;
}

/* --- comparing: a merge of two sorted sequences ----------------------------------------------- */

struct comparison {
    struct views *live;
    struct views_scan scan;
    bool scan_open;
    bool live_more; /* scan.key and scan.value hold a live record not yet matched */
    int view;       /* the view that is being scanned */
    struct project_difference difference;
};

static void note_difference(struct comparison *comparison, enum view_id view, bytes key,
                            uint64_t *counter)
{
    struct project_difference *difference = &comparison->difference;
    (*counter)++;
    if (difference->first_view != NULL) {
        return;
    }
    difference->first_view = view < VIEW_COUNT ? view_kinds[view].name : "index";
    size_t size =
        key.size < sizeof difference->first_key - 1 ? key.size : sizeof difference->first_key - 1;
    for (size_t i = 0; i < size; i++) {
        difference->first_key[i] = key.data[i] < 0x20 ? '.' : (char)key.data[i];
    }
    /* A damaged key need not be text: what is none is shown without its odd bytes. */
    str text;
    if (!str_from_bytes(bytes_of(difference->first_key, size), &text)) {
        for (size_t i = 0; i < size; i++) {
            uint8_t byte = (uint8_t)difference->first_key[i];
            difference->first_key[i] = byte < 0x80 ? (char)byte : '.';
        }
    }
}

static outcome next_live(struct comparison *comparison, struct error *err)
{
    TRY(views_scan_next(&comparison->scan, &comparison->live_more, err));
    return OK;
}

/* Counts what the live view has beyond the folded one, and goes on to `view`. */
static outcome finish_view(struct comparison *comparison, int view, struct error *err)
{
    while (comparison->view < view) {
        while (comparison->live_more) {
            note_difference(comparison, (enum view_id)comparison->view, comparison->scan.key,
                            &comparison->difference.extra);
            TRY(next_live(comparison, err));
        }
        if (comparison->scan_open) {
            views_scan_close(&comparison->scan);
            comparison->scan_open = false;
        }
        comparison->view++;
        if (comparison->view <= VIEW_INDEX) {
            struct view_key prefix = {0};
            TRY(views_scan_open(comparison->live, (enum view_id)comparison->view, &prefix,
                                (bytes){0}, &comparison->scan, err));
            comparison->scan_open = true;
            TRY(next_live(comparison, err));
        }
    }
    return OK;
}

static outcome compare_entry(void *state, enum view_id view, bytes key, bytes value,
                             struct error *err)
{
    struct comparison *comparison = state;
    TRY(finish_view(comparison, (int)view, err));
    while (comparison->live_more && bytes_compare(comparison->scan.key, key) < 0) {
        note_difference(comparison, view, comparison->scan.key, &comparison->difference.extra);
        TRY(next_live(comparison, err));
    }
    if (!comparison->live_more || !bytes_equal(comparison->scan.key, key)) {
        note_difference(comparison, view, key, &comparison->difference.missing);
        return OK;
    }
    if (!bytes_equal(comparison->scan.value, value)) {
        note_difference(comparison, view, key, &comparison->difference.altered);
    }
    TRY(next_live(comparison, err));
    return OK;
}

FALLIBLE folded_compare(struct folded *folded, struct views *live, struct project_difference *ret,
                        struct error *err)
{
    struct comparison comparison = {.live = live, .view = -1};
    outcome result = each_entry(folded, compare_entry, &comparison, err);
    if (result.ok) {
        result = finish_view(&comparison, VIEW_INDEX + 1, err);
    }
    if (comparison.scan_open) {
        views_scan_close(&comparison.scan);
    }
    TRY(result);
    *ret = comparison.difference;
    return OK;
}
