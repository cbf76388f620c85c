/* views - see views.h. */
#include "jobs/engine/parts/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/parts/views_held.h"
#include "jobs/messages.h"

/* Room for tables of another program beside ours, because all are opened before they are
 * distinguished. */
enum { TABLES_MAX = 100, TABLE_NAME_SIZE = 64 };

/* The record that was looked for last, valid until the transaction's next write: for a new row, the
 * rule and the view look for the same record. */
struct last_look {
    bool known;
    enum view_id view;
    struct view_key key;
    bytes value;
};

struct views {
    struct store *store;
    enum store_mode mode;
    struct store_txn *txn;
    unsigned tables[VIEW_COUNT + 1];
    unsigned meta;
    uint64_t applied;
    char dir[256];
    int32_t last_day;   /* for views_apply, within a transaction */
    bool knows_blocked; /* within a transaction: views_any_blocked was asked */
    bool any_blocked;
    struct view_key blocked; /* what its entries begin with */
    bool holds_index;        /* new index entries wait in `held` */
    struct views_held held;
    struct views_watch *watch; /* NULL: writes are not watched */
    bool is_beside;            /* the store is another's */
    struct last_look last;
    bool failed; /* to prepare, within a transaction */
    struct error failure;
};

static const bytes applied_key = {(const uint8_t *)"applied", 7};
static const bytes versions_key = {(const uint8_t *)"versions", 8};

static void table_name(enum view_id view, char out[TABLE_NAME_SIZE])
{
    bool index = view == VIEW_INDEX; /* which has no row */
    const char *name = index ? "index" : view_kinds[view].name;
    unsigned version = index ? 1 : view_kinds[view].version;
    int size = snprintf(out, TABLE_NAME_SIZE, "%s.v%u", name, version);
    BUG_UNLESS(size > 0 && size < TABLE_NAME_SIZE);
}

/* "certificate.v1 person.v1 ... index.v1": what this program reads and writes. */
static str versions(struct arena *arena)
{
    char name[TABLE_NAME_SIZE];
    str list = STR("");
    for (int view = 0; view <= VIEW_INDEX; view++) {
        table_name((enum view_id)view, name);
        list = arena_format(arena, "%.*s%s%s", STR_ARGS(list), view > 0 ? " " : "", name);
    }
    return list;
}

/* Tables of other versions would not be found, and the views would look empty. */
static outcome check_versions(struct views *views, struct arena *arena, struct error *err)
{
    bytes value = {0};
    str wanted = versions(arena);
    TRY(store_get(views->txn, views->meta, versions_key, &value, err));
    if (views->applied > 0 && !bytes_equal(value, str_bytes(wanted))) {
        str found = {(const char *)value.data, value.size};
        FAIL(CONFIG, MESSAGE_VIEWS_OUTDATED, ARG_TEXT("path", views->dir),
             ARG_STR("found", value.size > 0 ? found : STR("-")));
    }
    return OK;
}

static outcome put_versions(struct views *views, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    outcome put =
        store_put(views->txn, views->meta, versions_key, str_bytes(versions(&arena)), err);
    arena_release(&arena);
    return put;
}

void views_close(struct views *views)
{
    if (views == NULL) {
        return;
    }
    views_abort(views);
    views_held_release(&views->held);
    if (!views->is_beside) {
        store_close(views->store);
    }
    free(views);
}

static outcome read_applied(struct views *views, struct error *err)
{
    bytes value = {0};
    views->applied = 0;
    TRY(store_get(views->txn, views->meta, applied_key, &value, err));
    if (value.size == 8) {
        for (int i = 0; i < 8; i++) {
            views->applied = views->applied << 8 | value.data[i];
        }
    }
    return OK;
}

/* Reads only `meta`: tables of other versions may be missing, and must not be made. */
static outcome check(struct views *views, struct error *err)
{
    struct arena arena;
    TRY(store_begin(views->store, views->mode, &views->txn, err));
    arena_init(&arena, 0);
    outcome checked = store_table(views->txn, "meta", &views->meta, err);
    checked = checked.ok ? read_applied(views, err) : checked;
    checked = checked.ok ? check_versions(views, &arena, err) : checked;
    arena_release(&arena);
    views_abort(views);
    return checked;
}

