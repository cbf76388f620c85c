/* test_identity - documents that name a person. All numbers are public examples of standards or
 * synthetic (born 1899). */
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/terms/identity.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

#define RESIDENT ID_TYPE__CODE__RESIDENT

static void check_normal(IdType__Code type, const char *number, const char *expected,
                         struct arena *arena)
{
    str normal = STR("untouched");
    assert_true(identity_normalise(type, str_of(number), arena, &normal));
    assert_true(str_equal_c(normal, expected));
}

static void refuse_normal(IdType__Code type, const char *number, struct arena *arena)
{
    str normal = STR("untouched");
    assert_false(identity_normalise(type, str_of(number), arena, &normal));
    assert_true(str_equal_c(normal, "untouched"));
}

static void test_identity_normalise_makes_one_form(void **state)
{
    check_normal(RESIDENT, " 310101189912310017\xe3\x80\x80", "310101189912310017", *state);
    check_normal(RESIDENT, "'31010118991231005x", "31010118991231005X", *state);
    check_normal(RESIDENT, "３１０１０１１８９９１２３１００５Ｘ", "31010118991231005X", *state);
    check_normal(RESIDENT, "310101 18991231 0017", "310101189912310017", *state);
    check_normal(RESIDENT, "150102880730303", "150102880730303", *state);
    check_normal(RESIDENT, "360426199101010072", "360426199101010072", *state); /* check wrong */
    check_normal(ID_TYPE__CODE__PERMANENT_RESIDENT, "932682198501010017", "932682198501010017",
                 *state);
    check_normal(ID_TYPE__CODE__PERMANENT_RESIDENT, "can110019810803", "CAN110019810803", *state);
    check_normal(ID_TYPE__CODE__HK_MACAU_RESIDENCE, "820000189912310023", "820000189912310023",
                 *state);
    check_normal(ID_TYPE__CODE__TAIWAN_RESIDENCE, "830000199201300022", "830000199201300022",
                 *state);
    check_normal(ID_TYPE__CODE__HK_MACAU_PERMIT, "h12345678", "H12345678", *state);
    check_normal(ID_TYPE__CODE__HK_MACAU_PERMIT, "M1234567801", "M1234567801", *state);
    check_normal(ID_TYPE__CODE__TAIWAN_PERMIT, "12345678", "12345678", *state);
    check_normal(ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890（B）", "1234567890(B)", *state);
    check_normal(ID_TYPE__CODE__PASSPORT, "g12345678", "G12345678", *state);
    check_normal(ID_TYPE__CODE__OFFICER, "军字第2001988号", "军字第2001988号", *state);
    check_normal(ID_TYPE__CODE__OFFICER, "士字第p011816x号", "士字第P011816X号", *state);
    check_normal(ID_TYPE__CODE__OFFICER, "2001988", "2001988", *state);
    check_normal(ID_TYPE__CODE__OTHER, "甲-1", "甲-1", *state);
}

static void test_identity_normalise_refuses_other_forms(void **state)
{
    refuse_normal(RESIDENT, "", *state);
    refuse_normal(RESIDENT, "31010118991231001", *state);
    refuse_normal(RESIDENT, "310101189902290017", *state); /* no such day */
    refuse_normal(RESIDENT, "3101011899123100XX", *state);
    refuse_normal(RESIDENT, "310*************17", *state);
    refuse_normal(RESIDENT, "932682198501010017", *state);
    refuse_normal(RESIDENT, "810000199408230021", *state);
    refuse_normal(RESIDENT, "820000189912310023", *state);
    refuse_normal(RESIDENT, "830000199201300022", *state);
    refuse_normal(RESIDENT, "010101189912310017", *state);
    refuse_normal(RESIDENT, "150102881330303", *state);
    refuse_normal(RESIDENT, "3.10101E+17", *state);
    refuse_normal(ID_TYPE__CODE__PERMANENT_RESIDENT, "310101189912310017", *state);
    refuse_normal(ID_TYPE__CODE__HK_MACAU_RESIDENCE, "830000199201300022", *state);
    refuse_normal(ID_TYPE__CODE__TAIWAN_RESIDENCE, "810000199408230021", *state);
    refuse_normal(ID_TYPE__CODE__HK_MACAU_PERMIT, "A12345678", *state);
    refuse_normal(ID_TYPE__CODE__HK_MACAU_PERMIT, "H1234567", *state);
    refuse_normal(ID_TYPE__CODE__TAIWAN_PERMIT, "1234567", *state);
    refuse_normal(ID_TYPE__CODE__TAIWAN_PERMIT, "123456789012", *state);
    refuse_normal(ID_TYPE__CODE__PASSPORT, "G123", *state);
    refuse_normal(ID_TYPE__CODE__PASSPORT, "G1234567-8", *state);
    refuse_normal(ID_TYPE__CODE__OFFICER, "军字第201号", *state);
    refuse_normal(ID_TYPE__CODE__OFFICER, "字第2001988号", *state);
    refuse_normal(ID_TYPE__CODE__OTHER, "A*1", *state);
    refuse_normal(ID_TYPE__CODE__NONE, "310101189912310017", *state);
}

/* The shortest and the longest of each form, and one character less or more. */
static void test_identity_normalise_knows_where_a_form_ends(void **state)
{
    static const struct {
        IdType__Code type;
        const char *number;
        bool fits;
    } rows[] = {
        {ID_TYPE__CODE__HK_MACAU_PERMIT, "H1234567801", true},
        {ID_TYPE__CODE__HK_MACAU_PERMIT, "H123456780", false},
        {ID_TYPE__CODE__HK_MACAU_PERMIT, "H123456780123", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "123456789", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890", true},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890B", true},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "12345678901", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "A234567890B", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890BC", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890(1)", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890(B1", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "12345678901B)", false},
        {ID_TYPE__CODE__TAIWAN_PERMIT, "A234567890(B)", false},
        {ID_TYPE__CODE__PASSPORT, "G123", false},
        {ID_TYPE__CODE__PASSPORT, "G1234", true},
        {ID_TYPE__CODE__PASSPORT, "G1234567890123456789", true},
        {ID_TYPE__CODE__PASSPORT, "G12345678901234567890", false},
        {ID_TYPE__CODE__OFFICER, "123", false},
        {ID_TYPE__CODE__OFFICER, "1234", true},
        {ID_TYPE__CODE__OFFICER, "12345678", true},
        {ID_TYPE__CODE__OFFICER, "123456789", false},
        {ID_TYPE__CODE__OFFICER, "军字第1234号", true},
        {ID_TYPE__CODE__OFFICER, "军字第12345678号", true},
        {ID_TYPE__CODE__OFFICER, "军字第123456789号", false},
        {ID_TYPE__CODE__OFFICER, "军字第12345678", false},
        {ID_TYPE__CODE__OFFICER, "东南西北字第12345678号", true},
        {ID_TYPE__CODE__OFFICER, "东南西北中字第12345678号", false},
        {ID_TYPE__CODE__OFFICER, "A字第12345678号", false},
        {ID_TYPE__CODE__PERMANENT_RESIDENT, "CAN110019810803", true},
        {ID_TYPE__CODE__PERMANENT_RESIDENT, "1AN110019810803", false},
        {ID_TYPE__CODE__PERMANENT_RESIDENT, "C1N110019810803", false},
        {ID_TYPE__CODE__PERMANENT_RESIDENT, "CA1110019810803", false},
        {ID_TYPE__CODE__PERMANENT_RESIDENT, "CANA10019810803", false},
        {RESIDENT, "15010288073030A", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].fits) {
            check_normal(rows[i].type, rows[i].number, rows[i].number, *state);
        } else {
            refuse_normal(rows[i].type, rows[i].number, *state);
        }
    }
}

