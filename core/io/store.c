/* store - see store.h.
 *
 * MDB_NOTLS, so that a read transaction belongs to its handle, not to its thread. Never
 * MDB_WRITEMAP (a full disk is SIGBUS) or MDB_DUPSORT (bugs in 0.9.24), and MDB_NOSYNC (a power cut
 * corrupts) only for what nobody opens before it was flushed. Meta and size are checked before LMDB
 * maps the file, because it trusts its pages. */
#include "core/io/store.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/io/damage.h"
#include "core/io/messages.h"
#include "core/io/store_file.h"
#include "core/io/store_parts.h"
#include "core/io/store_place.h"

enum { WRITE_BACK_BYTES = 32 << 20 };

outcome store_fail(struct store *store, int result, const char *what, struct error *err)
{
    const char *why = mdb_strerror(result);
    switch (result) {
    case MDB_MAP_FULL:
        store->grow = true;
        FAIL(RESOURCE, MESSAGE_STORE_MAP_FULL, ARG_TEXT("path", store->path));
    case ENOSPC:
    case EDQUOT:
    case EIO:
        FAIL(RESOURCE, MESSAGE_STORE_DISK_FULL, ARG_TEXT("path", store->path),
             ARG_TEXT("why", why));
    case MDB_READERS_FULL:
        FAIL(RESOURCE, MESSAGE_STORE_READERS_FULL, ARG_TEXT("path", store->path));
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    case MDB_CURSOR_FULL:
        FAIL(CORRUPT, MESSAGE_STORE_DAMAGED, ARG_TEXT("path", store->path), ARG_TEXT("why", why));
    case MDB_BAD_VALSIZE: BUG("a key of a store is empty or too long");
    case MDB_BAD_TXN:
    case MDB_PANIC: store->broken = true; break;
    }
    FAIL(RESOURCE, MESSAGE_STORE_FAILED, ARG_TEXT("path", store->path), ARG_TEXT("what", what),
         ARG_TEXT("why", why));
}

/* LMDB found an impossible page: its state in memory cannot be trusted any more, either. */
static void on_assert(MDB_env *env, const char *what)
{
    (void)env;  /* closing it would write */
    (void)what; /* a line of LMDB's source */
    damage_end();
}

static int open_environment(struct store *store, const struct store_options *options)
{
    unsigned flags = MDB_NOTLS;
    flags |= options->mode == STORE_READ ? MDB_RDONLY : 0U;
    flags |= options->relaxed ? MDB_NOMETASYNC : 0U;
    flags |= options->unflushed ? MDB_NOSYNC : 0U;
    unsigned tables = options->tables_max != 0 ? options->tables_max : STORE_TABLES_DEFAULT;
    int result = mdb_env_create(&store->env);
    if (result != 0) {
        store->env = NULL;
        return result;
    }
    result = mdb_env_set_assert(store->env, on_assert);
    result = result == 0 ? mdb_env_set_maxdbs(store->env, tables) : result;
    result = result == 0 ? mdb_env_set_maxreaders(store->env, 512) : result;
    result = result == 0 ? mdb_env_set_mapsize(store->env, store->map_bytes) : result;
    result = result == 0 ? store_place_reserve(store->path) : result;
    result = result == 0 ? mdb_env_open(store->env, store->path, flags, 0640) : result;
    if (result != 0) {
        mdb_env_close(store->env);
        store->env = NULL;
    }
    return result;
}

/* Opens the handles of all tables at once and keeps them: later transactions, also in other
 * threads, then only look them up. */
