/* test_views - views that another program made are told apart before anything is looked for in
 * them, however many tables they have; index entries that wait are seen by whoever looks, and what
 * cannot be written of them is told by the commit; a record whose trails do not hold what it says
 * is damage. */
#include "tests/support/test.h"

#include <stdio.h>
#include <sys/resource.h>

#include "core/base/record.h"
#include "core/io/messages.h"
#include "jobs/engine/parts/trail.h"
#include "jobs/engine/parts/views.h"
#include "jobs/engine/parts/views_held.h"
#include "jobs/messages.h"
#include "tests/support/scratch.h"

enum { FOREIGN_TABLES = 40 }; /* more than ours */

static const bytes one = {(const uint8_t *)"\0\0\0\0\0\0\0\1", 8};

/* What a program with other views would leave behind. */
static void make_foreign(const char *dir, const char *versions)
{
    struct error err = {0};
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    unsigned table = 0;
    struct store_options options = {
        .path = dir, .mode = STORE_WRITE, .relaxed = true, .tables_max = FOREIGN_TABLES + 1};
    assert_true(store_open(&options, &store, &err).ok);
    assert_true(store_begin(store, STORE_WRITE, &txn, &err).ok);
    for (int i = 0; i < FOREIGN_TABLES; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "foreign%d.v1", i); /* fits */
        assert_true(store_table(txn, name, &table, &err).ok);
    }
    assert_true(store_table(txn, "meta", &table, &err).ok);
    assert_true(store_put(txn, table, str_bytes(STR("applied")), one, &err).ok);
    assert_true(
        store_put(txn, table, str_bytes(STR("versions")), str_bytes(str_of(versions)), &err).ok);
    assert_true(store_commit(txn, &err).ok);
    store_close(store);
}

static void test_views_open_tells_views_of_another_program(void **state)
{
    static const enum store_mode modes[] = {STORE_READ, STORE_WRITE};
    (void)state; /* no memory needed */
    const char *dir = scratch_path(&test_scratch, "views");
    make_foreign(dir, "foreign0.v1 foreign1.v1");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct error err = {0};
        struct views *views = NULL;
        assert_false(views_open(dir, modes[i], &views, &err).ok);
        assert_int_equal(err.code, MESSAGE_VIEWS_OUTDATED);
    }
}

static void test_views_open_takes_new_views(void **state)
{
    struct error err = {0};
    struct views *views = NULL;
    (void)state; /* no memory needed */
    const char *dir = scratch_path(&test_scratch, "views");
    assert_true(views_open(dir, STORE_WRITE, &views, &err).ok);
    assert_true(views_begin(views, &err).ok);
    assert_true(views_set_applied(views, 1, &err).ok);
    assert_true(views_commit(views, &err).ok);
    views_close(views);
    assert_true(views_open(dir, STORE_READ, &views, &err).ok);
    assert_true(views_begin(views, &err).ok);
    assert_int_equal(views_applied(views), 1);
    views_close(views);
}

static void put_entry(struct views *views, const char *text)
{
    struct error err = {0};
    const struct view_store store = views_store(views);
    assert_true(store.put(store.state, VIEW_INDEX, str_bytes(str_of(text)), (bytes){0}, &err).ok);
}

/* The entries in their order, without blanks. */
static str entries(struct views *views, struct arena *arena)
{
    struct error err = {0};
    struct views_scan scan = {0};
    const struct view_key all = {0};
    bool more = false;
    str text = STR("");
    assert_true(views_scan_open(views, VIEW_INDEX, &all, (bytes){0}, &scan, &err).ok);
    while (views_scan_next(&scan, &more, &err).ok && more) {
        text = arena_format(arena, "%.*s%.*s", STR_ARGS(text), (int)scan.key.size,
                            (const char *)scan.key.data);
    }
    views_scan_close(&scan);
    return text;
}

/* Views that hold index entries back. */
static struct views *open_holding(void)
{
    struct error err = {0};
    struct views *views = NULL;
    const char *dir = scratch_path(&test_scratch, "views");
    assert_true(views_open(dir, STORE_WRITE, &views, &err).ok);
    views_hold_index(views);
    return views;
}

static void test_held_index_entries_are_seen_by_whoever_looks(void **state)
{
    struct error err = {0};
    (void)state; /* no memory needed */
    struct views *views = open_holding();
    const struct view_store store = views_store(views);
    assert_true(views_begin(views, &err).ok);
    put_entry(views, "c");
    put_entry(views, "a");
    put_entry(views, "b");
    put_entry(views, "a");
    assert_true(str_equal_c(entries(views, &test_scratch.arena), "abc"));
    put_entry(views, "d");
    assert_true(store.delete(store.state, VIEW_INDEX, str_bytes(STR("d")), &err).ok);
    put_entry(views, "e");
    assert_true(views_set_applied(views, 1, &err).ok);
    assert_true(views_commit(views, &err).ok);
    assert_true(views_begin(views, &err).ok);
    assert_true(str_equal_c(entries(views, &test_scratch.arena), "abce"));
    put_entry(views, "f");
    views_abort(views);
    assert_true(views_begin(views, &err).ok);
    assert_true(str_equal_c(entries(views, &test_scratch.arena), "abce"));
    for (int i = 0; i < VIEWS_HELD_ENTRIES + 10; i++) { /* more than may wait */
        put_entry(views, "g");
    }
    views_close(views);
}