/* R-BJ-06: a wrong one is only a warning. */
static void test_identity_check_digit_is_right_for_examples(void **state)
{
    (void)state; /* no memory needed */
    static const char *const right[] = {
        "11010119900307803X", "440308199901101512", "500154199301135886", "360426199101010071",
        "120103198806018241", "110101202311012176", "11010519491231002X", "310101189912310017",
        "310101189912310025", "310115189902280035", "31010118991231005X", "110101198801011118",
        "310114198501011115", "931156189912310019", "932682198501010017", "911124198108030024",
        "931586198001010028", "810000199408230021", "830000199201300022", "810000189912310013",
        "820000189912310023", "830000189912310033",
    };
    static const char *const wrong[] = {
        "360426199101010072",
        "230307196304054513",
        "110101198801011111",
        "310114198501011111",
    };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_true(identity_check_digit_is_right(RESIDENT, str_of(right[i])));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(identity_check_digit_is_right(RESIDENT, str_of(wrong[i])));
        assert_true(identity_check_digit_is_right(ID_TYPE__CODE__PASSPORT, str_of(wrong[i])));
    }
    assert_true(identity_check_digit_is_right(RESIDENT, STR("150102880730303")));
}

static void check_key(IdType__Code type, const char *normal, const char *expected,
                      struct arena *arena)
{
    assert_true(str_equal_c(identity_key(type, str_of(normal), arena), expected));
}

