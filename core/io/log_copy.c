/* log_copy - see log_copy.h. Tables are copied in batches: one transaction over a whole log would
 * hold its dirty pages in memory. An interrupted copy is not a usable log; the next run makes a new
 * one. */
#include "core/io/log_copy.h"

#include "core/io/log_format.h"
#include "core/io/messages.h"

enum { BATCH_ENTRIES = 65536 };

struct copy {
    struct log_txn *from;
    struct store *store;
    struct store_txn *txn;
    struct log_progress progress;
    uint64_t events;
};

/* Makes the batch durable and begins the next. The table's number would stay the same, but store.h
 * requires to ask for it in each transaction. */
static outcome next_batch(struct copy *copy, const char *name, unsigned *table, struct error *err)
{
    struct store_txn *txn = copy->txn;
    uint64_t total = copy->from->stored_size;
    copy->txn = NULL;
    TRY(store_commit(txn, err));
    TRY(store_begin(copy->store, STORE_WRITE, &copy->txn, err));
    TRY(store_table(copy->txn, name, table, err));
    if (copy->progress.tell != NULL &&
        !copy->progress.tell(copy->progress.context, copy->events, total)) {
        FAIL(BUSY, MESSAGE_LOG_STOPPED, ARG_INT("event", copy->events), ARG_INT("events", total));
    }
    return OK;
}

static outcome copy_entries(struct copy *copy, const char *name, struct store_cursor *cursor,
                            unsigned is_events, struct error *err)
{
    unsigned table = 0;
    bool found = false;
    bytes key = {NULL, 0};
    bytes value = {NULL, 0};
    TRY(store_table(copy->txn, name, &table, err));
    TRY(store_cursor_seek(cursor, (bytes){0}, &found, &key, &value, err));
    for (uint64_t count = 1; found; count++) {
        TRY(store_append(copy->txn, table, key, value, err));
        copy->events += is_events;
        if (count % BATCH_ENTRIES == 0) {
            TRY(next_batch(copy, name, &table, err));
        }
        TRY(store_cursor_next(cursor, &found, &key, &value, err));
    }
    return OK;
}

static outcome copy_table(struct copy *copy, const char *name, unsigned from, struct error *err)
{
    struct store_cursor *cursor = NULL;
    TRY(store_cursor_open(copy->from->store, from, &cursor, err));
    outcome result = copy_entries(copy, name, cursor, from == copy->from->events, err);
    store_cursor_close(cursor);
    return result;
}

/* `meta` with the head is copied last, so that a partial copy does not pass for a log. */
static outcome copy_tables(struct copy *copy, struct error *err)
{
    TRY(store_begin(copy->store, STORE_WRITE, &copy->txn, err));
    TRY(copy_table(copy, "events", copy->from->events, err));
    TRY(copy_table(copy, "tiles", copy->from->tiles, err));
    TRY(copy_table(copy, "ids", copy->from->ids, err));
    TRY(copy_table(copy, "meta", copy->from->meta, err));
    struct store_txn *txn = copy->txn;
    copy->txn = NULL;
    return store_commit(txn, err);
}

FALLIBLE log_copy(struct log_txn *from, const char *dir, struct log_progress progress,
                  struct error *err)
{
    const struct store_options options = {.path = dir, .mode = STORE_WRITE, .tables_max = 8};
    struct copy copy = {.from = from, .progress = progress};
    TRY(store_open(&options, &copy.store, err));
    outcome result = copy_tables(&copy, err);
    store_abort(copy.txn);
    store_close(copy.store);
    return result;
}
