/* store_parts - what store.c and store_cursor.c share; see store.h. */
#pragma once

#include <limits.h>
#include <lmdb.h>

#include "core/io/store.h"

struct store {
    MDB_env *env;
    char path[PATH_MAX];
    enum store_mode mode;
    size_t map_bytes;
    size_t prefill_bytes;
    size_t written_back; /* where unflushed: so much of the file was given to the disk */
    bool unflushed;
    int open_txns;
    bool grow;   /* the map was full */
    bool broken; /* a commit failed, or its map is gone: open it again */
};

enum { KEPT_CURSORS = 32 }; /* tables beyond go the longer way */

struct store_txn {
    struct store *store;
    MDB_txn *txn;
    /* Writing: what is read is mostly written next, and a cursor that stands on the page already
     * does not walk down from the root again. LMDB frees them with the transaction. */
    MDB_cursor *kept[KEPT_CURSORS]; /* by table */
    bool writes;
    bool wrote; /* something: pages of its own lie outside of the map */
};

static inline MDB_val val_of(bytes b)
{
    /* LMDB does not write through it, its type only has no const. */
    return (MDB_val){b.size, (void *)(uintptr_t)b.data};
}

static inline bytes bytes_of_val(MDB_val val)
{
    return bytes_of(val.mv_data, val.mv_size);
}

/* A result of LMDB as an error of ours. */
outcome store_fail(struct store *store, int result, const char *what, struct error *err);
