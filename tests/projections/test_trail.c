/* test_trail - a record of many events stays small: what moves out of it, and that nothing is lost.
 */
#include <string.h>

#include "core/base/record.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define NUMBER "沪建安B(2025)0000001"

static void add_certificate(struct history *history)
{
    history_add(history, "certificate_issued",
                "certificate=" NUMBER " category=B person_id=p1 enterprise=E1 "
                "first_issued=2025-03-01 issued=2025-03-01 valid_until=2028-02-28");
}

static void add_requests(struct history *history, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        history_add(history, "regeneration_requested", "certificate=" NUMBER);
    }
}

static const CertificateView *certificate(struct history *history)
{
    return (const CertificateView *)(const void *)memory_views_get(
        &history->views, VIEW_CERTIFICATE, key_certificate(STR(NUMBER)), history->arena);
}

static const TrailView *trail(struct history *history, uint64_t first)
{
    struct view_key record = key_certificate(STR(NUMBER));
    return (const TrailView *)(const void *)memory_views_get(
        &history->views, VIEW_TRAIL, key_trail(VIEW_CERTIFICATE, &record, first), history->arena);
}

static size_t trails(struct history *history)
{
    struct view_key record = key_certificate(STR(NUMBER));
    struct view_key prefix = prefix_trails_of(VIEW_CERTIFICATE, &record);
    return memory_views_count(&history->views, VIEW_TRAIL, &prefix);
}

static void test_a_record_of_few_events_keeps_them(void **state)
{
    struct history *history = history_new(*state);
    add_certificate(history);
    add_requests(history, 2 * TRAIL_EVENTS - 1);
    assert_int_equal(certificate(history)->n_events, 2 * TRAIL_EVENTS);
    assert_int_equal(certificate(history)->trailed, 0);
    assert_int_equal(trails(history), 0);
}

static void test_a_record_of_many_events_moves_the_older_ones(void **state)
{
    struct history *history = history_new(*state);
    add_certificate(history);
    add_requests(history, 2 * TRAIL_EVENTS);
    const CertificateView *view = certificate(history);
    assert_int_equal(view->n_events, TRAIL_EVENTS + 1);
    assert_int_equal(view->trailed, TRAIL_EVENTS);
    assert_int_equal(view->events[0], 1); /* rules ask for the first one */
    assert_int_equal(view->events[1], TRAIL_EVENTS + 2);
    assert_int_equal(view->events[view->n_events - 1], history->sequence);
    assert_int_equal(trails(history), 1);
    const TrailView *moved = trail(history, 2);
    assert_int_equal(moved->n_events, TRAIL_EVENTS);
    for (size_t i = 0; i < moved->n_events; i++) {
        assert_int_equal(moved->events[i], i + 2);
    }
}

static void test_no_event_of_a_record_is_lost_or_twice(void **state)
{
    struct history *history = history_new(*state);
    add_certificate(history);
    add_requests(history, 10 * TRAIL_EVENTS + 17);
    const CertificateView *view = certificate(history);
    uint64_t next = 1;
    assert_int_equal(view->events[0], next++);
    for (size_t i = 0; i < trails(history); i++) {
        const TrailView *moved = trail(history, next);
        for (size_t k = 0; k < moved->n_events; k++) {
            assert_int_equal(moved->events[k], next++);
        }
    }
    for (size_t i = 1; i < view->n_events; i++) {
        assert_int_equal(view->events[i], next++);
    }
    assert_int_equal(next, history->sequence + 1);
    assert_int_equal(view->trailed + view->n_events, history->sequence);
    assert_true(record_pack(&view->base, history->arena).size < 4 * TRAIL_EVENTS * 4);
}

static void test_an_enterprise_of_many_events_has_trails_of_its_own(void **state)
{
    struct history *history = history_new(*state);
    for (size_t i = 0; i <= 2 * TRAIL_EVENTS; i++) {
        history_add(history, "enterprise_registered", "code=E1 name=甲公司 qualification=$");
        history_add(history, "enterprise_registered", "code=E10 name=乙公司 qualification=$");
    }
    struct view_key record = key_enterprise(STR("E1"));
    struct view_key prefix = prefix_trails_of(VIEW_ENTERPRISE, &record);
    assert_int_equal(memory_views_count(&history->views, VIEW_TRAIL, &prefix), 1);
    prefix = prefix_trails_of(VIEW_CERTIFICATE, &record);
    assert_int_equal(memory_views_count(&history->views, VIEW_TRAIL, &prefix), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_a_record_of_few_events_keeps_them),
        TEST_WITH_ARENA(test_a_record_of_many_events_moves_the_older_ones),
        TEST_WITH_ARENA(test_no_event_of_a_record_is_lost_or_twice),
        TEST_WITH_ARENA(test_an_enterprise_of_many_events_has_trails_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
