/* test_log - the log: append, reopen, verify, damage, kill -9, full disk. */
#include "core/io/log.h"
#include "core/io/log_format.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/messages.h"
#include "core/io/pages.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static bytes payload_of(uint64_t n, char out[64])
{
    int size = snprintf(out, 64, "event %llu of the test", (unsigned long long)n);
    return bytes_of(out, (size_t)size);
}

static void append_some(struct log *log, uint64_t count)
{
    struct error err = {0};
    struct log_txn *txn = NULL;
    char text[64];
    uint64_t sequence = 0;
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    uint64_t first = log_size(txn) + 1;
    for (uint64_t i = 0; i < count; i++) {
        assert_true(log_append(txn, payload_of(first + i, text), &sequence, &err).ok);
        assert_int_equal(sequence, first + i);
    }
    assert_true(log_commit(txn, &err).ok);
}

static struct digest root_of(uint64_t count)
{
    struct tree tree;
    struct digest made[TREE_TILE_LEVELS];
    char text[64];
    tree_init(&tree);
    for (uint64_t i = 1; i <= count; i++) {
        struct digest leaf = digest_leaf(payload_of(i, text));
        (void)tree_add(&tree, &leaf, made); /* only the frontier matters */
    }
    return tree_root(&tree);
}

static outcome verify(struct log *log, struct log_report *ret, struct error *err)
{
    struct log_txn *txn = NULL;
    struct log_progress progress = {NULL, NULL};
    TRY(log_begin(log, STORE_READ, &txn, err));
    outcome result = log_verify(txn, progress, ret, err);
    log_abort(txn);
    return result;
}

static void test_log_append_survives_reopen(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    const char *dir = test_scratch.dir;
    for (int round = 0; round < 5; round++) {
        assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
        append_some(log, 211);
        log_close(log);
    }
    assert_true(log_open(dir, STORE_READ, &log, &err).ok);
    struct log_report report = {0};
    assert_true(verify(log, &report, &err).ok);
    struct digest root = root_of(5 * 211);
    assert_int_equal(report.events, 5 * 211);
    assert_true(digest_equal(&report.root, &root));
    struct log_txn *txn = NULL;
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    bytes payload;
    char text[64];
    assert_true(log_get(txn, 1000, &payload, &err).ok);
    assert_true(bytes_equal(payload, payload_of(1000, text)));
    assert_false(log_get(txn, 5 * 211 + 1, &payload, &err).ok);
    assert_int_equal(err.code, MESSAGE_LOG_EVENT_MISSING);
    struct digest earlier;
    struct digest wanted = root_of(700);
    assert_true(log_root_at(txn, 700, &earlier, &err).ok);
    assert_true(digest_equal(&earlier, &wanted));
    log_abort(txn);
    log_close(log);
}

static void test_log_abort_leaves_nothing(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    uint64_t sequence = 0;
    const char *dir = test_scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    append_some(log, 3);
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    assert_true(log_append(txn, str_bytes(STR("gone")), &sequence, &err).ok);
    assert_int_equal(log_size(txn), 4);
    log_abort(txn);
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    assert_int_equal(log_size(txn), 3);
    log_abort(txn);
    log_close(log);
}

static void test_log_append_refuses_the_too_large(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    uint64_t sequence = 0;
    uint8_t *large = calloc(1, LOG_PAYLOAD_MAX + 1);
    const char *dir = test_scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    assert_false(log_append(txn, bytes_of(large, LOG_PAYLOAD_MAX + 1), &sequence, &err).ok);
    assert_int_equal(err.code, MESSAGE_LOG_TOO_LARGE);
    assert_true(log_append(txn, bytes_of(large, LOG_PAYLOAD_MAX), &sequence, &err).ok);
    assert_int_equal(sequence, 1);
    assert_true(log_commit(txn, &err).ok);
    log_close(log);
    free(large);
}

static void test_log_id_is_found_after_commit(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    uint64_t sequence = 0;
    bool found = true;
    struct log_id id = {digest_sha256(str_bytes(STR("wish"))), 1, 1};
    struct log_id back = {0};
    bytes key = str_bytes(STR("actor|a-1"));
    const char *dir = test_scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    assert_true(log_append(txn, str_bytes(STR("x")), &sequence, &err).ok);
    assert_true(log_id_find(txn, key, &back, &found, &err).ok);
    assert_false(found);
    assert_true(log_id_put(txn, key, &id, &err).ok);
    assert_true(log_meta_put(txn, "views", str_bytes(STR("7")), &err).ok);
    assert_true(log_commit(txn, &err).ok);
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    assert_true(log_id_find(txn, key, &back, &found, &err).ok);
    assert_true(found);
    assert_true(digest_equal(&back.content, &id.content));
    assert_int_equal(back.last, 1);
    bytes value;
    assert_true(log_meta_get(txn, "views", &value, &err).ok);
    assert_true(bytes_equal(value, str_bytes(STR("7"))));
    log_abort(txn);
    log_close(log);
}

