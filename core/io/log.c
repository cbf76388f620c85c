/* log - see log.h and docs/log-format.md, whose invariants L1.. are cited here. */
#include "core/io/log.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/log_format.h"
#include "core/io/messages.h"

/* After so many events, a walk releases the mapped pages that it has passed. They would count as
 * the process's memory, gigabytes of it, although they stay in the page cache. It releases only
 * those pages, not the whole log: other threads read the log at the same time. */
enum {
    LET_GO_EVENTS = 1 << 16,
    LET_GO_LEAST = 1 << 10, /* when the walk ends */
};

struct log {
    struct store *store;
    char data_path[PATH_MAX];
};

static outcome open_tables(struct log_txn *txn, struct error *err)
{
    TRY(store_table(txn->store, "events", &txn->events, err));
    TRY(store_table(txn->store, "ids", &txn->ids, err));
    TRY(store_table(txn->store, "meta", &txn->meta, err));
    return store_table(txn->store, "tiles", &txn->tiles, err);
}

static outcome check_format(struct log_txn *txn, enum store_mode mode, const char *dir,
                            struct error *err)
{
    bytes format;
    bytes key = str_bytes(STR("format"));
    TRY(store_get(txn->store, txn->meta, key, &format, err));
    if (format.data == NULL && mode == STORE_WRITE && txn->tree.size == 0) {
        TRY(store_put(txn->store, txn->meta, key, str_bytes(STR(LOG_FORMAT)), err));
        return OK;
    }
    if (!bytes_equal(format, str_bytes(STR(LOG_FORMAT)))) {
        str text = STR("?");
        (void)str_from_bytes(format, &text); /* else it stays "?" */
        FAIL(CORRUPT, MESSAGE_LOG_FORMAT, ARG_TEXT("path", dir), ARG_STR("found", text),
             ARG_TEXT("known", LOG_FORMAT));
    }
    return OK;
}

static outcome prepare(struct log *log, enum store_mode mode, const char *dir, struct error *err)
{
    struct log_txn *txn = NULL;
    TRY(log_begin(log, mode, &txn, err));
    outcome result = check_format(txn, mode, dir, err);
    if (!result.ok || mode == STORE_READ) {
        log_abort(txn);
        return result;
    }
    return log_commit(txn, err);
}

FALLIBLE log_open(const char *dir, enum store_mode mode, struct log **ret, struct error *err)
{
    struct store_options options = {.path = dir, .mode = mode, .tables_max = 8};
    struct store *store = NULL;
    TRY(store_open(&options, &store, err));
    struct log *log = calloc(1, sizeof *log);
    MEMORY_UNLESS(log != NULL);
    log->store = store;
    int size = snprintf(log->data_path, sizeof log->data_path, "%s/data.mdb", dir);
    BUG_UNLESS(size > 0 && (size_t)size < sizeof log->data_path);
    outcome result = prepare(log, mode, dir, err);
    if (!result.ok) {
        log_close(log);
        return error_trace(err, HERE);
    }
    *ret = log;
    return OK;
}

void log_close(struct log *log)
{
    if (log != NULL) {
        store_close(log->store);
        free(log);
    }
}

const char *log_data_path(const struct log *log)
{
    return log->data_path;
}

/* L6: the last, partial tile of each level, to append to. */
static outcome load_tiles(struct log_txn *txn, struct error *err)
{
    for (unsigned level = 0; level < TREE_TILE_LEVELS; level++) {
        uint64_t count = tree_level_count(txn->tree.size, level);
        struct log_edge *edge = &txn->edges[level];
        edge->index = count / TREE_TILE_WIDTH;
        edge->width = (unsigned)(count % TREE_TILE_WIDTH);
        if (edge->width > 0) {
            bytes stored;
            struct tile tile = {level, edge->index, edge->width};
            TRY(log_tile(txn, tile, &stored, err));
            memcpy(edge->hashes, stored.data, edge->width * sizeof edge->hashes[0]);
        }
    }
    return OK;
}

