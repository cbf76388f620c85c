/* test_checkpoints - signed checkpoints against a log that is read while it is written: what was
 * signed since the reader began is no damage; what no log of now holds is. */
#include "jobs/checkpoints/checkpoints.h"

#include "tests/support/scratch.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN STR("log.example")

struct bench {
    struct scratch scratch;
    struct log *log;
    struct note_key *key;
    struct error err;
};

static void append(struct bench *bench, const char *payload)
{
    struct log_txn *txn = NULL;
    uint64_t sequence = 0;
    assert_true(log_begin(bench->log, STORE_WRITE, &txn, &bench->err).ok);
    assert_true(log_append(txn, str_bytes(str_of(payload)), &sequence, &bench->err).ok);
    assert_true(log_commit(txn, &bench->err).ok);
}

static struct log_txn *reader(struct bench *bench)
{
    struct log_txn *txn = NULL;
    assert_true(log_begin(bench->log, STORE_READ, &txn, &bench->err).ok);
    return txn;
}

static void sign(struct bench *bench, uint64_t size, const struct digest *root)
{
    struct arena *arena = &bench->scratch.arena;
    char name[64];
    str note = STR("");
    str text = checkpoint_format(ORIGIN, size, root, arena);
    assert_true(note_sign(bench->key, ORIGIN, text, arena, &note, &bench->err).ok);
    (void)snprintf(name, sizeof name, "checkpoints/%u.txt", (unsigned)size);
    (void)scratch_write(&bench->scratch, name, note.data, note.size);
}

/* Of the log as it is now. */
static struct digest sign_now(struct bench *bench)
{
    struct log_txn *txn = reader(bench);
    struct digest root = log_root(txn);
    sign(bench, log_size(txn), &root);
    log_abort(txn);
    return root;
}

static int set_up(void **state)
{
    struct bench *bench = test_calloc(1, sizeof *bench);
    struct scratch *scratch = &bench->scratch;
    scratch_open(scratch);
    assert_true(log_open(scratch_path(scratch, "log"), STORE_WRITE, &bench->log, &bench->err).ok);
    assert_true(note_key_generate(&bench->key, &bench->err).ok);
    assert_int_equal(mkdir(scratch_path(scratch, "trust"), 0700), 0);
    assert_int_equal(mkdir(scratch_path(scratch, "checkpoints"), 0700), 0);
    struct note_verifier verifier = note_verifier_of(bench->key, ORIGIN);
    str vkey = note_vkey_format(&verifier, &scratch->arena);
    (void)scratch_write(scratch, "trust/log.vkey", vkey.data, vkey.size);
    append(bench, "one");
    append(bench, "two");
    (void)sign_now(bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    log_close(bench->log);
    note_key_close(bench->key);
    scratch_close(&bench->scratch);
    test_free(bench);
    return 0;
}

static outcome verify(struct bench *bench, struct log_txn *txn, uint64_t *ret_count,
                      uint64_t *ret_last)
{
    return checkpoints_verify(bench->scratch.dir, txn, NULL, 0, ret_count, ret_last, &bench->err);
}

static void test_what_is_signed_meanwhile_is_no_damage(void **state)
{
    struct bench *bench = *state;
    struct log_txn *txn = reader(bench);
    uint64_t count = 0;
    uint64_t last = 0;
    append(bench, "three");
    append(bench, "four");
    (void)sign_now(bench);
    assert_true(verify(bench, txn, &count, &last).ok);
    assert_int_equal(count, 2);
    assert_int_equal(last, 2); /* the last one that it sees */
    log_abort(txn);
}

static void test_what_no_log_holds_is(void **state)
{
    struct bench *bench = *state;
    struct log_txn *txn = reader(bench);
    uint64_t count = 0;
    uint64_t last = 0;
    append(bench, "three");
    struct digest root = sign_now(bench);
    sign(bench, 4, &root);
    assert_false(verify(bench, txn, &count, &last).ok);
    assert_int_equal(bench->err.code, MESSAGE_CHECKPOINT_BEYOND);
    append(bench, "four"); /* as many, and others */
    assert_false(verify(bench, txn, &count, &last).ok);
    assert_int_equal(bench->err.code, MESSAGE_CHECKPOINT_DIFFERS);
    log_abort(txn);
}

static outcome newest(struct bench *bench, struct log_txn *txn, uint64_t *ret_size)
{
    struct signed_checkpoint found = {.file = NULL};
    outcome result =
        checkpoints_newest(bench->scratch.dir, txn, &bench->scratch.arena, &found, &bench->err);
    *ret_size = found.checkpoint.size;
    return result;
}

static void test_the_newest_is_one_that_the_reader_sees(void **state)
{
    struct bench *bench = *state;
    struct log_txn *txn = reader(bench);
    uint64_t size = 0;
    append(bench, "three");
    struct digest root = sign_now(bench);
    assert_true(newest(bench, txn, &size).ok);
    assert_int_equal(size, 2);
    sign(bench, 4, &root); /* no log has so many */
    assert_false(newest(bench, txn, &size).ok);
    assert_int_equal(bench->err.code, MESSAGE_CHECKPOINT_BEYOND);
    log_abort(txn);
}

static void test_of_none_that_the_reader_sees_there_is_none(void **state)
{
    struct bench *bench = *state;
    struct log_txn *txn = reader(bench);
    uint64_t size = 0;
    assert_int_equal(unlink(scratch_path(&bench->scratch, "checkpoints/2.txt")), 0);
    append(bench, "three");
    (void)sign_now(bench);
    assert_false(newest(bench, txn, &size).ok);
    assert_int_equal(bench->err.code, MESSAGE_CHECKPOINT_NONE);
    log_abort(txn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_signed_meanwhile_is_no_damage, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_no_log_holds_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_newest_is_one_that_the_reader_sees, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_of_none_that_the_reader_sees_there_is_none, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
