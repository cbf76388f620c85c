/* test_person - the view of persons: names, identities, blank personal parts. */
#include <string.h>

#include "events/terms/names.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define IDENTITY                                                                                   \
    "person_id=p1 personal.name=张三 personal.id_type=resident "                                 \
    "personal.id_number=310101189912310017 personal.sex=male personal.nation=汉 "                 \
    "personal.birth_date=1899-12-31 personal.address=某路1号 personal.issuer=某局 "           \
    "personal.valid_from=2020-01-01 personal.valid_forever=true personal.photo_sha256=aa "         \
    "photo_blob=bb window=W1 collected_on=2025-02-28 method=card digital_certificate=true"

static void check(struct history *history, const char *field, const char *expected)
{
    assert_string_equal(history_field(history, VIEW_PERSON, key_person(STR("p1")), field),
                        expected);
}

static bool is_found(struct history *history, const char *name)
{
    str key = person_name_key(str_of(name), history->arena);
    return memory_views_indexed(&history->views, index_persons_of_name(key, false), STR("p1"));
}

static void test_person_recorded_gives_name_and_mask(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded",
                "person_id=p1 personal.name=张三 personal.id_type=resident "
                "personal.id_number=310101189912310017");
    check(history, "name", "张三");
    check(history, "id_type", "resident");
    check(history, "masked_number", "310*************17");
    check(history, "known_by", "1");
    check(history, "identities", "");
    assert_true(is_found(history, "张三"));
}

static void test_identity_collected_adds_a_version(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1 personal.name=张叁");
    history_add(history, "identity_collected", IDENTITY);
    check(history, "name", "张三");
    check(history, "former_names", "张叁");
    check(history, "masked_number", "310*************17");
    check(history, "known_by", "1");
    check(history, "identities.0.event", "2");
    check(history, "identities.0.name", "张三");
    check(history, "identities.0.sex", "male");
    check(history, "identities.0.birth_date", "1899-12-31");
    check(history, "identities.0.address", "某路1号");
    check(history, "identities.0.issuer", "某局");
    check(history, "identities.0.valid_from", "2020-01-01");
    check(history, "identities.0.valid_to", "");
    check(history, "identities.0.valid_forever", "true");
    check(history, "identities.0.photo_sha256", "aa");
    check(history, "identities.0.photo_blob", "bb");
    check(history, "identities.0.window", "W1");
    check(history, "identities.0.collected_on", "2025-02-28");
    check(history, "identities.0.method", "card");
    check(history, "identities.0.digital_certificate", "true");
    check(history, "events", "1,2");
    assert_true(is_found(history, "张三"));
    assert_true(is_found(history, "张叁"));
}

static void test_person_recorded_does_not_rename_a_collected_identity(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    history_add(history, "person_recorded", "person_id=p1 personal.name=李四");
    check(history, "name", "张三");
    check(history, "former_names", "李四"); /* what a row said is a name to be found by */
    check(history, "said_names.0.event", "2");
    check(history, "said_names.0.name", "李四");
    assert_true(is_found(history, "李四"));
    check(history, "known_by", "1");
    history_add(history, "person_recorded", "person_id=p1 personal.name=张三");
    history_add(history, "person_recorded", "person_id=p1 personal.name=李四");
    check(history, "former_names", "李四"); /* each once */
    check(history, "said_names.2.event", "4");
}

/* The former names begin with it, but when the first of them was only said. */
static void test_person_recorded_keeps_the_first_name(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1 personal.name=张三");
    history_add(history, "identity_collected", IDENTITY);
    check(history, "said_names", "");
    history_add(history, "person_recorded", "person_id=p1 personal.name=李四");
    history_add(history, "person_recorded", "person_id=p1 personal.name=王五");
    check(history, "former_names", "李四,王五");
    check(history, "said_names.0.event", "1");
    check(history, "said_names.0.name", "张三");
    check(history, "said_names.1.event", "3");
    check(history, "said_names.2.event", "4");
}

static void test_person_renamed_copies_the_last_identity(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    history_add(history, "person_renamed", "person_id=p1 personal.name=张四");
    check(history, "name", "张四");
    check(history, "former_names", "张三");
    check(history, "identities.0.name", "张三");
    check(history, "identities.0.event", "1");
    check(history, "identities.1.name", "张四");
    check(history, "identities.1.event", "2");
    check(history, "identities.1.photo_blob", "bb");
    check(history, "identities.1.birth_date", "1899-12-31");
    assert_true(is_found(history, "张四"));
    assert_true(is_found(history, "张三"));
}

static void test_person_renamed_without_identity_changes_the_name(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "person_renamed", "person_id=p1 personal.name=张四");
    history_add(history, "person_recorded", "person_id=p1 personal.name=张三");
    history_add(history, "person_renamed", "person_id=p1 personal.name=张四");
    check(history, "name", "张四");
    check(history, "identities", "");
}

static void test_same_name_is_no_former_name(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    history_add(history, "identity_collected", IDENTITY);
    check(history, "former_names", "");
    check(history, "identities.1.event", "2");
}

