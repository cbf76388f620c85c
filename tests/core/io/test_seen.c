/* test_seen - what is remembered of rows, and what holds of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/seen.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { ROWS = 50 };

static const struct digest context = {.data = {1}};

/* Row i is of the record with mark `i % 10`. */
static struct seen_entry entry_of(unsigned i)
{
    struct seen_entry entry = {.key_size = 3, .key = "key"};
    entry.row[0] = (uint8_t)(i + 1);
    return entry;
}

static uint64_t mark_of(unsigned i)
{
    return i % 10 + 1;
}

static const char *write_rows(struct scratch *scratch, unsigned written_at)
{
    const char *path = scratch_path(scratch, "seen");
    const struct seen_moment moment = {.size = 7, .root = {.data = {7}}};
    struct seen_writer *writer = seen_writer_open(path, &context);
    assert_non_null(writer);
    for (unsigned i = 0; i < ROWS; i++) {
        struct seen_entry entry = entry_of(i);
        if (i == written_at) {
            seen_add_written(writer, mark_of(i));
        }
        seen_add(writer, i % 7 != 0 ? &entry : NULL);
    }
    seen_writer_close(writer, &moment);
    return path;
}

static struct seen *opened(const char *path)
{
    struct seen *seen = seen_open(path, &context);
    if (seen != NULL) {
        seen_prepare(seen);
        seen_prepare(seen); /* once is enough */
    }
    return seen;
}

/* Every row is found that is remembered, and holds if `holds` says so. */
static void check(const struct seen *seen, bool (*holds)(unsigned i))
{
    uint64_t place = UINT64_MAX;
    for (unsigned i = 0; i < ROWS; i++) {
        struct seen_entry wanted = entry_of(i);
        const struct seen_entry *found = seen_find(seen, wanted.row, &place);
        if (i % 7 == 0) {
            assert_null(found);
            continue;
        }
        assert_non_null(found);
        assert_memory_equal(found->key, wanted.key, sizeof wanted.key);
        assert_int_equal(seen_holds(seen, found, mark_of(i)), holds(i));
    }
}

static bool all(unsigned i)
{
    (void)i;
    return true;
}

static bool but_before_23(unsigned i)
{
    return i >= 23 || i % 10 != 3;
}

static bool but_those_and_mark_5(unsigned i)
{
    return but_before_23(i) && i % 10 != 4;
}

static void test_what_was_met_last_holds(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    struct seen *seen = opened(write_rows(&scratch, ROWS));
    assert_non_null(seen);
    assert_int_equal(seen_moment(seen).size, 7);
    assert_int_equal(seen_moment(seen).root.data[0], 7);
    assert_int_equal(seen_count(seen), ROWS);
    check(seen, all);
    seen_close(seen);
    /* row 23 wrote the record of rows 3 and 13 anew; its own entry holds, and those behind it */
    seen = opened(write_rows(&scratch, 23));
    check(seen, but_before_23);
    seen_forget(seen, mark_of(4));
    check(seen, but_those_and_mark_5);
    for (uint64_t mark = 1000; mark < 5000; mark++) { /* of records of which no row tells */
        seen_forget(seen, mark);
    }
    check(seen, but_those_and_mark_5);
    seen_close(seen);
    scratch_close(&scratch);
}

enum { MANY = 20000 }; /* more than are on their way to the disk */

static void test_many_records_written_anew(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    const char *path = scratch_path(&scratch, "seen");
    const struct seen_moment moment = {.size = 1};
    struct seen_writer *writer = seen_writer_open(path, &context);
    for (uint64_t i = 0; i < MANY; i++) {
        struct seen_entry entry = {.key_size = 1};
        memcpy(entry.row, &(uint64_t){i + 1}, sizeof i);
        seen_add_written(writer, i % 1000);
        seen_add(writer, &entry);
    }
    seen_writer_close(writer, &moment);
    struct seen *seen = opened(path);
    assert_non_null(seen);
    for (uint64_t i = 0, place = 0; i < MANY; i++) {
        uint8_t row[SEEN_DIGEST_SIZE] = {0};
        memcpy(row, &(uint64_t){i + 1}, sizeof i);
        const struct seen_entry *found = seen_find(seen, row, &place);
        assert_non_null(found);
        assert_int_equal(seen_holds(seen, found, i % 1000),
                         i >= MANY - 1000); /* the last of each */
    }
    seen_close(seen);
    scratch_close(&scratch);
}

/* A byte that is another one: the file is none, or one entry of it; never another answer. */
static void test_each_byte_is_checked(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    bytes whole = scratch_read(&scratch, write_rows(&scratch, 23));
    uint8_t *torn = arena_new_raw(&scratch.arena, whole.size);
    for (size_t at = 0; at < whole.size; at++) {
        memcpy(torn, whole.data, whole.size);
        torn[at] ^= 0x10;
        struct seen *seen = opened(scratch_write(&scratch, "seen", torn, whole.size));
        unsigned found = 0;
        for (unsigned i = 0; seen != NULL && i < ROWS; i++) {
            struct seen_entry wanted = entry_of(i);
            uint64_t place = i;
            const struct seen_entry *entry = seen_find(seen, wanted.row, &place);
            found += entry != NULL;
            assert_true(entry == NULL || memcmp(entry->key, wanted.key, sizeof wanted.key) == 0);
            assert_true(entry == NULL || seen_holds(seen, entry, mark_of(i)) == but_before_23(i));
        }
        assert_true(seen == NULL || found >= ROWS - ROWS / 7 - 2);
        seen_close(seen);
    }
    scratch_close(&scratch);
}

/* A disk that lost what was written last may show blocks of an older file: none of them is found.
 */
static void test_blocks_of_an_older_file(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_open(&scratch);
    bytes older = scratch_read(&scratch, write_rows(&scratch, ROWS));
    bytes newer = scratch_read(&scratch, write_rows(&scratch, ROWS));
    size_t half = 160 + ROWS / 2 * sizeof(struct seen_entry); /* the header, and rows 0 to 24 */
    uint8_t *mixed = arena_new_raw(&scratch.arena, newer.size);
    assert_int_equal(older.size, newer.size);
    memcpy(mixed, newer.data, newer.size);
    memcpy(mixed + half, older.data + half, older.size - half);
    struct seen *seen = opened(scratch_write(&scratch, "seen", mixed, newer.size));
    assert_non_null(seen);
    for (unsigned i = 0; i < ROWS; i++) {
        uint64_t place = i;
        struct seen_entry wanted = entry_of(i);
        bool is_there = seen_find(seen, wanted.row, &place) != NULL;
        assert_int_equal(is_there, i < ROWS / 2 && i % 7 != 0);
    }
    seen_close(seen);
    scratch_close(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_met_last_holds),
        cmocka_unit_test(test_many_records_written_anew),
        cmocka_unit_test(test_each_byte_is_checked),
        cmocka_unit_test(test_blocks_of_an_older_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
