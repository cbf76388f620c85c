/* test_mapped - which pages of mapped files are let go of. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/mapped.h"
#include "core/io/store.h"
#include "tests/support/scratch.h"

enum { PAGE = 4096 };

/* A page of a file, mapped and looked at. */
static const volatile uint8_t *mapped(const char *path)
{
    static const uint8_t content[PAGE] = {1};
    struct error err = {0};
    assert_true(file_replace(path, bytes_of(content, sizeof content), 0600, &err).ok);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    const volatile uint8_t *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    assert_true(page != MAP_FAILED);
    (void)close(fd);
    assert_int_equal(page[0], 1);
    return page;
}

/* Does the process hold the page? */
static bool is_held(const volatile uint8_t *page)
{
    uint64_t entry = 0;
    int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    off_t at = (off_t)((uintptr_t)page / PAGE * sizeof entry);
    if (fd < 0 || pread(fd, &entry, sizeof entry, at) != (ssize_t)sizeof entry) {
        print_message("no pagemap to look at\n");
        skip();
    }
    (void)close(fd);
    return entry >> 63 != 0;
}

static void test_mapped_let_go_leaves_what_moves(void **state)
{
    struct rlimit before;
    (void)state;
    const char *dir = scratch_path(&test_scratch, "store");
    const char *log = scratch_path(&test_scratch, "store/log");
    const char *keys = scratch_path(&test_scratch, "store/keys");
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(mkdir(log, 0700), 0);
    assert_int_equal(mkdir(keys, 0700), 0);
    const volatile uint8_t *table = mapped(scratch_path(&test_scratch, "store/log/data.mdb"));
    const volatile uint8_t *ring = mapped(scratch_path(&test_scratch, "store/keys/persons.keys"));
    const volatile uint8_t *other = mapped(scratch_path(&test_scratch, "elsewhere"));
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    if (before.rlim_max == RLIM_INFINITY) { /* tables may move then: none is touched */
        struct rlimit limited = {RLIM_INFINITY - 1, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_AS, &limited), 0);
        mapped_let_go(dir);
        assert_true(is_held(table));
        assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
        mapped_let_go(dir);
        assert_false(is_held(table));
    }
    assert_true(is_held(ring));
    assert_true(is_held(other));
    assert_int_equal(table[0], 1); /* and it comes back */
    (void)munmap((void *)(uintptr_t)table, PAGE);
    (void)munmap((void *)(uintptr_t)ring, PAGE);
    (void)munmap((void *)(uintptr_t)other, PAGE);
}

/* Two of three pages are given in part. */
static void test_mapped_let_go_between_takes_whole_pages(void **state)
{
    static const uint8_t content[3 * PAGE] = {1};
    struct error err = {0};
    (void)state;
    const char *path = scratch_path(&test_scratch, "three");
    assert_true(file_replace(path, bytes_of(content, sizeof content), 0600, &err).ok);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    const volatile uint8_t *pages = mmap(NULL, sizeof content, PROT_READ, MAP_SHARED, fd, 0);
    assert_true(pages != MAP_FAILED);
    (void)close(fd);
    assert_int_equal(pages[0] + pages[PAGE] + pages[2 * PAGE], 1);
    mapped_let_go_between((uintptr_t)pages + 1, (uintptr_t)pages + PAGE + 1); /* none is whole */
    assert_true(is_held(pages + PAGE));
    mapped_let_go_between((uintptr_t)pages + 1, (uintptr_t)pages + 2 * PAGE + 1);
    assert_true(is_held(pages));
    assert_false(is_held(pages + PAGE));
    assert_true(is_held(pages + 2 * PAGE));
    (void)munmap((void *)(uintptr_t)pages, sizeof content);
}

/* --- a table that is walked --------------------------------------------------------------------
 */

enum { ENTRIES = 1000, VALUE_SIZE = 100 };

static void put_entry(struct store_txn *txn, unsigned table, unsigned number, uint8_t filling)
{
    struct error err = {0};
    uint8_t key[2] = {(uint8_t)(number >> 8), (uint8_t)number};
    uint8_t value[VALUE_SIZE];
    memset(value, filling, sizeof value);
    assert_true(
        store_put(txn, table, bytes_of(key, sizeof key), bytes_of(value, sizeof value), &err).ok);
}

/* Walks all of it and lets go; returns the value in the middle, which must be of `filling`. */
static const uint8_t *walk(struct store_txn *txn, unsigned table, uint8_t filling)
{
    struct error err = {0};
    struct store_cursor *cursor = NULL;
    const uint8_t *middle = NULL;
    unsigned count = 0;
    bool found = true;
    bytes key;
    bytes value;
    assert_true(store_cursor_open(txn, table, &cursor, &err).ok);
    assert_true(store_cursor_seek(cursor, bytes_of("", 0), &found, &key, &value, &err).ok);
    for (; found; count++) {
        assert_int_equal(value.data[0], filling);
        middle = count == ENTRIES / 2 ? value.data : middle;
        assert_true(store_cursor_next(cursor, &found, &key, &value, &err).ok);
    }
    assert_int_equal(count, ENTRIES);
    store_cursor_let_go(cursor);
    store_cursor_let_go(cursor); /* nothing since */
    store_cursor_close(cursor);
    return middle;
}

/* What a walk came past is let go of and comes back; not what its own transaction has written,
 * which is nowhere else. */
static void test_store_cursor_lets_go_of_what_comes_back(void **state)
{
    struct error err = {0};
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    unsigned table = 0;
    (void)state;
    struct store_options options = {.path = test_scratch.dir, .mode = STORE_WRITE};
    assert_true(store_open(&options, &store, &err).ok);
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, "walked", &table, &err).ok);
    for (unsigned i = 0; i < ENTRIES; i++) {
        put_entry(txn, table, i, 1);
    }
    assert_int_equal(walk(txn, table, 1)[0], 1);
    assert_true(store_commit(txn, &err).ok);
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, "walked", &table, &err).ok);
    const uint8_t *committed = walk(txn, table, 1);
    assert_false(is_held(committed));
    assert_int_equal(committed[0], 1);
    for (unsigned i = 0; i < ENTRIES; i++) {
        put_entry(txn, table, i, 2);
    }
    const uint8_t *written = walk(txn, table, 2);
    assert_true(is_held(written));
    assert_int_equal(written[VALUE_SIZE - 1], 2);
    assert_true(store_commit(txn, &err).ok);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_mapped_let_go_leaves_what_moves),
        scratch_unit_test(test_mapped_let_go_between_takes_whole_pages),
        scratch_unit_test(test_store_cursor_lets_go_of_what_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
