/* golden_store - see golden_store.h. */
#include "tests/damage/golden_store.h"

#include <sys/wait.h>
#include <unistd.h>

#include "core/io/log.h"
#include "core/io/store.h"
#include "jobs/engine/engine.h"
#include "tests/support/test.h"

void golden_store_unpack(const char *dir)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("tar", "tar", "xzf", "tests/golden/log/store-1.tar.gz", "-C", dir,
                     (char *)NULL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

void golden_store_catch_up(const char *dir)
{
    struct engine *engine = NULL;
    struct error err;
    struct engine_options options = {.dir = dir, .mode = STORE_WRITE, .verb = "test"};
    assert_true(engine_open(&options, &engine, &err).ok);
    engine_close(engine);
}

void golden_store_renew_ids(const char *dir, struct arena *arena)
{
    struct store_options options = {.path = dir, .mode = STORE_WRITE, .tables_max = 8};
    struct store *store = NULL;
    struct store_txn *inner = NULL;
    struct store_cursor *cursor = NULL;
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct error err;
    unsigned table = 0;
    bool found = false;
    bytes key;
    bytes value;
    bytes keys[1024];
    size_t count = 0;
    assert_true(store_open(&options, &store, &err).ok);
    assert_true(store_begin(store, STORE_READ, &inner, &err).ok);
    assert_true(store_table(inner, "ids", &table, &err).ok);
    assert_true(store_cursor_open(inner, table, &cursor, &err).ok);
    assert_true(store_cursor_seek(cursor, (bytes){0}, &found, &key, &value, &err).ok);
    while (found) {
        assert_true(count < sizeof keys / sizeof *keys);
        keys[count++] = arena_bytes(arena, key);
        assert_true(store_cursor_next(cursor, &found, &key, &value, &err).ok);
    }
    store_cursor_close(cursor);
    store_abort(inner);
    store_close(store);
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    for (size_t i = 0; i < count; i++) {
        struct log_id id;
        assert_true(log_id_find(txn, keys[i], &id, &found, &err).ok && found);
        assert_true(log_id_put(txn, keys[i], &id, &err).ok);
    }
    assert_true(log_commit(txn, &err).ok);
    log_close(log);
}
