/* test_keys - keys sort as what they name, and no key is mistaken for another. */
#include <string.h>

#include "projections/kinds.h"
#include "projections/registry.h"
#include "tests/support/test.h"

static bytes of(const struct view_key *key)
{
    return (bytes){key->data, key->size};
}

static bool begins(const struct view_key *key, const struct view_key *prefix)
{
    return key->size >= prefix->size && memcmp(key->data, prefix->data, prefix->size) == 0;
}

static void test_keys_begin_with_their_prefix(void **state)
{
    (void)state; /* no setup */
    struct view_key exam = key_exam(STR("p1"), CATEGORY__CODE__B, EXAM_KIND__CODE__FIRST, 20000);
    struct view_key national = key_national(STR("p1"), STR("京1"));
    struct view_key record;
    make_key_record(&record, STR("E1"), RECORD_LIST__CODE__CHANGES, 7);
    struct view_key prefix = prefix_exams_of(STR("p1"));
    assert_true(begins(&exam, &prefix));
    prefix = prefix_exams_of(STR("p"));
    assert_false(begins(&exam, &prefix));
    prefix = prefix_nationals_of_number(STR("京1"));
    assert_true(begins(&national, &prefix));
    prefix = prefix_records_of(STR("E1"), RECORD_LIST__CODE__CHANGES);
    assert_true(begins(&record, &prefix));
    prefix = prefix_records_of(STR("E1"), RECORD_LIST__CODE__ENTRIES);
    assert_false(begins(&record, &prefix));
}

static void test_keys_sort_numbers(void **state)
{
    (void)state; /* no setup */
    struct view_key before = key_insurance(STR("p1"), 255, STR("E"));
    struct view_key after = key_insurance(STR("p1"), 256, STR("E"));
    assert_true(bytes_compare(of(&before), of(&after)) < 0);
    before = key_exam(STR("p1"), CATEGORY__CODE__B, EXAM_KIND__CODE__FIRST, -1);
    after = key_exam(STR("p1"), CATEGORY__CODE__B, EXAM_KIND__CODE__FIRST, 0);
    assert_true(bytes_compare(of(&before), of(&after)) < 0);
    before = key_wave(255);
    after = key_wave(256);
    assert_true(bytes_compare(of(&before), of(&after)) < 0);
}

static void test_index_keys_differ_by_index(void **state)
{
    (void)state; /* no setup */
    struct view_key keys[] = {
        index_certificates_of_enterprise(STR("x")),
        index_certificates_of_person(STR("x")),
        index_certificates_of_serial(2025, 1),
        index_persons_of_name(STR("x"), false),
        index_nationals_of_person(STR("x")),
        index_documents(DOCUMENT_STATUS__CODE__READY),
        index_certificates_by_end(),
        index_open_waves(),
    };
    size_t count = sizeof keys / sizeof keys[0];
    for (size_t i = 0; i < count * count; i++) {
        assert_int_equal(begins(&keys[i / count], &keys[i % count]), i / count == i % count);
    }
}

static void test_key_last_part_is_behind_the_last_zero(void **state)
{
    (void)state; /* no setup */
    struct view_key key = index_certificates_of_person(STR("p1"));
    memcpy(key.data + key.size, "沪1", 4);
    key.size += 4;
    assert_true(str_equal_c(key_last_part(of(&key)), "沪1"));
    assert_true(str_equal_c(key_last_part(str_bytes(STR("abc"))), "abc"));
    assert_true(str_empty(key_last_part((bytes){NULL, 0})));
}

static void test_key_behind_wants_the_prefix(void **state)
{
    (void)state; /* no setup */
    struct view_key prefix = prefix_nationals_of_number(STR("京1"));
    struct view_key key = key_national(STR("p1"), STR("京1"));
    struct view_key other = key_national(STR("p1"), STR("京2"));
    assert_true(bytes_equal(key_behind(of(&key), &prefix), str_bytes(STR("p1"))));
    assert_int_equal(key_behind(of(&other), &prefix).size, 0);
    assert_int_equal(key_behind(of(&prefix), &prefix).size, 0);
}

static void test_keys_of_too_long_texts_are_cut(void **state)
{
    (void)state; /* no setup */
    char text[1000];
    memset(text, 'x', sizeof text);
    struct view_key key = key_person((str){text, sizeof text});
    assert_int_equal(key.size, VIEW_KEY_MAX);
    key = index_persons_of_name((str){text, sizeof text}, false);
    assert_true(key.size < VIEW_KEY_MAX - 24); /* a person_id fits behind it */
    assert_int_equal(key.data[key.size - 1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_begin_with_their_prefix),
        cmocka_unit_test(test_keys_sort_numbers),
        cmocka_unit_test(test_index_keys_differ_by_index),
        cmocka_unit_test(test_key_last_part_is_behind_the_last_zero),
        cmocka_unit_test(test_key_behind_wants_the_prefix),
        cmocka_unit_test(test_keys_of_too_long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
