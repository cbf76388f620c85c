/* test_store - tables, cursors, modes, growth of the map, a killed reader's slot. */
#include "core/io/store.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "core/io/pages_parts.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZED 1
#endif
#endif
#ifndef ADDRESS_SANITIZED
#define ADDRESS_SANITIZED 0
#endif

static struct store *open_store(const char *dir, enum store_mode mode)
{
    struct error err = {0};
    struct store *store = NULL;
    struct store_options options = {.path = dir, .mode = mode};
    assert_true(store_open(&options, &store, &err).ok);
    return store;
}

static void put(struct store *store, const char *table_name, const char *key, const char *value)
{
    struct error err = {0};
    struct store_txn *txn = NULL;
    unsigned table = 0;
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, table_name, &table, &err).ok);
    assert_true(store_put(txn, table, str_bytes(str_of(key)), str_bytes(str_of(value)), &err).ok);
    assert_true(store_commit(txn, &err).ok);
}

static void assert_value(struct store *store, const char *table_name, const char *key,
                         const char *expected)
{
    struct error err = {0};
    struct store_txn *txn = NULL;
    unsigned table = 0;
    bytes value;
    assert_true(store_begin(store, STORE_READ, &txn, &err).ok);
    assert_true(store_table(txn, table_name, &table, &err).ok);
    assert_true(store_get(txn, table, str_bytes(str_of(key)), &value, &err).ok);
    if (expected == NULL) {
        assert_null(value.data);
    } else {
        assert_true(bytes_equal(value, str_bytes(str_of(expected))));
    }
    store_abort(txn);
}

static void test_store_get_after_reopen(void **state)
{
    const struct scratch *scratch = *state;
    struct store *store = open_store(scratch->dir, STORE_WRITE);
    put(store, "t", "k", "v");
    assert_value(store, "t", "k", "v");
    store_close(store);
    store = open_store(scratch->dir, STORE_READ);
    assert_value(store, "t", "k", "v");
    assert_value(store, "t", "other", NULL);
    assert_value(store, "no such table", "k", NULL);
    store_close(store);
}

static void test_store_open_misses_an_absent_store(void **state)
{
    (void)state;
    struct error err = {0};
    struct store *store = NULL;
    struct store_options options = {.path = "/tmp/anzheng-none", .mode = STORE_READ};
    assert_false(store_open(&options, &store, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_int_equal(err.code, MESSAGE_STORE_NOT_FOUND);
    assert_null(store);
}

/* In the file, the names of all tables get that size. */
static void stretch_names(const char *path, uint16_t size)
{
    enum { PAGE = 4096, PAGES_MAX = 64 };
    static uint8_t data[PAGES_MAX * PAGE];
    int fd = open(path, O_RDWR);
    ssize_t got = read(fd, data, sizeof data);
    int stretched = 0;
    for (uint8_t *page = data; page + PAGE <= data + got; page += PAGE) {
        uint16_t flags = 0;
        uint16_t lower = 0;
        memcpy(&flags, page + 10, sizeof flags);
        memcpy(&lower, page + 12, sizeof lower);
        for (size_t at = HEADER_SIZE; flags == FLAG_LEAF && at < lower; at += 2) {
            uint16_t node = 0;
            memcpy(&node, page + at, sizeof node);
            if (page[node + 4] == NODE_TABLE) {
                memcpy(page + node + 6, &size, sizeof size);
                stretched++;
            }
        }
    }
    assert_true(stretched > 0);
    assert_int_equal(pwrite(fd, data, (size_t)got, 0), got);
    assert_int_equal(close(fd), 0);
}

static void test_store_open_of_a_table_whose_name_is_too_long(void **state)
{
    const struct scratch *scratch = *state;
    char path[PATH_MAX];
    struct store *store = open_store(scratch->dir, STORE_WRITE);
    put(store, "t", "k", "v");
    store_close(store);
    (void)snprintf(path, sizeof path, "%s/data.mdb", scratch->dir); /* fits */
    static const uint16_t sizes[] = {0, STORE_KEY_MAX + 1, STORE_KEY_MAX + 2, 3000, UINT16_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct error err = {0};
        struct store_options options = {.path = scratch->dir, .mode = STORE_READ};
        stretch_names(path, sizes[i]);
        assert_false(store_open(&options, &store, &err).ok);
        assert_int_equal(err.class, ERROR_CORRUPT);
    }
}

static void test_store_cursor_walks_in_key_order(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct store *store = open_store(scratch->dir, STORE_WRITE);
    struct store_txn *txn = NULL;
    struct store_cursor *cursor = NULL;
    unsigned table = 0;
    uint64_t entries = 0;
    bool found = false;
    bytes key = {NULL, 0};
    bytes value = {NULL, 0};
    put(store, "t", "b", "2");
    put(store, "t", "a", "1");
    put(store, "t", "d", "4");
    assert_true(store_begin(store, STORE_READ, &txn, &err).ok);
    assert_true(store_table(txn, "t", &table, &err).ok);
    assert_true(store_entries(txn, table, &entries, &err).ok);
    assert_int_equal(entries, 3);
    assert_true(store_cursor_open(txn, table, &cursor, &err).ok);
    assert_true(store_cursor_seek(cursor, key, &found, &key, &value, &err).ok);
    assert_true(found && bytes_equal(key, str_bytes(STR("a"))));
    assert_true(store_cursor_seek(cursor, str_bytes(STR("c")), &found, &key, &value, &err).ok);
    assert_true(found && bytes_equal(value, str_bytes(STR("4"))));
    assert_true(store_cursor_next(cursor, &found, &key, &value, &err).ok);
    assert_false(found);
    assert_true(store_cursor_seek(cursor, str_bytes(STR("e")), &found, &key, &value, &err).ok);
    assert_false(found);
    store_cursor_close(cursor);
    store_abort(txn);
    store_close(store);
}

static void test_store_append_refuses_what_does_not_ascend(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct store *store = open_store(scratch->dir, STORE_WRITE);
    struct store_txn *txn = NULL;
    unsigned table = 0;
    bytes value = str_bytes(STR("v"));
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, "t", &table, &err).ok);
    assert_true(store_append(txn, table, str_bytes(STR("b")), value, &err).ok);
    assert_false(store_append(txn, table, str_bytes(STR("a")), value, &err).ok);
    assert_int_equal(err.code, MESSAGE_STORE_NOT_ASCENDING);
    store_abort(txn);
    put(store, "t", "a", "v");
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, "t", &table, &err).ok);
    assert_true(store_delete(txn, table, str_bytes(STR("a")), &err).ok);
    assert_true(store_delete(txn, table, str_bytes(STR("a")), &err).ok);
    assert_true(store_commit(txn, &err).ok);
    assert_value(store, "t", "a", NULL);
    store_close(store);
}