/* D24: 15 digits or 18, without the counter of re-issues. */
static void test_identity_key_is_one_for_one_person(void **state)
{
    check_key(RESIDENT, "310101189912310017", "resident:310101189912310017", *state);
    check_key(RESIDENT, "150102880730303", "resident:150102198807303035", *state);
    check_key(RESIDENT, "610104620927690", "resident:610104196209276908", *state);
    check_key(RESIDENT, "330102200403064", "resident:33010219200403064X", *state);
    check_key(RESIDENT, "110101000101001", "resident:110101190001010014", *state);
    check_key(ID_TYPE__CODE__HK_MACAU_PERMIT, "M1234567801", "hk_macau_permit:M12345678", *state);
    check_key(ID_TYPE__CODE__HK_MACAU_PERMIT, "M12345678", "hk_macau_permit:M12345678", *state);
    check_key(ID_TYPE__CODE__TAIWAN_PERMIT, "1234567890B", "taiwan_permit:12345678", *state);
    check_key(ID_TYPE__CODE__TAIWAN_PERMIT, "12345678", "taiwan_permit:12345678", *state);
    check_key(ID_TYPE__CODE__PASSPORT, "G12345678", "passport:G12345678", *state);
}

/* D24, the negative twin. */
static void test_identity_key_keeps_kinds_apart(void **state)
{
    str a = identity_key(ID_TYPE__CODE__PASSPORT, STR("12345678"), *state);
    str b = identity_key(ID_TYPE__CODE__TAIWAN_PERMIT, STR("12345678"), *state);
    assert_false(str_equal(a, b));
    check_key(ID_TYPE__CODE__PERMANENT_RESIDENT, "CAN110019810803",
              "permanent_resident:CAN110019810803", *state);
}

/* Ids are made of it: a kind's text is its name in the schema, for ever. */
static void test_identity_key_begins_with_the_kind(void **state)
{
    for (unsigned i = 0; i < id_type__code__descriptor.n_values; i++) {
        int type = id_type__code__descriptor.values[i].value;
        str text = record_enum_text(&id_type__code__descriptor, type, *state);
        str key = identity_key((IdType__Code)type, STR("M12345678"), *state);
        assert_true(str_starts_with(key, text));
        assert_int_equal(key.data[text.size], ':');
    }
}

