/* test_pages - the page check accepts what LMDB writes and survives any bytes. */
#include "core/io/pages.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "core/io/store.h"
#include "tests/support/scratch.h"
#include "tests/support/smaller.h"
#include "tests/support/test.h"

/* The page check alone; tests/damage flips 2 000 bits of a whole store, and 100 000 on demand. */
enum { FLIPS = 200, KEYS = 3000, NOISE = 20000 };

struct fixture {
    struct scratch scratch;
    const char *data;
    uint8_t *content;
    size_t size;
};

/* A small generator of the test's own: the same numbers everywhere. */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* Puts, overwrites and deletes at random: splits, merges, overflow runs, a free list. */
static void fill(struct store *store, uint64_t seed)
{
    struct error err = {0};
    static uint8_t value[9000];
    for (int round = 0; round < 12; round++) {
        struct store_txn *txn = NULL;
        unsigned table = 0;
        assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
        assert_true(store_table(txn, round % 3 == 0 ? "large" : "small", &table, &err).ok);
        for (int i = 0; i < 1000; i++) {
            char key[40];
            int length = snprintf(key, sizeof key, "key %llu",
                                  (unsigned long long)(next_random(&seed) % KEYS));
            size_t size = next_random(&seed) % (round % 3 == 0 ? 9000 : 300);
            bytes k = bytes_of(key, (size_t)length);
            bool is_delete = next_random(&seed) % 4 == 0;
            assert_true((is_delete ? store_delete(txn, table, k, &err)
                                   : store_put(txn, table, k, bytes_of(value, size), &err))
                            .ok);
        }
        assert_true(store_commit(txn, &err).ok);
    }
}

static int make_fixture(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error err = {0};
    struct store *store = NULL;
    scratch_open(&fixture->scratch);
    fixture->data = scratch_path(&fixture->scratch, "data.mdb");
    struct store_options options = {.path = fixture->scratch.dir, .mode = STORE_WRITE};
    assert_true(store_open(&options, &store, &err).ok);
    fill(store, 1);
    store_close(store);
    int fd = open(fixture->data, O_RDONLY);
    fixture->size = (size_t)lseek(fd, 0, SEEK_END);
    fixture->content = malloc(fixture->size);
    assert_int_equal(pread(fd, fixture->content, fixture->size, 0), fixture->size);
    assert_int_equal(close(fd), 0);
    *state = fixture;
    return 0;
}

static int drop_fixture(void **state)
{
    struct fixture *fixture = *state;
    scratch_close(&fixture->scratch);
    free(fixture->content);
    free(fixture);
    return 0;
}

static void write_content(const struct fixture *fixture, const uint8_t *content, size_t size)
{
    int fd = open(fixture->data, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, size), size);
    assert_int_equal(close(fd), 0);
}

static void test_pages_check_accepts_what_lmdb_writes(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    struct pages_report report = {0};
    write_content(fixture, fixture->content, fixture->size);
    assert_true(pages_check(fixture->data, PAGES_FULL, &report, &err).ok);
    assert_true(report.entries > 1000 && report.reachable > 100);
    assert_int_equal(report.pages, fixture->size / 4096);
    for (uint64_t seed = 2; seed < 8; seed++) {
        struct store *store = NULL;
        struct store_options options = {.path = fixture->scratch.dir, .mode = STORE_WRITE};
        assert_true(store_open(&options, &store, &err).ok);
        fill(store, seed);
        store_close(store);
        assert_true(pages_check(fixture->data, PAGES_FULL, &report, &err).ok);
    }
}

static void test_pages_check_names_page_and_damage(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    struct pages_report report = {0};
    uint8_t *copy = malloc(fixture->size);
    memcpy(copy, fixture->content, fixture->size);
    memset(copy + 4096, 0, 4096);
    write_content(fixture, copy, fixture->size);
    assert_false(pages_check(fixture->data, PAGES_QUICK, &report, &err).ok);
    assert_int_equal(err.class, ERROR_CORRUPT);
    assert_int_equal(err.code, MESSAGE_PAGES_DAMAGED);
    assert_string_equal(err.args[1].text, "1");
    /* both metas one transaction further: LMDB would take the newest, then the other one */
    memcpy(copy, fixture->content, fixture->size);
    for (size_t meta = 0; meta < 2; meta++) {
        copy[meta * 4096 + 16 + 128]++; /* the low byte of its transaction */
    }
    write_content(fixture, copy, fixture->size);
    assert_false(pages_check(fixture->data, PAGES_QUICK, &report, &err).ok);
    assert_int_equal(err.code, MESSAGE_PAGES_DAMAGED);
    write_content(fixture, fixture->content, fixture->size / 2);
    assert_false(pages_check(fixture->data, PAGES_QUICK, &report, &err).ok);
    write_content(fixture, fixture->content, 100);
    assert_false(pages_check(fixture->data, PAGES_QUICK, &report, &err).ok);
    write_content(fixture, fixture->content, fixture->size);
    assert_true(pages_check(fixture->data, PAGES_QUICK, &report, &err).ok);
    assert_int_equal(report.reachable, 0);
    free(copy);
}