/* Puts an id, writes other bytes under its key, and says whether that is told. */
static bool is_told(size_t size, size_t flipped, uint64_t last)
{
    struct error err = {0};
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    uint64_t sequence = 0;
    struct log_id id = {digest_sha256(str_bytes(STR("wish"))), 1, 1};
    uint8_t stored[64];
    bytes key = str_bytes(STR("actor|a-1"));
    bytes value = {NULL, 0};
    struct scratch scratch;
    scratch_open(&scratch);
    const char *dir = scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    assert_true(log_append(txn, str_bytes(STR("x")), &sequence, &err).ok);
    assert_true(log_id_put(txn, key, &id, &err).ok);
    assert_true(store_get(txn->store, txn->ids, key, &value, &err).ok);
    assert_int_equal(value.size, 56);
    memcpy(stored, value.data, value.size);
    stored[47] = (uint8_t)last;
    stored[flipped] ^= flipped < value.size ? 1 : 0;
    assert_true(store_put(txn->store, txn->ids, key, bytes_of(stored, size), &err).ok);
    bool told = !log_verify_ids(txn, &err).ok;
    bool found = false;
    assert_int_equal(log_id_find(txn, key, &id, &found, &err).ok, !told);
    log_abort(txn);
    log_close(log);
    scratch_close(&scratch);
    return told;
}

static void test_log_verify_ids_tells_what_was_altered(void **state)
{
    enum { NOTHING = 60 };
    (void)state;
    assert_false(is_told(56, NOTHING, 1));
    for (size_t i = 0; i < 56; i++) {
        assert_true(is_told(56, i, 1));
    }
    assert_true(is_told(55, NOTHING, 1));
    assert_false(is_told(48, NOTHING, 1)); /* an older program's */
    assert_true(is_told(48, NOTHING, 2));  /* beyond the log */
}

static void test_log_cursor_walks_all_from_a_number(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct log_cursor *cursor = NULL;
    uint64_t sequence = 0;
    uint64_t expected = 290;
    bytes payload;
    bool found = true;
    char text[64];
    const char *dir = test_scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    append_some(log, 300);
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    assert_true(log_cursor_open(txn, expected, &cursor, &err).ok);
    while (log_cursor_next(cursor, &found, &sequence, &payload, &err).ok && found) {
        assert_int_equal(sequence, expected);
        assert_true(bytes_equal(payload, payload_of(expected, text)));
        expected++;
    }
    assert_int_equal(expected, 301);
    log_cursor_close(cursor);
    log_abort(txn);
    log_close(log);
}

/* Changes the bytes of `from` to `to` wherever they stand in the data file. */
static int patch_file(const char *dir, const char *from, const char *to)
{
    char path[128];
    int count = 0;
    (void)snprintf(path, sizeof path, "%s/data.mdb", dir); /* fits */
    int fd = open(path, O_RDWR);
    off_t size = lseek(fd, 0, SEEK_END);
    char *data = malloc((size_t)size);
    assert_int_equal(pread(fd, data, (size_t)size, 0), size);
    size_t length = strlen(from);
    for (size_t i = 0; i + length <= (size_t)size; i++) {
        if (memcmp(data + i, from, length) == 0) {
            assert_int_equal(pwrite(fd, to, length, (off_t)i), length);
            count++;
        }
    }
    free(data);
    assert_int_equal(close(fd), 0);
    return count;
}

static void test_log_verify_names_the_altered_event(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_report report = {0};
    const char *dir = test_scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    append_some(log, 600);
    log_close(log);
    assert_true(patch_file(dir, "event 437 of", "event 438 of") > 0);
    assert_true(log_open(dir, STORE_READ, &log, &err).ok);
    assert_false(verify(log, &report, &err).ok);
    assert_int_equal(err.class, ERROR_CORRUPT);
    assert_int_equal(err.code, MESSAGE_LOG_EVENT_ALTERED);
    assert_string_equal(err.args[0].text, "437");
    log_close(log);
}

static bool stop_when_some_is_done(void *context, uint64_t done, uint64_t total)
{
    uint64_t *most = context;
    assert_true(done >= *most && done <= total);
    *most = done;
    return done == 0;
}

static void test_log_verify_stops_when_told(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct log_report report = {0};
    uint64_t done = 0;
    const char *dir = test_scratch.dir;
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    append_some(log, 66000);
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    struct log_progress progress = {stop_when_some_is_done, &done};
    assert_false(log_verify(txn, progress, &report, &err).ok);
    assert_int_equal(err.class, ERROR_BUSY);
    assert_true(done > 0);
    struct error other = {0};
    assert_true(log_verify(txn, (struct log_progress){NULL, NULL}, &report, &other).ok);
    assert_int_equal(report.events, 66000);
    log_abort(txn);
    log_close(log);
}

