/* test_person_number - a person's records under two numbers are one person's. */
#include <action.pb-c.h>

#include "events/person_number.h"
#include "tests/support/test.h"

static NationalView view(NationalRecord *record, uint64_t event, uint64_t used_by_event)
{
    NationalView made = NATIONAL_VIEW__INIT;
    made.record = record;
    made.event = event;
    made.used_by_event = used_by_event;
    return made;
}

/* D24: the newer row counts, and used is used. */
static void test_nationals_unite_takes_the_newer_row_and_what_was_used(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    NationalRecord old = NATIONAL_RECORD__INIT;
    NationalRecord new = NATIONAL_RECORD__INIT;
    NationalRecord other = NATIONAL_RECORD__INIT;
    old.certificate = new.certificate = (char *)"N1";
    other.certificate = (char *)"N2";
    arena_init(&arena, 0);
    for (int order = 0; order < 2; order++) {
        const NationalView first = view(&old, 5, 9), second = view(&new, 7, 0);
        const NationalView third = view(&other, 6, 0);
        const NationalView *items[] = {order == 0 ? &first : &second, &third,
                                       order == 0 ? &second : &first};
        struct nationals nationals = {items, 3};
        nationals_unite(&nationals, &arena);
        assert_int_equal(nationals.count, 2);
        assert_ptr_equal(nationals.items[0]->record, &new);
        assert_int_equal(nationals.items[0]->used_by_event, 9);
        assert_ptr_equal(nationals.items[1], &third);
        assert_int_equal(second.used_by_event, 0); /* what was read stays as it was */
    }
    arena_release(&arena);
}

static void test_nationals_unite_leaves_other_numbers_alone(void **state)
{
    (void)state; /* no setup */
    struct arena arena;
    NationalRecord one = NATIONAL_RECORD__INIT;
    NationalRecord other = NATIONAL_RECORD__INIT;
    one.certificate = (char *)"N1";
    other.certificate = (char *)"N2";
    const NationalView first = view(&one, 5, 9), second = view(&other, 7, 0);
    const NationalView *items[] = {&first, &second};
    struct nationals nationals = {items, 2};
    struct nationals none = {NULL, 0};
    arena_init(&arena, 0);
    nationals_unite(&nationals, &arena);
    nationals_unite(&none, &arena);
    assert_int_equal(nationals.count, 2);
    assert_int_equal(nationals.items[1]->used_by_event, 0);
    assert_int_equal(none.count, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nationals_unite_takes_the_newer_row_and_what_was_used),
        cmocka_unit_test(test_nationals_unite_leaves_other_numbers_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
