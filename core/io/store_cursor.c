/* store_cursor - walking a table; see store.h. */
#include <stdlib.h>

#include "core/io/mapped.h"
#include "core/io/store_parts.h"

enum {
    PAGE = 4096, /* of the store, and of the processor */
    CACHE_LINE = 64,
    ASKED_MAX = 512, /* bytes; along longer ones the processor looks ahead itself */
};

struct store_cursor {
    struct store_txn *txn;
    MDB_cursor *cursor; /* NULL: the table does not exist */
    /* The lowest and the highest address of values passed since pages were last released; 0: none.
     */
    uintptr_t low;
    uintptr_t high;
};

FALLIBLE store_cursor_open(struct store_txn *txn, unsigned table, struct store_cursor **ret,
                           struct error *err)
{
    MDB_cursor *inner = NULL;
    if (table != STORE_NO_TABLE) {
        int result = mdb_cursor_open(txn->txn, table, &inner);
        if (result != 0) {
            return store_fail(txn->store, result, "cursor", err);
        }
    }
    struct store_cursor *cursor = calloc(1, sizeof *cursor);
    MEMORY_UNLESS(cursor != NULL);
    *cursor = (struct store_cursor){.txn = txn, .cursor = inner};
    *ret = cursor;
    return OK;
}

struct found {
    bool *found;
    bytes *key;
    bytes *value;
};

static outcome cursor_move(struct store_cursor *cursor, MDB_val key, MDB_cursor_op operation,
                           struct found ret, struct error *err)
{
    MDB_val value;
    int result = cursor->cursor == NULL ? MDB_NOTFOUND
                                        : mdb_cursor_get(cursor->cursor, &key, &value, operation);
    if (result == MDB_NOTFOUND) {
        *ret.found = false;
        return OK;
    }
    if (result != 0) {
        return store_fail(cursor->txn->store, result, "cursor", err);
    }
    *ret.found = true;
    *ret.key = bytes_of_val(key);
    *ret.value = bytes_of_val(value);
    return OK;
}

FALLIBLE store_cursor_seek(struct store_cursor *cursor, bytes key, bool *ret_found, bytes *ret_key,
                           bytes *ret_value, struct error *err)
{
    return cursor_move(cursor, val_of(key), key.size == 0 ? MDB_FIRST : MDB_SET_RANGE,
                       (struct found){ret_found, ret_key, ret_value}, err);
}

/* A walk reads a page from its end to its beginning and then goes to another page; a processor does
 * not prefetch beyond a page. So the same place of the next page in the file is prefetched in time:
 * when keys were written in order, that is the page that follows. When it is not, nothing fails and
 * the loss of time cannot be measured (decision 0099). */
static void ask_ahead(bytes key, bytes value)
{
    size_t size = value.data == key.data + key.size ? key.size + value.size : key.size;
    size = size < ASKED_MAX ? size : ASKED_MAX;
    for (size_t at = 0; at < size; at += CACHE_LINE) {
        __builtin_prefetch((const void *)((uintptr_t)key.data + PAGE + at));
    }
}

FALLIBLE store_cursor_next(struct store_cursor *cursor, bool *ret_found, bytes *ret_key,
                           bytes *ret_value, struct error *err)
{
    TRY(cursor_move(cursor, (MDB_val){0, NULL}, MDB_NEXT,
                    (struct found){ret_found, ret_key, ret_value}, err));
    if (*ret_found) {
        ask_ahead(*ret_key, *ret_value);
        uintptr_t at = (uintptr_t)ret_value->data;
        cursor->low = cursor->low == 0 || at < cursor->low ? at : cursor->low;
        cursor->high = at > cursor->high ? at : cursor->high;
    }
    return OK;
}

/* Pages that this transaction wrote are outside the map, in memory that a release would lose. */
void store_cursor_let_go(struct store_cursor *cursor)
{
    if (cursor->low != 0 && !cursor->txn->wrote) {
        mapped_let_go_between(cursor->low, cursor->high);
    }
    cursor->low = 0;
    cursor->high = 0;
}

void store_cursor_close(struct store_cursor *cursor)
{
    if (cursor != NULL) {
        if (cursor->cursor != NULL) {
            mdb_cursor_close(cursor->cursor);
        }
        free(cursor);
    }
}