/* The first event makes every table, so a missing table is damage. */
static outcome check_tables(const struct views *views, struct error *err)
{
    char name[TABLE_NAME_SIZE];
    for (int view = 0; view <= VIEW_INDEX && views->applied > 0; view++) {
        if (views->tables[view] == STORE_NO_TABLE) {
            table_name((enum view_id)view, name);
            FAIL(CORRUPT, MESSAGE_VIEWS_DIFFER, ARG_TEXT("view", name), ARG_TEXT("key", "-"));
        }
    }
    return OK;
}

static outcome begin_in_txn(struct views *views, struct error *err)
{
    char name[TABLE_NAME_SIZE];
    for (int view = 0; view <= VIEW_INDEX; view++) {
        table_name((enum view_id)view, name);
        TRY(store_table(views->txn, name, &views->tables[view], err));
    }
    TRY(store_table(views->txn, "meta", &views->meta, err));
    TRY(read_applied(views, err));
    return check_tables(views, err);
}

static FALLIBLE open_views(const struct store_options *options, struct views **ret,
                           struct error *err)
{
    struct store *store = NULL;
    TRY(store_open(options, &store, err));
    struct views *views = calloc(1, sizeof *views);
    MEMORY_UNLESS(views != NULL);
    views->store = store;
    views->mode = options->mode;
    views_held_init(&views->held);
    (void)snprintf(views->dir, sizeof views->dir, "%s", options->path); /* only shown; may be cut */
    if (!check(views, err).ok) {
        views_close(views);
        return error_trace(err, HERE);
    }
    *ret = views;
    return OK;
}

FALLIBLE views_open(const char *dir, enum store_mode mode, struct views **ret, struct error *err)
{
    const struct store_options options = {
        .path = dir, .mode = mode, .relaxed = true, .tables_max = TABLES_MAX};
    return open_views(&options, ret, err);
}

FALLIBLE views_make(const char *dir, struct views **ret, struct error *err)
{
    const struct store_options options = {
        .path = dir, .mode = STORE_WRITE, .unflushed = true, .tables_max = TABLES_MAX};
    return open_views(&options, ret, err);
}

FALLIBLE views_flush(struct views *views, struct error *err)
{
    return store_flush(views->store, err);
}

FALLIBLE views_begin(struct views *views, struct error *err)
{
    BUG_UNLESS(views->txn == NULL);
    TRY(store_begin(views->store, views->mode, &views->txn, err));
    views->last_day = DAY_UNKNOWN;
    views->knows_blocked = false;
    views->blocked = index_blocked_persons();
    views->last.known = false;
    views->failed = false;
    if (!begin_in_txn(views, err).ok) {
        views_abort(views);
        return error_trace(err, HERE);
    }
    return OK;
}

FALLIBLE views_beside(const struct views *views, struct views **ret, struct error *err)
{
    struct views *beside = calloc(1, sizeof *beside);
    MEMORY_UNLESS(beside != NULL);
    *beside = *views;
    beside->txn = NULL;
    beside->mode = STORE_READ;
    beside->is_beside = true;
    beside->holds_index = false;
    beside->watch = NULL;
    views_held_init(&beside->held);
    if (!views_begin(beside, err).ok) {
        views_close(beside);
        return error_trace(err, HERE);
    }
    *ret = beside;
    return OK;
}

/* Writes the held index entries: a reader of the index must see all of it. */
static FALLIBLE write_held(struct views *views, struct error *err)
{
    views->last.known = false;
    return views_held_write(&views->held, views->txn, views->tables[VIEW_INDEX], views->dir, err);
}

void views_prepare(struct views *views)
{
    views->failed = !write_held(views, &views->failure).ok;
}