/* A page more than the file had, which nothing leads to and no list has: it is the one that is
 * named. */
static void test_pages_check_names_a_page_that_is_lost(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    struct pages_report report = {0};
    size_t size = fixture->size + 4096;
    uint8_t *copy = calloc(1, size);
    uint64_t pages = 0;
    memcpy(copy, fixture->content, fixture->size);
    for (size_t meta = 0; meta < 2; meta++) {
        uint8_t *last = copy + meta * 4096 + 16 + 120; /* the number of its last page */
        memcpy(&pages, last, sizeof pages);
        pages++;
        memcpy(last, &pages, sizeof pages);
    }
    assert_int_equal(pages, fixture->size / 4096);
    write_content(fixture, copy, size);
    assert_false(pages_check(fixture->data, PAGES_FULL, &report, &err).ok);
    assert_int_equal(err.code, MESSAGE_PAGES_DAMAGED);
    assert_string_equal(err.args[1].text,
                        arena_format(&fixture->scratch.arena, "%d", (int)pages).data);
    assert_string_equal(err.args[2].text, "neither in use nor free");
    free(copy);
}

/* Reads everything through LMDB, as a program would. */
static unsigned read_all(const char *dir)
{
    struct error err = {0};
    struct store *store = NULL;
    struct store_options options = {.path = dir, .mode = STORE_READ};
    static const char *const names[] = {"small", "large"};
    unsigned sum = 0;
    if (!store_open(&options, &store, &err).ok) {
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        struct store_txn *txn = NULL;
        struct store_cursor *cursor = NULL;
        unsigned table = 0;
        bool found = false;
        bytes key = {NULL, 0};
        bytes value = {NULL, 0};
        if (!store_begin(store, STORE_READ, &txn, &err).ok) {
            break;
        }
        if (store_table(txn, names[i], &table, &err).ok &&
            store_cursor_open(txn, table, &cursor, &err).ok) {
            outcome more = store_cursor_seek(cursor, key, &found, &key, &value, &err);
            while (more.ok && found) {
                sum += value.size > 0 ? value.data[value.size - 1] : 0U;
                more = store_cursor_next(cursor, &found, &key, &value, &err);
            }
            store_cursor_close(cursor);
        }
        store_abort(txn);
    }
    store_close(store);
    return sum;
}

/* What passes the full check does not crash LMDB either: tried in a child. */
static bool is_readable_in_a_child(const char *dir)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(read_all(dir) < UINT_MAX ? 0 : 1); /* the values count, so they are read */
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* LMDB does not write pages that one transaction took and let go: they may lie behind the end. */
static void test_pages_check_lets_only_free_pages_be_cut_off(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    struct pages_report report = {0};
    size_t kept = fixture->size;
    write_content(fixture, fixture->content, kept);
    while (pages_check(fixture->data, PAGES_QUICK, &report, &err).ok) {
        assert_true(is_readable_in_a_child(fixture->scratch.dir));
        kept -= 4096;
        write_content(fixture, fixture->content, kept);
    }
    assert_true(kept < fixture->size - 4096); /* the last page of this file is a free one */
    assert_int_equal(err.code, MESSAGE_PAGES_DAMAGED);
}

/* Any page, or (three times of four) one with nodes or a meta: most are insides of large values. */
/* In place: of a file that is whole but for this. */
static void write_part(const struct fixture *fixture, size_t at, const uint8_t *content,
                       size_t size)
{
    int fd = open(fixture->data, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, content, size, (off_t)at), size);
    assert_int_equal(close(fd), 0);
}

static size_t pick_page(const struct fixture *fixture, uint64_t *seed, int kind)
{
    for (;;) {
        size_t page = next_random(seed) % (fixture->size / 4096);
        const uint8_t *header = fixture->content + page * 4096;
        bool is_node_page = memcmp(header, &page, 8) == 0 && header[11] == 0 &&
                            (header[10] == 1 || header[10] == 2 || header[10] == 8);
        if (kind == 0 || is_node_page) {
            return page;
        }
    }
}

static void test_pages_check_survives_any_flipped_bit(void **state)
{
    struct fixture *fixture = *state;
    uint64_t seed = 99;
    int found = 0;
    int passed = 0;
    write_content(fixture, fixture->content, fixture->size);
    for (int i = 0; i < FLIPS; i++) {
        struct error err = {0};
        struct pages_report report = {0};
        size_t page = pick_page(fixture, &seed, i % 4);
        /* Half of them in headers and pointers, where it hurts. */
        size_t at = page * 4096 + next_random(&seed) % (i % 2 == 0 ? 40 : 4096);
        uint8_t byte = fixture->content[at] ^ (uint8_t)(1U << next_random(&seed) % 8);
        write_part(fixture, at, &byte, 1);
        if (!pages_check(fixture->data, PAGES_FULL, &report, &err).ok) {
            assert_int_equal(err.class, ERROR_CORRUPT);
            found++;
        } else {
            passed++;
            assert_true(is_readable_in_a_child(fixture->scratch.dir));
        }
        write_part(fixture, at, &fixture->content[at], 1);
    }
    print_message("%d flips: %d found, %d read without a crash\n", FLIPS, found, passed);
    assert_true(found > FLIPS / 8 && passed > 0);
}