static void check_mask(IdType__Code type, const char *normal, const char *expected,
                       struct arena *arena)
{
    assert_true(str_equal_c(identity_mask(type, str_of(normal), arena), expected));
    assert_true(identity_mask_agrees(str_of(expected), str_of(normal)));
}

/* R-PV-05: one mask for all. */
static void test_identity_mask_hides_the_middle(void **state)
{
    check_mask(RESIDENT, "310101189912310017", "310*************17", *state);
    check_mask(RESIDENT, "150102880730303", "150**********03", *state);
    check_mask(ID_TYPE__CODE__HK_MACAU_PERMIT, "H12345678", "H1*****78", *state);
    check_mask(ID_TYPE__CODE__PASSPORT, "G12345678", "G1*****78", *state);
    check_mask(ID_TYPE__CODE__PASSPORT, "123456", "1****6", *state);
    check_mask(ID_TYPE__CODE__PASSPORT, "12345", "1***5", *state);
    check_mask(ID_TYPE__CODE__OFFICER, "1234", "****", *state);
    check_mask(ID_TYPE__CODE__PASSPORT, "G1234567890123456789", "G1****************89", *state);
    check_mask(ID_TYPE__CODE__OTHER, "甲12", "***", *state);
    check_mask(ID_TYPE__CODE__OFFICER, "军字第2001988号", "军字*******8号", *state);
    assert_true(str_empty(identity_mask(ID_TYPE__CODE__NONE, STR(""), *state)));
}

/* R-BJ-07. */
static void test_identity_mask_agrees_looks_at_visible_characters(void **state)
{
    (void)state; /* no memory needed */
    str number = STR("310101189912310017");
    assert_true(identity_mask_agrees(STR("310101**********17"), number));
    assert_true(identity_mask_agrees(STR(" ３１０*************17"), number));
    assert_true(identity_mask_agrees(STR("31010118991231005x"), STR("31010118991231005X")));
    assert_false(identity_mask_agrees(STR("310*************18"), number));
    assert_false(identity_mask_agrees(STR("311*************17"), number));
    assert_false(identity_mask_agrees(STR("310************17"), number));
    assert_false(identity_mask_agrees(STR("310*************17*"), number));
    assert_false(identity_mask_agrees(STR("310*************1"), number));
    assert_true(identity_mask_agrees(STR("150*************35"), STR("150102880730303")));
    assert_false(identity_mask_agrees(STR("150*************36"), STR("150102880730303")));
}

static void test_identity_is_masked_sees_stars_of_any_width(void **state)
{
    (void)state; /* no memory needed */
    assert_true(identity_is_masked(STR("310*17")));
    assert_true(identity_is_masked(STR("310＊17")));
    assert_false(identity_is_masked(STR("31017")));
    assert_false(identity_is_masked(STR("")));
}

static void test_id_type_guess_looks_at_the_number(void **state)
{
    (void)state; /* no memory needed */
    assert_int_equal(id_type_guess(STR("310101189912310017")), RESIDENT);
    assert_int_equal(id_type_guess(STR("'３１０１０１１８９９１２３１００5x ")), RESIDENT);
    assert_int_equal(id_type_guess(STR("150102880730303")), RESIDENT);
    assert_int_equal(id_type_guess(STR("310*************17")), RESIDENT);
    assert_int_equal(id_type_guess(STR("932682198501010017")), ID_TYPE__CODE__PERMANENT_RESIDENT);
    assert_int_equal(id_type_guess(STR("810000199408230021")), ID_TYPE__CODE__HK_MACAU_RESIDENCE);
    assert_int_equal(id_type_guess(STR("820000189912310023")), ID_TYPE__CODE__HK_MACAU_RESIDENCE);
    assert_int_equal(id_type_guess(STR("830000199201300022")), ID_TYPE__CODE__TAIWAN_RESIDENCE);
    assert_int_equal(id_type_guess(STR("H12345678")), ID_TYPE__CODE__NONE);
    assert_int_equal(id_type_guess(STR("12345678")), ID_TYPE__CODE__NONE);
    assert_int_equal(id_type_guess(STR("31010118991231001A")), ID_TYPE__CODE__NONE);
    assert_int_equal(id_type_guess(STR("3101011899123100175")), ID_TYPE__CODE__NONE);
    assert_int_equal(id_type_guess(STR("")), ID_TYPE__CODE__NONE);
}