static void test_blank_personal_parts_leave_the_id(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1");
    history_add(history, "identity_collected", "person_id=p1 window=W1 sealed=00");
    check(history, "person_id", "p1");
    check(history, "name", "");
    check(history, "masked_number", "");
    check(history, "former_names", "");
    check(history, "identities.0.window", "W1");
    struct view_key prefix = index_persons_of_name(STR(""), true);
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &prefix), 0);
}

static void test_index_persons_of_name_finds_by_prefix(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1 personal.name=张三");
    history_add(history, "person_recorded", "person_id=p2 personal.name=张三丰");
    struct view_key exact = index_persons_of_name(STR("张三"), false);
    struct view_key prefix = index_persons_of_name(STR("张三"), true);
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &exact), 1);
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &prefix), 2);
}

static void test_index_persons_of_name_keeps_old_names(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1 personal.name=张三");
    history_add(history, "person_renamed", "person_id=p1 personal.name=张四");
    assert_true(is_found(history, "张三"));
    assert_true(is_found(history, "张四"));
    assert_false(is_found(history, "张五"));
    /* to and fro: each name stands once */
    for (int i = 0; i < 20; i++) {
        history_add(history, "person_renamed", "person_id=p1 personal.name=张三");
        history_add(history, "person_renamed", "person_id=p1 personal.name=张四");
    }
    struct view_key all = index_persons_of_name(STR(""), true);
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &all), 2);
}

static void test_index_persons_of_name_keeps_the_newest_names(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_recorded", "person_id=p1 personal.name=张零");
    static const char *const names[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        str fields = arena_format(history->arena, "person_id=p1 personal.name=张%s", names[i]);
        history_add(history, "person_renamed", fields.data);
    }
    assert_true(is_found(history, "张辛"));
    assert_true(is_found(history, "张甲"));
    assert_false(is_found(history, "张零"));
}

static void test_no_view_holds_a_full_number(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected",
                IDENTITY " personal.spelled_number=3101018991231001");
    history_add(history, "national_recorded",
                "person_id=p1 personal.name=张三 personal.id_type=resident "
                "personal.id_number=310101189912310017 record.certificate=京建安B(2020)1");
    str dump = memory_views_dump(&history->views, history->arena);
    const char *text = arena_c_string(history->arena, dump);
    assert_null(strstr(text, "310101189912310017"));
    assert_null(strstr(text, "3101018991231001"));
    assert_non_null(strstr(text, "310*************17"));
}

static void test_person_blocked_hides_the_name(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    assert_false(memory_views_indexed(&history->views, index_blocked_persons(), STR("p1")));
    history_add(history, "person_blocked", "person_id=p1 decision=D-1");
    check(history, "blocked", "true");
    check(history, "erased", "");
    check(history, "name", "张三"); /* kept: it is stored */
    check(history, "events", "1,2");
    assert_false(is_found(history, "张三"));
    assert_true(memory_views_indexed(&history->views, index_blocked_persons(), STR("p1")));
    assert_false(memory_views_indexed(&history->views, index_erased_persons(), STR("p1")));
}

static void test_person_erased_lets_the_phone_go(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "identity_collected", IDENTITY);
    history_add(history, "phone_registered", "person_id=p1 phone_id=t1 personal.phone=13500000000");
    history_add(history, "person_erased", "person_id=p1 decision=D-1");
    check(history, "blocked", "true");
    check(history, "erased", "true");
    check(history, "phone_id", "");
    check(history, "masked_phone", "");
    assert_true(memory_views_indexed(&history->views, index_erased_persons(), STR("p1")));
}

/* Somebody whom no register named: the id stands for him all the same. */
static void test_person_blocked_needs_nobody_known(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "person_blocked", "person_id=p1 decision=D-1");
    check(history, "person_id", "p1");
    check(history, "blocked", "true");
    check(history, "known_by", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_person_recorded_gives_name_and_mask),
        TEST_WITH_ARENA(test_identity_collected_adds_a_version),
        TEST_WITH_ARENA(test_person_recorded_does_not_rename_a_collected_identity),
        TEST_WITH_ARENA(test_person_recorded_keeps_the_first_name),
        TEST_WITH_ARENA(test_person_renamed_copies_the_last_identity),
        TEST_WITH_ARENA(test_person_renamed_without_identity_changes_the_name),
        TEST_WITH_ARENA(test_same_name_is_no_former_name),
        TEST_WITH_ARENA(test_blank_personal_parts_leave_the_id),
        TEST_WITH_ARENA(test_index_persons_of_name_finds_by_prefix),
        TEST_WITH_ARENA(test_index_persons_of_name_keeps_old_names),
        TEST_WITH_ARENA(test_index_persons_of_name_keeps_the_newest_names),
        TEST_WITH_ARENA(test_no_view_holds_a_full_number),
        TEST_WITH_ARENA(test_person_blocked_hides_the_name),
        TEST_WITH_ARENA(test_person_erased_lets_the_phone_go),
        TEST_WITH_ARENA(test_person_blocked_needs_nobody_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