static outcome begin_in(struct log_txn *txn, enum store_mode mode, struct error *err)
{
    TRY(open_tables(txn, err));
    TRY(log_head_read(txn, &txn->tree, &txn->root, err));
    txn->stored_size = txn->tree.size;
    if (mode == STORE_WRITE) {
        txn->edges = calloc(TREE_TILE_LEVELS, sizeof *txn->edges);
        MEMORY_UNLESS(txn->edges != NULL);
        TRY(load_tiles(txn, err));
    }
    return OK;
}

FALLIBLE log_begin(struct log *log, enum store_mode mode, struct log_txn **ret, struct error *err)
{
    struct store_txn *inner = NULL;
    TRY(store_begin(log->store, mode, &inner, err));
    struct log_txn *txn = calloc(1, sizeof *txn);
    MEMORY_UNLESS(txn != NULL);
    txn->log = log;
    txn->store = inner;
    outcome result = begin_in(txn, mode, err);
    if (!result.ok) {
        log_abort(txn);
        return error_trace(err, HERE);
    }
    *ret = txn;
    return OK;
}

FALLIBLE log_begin_beside(const struct log_txn *txn, struct log_txn **ret, struct error *err)
{
    struct log_txn *beside = NULL;
    BUG_UNLESS(txn->tree.size == txn->stored_size);
    TRY(log_begin(txn->log, STORE_READ, &beside, err));
    BUG_UNLESS(beside->stored_size >= txn->stored_size);
    *ret = beside;
    return OK;
}

static void txn_free(struct log_txn *txn)
{
    free(txn->edges);
    free(txn);
}

static outcome put_tile(struct log_txn *txn, unsigned level, struct error *err)
{
    struct log_edge *edge = &txn->edges[level];
    uint8_t key[LOG_TILE_KEY_SIZE];
    log_tile_key(level, edge->index, key);
    TRY(store_put(txn->store, txn->tiles, bytes_of(key, sizeof key),
                  bytes_of(edge->hashes, edge->width * sizeof edge->hashes[0]), err));
    edge->is_changed = false;
    return OK;
}

/* Adds a hash to the last tile of its level; a tile that is full is written and a new one begun. */
static outcome add_hash(struct log_txn *txn, unsigned level, const struct digest *hash,
                        struct error *err)
{
    struct log_edge *edge = &txn->edges[level];
    edge->hashes[edge->width++] = *hash;
    edge->is_changed = true;
    if (edge->width == TREE_TILE_WIDTH) {
        TRY(put_tile(txn, level, err));
        edge->index++;
        edge->width = 0;
    }
    return OK;
}

FALLIBLE log_append(struct log_txn *txn, bytes payload, uint64_t *ret_sequence, struct error *err)
{
    uint8_t key[LOG_EVENT_KEY_SIZE];
    struct digest made[TREE_TILE_LEVELS];
    BUG_UNLESS(txn->edges != NULL);
    if (payload.size > LOG_PAYLOAD_MAX) {
        FAIL(INVALID, MESSAGE_LOG_TOO_LARGE, ARG_INT("size", payload.size),
             ARG_INT("limit", LOG_PAYLOAD_MAX));
    }
    struct digest leaf = digest_leaf(payload); /* L4: the bytes that are stored */
    uint64_t sequence = txn->tree.size + 1;    /* L1 */
    log_put_u64(sequence, key);
    TRY(store_append(txn->store, txn->events, bytes_of(key, sizeof key), payload, err));
    unsigned count = tree_add(&txn->tree, &leaf, made);
    for (unsigned level = 0; level < count; level++) {
        TRY(add_hash(txn, level, &made[level], err));
    }
    *ret_sequence = sequence;
    return OK;
}

static outcome write_changes(struct log_txn *txn, struct error *err)
{
    for (unsigned level = 0; level < TREE_TILE_LEVELS; level++) {
        if (txn->edges[level].is_changed && txn->edges[level].width > 0) {
            TRY(put_tile(txn, level, err));
        }
    }
    TRY(log_head_write(txn, err)); /* L5: in the transaction that appended */
    return OK;
}