static void test_id_type_from_text_reads_names(void **state)
{
    (void)state; /* no memory needed */
    for (int type = 1; type <= ID_TYPE__CODE__OTHER; type++) {
        IdType__Code back = ID_TYPE__CODE__NONE;
        assert_true(id_type_from_text(id_type_text((IdType__Code)type), &back));
        assert_int_equal(back, type);
    }
    IdType__Code type = ID_TYPE__CODE__OFFICER;
    assert_true(id_type_from_text(STR(" taiwan_permit "), &type));
    assert_int_equal(type, ID_TYPE__CODE__TAIWAN_PERMIT);
    assert_true(id_type_from_text(STR("回乡证"), &type)); /* as CONTRACT 3 says for short */
    assert_int_equal(type, ID_TYPE__CODE__HK_MACAU_PERMIT);
    assert_true(id_type_from_text(STR("港澳居民来往内地通行证"), &type)); /* FACTS 6.3 */
    assert_int_equal(type, ID_TYPE__CODE__HK_MACAU_PERMIT);
    assert_string_equal(id_type_text(type).data, "港澳同胞回乡证"); /* what is written */
    assert_true(id_type_from_text(STR("台湾居民来往大陆通行证"), &type));
    assert_int_equal(type, ID_TYPE__CODE__TAIWAN_PERMIT);
    assert_false(id_type_from_text(STR("none"), &type));
    assert_false(id_type_from_text(STR("户口簿"), &type));
    assert_false(id_type_from_text(STR("居住证"), &type)); /* whose? */
    assert_false(id_type_from_text(STR(""), &type));
    assert_int_equal(type, ID_TYPE__CODE__TAIWAN_PERMIT);
}

static void test_sex_from_text_reads_four_spellings(void **state)
{
    (void)state; /* no memory needed */
    Sex__Code sex = SEX__CODE__NONE;
    assert_true(sex_from_text(STR(" 女 "), &sex) && sex == SEX__CODE__FEMALE);
    assert_true(sex_from_text(STR("M"), &sex) && sex == SEX__CODE__MALE);
    assert_true(sex_from_text(STR("2"), &sex) && sex == SEX__CODE__FEMALE);
    assert_true(sex_from_text(sex_text(SEX__CODE__MALE), &sex) && sex == SEX__CODE__MALE);
    assert_false(sex_from_text(STR("未知"), &sex));
    assert_false(sex_from_text(STR(""), &sex));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_identity_normalise_makes_one_form),
        TEST_WITH_ARENA(test_identity_normalise_refuses_other_forms),
        TEST_WITH_ARENA(test_identity_normalise_knows_where_a_form_ends),
        TEST_WITH_ARENA(test_identity_check_digit_is_right_for_examples),
        TEST_WITH_ARENA(test_identity_key_is_one_for_one_person),
        TEST_WITH_ARENA(test_identity_key_keeps_kinds_apart),
        TEST_WITH_ARENA(test_identity_key_begins_with_the_kind),
        TEST_WITH_ARENA(test_identity_mask_hides_the_middle),
        TEST_WITH_ARENA(test_identity_mask_agrees_looks_at_visible_characters),
        TEST_WITH_ARENA(test_identity_is_masked_sees_stars_of_any_width),
        TEST_WITH_ARENA(test_id_type_guess_looks_at_the_number),
        TEST_WITH_ARENA(test_id_type_from_text_reads_names),
        TEST_WITH_ARENA(test_sex_from_text_reads_four_spellings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
