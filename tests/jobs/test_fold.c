/* test_fold - a fold's records against those of views that took the events one by one. What is
 * folded together for speed is looked at here; everything else is in tests/histories. */
#include "jobs/engine/fold/fold.h"

#include "tests/support/test.h"

#include <stdio.h>

#include "core/base/record.h"
#include "core/io/log.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/scratch.h"

/* More than a thread takes at once, so that there are two threads where there are processors; more
 * years than wait for the end of a chunk. */
enum { EVENTS = 3000, YEARS = 7 };

struct taken {
    struct arena *arena;
    bytes registry;
};

static outcome take(void *state, enum view_id view, bytes key, bytes value, struct error *err)
{
    struct taken *taken = state;
    (void)key; /* there is one */
    (void)err; /* cannot fail */
    if (view == VIEW_REGISTRY) {
        taken->registry = arena_bytes(taken->arena, value);
    }
    return OK;
}

/* Serials up and down, most years in each chunk; now and then another day, also an earlier one,
 * a serial 0 and numbers that are not counted. */
static void add_event(struct history *history, unsigned i)
{
    char fields[128];
    unsigned mixed = i * 2654435761U >> 8;
    history->today += mixed % 97 == 0 ? 3 : mixed % 89 == 0 ? -2 : 0;
    (void)snprintf(fields, sizeof fields, "certificate=%s建安%s(%u)%07u", i % 31 == 0 ? "苏" : "沪",
                   i % 2 == 0 ? "A" : "B", 2010 + mixed % YEARS, i * 1009 % EVENTS);
    (void)history_add(history, "certificate_issued", fields);
}

static void append_all(struct log *log, const struct history *history)
{
    struct log_txn *txn = NULL;
    struct error err = {0};
    assert_true(log_begin(log, STORE_WRITE, &txn, &err).ok);
    for (uint64_t i = 1; i <= history->sequence; i++) {
        uint64_t sequence = 0;
        assert_true(log_append(txn, history->events[i], &sequence, &err).ok);
        assert_int_equal(sequence, i);
    }
    assert_true(log_commit(txn, &err).ok);
}

/* The store's record as events up to one make it, one by one. */
static bytes expected(const struct history *history, uint64_t until, struct arena *arena)
{
    struct memory_views views = {0};
    struct error err = {0};
    memory_views_init(&views, arena);
    for (uint64_t i = 1; i <= until; i++) {
        assert_true(history_apply(&views, history->events[i], arena, &err).ok);
    }
    return record_pack(memory_views_get(&views, VIEW_REGISTRY, key_registry(), arena), arena);
}

static void test_fold_counts_serials_as_one_by_one(void **state)
{
    static const uint64_t ends[] = {1, 2, 1000, 2048, 2049, EVENTS};
    struct history *history = history_new(*state);
    struct scratch scratch;
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    struct error err = {0};
    for (unsigned i = 0; i < EVENTS; i++) {
        add_event(history, i);
    }
    scratch_open(&scratch);
    assert_true(log_open(scratch_path(&scratch, "log"), STORE_WRITE, &log, &err).ok);
    append_all(log, history);
    assert_true(log_begin(log, STORE_READ, &txn, &err).ok);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const struct fold_options options = {.until = ends[i], .as_of = INT32_MAX};
        const struct fold_source fold = {txn, NULL, &options};
        struct taken taken = {.arena = *state};
        const struct fold_sink sink = {&taken, take};
        uint64_t last = 0;
        assert_true(fold_run(&fold, &sink, &last, &err).ok);
        assert_int_equal(last, ends[i]);
        assert_true(bytes_equal(taken.registry, expected(history, ends[i], *state)));
    }
    log_abort(txn);
    log_close(log);
    scratch_close(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_fold_counts_serials_as_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