/* Entries that could not be written are dropped. */
static FALLIBLE finish(struct views *views, struct error *err)
{
    if (views->failed) {
        *err = views->failure;
        return error_trace(err, HERE);
    }
    return write_held(views, err);
}

FALLIBLE views_commit(struct views *views, struct error *err)
{
    struct store_txn *txn = views->txn;
    BUG_UNLESS(txn != NULL && views->mode == STORE_WRITE);
    if (!finish(views, err).ok) {
        views_abort(views);
        return error_trace(err, HERE);
    }
    views->txn = NULL;
    return store_commit(txn, err);
}

void views_abort(struct views *views)
{
    views_held_drop(&views->held);
    if (views->txn != NULL) {
        store_abort(views->txn);
        views->txn = NULL;
    }
}

uint64_t views_applied(const struct views *views)
{
    return views->applied;
}

FALLIBLE views_set_applied(struct views *views, uint64_t sequence, struct error *err)
{
    uint8_t value[8];
    for (int i = 0; i < 8; i++) {
        value[i] = (uint8_t)(sequence >> (56 - 8 * i));
    }
    if (views->applied == 0) {
        TRY(put_versions(views, err));
    }
    views->last.known = false;
    TRY(store_put(views->txn, views->meta, applied_key, bytes_of(value, sizeof value), err));
    views->applied = sequence;
    return OK;
}

static outcome look_up(struct views *views, enum view_id view, bytes key, bytes *ret,
                       struct error *err)
{
    struct last_look *last = &views->last;
    if (last->known && last->view == view &&
        bytes_equal(bytes_of(last->key.data, last->key.size), key)) {
        *ret = last->value;
        return OK;
    }
    TRY(store_get(views->txn, views->tables[view], key, ret, err));
    last->known = key.size <= VIEW_KEY_MAX;
    if (last->known) {
        last->view = view;
        memcpy(last->key.data, key.data, key.size);
        last->key.size = key.size;
        last->value = *ret;
    }
    return OK;
}

static outcome views_store_get(void *state, enum view_id view, bytes key, bytes *ret,
                               struct error *err)
{
    return look_up(state, view, key, ret, err);
}

/* The remembered record may be out of date. */
static void note_change(struct views *views, enum view_id view, bytes key)
{
    views->last.known = false;
    views_watch_note(views->watch, view, key);
    if (view == VIEW_INDEX && key.size >= views->blocked.size &&
        memcmp(key.data, views->blocked.data, views->blocked.size) == 0) {
        views->knows_blocked = false;
    }
}

static outcome views_store_put(void *state, enum view_id view, bytes key, bytes value,
                               struct error *err)
{
    struct views *views = state;
    note_change(views, view, key);
    if (view == VIEW_INDEX && views->holds_index) {
        return views_held_add(&views->held, key) ? write_held(views, err) : OK;
    }
    return store_put(views->txn, views->tables[view], key, value, err);
}

static outcome views_store_delete(void *state, enum view_id view, bytes key, struct error *err)
{
    struct views *views = state;
    note_change(views, view, key);
    if (view == VIEW_INDEX) {
        TRY(write_held(views, err));
    }
    return store_delete(views->txn, views->tables[view], key, err);
}

FALLIBLE views_append(struct views *views, enum view_id view, bytes key, bytes value,
                      struct error *err)
{
    note_change(views, view, key);
    return store_append(views->txn, views->tables[view], key, value, err);
}

struct view_store views_store(struct views *views)
{
    return (struct view_store){views, views_store_get, views_store_put, views_store_delete,
                               &views->last_day};
}

FALLIBLE views_get(struct views *views, enum view_id view, struct view_key key, struct arena *arena,
                   void *ret, struct error *err)
{
    bytes value = {0};
    ProtobufCMessage *record = NULL;
    BUG_UNLESS(views->txn != NULL && view < VIEW_COUNT);
    if (key.size > 0) { /* nothing has no key */
        TRY(look_up(views, view, bytes_of(key.data, key.size), &value, err));
    }
    if (value.data == NULL) {
        record = record_new(view_kinds[view].message, arena);
    } else {
        TRY(record_unpack(view_kinds[view].message, value, arena, &record, err));
    }
    record_put_pointer(ret, record);
    return OK;
}

