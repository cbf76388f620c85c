/* test_intake_mark - marks of imports that were broken off: one whose numbers are damaged is
 * neither believed nor counted up to. */
#include "jobs/engine/intake/intake_mark.h"

#include <string.h>

#include "jobs/messages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { KIND_SIZE = sizeof "paper", NUMBERS = 10, NUMBER_SIZE = 8 };

struct bench {
    struct log *log;
    struct log_txn *txn;
    struct error err;
};

static void open_bench(struct bench *bench)
{
    const char *dir = scratch_path(&test_scratch, "log");
    assert_true(log_open(dir, STORE_WRITE, &bench->log, &bench->err).ok);
    assert_true(log_begin(bench->log, STORE_WRITE, &bench->txn, &bench->err).ok);
}

static void close_bench(struct bench *bench)
{
    log_abort(bench->txn);
    log_close(bench->log);
}

/* The mark of `file`, with that many pieces by its own word; pieces are "r" each. */
static void put_mark(struct bench *bench, const struct digest *file, uint64_t says, unsigned has)
{
    uint8_t mark[DIGEST_SIZE + KIND_SIZE + NUMBERS * NUMBER_SIZE] = {0};
    uint8_t *pieces = mark + DIGEST_SIZE + KIND_SIZE + NUMBER_SIZE;
    memcpy(mark, file->data, DIGEST_SIZE);
    memcpy(mark + DIGEST_SIZE, "paper", KIND_SIZE);
    for (int i = 0; i < NUMBER_SIZE; i++) {
        pieces[i] = (uint8_t)(says >> (8 * (NUMBER_SIZE - 1 - i)));
    }
    assert_true(
        log_meta_put(bench->txn, "import.paper", bytes_of(mark, sizeof mark), &bench->err).ok);
    for (unsigned i = 1; i <= has; i++) {
        str name = arena_format(&test_scratch.arena, "import.paper.refused.%u", i);
        assert_true(log_meta_put(bench->txn, name.data, str_bytes(STR("r")), &bench->err).ok);
    }
}

static bool is_there(struct bench *bench, const char *name)
{
    bytes stored = {0};
    assert_true(log_meta_get(bench->txn, name, &stored, &bench->err).ok);
    return stored.data != NULL;
}

static outcome load(struct bench *bench, const struct digest *file, struct tally *tally,
                    bool *ret_begun)
{
    struct intake_mark mark;
    intake_mark_init(&mark, file, "paper", NULL);
    outcome done = intake_mark_load(&mark, bench->txn, tally, ret_begun, &bench->err);
    intake_mark_release(&mark);
    return done;
}

static void test_a_mark_that_has_its_pieces_is_taken(void **state)
{
    (void)state;
    struct bench bench = {0};
    struct tally tally = {0};
    bool begun = false;
    struct digest file = digest_sha256(str_bytes(STR("a")));
    open_bench(&bench);
    put_mark(&bench, &file, 2, 2);
    assert_true(load(&bench, &file, &tally, &begun).ok);
    assert_true(begun);
    close_bench(&bench);
}

static void test_a_mark_that_lacks_pieces_is_damaged(void **state)
{
    (void)state;
    static const uint64_t counts[] = {3, UINT64_MAX};
    struct digest file = digest_sha256(str_bytes(STR("a")));
    struct bench bench = {0};
    open_bench(&bench);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct tally tally = {0};
        bool begun = false;
        put_mark(&bench, &file, counts[i], 2);
        assert_false(load(&bench, &file, &tally, &begun).ok);
        assert_int_equal(bench.err.class, ERROR_CORRUPT);
        assert_int_equal(bench.err.code, MESSAGE_IMPORT_MARK_DAMAGED);
    }
    close_bench(&bench);
}

static void test_what_another_file_left_goes_however_much_it_says(void **state)
{
    (void)state;
    struct bench bench = {0};
    struct intake_mark mark;
    struct digest file = digest_sha256(str_bytes(STR("a")));
    struct digest other = digest_sha256(str_bytes(STR("b")));
    open_bench(&bench);
    put_mark(&bench, &other, UINT64_MAX, 2);
    intake_mark_init(&mark, &file, "paper", NULL);
    assert_true(intake_mark_clear(&mark, bench.txn, &bench.err).ok);
    intake_mark_release(&mark);
    assert_false(is_there(&bench, "import.paper"));
    assert_false(is_there(&bench, "import.paper.refused.1"));
    assert_false(is_there(&bench, "import.paper.refused.2"));
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_a_mark_that_has_its_pieces_is_taken),
        scratch_unit_test(test_a_mark_that_lacks_pieces_is_damaged),
        scratch_unit_test(test_what_another_file_left_goes_however_much_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