FALLIBLE log_commit(struct log_txn *txn, struct error *err)
{
    if (txn->edges != NULL && txn->tree.size != txn->stored_size) {
        outcome result = write_changes(txn, err);
        if (!result.ok) {
            log_abort(txn);
            return error_trace(err, HERE);
        }
    }
    outcome result = store_commit(txn->store, err);
    txn_free(txn);
    return result;
}

void log_abort(struct log_txn *txn)
{
    if (txn != NULL) {
        store_abort(txn->store);
        txn_free(txn);
    }
}

uint64_t log_size(const struct log_txn *txn)
{
    return txn->tree.size;
}

struct digest log_root(const struct log_txn *txn)
{
    return txn->tree.size == txn->stored_size ? txn->root : tree_root(&txn->tree);
}

uint64_t log_bytes(const struct log_txn *txn)
{
    struct stat status;
    return stat(txn->log->data_path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

FALLIBLE log_get(struct log_txn *txn, uint64_t sequence, bytes *ret, struct error *err)
{
    uint8_t key[LOG_EVENT_KEY_SIZE];
    bytes found;
    log_put_u64(sequence, key);
    TRY(store_get(txn->store, txn->events, bytes_of(key, sizeof key), &found, err));
    if (found.data == NULL) {
        FAIL(CORRUPT, MESSAGE_LOG_EVENT_MISSING, ARG_INT("event", sequence));
    }
    *ret = found;
    return OK;
}

struct log_cursor {
    struct log_txn *txn;
    struct store_cursor *cursor;
    uint64_t next;
    unsigned passed; /* events since pages were last released */
    bool is_started;
};

FALLIBLE log_cursor_open(struct log_txn *txn, uint64_t sequence, struct log_cursor **ret,
                         struct error *err)
{
    struct store_cursor *inner = NULL;
    TRY(store_cursor_open(txn->store, txn->events, &inner, err));
    struct log_cursor *cursor = calloc(1, sizeof *cursor);
    MEMORY_UNLESS(cursor != NULL);
    *cursor = (struct log_cursor){.txn = txn, .cursor = inner, .next = sequence > 0 ? sequence : 1};
    *ret = cursor;
    return OK;
}

static outcome cursor_read(struct log_cursor *cursor, bool *ret_found, bytes *ret_key,
                           bytes *ret_value, struct error *err)
{
    if (cursor->is_started) {
        TRY(store_cursor_next(cursor->cursor, ret_found, ret_key, ret_value, err));
        return OK;
    }
    uint8_t key[LOG_EVENT_KEY_SIZE];
    log_put_u64(cursor->next, key);
    cursor->is_started = true;
    return store_cursor_seek(cursor->cursor, bytes_of(key, sizeof key), ret_found, ret_key,
                             ret_value, err);
}

FALLIBLE log_cursor_next(struct log_cursor *cursor, bool *ret_found, uint64_t *ret_sequence,
                         bytes *ret_payload, struct error *err)
{
    bool found = false;
    bytes key = {NULL, 0};
    bytes value = {NULL, 0};
    TRY(cursor_read(cursor, &found, &key, &value, err));
    uint64_t size = cursor->txn->tree.size;
    bool is_expected = found && key.size == LOG_EVENT_KEY_SIZE &&
                       log_get_u64(key.data) == cursor->next && cursor->next <= size;
    if (!is_expected && (found || cursor->next <= size)) { /* L1 */
        FAIL(CORRUPT, MESSAGE_LOG_EVENT_MISSING, ARG_INT("event", cursor->next));
    }
    *ret_found = found;
    if (found) {
        *ret_sequence = cursor->next++;
        *ret_payload = value;
        if (++cursor->passed == LET_GO_EVENTS) {
            store_cursor_let_go(cursor->cursor);
            cursor->passed = 0;
        }
    }
    return OK;
}

void log_cursor_close(struct log_cursor *cursor)
{
    if (cursor != NULL) {
        if (cursor->passed >= LET_GO_LEAST) {
            store_cursor_let_go(cursor->cursor);
        }
        store_cursor_close(cursor->cursor);
        free(cursor);
    }
}
