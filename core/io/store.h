/* store - one LMDB environment: tables of byte keys and values, in transactions.
 *
 * One process writes at a time; any number read, each the state at the begin of its transaction.
 * Opening the same environment twice in one process is a BUG, and so is using a handle in a forked
 * child: open after the fork. Keys have 1..STORE_KEY_MAX bytes and sort as memcmp; a table holds a
 * key once. What a read returns points into the store: it lives until the transaction ends, in a
 * write transaction until its next write.
 *
 * A full disk is RESOURCE STORE_DISK_FULL from store_put or store_commit: abort, close, open again
 * when there is room. A full map (only where address space is limited) is RESOURCE STORE_MAP_FULL:
 * abort and begin again, which grows the map. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/str.h"

enum { STORE_KEY_MAX = 511, STORE_TABLES_DEFAULT = 64 };

/* What store_table() gives in read mode for a table that does not exist: reads as empty. */
#define STORE_NO_TABLE UINT32_MAX

enum store_mode {
    STORE_READ,  /* an existing environment; works on a read-only file system */
    STORE_WRITE, /* made when absent */
};

struct store_options {
    const char *path; /* directory, local file system, made when writing */
    enum store_mode mode;
    bool relaxed;         /* the last commits may be undone by a power cut (MDB_NOMETASYNC) */
    bool unflushed;       /* commits do not wait for the disk: for a new environment that nobody
                           * opens before store_flush(); until then a power cut spoils it */
    unsigned tables_max;  /* 0: STORE_TABLES_DEFAULT */
    size_t map_bytes;     /* 0: 1 TiB, or small and growing where address space is limited */
    size_t prefill_bytes; /* 0: none; else the file is kept that much larger than it is used */
};

struct store;
struct store_txn;
struct store_cursor;

/* Checks file system, size and meta pages before anything is mapped.
 * fails   MISSING STORE_NOT_FOUND; CONFIG STORE_ON_NETWORK; CREATE STORE_NOT_OPENED,
 *         STORE_READERS_CLOSED; CORRUPT PAGES_DAMAGED; RESOURCE STORE_NOT_OPENED */
FALLIBLE store_open(const struct store_options *options, struct store **ret, struct error *err);
/* No transaction may be open. NULL is fine. */
void store_close(struct store *store);

/* A write transaction waits for the one of another process (the store's lock prevents that).
 * fails   RESOURCE STORE_FAILED */
FALLIBLE store_begin(struct store *store, enum store_mode mode, struct store_txn **ret,
                     struct error *err);
/* Durable on return. The transaction is gone either way.
 * fails   RESOURCE STORE_DISK_FULL, STORE_FAILED; then no transaction can begin until the
 * environment is opened again */
FALLIBLE store_commit(struct store_txn *txn, struct error *err);
/* Makes the commits of an unflushed environment durable.
 * fails   RESOURCE STORE_DISK_FULL, STORE_FAILED */
FALLIBLE store_flush(struct store *store, struct error *err);
/* NULL is fine. */
void store_abort(struct store_txn *txn);

/* The table of a name. A write transaction makes a missing table; in a read transaction the result
 * is then STORE_NO_TABLE. The number is valid in its transaction only; ask again in the next
 * (cheap). */
FALLIBLE store_table(struct store_txn *txn, const char *name, unsigned *ret_table,
                     struct error *err);
/* Number of entries. */
FALLIBLE store_entries(struct store_txn *txn, unsigned table, uint64_t *ret, struct error *err);

/* *ret is the value, or has data NULL when the key is absent. */
FALLIBLE store_get(struct store_txn *txn, unsigned table, bytes key, bytes *ret, struct error *err);
FALLIBLE store_put(struct store_txn *txn, unsigned table, bytes key, bytes value,
                   struct error *err);
/* Puts behind the last key, much faster. fails CORRUPT STORE_NOT_ASCENDING when it is not */
FALLIBLE store_append(struct store_txn *txn, unsigned table, bytes key, bytes value,
                      struct error *err);
/* A key that is absent is fine. */
FALLIBLE store_delete(struct store_txn *txn, unsigned table, bytes key, struct error *err);

/* Close a cursor before its transaction ends. In a write transaction, do not change the table while
 * a cursor walks it. */
FALLIBLE store_cursor_open(struct store_txn *txn, unsigned table, struct store_cursor **ret,
                           struct error *err);
/* The first entry whose key is >= `key` (an empty key: the first of all). *ret_found says whether
 * there is one; else *ret_key and *ret_value are untouched. */
FALLIBLE store_cursor_seek(struct store_cursor *cursor, bytes key, bool *ret_found, bytes *ret_key,
                           bytes *ret_value, struct error *err);
FALLIBLE store_cursor_next(struct store_cursor *cursor, bool *ret_found, bytes *ret_key,
                           bytes *ret_value, struct error *err);
/* Releases the memory (mapped.h) of the pages that the cursor has passed since the last call, from
 * the lowest to the highest. Values that it returned stay valid. Does nothing in a transaction that
 * has written. */
void store_cursor_let_go(struct store_cursor *cursor);
void store_cursor_close(struct store_cursor *cursor);