static void test_pages_check_survives_noise(void **state)
{
    struct fixture *fixture = *state;
    uint64_t seed = 5;
    uint8_t noise[NOISE];
    write_content(fixture, fixture->content, fixture->size);
    for (int i = 0; i < 150; i++) {
        struct error err = {0};
        struct pages_report report = {0};
        size_t from = next_random(&seed) % fixture->size;
        size_t size = 1 + next_random(&seed) % NOISE;
        /* The metas stay sound in most rounds, so that the walk gets to see the noise. */
        from = i % 10 != 0 && from < 8192 ? 8192 : from;
        size = size < fixture->size - from ? size : fixture->size - from;
        for (size_t k = 0; k < size; k++) {
            noise[k] = (uint8_t)next_random(&seed);
        }
        write_part(fixture, from, noise, size);
        (void)pages_check(fixture->data, PAGES_FULL, &report, &err).ok; /* either is fine */
        write_part(fixture, from, fixture->content + from, size);
    }
    struct error err = {0};
    struct pages_report report = {0};
    assert_true(pages_check(fixture->data, PAGES_FULL, &report, &err).ok);
}

/* --- a table that several threads look at --------------------------------------------------------
 */

static void fill_in_order(const char *dir, unsigned count)
{
    struct error err = {0};
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    unsigned table = 0;
    static const uint8_t value[200];
    struct store_options options = {.path = dir, .mode = STORE_WRITE};
    assert_true(store_open(&options, &store, &err).ok);
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    assert_true(store_table(txn, "long", &table, &err).ok);
    for (unsigned i = 0; i < count; i++) {
        char key[16];
        int length = snprintf(key, sizeof key, "%08u", i);
        assert_true(store_put(txn, table, bytes_of(key, (size_t)length),
                              bytes_of(value, sizeof value), &err)
                        .ok);
    }
    assert_true(store_commit(txn, &err).ok);
    store_close(store);
}

static size_t leaf_from(const uint8_t *content, size_t page)
{
    while (content[page * 4096 + 10] != 2) {
        page++;
    }
    return page;
}

/* Keys were put in their order, so pages come in it, too: of two flaws the lower one is told. */
static void test_pages_check_of_a_large_table(void **state)
{
    enum { MANY = 60000, ROUNDS = 20, ROUNDS_SMALLER = 6 };
    struct fixture large = {0};
    struct error err = {0};
    struct pages_report report = {0};
    char page[24];
    (void)state;
    scratch_open(&large.scratch);
    large.data = scratch_path(&large.scratch, "data.mdb");
    fill_in_order(large.scratch.dir, MANY);
    assert_true(pages_check(large.data, PAGES_FULL, &report, &err).ok);
    assert_int_equal(report.entries, MANY);
    assert_true(report.pages > 2048); /* enough for threads */
    large.size = (size_t)report.pages * 4096;
    large.content = malloc(large.size);
    int fd = open(large.data, O_RDWR);
    assert_int_equal(pread(fd, large.content, large.size, 0), large.size);
    size_t low = leaf_from(large.content, report.pages / 4);
    size_t high = leaf_from(large.content, report.pages - report.pages / 4);
    int rounds = smaller_part() == 0 ? ROUNDS : ROUNDS_SMALLER;
    for (int round = 0; round < rounds; round++) {
        bool both = round % 2 == 0;
        uint8_t byte = large.content[low * 4096] ^ (both ? 1 : 0);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)(low * 4096)), 1);
        byte = large.content[high * 4096] ^ 1;
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)(high * 4096)), 1);
        err = (struct error){0};
        assert_false(pages_check(large.data, PAGES_FULL, &report, &err).ok);
        assert_int_equal(err.code, MESSAGE_PAGES_DAMAGED);
        (void)snprintf(page, sizeof page, "%zu", both ? low : high); /* fits */
        assert_string_equal(err.args[1].text, page);
    }
    assert_int_equal(close(fd), 0);
    scratch_close(&large.scratch);
    free(large.content);
}

static void test_pages_check_misses_an_absent_file(void **state)
{
    (void)state;
    struct error err = {0};
    struct pages_report report = {0};
    assert_false(pages_check("/tmp/anzheng-none/data.mdb", PAGES_QUICK, &report, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_check_accepts_what_lmdb_writes),
        cmocka_unit_test(test_pages_check_names_page_and_damage),
        cmocka_unit_test(test_pages_check_names_a_page_that_is_lost),
        cmocka_unit_test(test_pages_check_lets_only_free_pages_be_cut_off),
        cmocka_unit_test(test_pages_check_survives_any_flipped_bit),
        cmocka_unit_test(test_pages_check_survives_noise),
        cmocka_unit_test(test_pages_check_of_a_large_table),
        cmocka_unit_test(test_pages_check_misses_an_absent_file),
    };
    return cmocka_run_group_tests(tests, make_fixture, drop_fixture);
}
