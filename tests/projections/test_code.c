/* test_code - dynamic passwords and the phone of a person, as the views have them (R-PF-11..14). */
#include <string.h>

#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define IDENTITY                                                                                   \
    "person_id=p1 personal.name=张三 personal.id_type=resident "                                 \
    "personal.id_number=310101189912310017"
#define CODE "phone_id=t1 person_id=p1 expires_at_us=1000 code_hash="

static void check(struct history *history, const char *field, const char *expected)
{
    assert_string_equal(history_field(history, VIEW_CODE, key_code(STR("t1")), field), expected);
}

static void check_person(struct history *history, const char *field, const char *expected)
{
    struct view_key key = key_person(STR("p1"));
    assert_string_equal(history_field(history, VIEW_PERSON, key, field), expected);
}

static size_t owners(struct history *history, const char *phone_id)
{
    struct view_key prefix = index_persons_of_phone(str_of(phone_id));
    return memory_views_count(&history->views, VIEW_INDEX, &prefix);
}

static void test_code_is_the_last_one(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    history_add(history, "code_requested", CODE "aa");
    history_add(history, "code_failed", "phone_id=t1 person_id=p1");
    history_add(history, "code_failed", "phone_id=t1 person_id=p1");
    check(history, "code_hash", "aa");
    check(history, "failures", "2");
    check(history, "event", "2");
    check(history, "requests", "1");
    history_add(history, "code_requested", CODE "ab");
    check(history, "code_hash", "ab");
    check(history, "failures", "");
    check(history, "event", "5");
    check(history, "requests", "2");
    check(history, "expires_at_us", "1000");
    check_person(history, "events", "1,2,3,4,5");
    check_person(history, "phone_id", "");
}

static void test_phone_is_bound_and_found(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    history_add(history, "phone_registered", "person_id=p1 phone_id=t1 personal.phone=13500000000");
    check_person(history, "phone_id", "t1");
    check_person(history, "masked_phone", "135****0000");
    assert_int_equal(owners(history, "t1"), 1);
    history_add(history, "phone_changed",
                "person_id=p1 phone_id=t2 former_phone_id=t1 personal.phone=18612345678");
    check_person(history, "phone_id", "t2");
    check_person(history, "masked_phone", "186****5678");
    assert_int_equal(owners(history, "t1"), 0);
    assert_int_equal(owners(history, "t2"), 1);
}

/* Their key was destroyed: the phone is still known to be bound, and reads blank. */
static void test_phone_of_the_erased_is_blank(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", "person_id=p1");
    history_add(history, "phone_registered", "person_id=p1 phone_id=t1");
    check_person(history, "phone_id", "t1");
    check_person(history, "masked_phone", "");
}

static void test_phones_of_nobody_contradict(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "phone_registered", "person_id=p1 phone_id=t1");
    history_refuse(history, "phone_changed", "person_id=p1 phone_id=t1");
    history_refuse(history, "code_requested", CODE "aa");
    history_add(history, "identity_collected", IDENTITY);
    history_refuse(history, "code_failed", "phone_id=t1 person_id=p1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_code_is_the_last_one),
        TEST_WITH_ARENA(test_phone_is_bound_and_found),
        TEST_WITH_ARENA(test_phone_of_the_erased_is_blank),
        TEST_WITH_ARENA(test_phones_of_nobody_contradict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