static void test_store_abort_undoes(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct store *store = open_store(scratch->dir, STORE_WRITE);
    struct store_txn *txn = NULL;
    unsigned table = 0;
    put(store, "t", "k", "old");
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, "t", &table, &err).ok);
    assert_true(store_put(txn, table, str_bytes(STR("k")), str_bytes(STR("new")), &err).ok);
    store_abort(txn);
    assert_value(store, "t", "k", "old");
    store_close(store);
}

/* With a small map: full is RESOURCE, the next transaction has room. */
static void test_store_map_grows_when_it_is_full(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct store *store = NULL;
    struct store_options options = {
        .path = scratch->dir, .mode = STORE_WRITE, .map_bytes = 1024 * 1024};
    static const uint8_t value[100000];
    int full = 0;
    int done = 0;
    assert_true(store_open(&options, &store, &err).ok);
    for (int i = 0; i < 60 && done < 3; i++) {
        struct store_txn *txn = NULL;
        unsigned table = 0;
        bool good = store_begin(store, STORE_WRITE, &txn, &err).ok &&
                    store_table(txn, "t", &table, &err).ok;
        assert_true(good);
        for (uint8_t k = 0; good && k < 50; k++) {
            uint8_t key[2] = {(uint8_t)done, k};
            good = store_put(txn, table, bytes_of(key, 2), bytes_of(value, sizeof value), &err).ok;
        }
        if (good) {
            assert_true(store_commit(txn, &err).ok);
            done++;
            continue;
        }
        assert_int_equal(err.class, ERROR_RESOURCE);
        assert_int_equal(err.code, MESSAGE_STORE_MAP_FULL);
        full++;
        store_abort(txn);
    }
    assert_int_equal(done, 3);
    assert_true(full > 0);
    store_close(store);
}

