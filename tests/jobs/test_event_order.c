/* test_event_order - what an event says of its place: read from its bytes as from the event, and
 * not at all where it says it twice, not whole, or not. */
#include <string.h>

#include "core/base/record.h"
#include "core/io/messages.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/parts/event_order.h"
#include "tests/support/test.h"

static Event *event_of(uint64_t number, int32_t day, struct arena *arena)
{
    Event *event = event_new(EVENT__BODY_POLICY_SET, arena);
    event->sequence = number;
    event->recorded_at_us = -1;
    event->business_date = RECORD_NEW(arena, Date, date);
    event->business_date->days = day;
    event->reason = arena_c_string(arena, STR("a reason with a length of its own"));
    return event;
}

static void test_head_of_bytes(void **state)
{
    (void)state;
    static const int32_t days[] = {0, 1, -1, 63, 64, -64, -65, 20577, INT32_MAX, INT32_MIN};
    static const uint64_t numbers[] = {1, 127, 128, 300000, UINT64_MAX};
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++) {
            struct log_head head = {0};
            bytes stored = record_pack(&event_of(numbers[j], days[i], &arena)->base, &arena);
            assert_true(event_order_head(stored, &head));
            assert_true(head.number == numbers[j]);
            assert_int_equal(head.day, days[i]);
        }
    }
    arena_release(&arena);
}

static bool has_head(bytes stored)
{
    struct log_head head = {0};
    return event_order_head(stored, &head);
}

static void test_head_that_is_none(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    bytes stored = record_pack(&event_of(5, 20577, &arena)->base, &arena);
    for (size_t size = 0; size < 16; size++) { /* number, instant and date end behind that */
        assert_false(has_head(bytes_of(stored.data, size)));
    }
    static const uint8_t number_again[] = {1 << 3, 6}, day_again[] = {3 << 3 | 2, 2, 1 << 3, 2};
    static const uint8_t two_days[] = {1 << 3, 6, 3 << 3 | 2, 4, 1 << 3, 2, 1 << 3, 4};
    static const uint8_t too_long[] = {1 << 3, 6, 3 << 3 | 2, 9, 1 << 3, 2};
    static const uint8_t widest[] = {1 << 3, 6,    3 << 3 | 2, 6,    1 << 3,
                                     0xff,   0xff, 0xff,       0xff, 0x0f};
    static const uint8_t too_wide[] = {1 << 3, 6,    3 << 3 | 2, 6,    1 << 3,
                                       0xff,   0xff, 0xff,       0xff, 0x1f};
    static const uint8_t group[] = {1 << 3, 6, 3 << 3 | 2, 0, 3};
    bytes again = bytes_of(number_again, sizeof number_again);
    uint8_t *both = arena_new_raw(&arena, stored.size + sizeof day_again);
    memcpy(both, stored.data, stored.size);
    memcpy(both + stored.size, again.data, again.size);
    assert_false(has_head(bytes_of(both, stored.size + again.size)));
    memcpy(both + stored.size, day_again, sizeof day_again);
    assert_false(has_head(bytes_of(both, stored.size + sizeof day_again)));
    assert_false(has_head(bytes_of(two_days, sizeof two_days)));
    assert_false(has_head(bytes_of(too_long, sizeof too_long)));
    assert_true(has_head(bytes_of(widest, sizeof widest)));
    assert_false(has_head(bytes_of(too_wide, sizeof too_wide)));
    assert_false(has_head(bytes_of(group, sizeof group)));
    arena_release(&arena);
}

static void check_follow(struct event_order order, const Event *event, const char *wanted)
{
    struct error err = {0};
    assert_int_equal(event_order_follow(&order, event, 8, &err).ok, wanted == NULL);
    if (wanted != NULL) {
        assert_int_equal(err.code, MESSAGE_LOG_EVENT_OUT_OF_PLACE);
        assert_string_equal(err.args[1].text, wanted);
    }
}

static void test_follow(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    const struct event_order first = {0}, behind = {true, 20577};
    check_follow(first, event_of(8, -20577, &arena), NULL);
    check_follow(behind, event_of(8, 20577, &arena), NULL);
    check_follow(behind, event_of(8, 20576, &arena), "day");
    check_follow(behind, event_of(9, 20577, &arena), "number");
    Event *dateless = event_of(8, 0, &arena);
    dateless->business_date = NULL;
    check_follow(first, dateless, "day");
    arena_release(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head_of_bytes),
        cmocka_unit_test(test_head_that_is_none),
        cmocka_unit_test(test_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
