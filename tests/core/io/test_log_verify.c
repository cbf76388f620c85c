/* test_log_verify - logs around the sizes at which tiles and the chunks of the threads end; and of
 * several flaws, in chunks of several threads, the lowest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/log.h"
#include "core/io/messages.h"
#include "core/io/threads.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static bytes payload_of(uint64_t n, char out[32])
{
    int size = snprintf(out, 32, "<event %08llu>", (unsigned long long)n);
    return bytes_of(out, (size_t)size);
}

/* Appends up to `size`; *tree follows. */
static void grow(struct log *log, uint64_t size, struct tree *tree)
{
    struct error err = {0};
    struct log_txn *txn = NULL;
    char text[32];
    struct digest made[TREE_TILE_LEVELS];
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    for (uint64_t n = log_size(txn) + 1; n <= size; n++) {
        bytes payload = payload_of(n, text);
        struct digest leaf = digest_leaf(payload);
        (void)tree_add(tree, &leaf, made); /* the root alone is compared */
        assert_true(log_append(txn, payload, &n, &err).ok);
    }
    assert_true(log_commit(txn, &err).ok);
}

static outcome verify(struct log *log, struct log_report *ret, struct error *err)
{
    struct log_txn *txn = NULL;
    TRY(log_begin(log, STORE_READ, &txn, err));
    outcome result = log_verify(txn, (struct log_progress){NULL, NULL}, ret, err);
    log_abort(txn);
    return result;
}

/* Some of the pieces by another transaction first, as threads do that would wait; then the rest. */
static outcome verify_in_pieces(struct log *log, unsigned pieces, struct log_report *ret,
                                struct error *err)
{
    struct log_txn *txn = NULL;
    struct log_txn *beside = NULL;
    TRY(log_begin(log, STORE_READ, &txn, err));
    TRY(log_begin_beside(txn, &beside, err));
    struct log_check *check = log_check_start(txn, (struct log_progress){NULL, NULL});
    for (unsigned i = 0; i < pieces && log_check_some(check, beside); i++) {
    }
    outcome result = log_check_finish(check, ret, err);
    log_abort(beside);
    log_abort(txn);
    return result;
}

static void check_pieces(struct log *log, const struct log_report *whole)
{
    for (unsigned pieces = 0; pieces < 5; pieces++) {
        struct error err = {0};
        struct log_report report = {0};
        assert_true(verify_in_pieces(log, pieces, &report, &err).ok);
        assert_true(digest_equal(&report.root, &whole->root));
        assert_int_equal(report.events, whole->events);
        assert_int_equal(report.payload_bytes, whole->payload_bytes);
    }
}

/* How much of the log's file the process holds; what nobody can say is nothing. */
static size_t held_bytes(const char *dir)
{
    char line[1024];
    size_t held = 0, kib = 0;
    bool ours = false;
    FILE *maps = fopen("/proc/self/smaps", "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (strchr(line, '/') != NULL) {
            ours = strstr(line, dir) != NULL && strstr(line, "data.mdb") != NULL;
        } else if (ours && sscanf(line, "Rss: %zu kB", &kib) == 1) {
            held += kib * 1024;
        }
    }
    if (maps != NULL) {
        (void)fclose(maps); /* only read */
    }
    return held;
}

/* --- what events say of their places ------------------------------------------------------------
 */

/* The number in the payload; a day for each seven events. */
static bool read_head(bytes payload, struct log_head *ret)
{
    ret->number = strtoull((const char *)payload.data + strlen("<event "), NULL, 10);
    ret->day = (int64_t)(ret->number / 7);
    return true;
}

/* One event that says something else. The last of a chunk has the day of much later ones: */
static bool read_border(bytes payload, struct log_head *ret)
{
    bool good = read_head(payload, ret);
    ret->day += ret->number == 65536 ? 100000 : 0;
    return good;
}

static bool read_within(bytes payload, struct log_head *ret)
{
    bool good = read_head(payload, ret);
    ret->day -= ret->number == 70007 ? 1 : 0; /* that of the event before it */
    ret->day -= ret->number == 140007 ? 2 : 0;
    return good;
}

static bool read_number(bytes payload, struct log_head *ret)
{
    bool good = read_head(payload, ret);
    ret->number += ret->number == 131072 ? 1 : 0;
    return good;
}

static bool read_none(bytes payload, struct log_head *ret)
{
    return read_head(payload, ret) && ret->number != 200001;
}

static void check_heads(struct log *log, log_head_reader *read, const char *wanted)
{
    struct error err = {0};
    struct log_txn *txn = NULL;
    struct log_report report = {0};
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    struct log_check *check = log_check_start(txn, (struct log_progress){NULL, NULL});
    log_check_heads(check, read);
    outcome result = log_check_finish(check, &report, &err);
    assert_int_equal(result.ok, wanted == NULL);
    if (wanted != NULL) {
        assert_int_equal(err.code, MESSAGE_LOG_EVENT_OUT_OF_PLACE);
        assert_string_equal(err.args[0].text, wanted);
    }
    log_abort(txn);
}

static void check_all_heads(struct log *log)
{
    check_heads(log, read_head, NULL);
    check_heads(log, read_border, "65537");
    check_heads(log, read_within, "140007");
    check_heads(log, read_number, "131072");
    check_heads(log, read_none, "200001");
}