/* The child appends one batch after another and tells each that was committed. */
static void child_appends(const char *dir, int out)
{
    struct error err = {0};
    struct log *log = NULL;
    if (!log_open(dir, STORE_WRITE, &log, &err).ok) {
        _exit(2);
    }
    for (uint64_t told = 0;; told += 50) {
        append_some(log, 50);
        uint64_t size = told + 50;
        if (write(out, &size, sizeof size) != (ssize_t)sizeof size) {
            _exit(3);
        }
    }
}

static void test_log_keeps_what_was_committed_when_killed(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 12; round++) {
        struct error err = {0};
        struct log *log = NULL;
        struct log_report report = {0};
        uint64_t told = 0;
        int pipes[2];
        struct scratch scratch;
        scratch_open(&scratch);
        const char *dir = scratch.dir;
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0) {
            (void)close(pipes[0]); /* the parent's end */
            child_appends(dir, pipes[1]);
        }
        assert_int_equal(close(pipes[1]), 0);
        uint64_t wanted = 50 * (round + 1);
        while (told < wanted && read(pipes[0], &told, sizeof told) == (ssize_t)sizeof told) {
        }
        (void)usleep(round * 137); /* anywhere in the next batch */
        assert_int_equal(kill(child, SIGKILL), 0);
        while (read(pipes[0], &told, sizeof told) == (ssize_t)sizeof told) {
        }
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
        assert_true(verify(log, &report, &err).ok);
        assert_true(report.events >= told && report.events % 50 == 0 && told >= wanted);
        append_some(log, 1);
        log_close(log);
        assert_int_equal(close(pipes[0]), 0);
        scratch_close(&scratch);
    }
}

static void test_log_full_disk_loses_nothing_committed(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct log_report report = {0};
    uint64_t sequence = 0;
    struct scratch scratch;
    scratch_open(&scratch);
    const char *dir = scratch.dir;
    if (mount("tmpfs", dir, "tmpfs", 0, "size=4m") != 0) {
        print_message("skipped: no right to mount a small tmpfs\n");
        scratch_close(&scratch);
        skip();
    }
    static const uint8_t block[4000];
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    uint64_t committed = 0;
    bool full = false;
    while (!full) {
        struct log_txn *txn = NULL;
        bool good = log_begin(log, STORE_WRITE, &txn, &err).ok;
        for (int i = 0; good && i < 100; i++) {
            good = log_append(txn, bytes_of(block, sizeof block), &sequence, &err).ok;
        }
        if (!good) {
            log_abort(txn);
        }
        full = !good || !log_commit(txn, &err).ok;
        committed += full ? 0 : 100;
        assert_true(committed < 5000);
    }
    assert_int_equal(err.class, ERROR_RESOURCE);
    assert_int_equal(err.code, MESSAGE_STORE_DISK_FULL);
    struct error other = {0};
    struct log_txn *txn = NULL;
    assert_false(log_begin(log, STORE_READ, &txn, &other).ok); /* not before it is opened again */
    assert_int_equal(other.code, MESSAGE_STORE_FAILED);
    log_close(log);
    assert_true(log_open(dir, STORE_READ, &log, &other).ok);
    assert_true(verify(log, &report, &other).ok);
    assert_true(committed > 100 && report.events == committed);
    log_close(log);
    assert_int_equal(umount(dir), 0);
    scratch_close(&scratch);
}

static void test_log_open_refuses_another_format(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    const char *dir = test_scratch.dir;
    assert_false(log_open(dir, STORE_READ, &log, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    append_some(log, 1);
    log_close(log);
    assert_true(patch_file(dir, "anzheng log 1", "anzheng log 2") > 0);
    assert_false(log_open(dir, STORE_WRITE, &log, &err).ok);
    assert_int_equal(err.code, MESSAGE_LOG_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_log_append_survives_reopen),
        scratch_unit_test(test_log_abort_leaves_nothing),
        scratch_unit_test(test_log_append_refuses_the_too_large),
        scratch_unit_test(test_log_id_is_found_after_commit),
        cmocka_unit_test(test_log_verify_ids_tells_what_was_altered),
        scratch_unit_test(test_log_cursor_walks_all_from_a_number),
        scratch_unit_test(test_log_verify_names_the_altered_event),
        scratch_unit_test(test_log_verify_stops_when_told),
        cmocka_unit_test(test_log_keeps_what_was_committed_when_killed),
        cmocka_unit_test(test_log_full_disk_loses_nothing_committed),
        scratch_unit_test(test_log_open_refuses_another_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
