/* test_alias - corrected numbers: the person's own record, and what leads to it (D24). */
#include <string.h>

#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define FIRST                                                                                      \
    "person_id=p1 personal.name=张三 personal.id_type=resident "                                 \
    "personal.id_number=310101189912310017"
#define SECOND                                                                                     \
    "person_id=p1 alias_person_id=p1b personal.id_type=resident "                                  \
    "personal.id_number=310101198803070098 decision=更-1"
#define THIRD                                                                                      \
    "person_id=p1 alias_person_id=p1c personal.id_type=passport personal.id_number=E12345678"
#define BACK                                                                                       \
    "person_id=p1 alias_person_id=p1 personal.id_type=resident "                                   \
    "personal.id_number=310101189912310017"

static void check(struct history *history, const char *field, const char *expected)
{
    assert_string_equal(history_field(history, VIEW_PERSON, key_person(STR("p1")), field),
                        expected);
}

static void check_alias(struct history *history, const char *alias, const char *person_id)
{
    struct view_key key = key_alias(str_of(alias));
    assert_string_equal(history_field(history, VIEW_ALIAS, key, "person_id"), person_id);
    assert_string_equal(history_field(history, VIEW_ALIAS, key, "alias"), alias);
}

static size_t aliases(struct history *history)
{
    const struct view_key all = {.size = 0};
    return memory_views_count(&history->views, VIEW_ALIAS, &all);
}

static void test_number_changed_keeps_the_person(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", FIRST);
    check(history, "numbers", "");
    history_add(history, "person_number_changed", SECOND);
    check(history, "person_id", "p1");
    check(history, "name", "张三");
    check(history, "masked_number", "310*************98");
    check(history, "known_by", "2");
    check(history, "aliases", "p1b");
    check(history, "numbers.0.event", "1");
    check(history, "numbers.0.masked_number", "310*************17");
    check(history, "numbers.0.id", "p1");
    check(history, "numbers.1.event", "2");
    check(history, "numbers.1.masked_number", "310*************98");
    check(history, "numbers.1.id", "p1b");
    check(history, "identities.0.event", "1");
    check(history, "events", "1,2");
    check_alias(history, "p1b", "p1");
    assert_int_equal(aliases(history), 1);
}

static void test_number_changed_again_keeps_every_alias(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", FIRST);
    history_add(history, "person_number_changed", SECOND);
    history_add(history, "person_number_changed", THIRD);
    check(history, "id_type", "passport");
    history_add(history, "person_number_changed", SECOND);
    check(history, "id_type", "resident");
    check(history, "masked_number", "310*************98");
    check(history, "aliases", "p1b,p1c");
    check(history, "numbers.3.id", "p1b");
    check(history, "numbers.2.id_type", "passport");
    check(history, "known_by", "4");
    check_alias(history, "p1b", "p1");
    check_alias(history, "p1c", "p1");
    assert_int_equal(aliases(history), 2);
}

static void test_number_changed_back_is_no_alias(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", FIRST);
    history_add(history, "person_number_changed", SECOND);
    history_add(history, "person_number_changed", BACK);
    check(history, "masked_number", "310*************17");
    check(history, "aliases", "p1b");
    check(history, "numbers.2.id", "p1");
    assert_int_equal(aliases(history), 1);
}

static void test_number_changed_outlasts_rows_of_the_old_number(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", FIRST);
    history_add(history, "person_recorded", FIRST);
    check(history, "known_by", "1");
    history_add(history, "person_number_changed", SECOND);
    history_add(history, "person_recorded", FIRST);
    history_add(history, "identity_collected", FIRST " window=W1");
    check(history, "identities.0.window", "W1");
    check(history, "masked_number", "310*************98");
    check(history, "known_by", "3");
}

static void test_number_changed_needs_a_person(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "person_number_changed", SECOND);
    history_add(history, "person_recorded", FIRST);
    history_add(history, "person_number_changed", SECOND);
    history_add(history, "person_recorded", "person_id=p2 personal.name=李四");
    history_refuse(history, "person_number_changed", "person_id=p2 alias_person_id=p1b");
}

static void test_number_changed_may_be_blank(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1");
    history_add(history, "person_number_changed", "person_id=p1 alias_person_id=p1b sealed=00");
    check(history, "masked_number", "");
    check(history, "aliases", "p1b");
    check_alias(history, "p1b", "p1");
}

static void test_no_view_holds_a_corrected_number(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", FIRST);
    history_add(history, "person_number_changed", SECOND);
    str dump = memory_views_dump(&history->views, history->arena);
    const char *text = arena_c_string(history->arena, dump);
    assert_null(strstr(text, "310101189912310017"));
    assert_null(strstr(text, "310101198803070098"));
    assert_non_null(strstr(text, "310*************98"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_number_changed_keeps_the_person),
        TEST_WITH_ARENA(test_number_changed_again_keeps_every_alias),
        TEST_WITH_ARENA(test_number_changed_back_is_no_alias),
        TEST_WITH_ARENA(test_number_changed_outlasts_rows_of_the_old_number),
        TEST_WITH_ARENA(test_number_changed_needs_a_person),
        TEST_WITH_ARENA(test_number_changed_may_be_blank),
        TEST_WITH_ARENA(test_no_view_holds_a_corrected_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