static void test_prepared_entries_are_committed_or_dropped(void **state)
{
    struct error err = {0};
    (void)state; /* no memory needed */
    struct views *views = open_holding();
    assert_true(views_begin(views, &err).ok);
    put_entry(views, "b");
    put_entry(views, "a");
    assert_true(views_set_applied(views, 1, &err).ok);
    views_prepare(views);
    assert_true(views_commit(views, &err).ok);
    assert_true(views_begin(views, &err).ok);
    assert_true(str_equal_c(entries(views, &test_scratch.arena), "ab"));
    put_entry(views, "c");
    views_prepare(views);
    views_abort(views);
    assert_true(views_begin(views, &err).ok);
    views_prepare(views); /* nothing waits */
    assert_true(str_equal_c(entries(views, &test_scratch.arena), "ab"));
    views_close(views);
}

/* A map of 64 MiB, as where address space is limited, and more than fits in there. */
static void put_too_many(struct views *views)
{
    enum { KEYS = 140000, KEY_SIZE = 500 };
    char key[KEY_SIZE + 1];
    for (int i = 0; i < KEYS; i++) {
        (void)snprintf(key, sizeof key, "%0*d", KEY_SIZE, i); /* fits */
        put_entry(views, key);
    }
}

static void test_a_commit_tells_what_could_not_be_prepared(void **state)
{
    struct error err = {0};
    struct views *views = NULL;
    struct rlimit before;
    (void)state; /* no memory needed */
    const char *dir = scratch_path(&test_scratch, "views");
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    struct rlimit limited = {(rlim_t)1 << 60, before.rlim_max}; /* of which nothing is missed */
    assert_int_equal(setrlimit(RLIMIT_AS, &limited), 0);
    assert_true(views_open(dir, STORE_WRITE, &views, &err).ok);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    views_hold_index(views);
    assert_true(views_begin(views, &err).ok);
    put_too_many(views);
    assert_true(views_set_applied(views, 1, &err).ok);
    views_prepare(views);
    assert_false(views_commit(views, &err).ok);
    assert_int_equal(err.code, MESSAGE_STORE_MAP_FULL);
    assert_true(views_begin(views, &err).ok); /* in a larger map, and a commit that knows nothing */
    assert_true(str_empty(entries(views, &test_scratch.arena)));
    put_entry(views, "a");
    assert_true(views_set_applied(views, 1, &err).ok);
    assert_true(views_commit(views, &err).ok);
    views_close(views);
}

/* A certificate of these events with so many in trails, of which one trail is there. */
static outcome complete(size_t count, uint64_t trailed, size_t *ret_count, struct error *err)
{
    uint64_t events[] = {1, 5};
    uint64_t moved[] = {2, 3, 4};
    CertificateView certificate = CERTIFICATE_VIEW__INIT;
    TrailView trail = TRAIL_VIEW__INIT;
    struct views *views = NULL;
    const char *dir = scratch_path(&test_scratch, "views");
    const struct view_key key = key_certificate(STR("C-1"));
    const struct view_key place = key_trail(VIEW_CERTIFICATE, &key, moved[0]);
    certificate.events = events;
    certificate.n_events = count;
    certificate.trailed = trailed;
    trail.events = moved;
    trail.n_events = sizeof moved / sizeof moved[0];
    TRY(views_open(dir, STORE_WRITE, &views, err));
    TRY(views_begin(views, err));
    const struct view_store store = views_store(views);
    TRY(store.put(store.state, VIEW_TRAIL, bytes_of(place.data, place.size),
                  record_pack(&trail.base, &test_scratch.arena), err));
    outcome completed =
        trail_complete(views, VIEW_CERTIFICATE, key, &certificate.base, &test_scratch.arena, err);
    *ret_count = certificate.n_events;
    for (size_t i = 0; completed.ok && i < certificate.n_events; i++) {
        assert_int_equal(certificate.events[i], i + 1);
    }
    views_close(views);
    return completed;
}

static void test_trail_complete_names_every_event_or_damage(void **state)
{
    static const struct {
        size_t count;
        uint64_t trailed;
    } damaged[] = {{2, 4}, {2, 2}, {0, 3}, {2, UINT64_MAX}, {2, UINT64_C(1) << 61}};
    struct error err = {0};
    size_t count = 0;
    (void)state; /* no memory needed */
    assert_true(complete(2, 3, &count, &err).ok);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        assert_false(complete(damaged[i].count, damaged[i].trailed, &count, &err).ok);
        assert_int_equal(err.class, ERROR_CORRUPT);
        assert_int_equal(err.code, MESSAGE_VIEWS_DIFFER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_views_open_tells_views_of_another_program),
        scratch_unit_test(test_views_open_takes_new_views),
        scratch_unit_test(test_trail_complete_names_every_event_or_damage),
        scratch_unit_test(test_held_index_entries_are_seen_by_whoever_looks),
        scratch_unit_test(test_prepared_entries_are_committed_or_dropped),
        scratch_unit_test(test_a_commit_tells_what_could_not_be_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