FALLIBLE views_scan_open(struct views *views, enum view_id view, const struct view_key *prefix,
                         bytes after, struct views_scan *ret, struct error *err)
{
    struct views_scan scan = {.view = view, .prefix = *prefix, .from = *prefix};
    BUG_UNLESS(views->txn != NULL);
    if (view == VIEW_INDEX) {
        TRY(write_held(views, err));
    }
    if (after.size > 0) { /* a text longer than any key sorts behind the keys that it begins with */
        size_t room = VIEW_KEY_MAX - prefix->size;
        size_t size = after.size < room ? after.size : room;
        memcpy(scan.from.data + prefix->size, after.data, size);
        scan.from.size += size;
        if (size < room) {
            scan.from.data[scan.from.size++] = 0; /* the first key behind `after` */
        }
    }
    TRY(store_cursor_open(views->txn, views->tables[view], &scan.cursor, err));
    *ret = scan;
    return OK;
}

FALLIBLE views_scan_next(struct views_scan *scan, bool *ret_more, struct error *err)
{
    bool found = false;
    if (!scan->started) {
        scan->started = true;
        TRY(store_cursor_seek(scan->cursor, bytes_of(scan->from.data, scan->from.size), &found,
                              &scan->key, &scan->value, err));
    } else {
        TRY(store_cursor_next(scan->cursor, &found, &scan->key, &scan->value, err));
    }
    *ret_more = found && scan->key.size >= scan->prefix.size &&
                memcmp(scan->key.data, scan->prefix.data, scan->prefix.size) == 0;
    return OK;
}

void views_scan_close(struct views_scan *scan)
{
    if (scan->cursor != NULL) {
        store_cursor_close(scan->cursor);
        scan->cursor = NULL;
    }
}

FALLIBLE views_scan_record(const struct views_scan *scan, struct arena *arena,
                           ProtobufCMessage **ret, struct error *err)
{
    BUG_UNLESS(scan->view < VIEW_COUNT);
    return record_unpack(view_kinds[scan->view].message, scan->value, arena, ret, err);
}

FALLIBLE views_get_packed(struct views *views, enum view_id view, bytes key, bytes *ret,
                          struct error *err)
{
    BUG_UNLESS(views->txn != NULL && key.size > 0 && view != VIEW_INDEX);
    return look_up(views, view, key, ret, err);
}

FALLIBLE views_any(struct views *views, enum view_id view, const struct view_key *prefix, bool *ret,
                   struct error *err)
{
    struct views_scan scan = {0};
    bool any = false;
    TRY(views_scan_open(views, view, prefix, (bytes){0}, &scan, err));
    outcome result = views_scan_next(&scan, &any, err);
    views_scan_close(&scan);
    TRY(result);
    *ret = any;
    return OK;
}

FALLIBLE views_any_blocked(struct views *views, bool *ret, struct error *err)
{
    if (!views->knows_blocked) {
        TRY(views_any(views, VIEW_INDEX, &views->blocked, &views->any_blocked, err));
        views->knows_blocked = true;
    }
    *ret = views->any_blocked;
    return OK;
}

FALLIBLE views_count(struct views *views, enum view_id view, uint64_t *ret, struct error *err)
{
    BUG_UNLESS(views->txn != NULL);
    return store_entries(views->txn, views->tables[view], ret, err);
}

FALLIBLE views_any_alias(struct views *views, bool *ret, struct error *err)
{
    uint64_t count = 0;
    TRY(views_count(views, VIEW_ALIAS, &count, err));
    *ret = count > 0;
    return OK;
}

void views_set_watch(struct views *views, struct views_watch *watch)
{
    views->watch = watch;
}

void views_hold_index(struct views *views)
{
    views->holds_index = true;
}