static void test_log_verify_of_every_shape(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0,     1,     255,   256,    257,    512,   65535,
                                     65536, 65537, 65792, 131072, 131100, 200001};
    struct error err = {0};
    struct log *log = NULL;
    struct tree tree;
    const char *dir = test_scratch.dir;
    tree_init(&tree);
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct log_report report = {0};
        grow(log, sizes[i], &tree);
        assert_true(verify(log, &report, &err).ok);
        struct digest root = tree_root(&tree);
        assert_true(digest_equal(&report.root, &root));
        assert_int_equal(report.events, sizes[i]);
        assert_int_equal(report.payload_bytes, sizes[i] * 16);
        check_pieces(log, &report);
    }
    struct log_report whole;
    assert_true(verify(log, &whole, &err).ok);
    assert_in_range(held_bytes(dir), 0, 8 * 1024 * 1024); /* of 18 MB: what was passed is let go */
    check_all_heads(log);
    log_close(log);
}

/* Damages the stored bytes of an event, which LMDB keeps as they are. */
static void alter(const char *dir, uint64_t event)
{
    char path[128];
    char text[32];
    (void)snprintf(path, sizeof path, "%s/data.mdb", dir); /* fits */
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    char *content = malloc(size);
    assert_non_null(content);
    rewind(file);
    assert_int_equal(fread(content, 1, size, file), size);
    bytes payload = payload_of(event, text);
    char *at = memmem(content, size, payload.data, payload.size);
    assert_non_null(at);
    assert_int_equal(fseek(file, at - content, SEEK_SET), 0);
    assert_int_not_equal(fputc('>', file), EOF);
    assert_int_equal(fclose(file), 0);
    free(content);
}

static void check_altered(const char *dir, uint64_t event)
{
    struct error err = {0};
    struct log *log = NULL;
    struct log_report report;
    assert_true(log_open(dir, STORE_READ, &log, &err).ok);
    assert_false(verify_in_pieces(log, 2, &report, &err).ok);
    assert_int_equal(err.code, MESSAGE_LOG_EVENT_ALTERED);
    err = (struct error){0};
    assert_false(verify(log, &report, &err).ok);
    assert_int_equal(err.code, MESSAGE_LOG_EVENT_ALTERED);
    char expected[32];
    (void)snprintf(expected, sizeof expected, "%llu", (unsigned long long)event); /* fits */
    assert_string_equal(err.args[0].text, expected);
    log_close(log);
}

static void test_log_verify_names_the_lowest_of_several(void **state)
{
    (void)state;
    struct error err = {0};
    struct log *log = NULL;
    struct tree tree;
    const char *dir = test_scratch.dir;
    tree_init(&tree);
    assert_true(log_open(dir, STORE_WRITE, &log, &err).ok);
    grow(log, 200000, &tree);
    log_close(log);
    alter(dir, 199999);
    check_altered(dir, 199999);
    alter(dir, 140000);
    check_altered(dir, 140000);
    alter(dir, 65537);
    check_altered(dir, 65537);
    alter(dir, 65536);
    check_altered(dir, 65536);
}

static outcome verify_since(struct log *log, uint64_t size, struct error *err)
{
    struct log_txn *txn = NULL;
    assert_true(log_begin(log, STORE_READ, &txn, err).ok);
    outcome verified = log_verify_since(txn, size, (struct log_progress){.tell = NULL}, err);
    log_abort(txn);
    return verified;
}

/* What a checkpoint signs was read since the last one, wherever that one ended. */
static void test_log_verify_since_reads_what_is_new(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 256, 700, 767, 768, 769, 999, 1000};
    struct error err = {0};
    struct log *log = NULL;
    struct tree tree;
    tree_init(&tree);
    assert_true(log_open(test_scratch.dir, STORE_WRITE, &log, &err).ok);
    assert_true(verify_since(log, 0, &err).ok);
    grow(log, 1000, &tree);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_true(verify_since(log, sizes[i], &err).ok);
    }
    log_close(log);
    alter(test_scratch.dir, 769);
    assert_true(log_open(test_scratch.dir, STORE_READ, &log, &err).ok);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        outcome verified = verify_since(log, sizes[i], &err);
        assert_int_equal(verified.ok, sizes[i] >= 769);
        if (!verified.ok) {
            assert_int_equal(err.code, MESSAGE_LOG_EVENT_ALTERED);
            assert_string_equal(err.args[0].text, "769");
        }
    }
    log_close(log);
}

static void add_one(void *state, unsigned number)
{
    unsigned *calls = state;
    (void)__atomic_add_fetch(&calls[number], 1, __ATOMIC_RELAXED); /* the sum is what counts */
}

static void test_threads_run_calls_each_number_once(void **state)
{
    (void)state;
    for (unsigned count = 1; count <= THREADS_MAX; count++) {
        unsigned calls[THREADS_MAX + 1] = {0};
        threads_run(count, add_one, calls);
        for (unsigned i = 0; i <= THREADS_MAX; i++) {
            assert_int_equal(calls[i], i < count ? 1 : 0);
        }
    }
    assert_true(threads_available() >= 1 && threads_available() <= THREADS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_log_verify_of_every_shape),
        scratch_unit_test(test_log_verify_names_the_lowest_of_several),
        scratch_unit_test(test_log_verify_since_reads_what_is_new),
        cmocka_unit_test(test_threads_run_calls_each_number_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