/* In a process of its own, for what it limits stays limited. */
static void assert_child(bool (*work)(const char *dir), const char *dir)
{
    int status = 0;
    if (ADDRESS_SANITIZED) {
        print_message("skipped: AddressSanitizer itself needs the address space\n");
        skip();
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(work(dir) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool open_in_two_gigabytes(const char *dir)
{
    struct rlimit limit = {(rlim_t)2 << 30, (rlim_t)2 << 30};
    struct error err = {0};
    struct store *store = NULL;
    struct store_options options = {.path = dir, .mode = STORE_WRITE};
    return setrlimit(RLIMIT_AS, &limit) == 0 && store_open(&options, &store, &err).ok;
}

static void test_store_opens_where_address_space_is_limited(void **state)
{
    const struct scratch *scratch = *state;
    assert_child(open_in_two_gigabytes, scratch->dir);
}

/* What the process has of address space, and `more`: nothing larger can be mapped from now on. */
static bool limit_address_space(uint64_t more)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    bool good = statm != NULL && fscanf(statm, "%lu", &pages) == 1;
    uint64_t most = pages * (uint64_t)sysconf(_SC_PAGESIZE) + more;
    struct rlimit limit = {most, most};
    if (statm != NULL) {
        (void)fclose(statm);
    }
    return good && setrlimit(RLIMIT_AS, &limit) == 0;
}

static bool put_value(struct store *store, uint8_t key, bytes value, struct error *err)
{
    struct store_txn *txn = NULL;
    unsigned table = 0;
    if (!store_begin(store, STORE_WRITE, &txn, err).ok) {
        return false;
    }
    if (!store_table(txn, "t", &table, err).ok ||
        !store_put(txn, table, bytes_of(&key, 1), value, err).ok) {
        store_abort(txn);
        return false;
    }
    return store_commit(txn, err).ok;
}

/* What does not fit is refused, and what is there stays in reach. */
static bool fill_without_room(const char *dir)
{
    enum { MAP = 16 << 20 };
    static const uint8_t value[1 << 18];
    struct error err = {0};
    struct store *store = NULL;
    struct store_options options = {.path = dir, .mode = STORE_WRITE, .map_bytes = MAP};
    bool good = store_open(&options, &store, &err).ok;
    put(store, "t", "k", "v");
    good = good && limit_address_space(MAP / 2);
    for (uint8_t i = 1; good && put_value(store, i, bytes_of(value, sizeof value), &err); i++) {
        good = i < MAP / sizeof value; /* else it has grown */
    }
    for (int i = 0; i < 2; i++) {
        good = good && err.code == MESSAGE_STORE_MAP_FULL;
        assert_value(store, "t", "k", "v");
        good = good && !put_value(store, 0, bytes_of(value, sizeof value), &err);
    }
    store_close(store);
    return good;
}

static void test_store_whose_map_cannot_grow_goes_on(void **state)
{
    const struct scratch *scratch = *state;
    assert_child(fill_without_room, scratch->dir);
}

static void test_store_reads_on_a_read_only_mount(void **state)
{
    const struct scratch *scratch = *state;
    struct error err = {0};
    struct store *store = open_store(scratch->dir, STORE_WRITE);
    put(store, "t", "k", "v");
    store_close(store);
    if (mount(scratch->dir, scratch->dir, NULL, MS_BIND, NULL) != 0) {
        print_message("skipped: no right to mount\n");
        skip();
    }
    assert_int_equal(mount(NULL, scratch->dir, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
    struct store_options options = {.path = scratch->dir, .mode = STORE_READ};
    outcome reading = store_open(&options, &store, &err);
    if (reading.ok) {
        assert_value(store, "t", "k", "v");
        store_close(store);
    }
    options.mode = STORE_WRITE;
    outcome writing = store_open(&options, &store, &err);
    assert_int_equal(umount(scratch->dir), 0);
    assert_true(reading.ok);
    assert_false(writing.ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

static void test_store_opened_twice_is_a_bug(void **state)
{
    const struct scratch *scratch = *state;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct store *first = open_store(scratch->dir, STORE_WRITE);
        (void)close(2); /* the message of the bug is expected */
        (void)first;
        (void)open_store(scratch->dir, STORE_READ);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_store_get_after_reopen),
        cmocka_unit_test(test_store_open_misses_an_absent_store),
        scratch_unit_test(test_store_open_of_a_table_whose_name_is_too_long),
        scratch_unit_test(test_store_cursor_walks_in_key_order),
        scratch_unit_test(test_store_append_refuses_what_does_not_ascend),
        scratch_unit_test(test_store_abort_undoes),
        scratch_unit_test(test_store_map_grows_when_it_is_full),
        scratch_unit_test(test_store_opens_where_address_space_is_limited),
        scratch_unit_test(test_store_whose_map_cannot_grow_goes_on),
        scratch_unit_test(test_store_reads_on_a_read_only_mount),
        scratch_unit_test(test_store_opened_twice_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