static int open_tables(struct store *store)
{
    MDB_txn *txn = NULL;
    MDB_dbi root = 0;
    MDB_cursor *cursor = NULL;
    MDB_val key = {0, NULL};
    MDB_val value;
    int result = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    if (result != 0) {
        return result;
    }
    result = mdb_dbi_open(txn, NULL, 0, &root);
    result = result == 0 ? mdb_cursor_open(txn, root, &cursor) : result;
    while (result == 0 && (result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        char name[STORE_KEY_MAX + 1] = "";
        MDB_dbi table = 0;
        /* an impossible size of a key is damage; so is a NUL, because LMDB would look for a shorter
         * name */
        bool is_name = key.mv_size > 0 && key.mv_size <= STORE_KEY_MAX;
        memcpy(name, key.mv_data, is_name ? key.mv_size : 0);
        is_name = is_name && strlen(name) == key.mv_size;
        result = is_name ? mdb_dbi_open(txn, name, 0, &table) : MDB_CORRUPTED;
        result = result == MDB_NOTFOUND ? MDB_CORRUPTED : result;
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    if (result != MDB_NOTFOUND) {
        mdb_txn_abort(txn);
        return result;
    }
    return mdb_txn_commit(txn); /* the handles are kept only by a commit */
}

/* A reader also writes: its entry in the list of readers, so that the writer does not reuse the
 * pages that it reads. */
static outcome not_opened(const char *path, int why, struct error *err)
{
    char list[PATH_MAX];
    (void)snprintf(list, sizeof list, "%s/lock.mdb",
                   path); /* store_place_check() saw that it fits */
    if (why == EACCES && !store_place_lists_readers(path)) {
        FAIL(CREATE, MESSAGE_STORE_READERS_CLOSED, ARG_TEXT("path", path), ARG_TEXT("list", list));
    }
    if (why == EACCES || why == EROFS) {
        FAIL(CREATE, MESSAGE_STORE_NOT_OPENED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    FAIL(RESOURCE, MESSAGE_STORE_NOT_OPENED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
}

FALLIBLE store_open(const struct store_options *options, struct store **ret, struct error *err)
{
    int dead = 0;
    TRY(store_place_check(options, err));
    struct store *store = calloc(1, sizeof *store);
    MEMORY_UNLESS(store != NULL);
    memcpy(store->path, options->path, strlen(options->path) + 1);
    store->mode = options->mode;
    store->prefill_bytes = options->prefill_bytes;
    store->unflushed = options->unflushed;
    store->map_bytes =
        options->map_bytes != 0 ? options->map_bytes : store_map_default(options->path);
    int result = open_environment(store, options);
    if (result == ENOMEM && options->map_bytes == 0) {
        store->map_bytes = store_map_small(options->path);
        result = open_environment(store, options);
    }
    result = result == 0 ? open_tables(store) : result;
    if (result == 0 && options->mode == STORE_WRITE) {
        result = mdb_reader_check(store->env, &dead); /* slots of readers that were killed */
    }
    if (result == 0) {
        *ret = store;
        return OK;
    }
    outcome failed = result > 0 ? not_opened(options->path, result, err)
                                : store_fail(store, result, "open", err);
    store_close(store);
    return failed;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    BUG_UNLESS(store->open_txns == 0);
    if (store->env != NULL) {
        mdb_env_close(store->env);
    }
    free(store);
}

/* LMDB unmaps the old map before it makes a larger one. If that fails, it has none and still reads
 * at the old address. So LMDB is asked only when there is room for the additional part. */
static bool has_room(size_t more)
{
    void *probe = mmap(NULL, more, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return probe != MAP_FAILED && munmap(probe, more) == 0;
}

/* 0: as large as the file says. */
static int map_anew(struct store *store, size_t size)
{
    int result = mdb_env_set_mapsize(store->env, size);
    store->broken = store->broken || result != 0;
    return result;
}

/* Where address space is limited, the map grows before it is full; no transaction may be open. */
static int grow_map(struct store *store)
{
    MDB_envinfo info;
    MDB_stat stat;
    int result = mdb_env_info(store->env, &info);
    result = result == 0 ? mdb_env_stat(store->env, &stat) : result;
    if (result != 0 || store->open_txns > 0) {
        return result;
    }
    size_t used = (info.me_last_pgno + 1) * stat.ms_psize;
    if (!store->grow && used <= info.me_mapsize / 2) {
        return 0;
    }
    if (!has_room(info.me_mapsize)) {
        return store->grow ? MDB_MAP_FULL : 0; /* growing ahead: there is room yet */
    }
    store->grow = false;
    return map_anew(store, info.me_mapsize * 2);
}

/* The file, and how much of it is in use; false when LMDB does not say. */
static bool file_of(const struct store *store, int *ret_fd, size_t *ret_used)
{
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(store->env, &info) != 0 || mdb_env_stat(store->env, &stat) != 0 ||
        mdb_env_get_fd(store->env, ret_fd) != 0) {
        return false;
    }
    *ret_used = (info.me_last_pgno + 1) * stat.ms_psize;
    return true;
}

FALLIBLE store_begin(struct store *store, enum store_mode mode, struct store_txn **ret,
                     struct error *err)
{
    MDB_txn *inner = NULL;
    int result = 0;
    BUG_UNLESS(mode == STORE_READ || store->mode == STORE_WRITE);
    if (store->broken) {
        FAIL(RESOURCE, MESSAGE_STORE_FAILED, ARG_TEXT("path", store->path),
             ARG_TEXT("what", "begin"), ARG_TEXT("why", "open it again"));
    }
    if (mode == STORE_WRITE && store->map_bytes < STORE_MAP_LARGE) {
        result = grow_map(store);
    }
    unsigned flags = mode == STORE_READ ? MDB_RDONLY : 0U;
    result = result == 0 ? mdb_txn_begin(store->env, NULL, flags, &inner) : result;
    if (result == MDB_MAP_RESIZED && store->open_txns == 0) {
        result = map_anew(store, 0); /* another process has grown it */
        result = result == 0 ? mdb_txn_begin(store->env, NULL, flags, &inner) : result;
    }
    if (result != 0) {
        return store_fail(store, result, "begin", err);
    }
    struct store_txn *txn = calloc(1, sizeof *txn);
    MEMORY_UNLESS(txn != NULL);
    int fd = -1;
    size_t used = 0;
    if (mode == STORE_WRITE && store->prefill_bytes > 0 && file_of(store, &fd, &used)) {
        store_file_prefill(fd, used, store->prefill_bytes);
    }
    *txn = (struct store_txn){.store = store, .txn = inner, .writes = mode == STORE_WRITE};
    (void)__atomic_add_fetch(&store->open_txns, 1, __ATOMIC_RELAXED); /* readers have threads */
    *ret = txn;
    return OK;
}

static void txn_free(struct store_txn *txn)
{
    (void)__atomic_sub_fetch(&txn->store->open_txns, 1, __ATOMIC_RELAXED); /* see begin */
    free(txn);
}

/* Starts writing to the disk while the next records are made: little is left for the flush. */
static void write_back(struct store *store)
{
    int fd = -1;
    size_t used = 0;
    if (store->unflushed && file_of(store, &fd, &used) &&
        used - store->written_back > WRITE_BACK_BYTES) {
        store_file_write_back(fd);
        store->written_back = used;
    }
}

FALLIBLE store_flush(struct store *store, struct error *err)
{
    int result = mdb_env_sync(store->env, 1);
    if (result != 0) {
        store->broken = true;
        return store_fail(store, result, "flush", err);
    }
    return OK;
}

FALLIBLE store_commit(struct store_txn *txn, struct error *err)
{
    struct store *store = txn->store;
    int result = mdb_txn_commit(txn->txn);
    txn_free(txn);
    if (result != 0) {
        /* After a failed flush the kernel may have dropped the dirty pages: read them anew. */
        store->broken = store->broken || result != MDB_MAP_FULL;
        return store_fail(store, result, "commit", err);
    }
    write_back(store);
    return OK;
}

void store_abort(struct store_txn *txn)
{
    if (txn != NULL) {
        mdb_txn_abort(txn->txn);
        txn_free(txn);
    }
}

FALLIBLE store_table(struct store_txn *txn, const char *name, unsigned *ret_table,
                     struct error *err)
{
    MDB_dbi table = 0;
    int result = mdb_dbi_open(txn->txn, name, 0, &table);
    if (result == MDB_NOTFOUND) {
        if (txn->store->mode == STORE_READ) {
            *ret_table = STORE_NO_TABLE;
            return OK;
        }
        result = mdb_dbi_open(txn->txn, name, MDB_CREATE, &table);
        if (result == EACCES) { /* a read transaction of a writing store */
            *ret_table = STORE_NO_TABLE;
            return OK;
        }
    }
    if (result != 0) {
        return store_fail(txn->store, result, name, err);
    }
    *ret_table = table;
    return OK;
}

FALLIBLE store_entries(struct store_txn *txn, unsigned table, uint64_t *ret, struct error *err)
{
    MDB_stat stat = {0};
    if (table != STORE_NO_TABLE) {
        int result = mdb_stat(txn->txn, table, &stat);
        if (result != 0) {
            return store_fail(txn->store, result, "stat", err);
        }
    }
    *ret = stat.ms_entries;
    return OK;
}

/* NULL when there is none. An error of LMDB about the table is ignored here, because the following
 * call reports it. */
static MDB_cursor *kept_cursor(struct store_txn *txn, unsigned table)
{
    if (txn->writes && table < KEPT_CURSORS && txn->kept[table] == NULL) {
        (void)mdb_cursor_open(txn->txn, table, &txn->kept[table]); /* see above */
    }
    return table < KEPT_CURSORS ? txn->kept[table] : NULL;
}

FALLIBLE store_get(struct store_txn *txn, unsigned table, bytes key, bytes *ret, struct error *err)
{
    MDB_val k = val_of(key);
    MDB_val v;
    MDB_cursor *cursor = kept_cursor(txn, table);
    int result = table == STORE_NO_TABLE ? MDB_NOTFOUND
                 : cursor != NULL        ? mdb_cursor_get(cursor, &k, &v, MDB_SET)
                                         : mdb_get(txn->txn, table, &k, &v);
    if (result == MDB_NOTFOUND) {
        *ret = (bytes){NULL, 0};
        return OK;
    }
    if (result != 0) {
        return store_fail(txn->store, result, "get", err);
    }
    *ret = bytes_of_val(v);
    return OK;
}

FALLIBLE store_put(struct store_txn *txn, unsigned table, bytes key, bytes value, struct error *err)
{
    MDB_val k = val_of(key);
    MDB_val v = val_of(value);
    MDB_cursor *cursor = kept_cursor(txn, table);
    txn->wrote = true;
    int result =
        cursor != NULL ? mdb_cursor_put(cursor, &k, &v, 0) : mdb_put(txn->txn, table, &k, &v, 0);
    if (result != 0) {
        return store_fail(txn->store, result, "put", err);
    }
    return OK;
}

FALLIBLE store_append(struct store_txn *txn, unsigned table, bytes key, bytes value,
                      struct error *err)
{
    MDB_val k = val_of(key);
    MDB_val v = val_of(value);
    MDB_cursor *cursor = kept_cursor(txn, table);
    txn->wrote = true;
    int result = cursor != NULL ? mdb_cursor_put(cursor, &k, &v, MDB_APPEND)
                                : mdb_put(txn->txn, table, &k, &v, MDB_APPEND);
    if (result == MDB_KEYEXIST) {
        FAIL(CORRUPT, MESSAGE_STORE_NOT_ASCENDING, ARG_INT("table", table),
             ARG_TEXT("path", txn->store->path));
    }
    if (result != 0) {
        return store_fail(txn->store, result, "append", err);
    }
    return OK;
}

FALLIBLE store_delete(struct store_txn *txn, unsigned table, bytes key, struct error *err)
{
    MDB_val k = val_of(key);
    txn->wrote = true;
    int result = mdb_del(txn->txn, table, &k, NULL);
    if (result != 0 && result != MDB_NOTFOUND) {
        return store_fail(txn->store, result, "delete", err);
    }
    return OK;
}
