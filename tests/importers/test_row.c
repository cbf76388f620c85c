/* test_row - the cell readers on their own. */
#include "tests/support/test.h"

#include <string.h>

#include "importers/messages.h"
#include "importers/row.h"

static struct arena arena;

static const struct import_column columns[] = {{.name = "甲"}, {.name = "乙"}};
static const struct import_kind kind = {.name = "test", .columns = columns, .columns_count = 2};

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A row of two cells; the second is what most readers are given. */
static struct import_row row_of(const char *first, const char *second)
{
    str *cells = ARENA_ARRAY(&arena, str, 2);
    cells[0] = str_trim(str_of(first));
    cells[1] = str_trim(str_of(second));
    return (struct import_row){.cells = cells, .kind = &kind};
}

static void assert_date(const char *cell, int code, const char *found)
{
    struct import_row row = row_of("", cell);
    struct error err = {0};
    Date *date = NULL;
    assert_int_equal(row_date(&row, 1, &arena, &date, &err).ok, code == 0);
    assert_int_equal(err.code, code);
    if (code != 0) {
        assert_string_equal(err.args[0].text, "乙");
        assert_string_equal(err.args[1].text, found);
    } else {
        assert_int_equal(date->days, 17696); /* 2018-06-14 */
    }
}

static void test_date_reads_every_spelling(void **state)
{
    (void)state;
    assert_date("2018-06-14", 0, "");
    assert_date("2018/6/14", 0, "");
    assert_date("20180614", 0, "");
    assert_date("2018年6月14日", 0, "");
    assert_date("'２０１８－０６－１４　", 0, "");
    assert_date("43265", MESSAGE_BAD_DATE, "spreadsheet_serial");
    assert_date("2018-06-31", MESSAGE_BAD_DATE, "form");
    assert_date("2018-06-14 00:00:00", MESSAGE_BAD_DATE, "time_of_day");
    assert_date("2018/6/14 0:00", MESSAGE_BAD_DATE, "time_of_day");
    assert_date("12:30", MESSAGE_BAD_DATE, "time_of_day");
    assert_date("长期", MESSAGE_BAD_DATE, "form");
    assert_date("自:今", MESSAGE_BAD_DATE, "form");
    assert_date("4326", MESSAGE_BAD_DATE, "form");
    struct import_row row = row_of("", "");
    struct error err = {0};
    Date *date = (Date *)&row;
    assert_true(row_date(&row, 1, &arena, &date, &err).ok);
    assert_null(date);
}

static void test_date_order_names_both_columns(void **state)
{
    (void)state;
    struct import_row row = row_of("", "");
    struct error err = {0};
    Date early;
    Date late;
    date__init(&early);
    date__init(&late);
    late.days = 1;
    assert_true(row_date_order(&row, 0, &early, 1, &late, &err).ok);
    assert_true(row_date_order(&row, 0, &early, 1, &early, &err).ok);
    assert_true(row_date_order(&row, 0, NULL, 1, &early, &err).ok);
    assert_false(row_date_order(&row, 0, &late, 1, &early, &err).ok);
    assert_int_equal(err.code, MESSAGE_DATE_ORDER);
    assert_string_equal(err.args[0].text, "甲");
    assert_string_equal(err.args[1].text, "乙");
}

static void assert_identity(const char *type, const char *number, int code, IdType__Code expected,
                            const char *normal)
{
    struct import_row row = row_of(type, number);
    struct error err = {0};
    Personal person;
    personal__init(&person);
    assert_int_equal(row_identity(&row, 0, 1, NULL, &arena, &person, &err).ok, code == 0);
    assert_int_equal(err.code, code);
    assert_int_equal(person.id_type, expected);
    assert_string_equal(person.id_number, normal);
}

static void test_identity_normalises_and_guesses(void **state)
{
    (void)state;
    assert_identity("身份证", "31010118991231005x", 0, ID_TYPE__CODE__RESIDENT,
                    "31010118991231005X");
    assert_identity("", "31010118991231005Ｘ", 0, ID_TYPE__CODE__RESIDENT, "31010118991231005X");
    assert_identity("", "830000189912310033", 0, ID_TYPE__CODE__TAIWAN_RESIDENCE,
                    "830000189912310033");
    assert_identity("外国护照", "'P1234567", 0, ID_TYPE__CODE__PASSPORT, "P1234567");
    assert_identity("", "P1234567", MESSAGE_ID_TYPE_MISSING, ID_TYPE__CODE__NONE, "");
    assert_identity("护照本", "P1234567", MESSAGE_BAD_ID_TYPE, ID_TYPE__CODE__NONE, "");
    assert_identity("身份证", "3.10101E+17", MESSAGE_BAD_NUMBER, ID_TYPE__CODE__NONE, "");
    assert_identity("身份证", "310*************17", MESSAGE_BAD_NUMBER, ID_TYPE__CODE__NONE, "");
    assert_identity("身份证", "31010118991231001", MESSAGE_BAD_NUMBER, ID_TYPE__CODE__NONE, "");
}

static void test_identity_warns_of_check_digits_only(void **state)
{
    (void)state;
    struct error err = {0};
    Personal person;
    personal__init(&person);
    struct import_row wrong = row_of("身份证", "310101189912310018");
    assert_true(row_identity(&wrong, 0, 1, NULL, &arena, &person, &err).ok);
    assert_int_equal(wrong.warnings_count, 1);
    assert_int_equal(wrong.warnings[0], MESSAGE_CHECK_DIGIT);
    assert_string_equal(wrong.warning_columns[0], "乙");
    struct import_row right = row_of("身份证", "310101189912310017");
    assert_true(row_identity(&right, 0, 1, NULL, &arena, &person, &err).ok);
    assert_int_equal(right.warnings_count, 0);
}

static void test_identity_keeps_masked_numbers_where_allowed(void **state)
{
    (void)state;
    struct error err = {0};
    Personal person;
    bool masked = false;
    personal__init(&person);
    struct import_row row = row_of("身份证", "310*************1x");
    assert_true(row_identity(&row, 0, 1, &masked, &arena, &person, &err).ok);
    assert_true(masked);
    assert_string_equal(person.id_number, "310*************1X");
    struct import_row few = row_of("身份证", "3*************17X"); /* four signs are enough */
    assert_true(row_identity(&few, 0, 1, &masked, &arena, &person, &err).ok);
    struct import_row bare = row_of("身份证", "3**************17");
    assert_false(row_identity(&bare, 0, 1, &masked, &arena, &person, &err).ok);
    struct import_row whole = row_of("身份证", "310101189912310017");
    assert_true(row_identity(&whole, 0, 1, &masked, &arena, &person, &err).ok);
    assert_false(masked);
}

static void assert_name(const char *cell, int code, int warning, const char *expected)
{
    struct import_row row = row_of("", cell);
    struct error err = {0};
    char *name = NULL;
    assert_int_equal(row_person_name(&row, 1, &arena, &name, &err).ok, code == 0);
    assert_int_equal(err.code, code);
    if (code == 0) {
        assert_string_equal(name, expected);
        assert_int_equal(row.warnings_count > 0 ? row.warnings[0] : 0, warning);
    }
}

static void test_person_name_is_kept_as_written(void **state)
{
    (void)state;
    assert_name("王\n测试", 0, 0, "王测试");
    assert_name("阿卜·示例", 0, 0, "阿卜·示例");
    assert_name("阿卜•示例", 0, MESSAGE_NAME_SEPARATOR, "阿卜•示例");
    assert_name("王\ue000", 0, MESSAGE_PUA_CHARACTER, "王\ue000");
    assert_name("王?", MESSAGE_DAMAGED_NAME, 0, "");
    assert_name("王〓", MESSAGE_DAMAGED_NAME, 0, "");
    assert_name("王\ufffd", MESSAGE_DAMAGED_NAME, 0, "");
}

static void test_category_reads_letters(void **state)
{
    (void)state;
    struct error err = {0};
    Category__Code category = CATEGORY__CODE__NONE;
    struct import_row row = row_of("ｃ２类", "D");
    assert_true(row_category(&row, 0, false, &arena, &category, &err).ok);
    assert_int_equal(category, CATEGORY__CODE__C2);
    assert_true(row_category(&row, 1, true, &arena, &category, &err).ok);
    assert_int_equal(category, CATEGORY__CODE__OTHER);
    assert_false(row_category(&row, 1, false, &arena, &category, &err).ok);
    assert_int_equal(err.code, MESSAGE_BAD_CATEGORY);
    static const char *const others[][2] = {{"A1", "Z9"}, {"a1类", "Z证"}};
    static const char *const none[][2] = {{"类", "11"}, {"D1X", "DX"}, {"D12", "@1"}, {"[1", "丁"}};
    for (size_t i = 0; i < 2 * sizeof others / sizeof others[0]; i++) {
        row = row_of(others[i / 2][0], others[i / 2][1]);
        category = CATEGORY__CODE__NONE;
        assert_true(row_category(&row, i % 2, true, &arena, &category, &err).ok);
        assert_int_equal(category, CATEGORY__CODE__OTHER);
    }
    for (size_t i = 0; i < 2 * sizeof none / sizeof none[0]; i++) {
        row = row_of(none[i / 2][0], none[i / 2][1]);
        assert_false(row_category(&row, i % 2, true, &arena, &category, &err).ok);
    }
}

static void test_certificate_keeps_the_spelling_that_differs(void **state)
{
    (void)state;
    struct error err = {0};
    struct number number;
    char *spelled = NULL;
    struct import_row row = row_of("沪建安Ｂ（２０１８） 0001234", "沪建安B(2018)0001234");
    assert_true(row_certificate(&row, 0, &arena, &number, &spelled, &err).ok);
    assert_true(str_equal(number.canonical, STR("沪建安B(2018)0001234")));
    assert_string_equal(spelled, "沪建安Ｂ（２０１８） 0001234");
    assert_true(row_certificate(&row, 1, &arena, &number, &spelled, &err).ok);
    assert_string_equal(spelled, "");
    struct import_row bad = row_of("2.02E+11", "沪建安");
    assert_false(row_certificate(&bad, 0, &arena, &number, &spelled, &err).ok);
    assert_string_equal(err.args[1].text, "scientific_notation");
    assert_false(row_certificate(&bad, 1, &arena, &number, &spelled, &err).ok);
    assert_string_equal(err.args[1].text, "form");
}

static void test_is_scientific_knows_spreadsheet_numbers(void **state)
{
    (void)state;
    assert_true(text_is_scientific(STR("3.10101E+17")));
    assert_true(text_is_scientific(STR("9e17")));
    assert_false(text_is_scientific(STR("E12345678")));
    assert_false(text_is_scientific(STR("12E4567")));
    assert_false(text_is_scientific(STR("3.10101E+")));
    assert_false(text_is_scientific(STR("3")));
    assert_false(text_is_scientific(STR("")));
}

static void test_code_is_bounded(void **state)
{
    (void)state;
    char text[66];
    char *code = NULL;
    struct error err = {0};
    memset(text, 'A', sizeof text);
    text[65] = 0;
    struct import_row row = row_of("W01", text);
    assert_false(row_code(&row, 1, &arena, &code, &err).ok);
    assert_int_equal(err.code, MESSAGE_TOO_LARGE);
    assert_null(code);
    text[64] = 0;
    row = row_of("3.10101E+17", text);
    assert_true(row_code(&row, 1, &arena, &code, &err).ok);
    assert_string_equal(code, text);
    assert_false(row_code(&row, 0, &arena, &code, &err).ok);
    assert_string_equal(err.args[1].text, "scientific_notation");
}

static void test_field_is_bounded(void **state)
{
    (void)state;
    char text[4098] = "";
    struct error err = {0};
    Personal person;
    personal__init(&person);
    memset(text, 'A', sizeof text - 1);
    struct import_row row = row_of("", text);
    assert_false(row_field(&row, 1, &arena, &person, &err).ok);
    assert_int_equal(err.code, MESSAGE_TOO_LARGE);
    assert_int_equal(person.n_fields, 0);
    text[4096] = 0;
    row = row_of("", text);
    assert_true(row_field(&row, 0, &arena, &person, &err).ok);
    assert_int_equal(person.n_fields, 0); /* an empty one says nothing */
    assert_true(row_field(&row, 1, &arena, &person, &err).ok);
    assert_int_equal(person.n_fields, 1);
    assert_string_equal(person.fields[0]->name, "乙");
    assert_string_equal(person.fields[0]->value, text);
}

static void test_is_spreadsheet_error_knows_words_and_signs(void **state)
{
    (void)state;
    assert_true(text_is_spreadsheet_error(STR("#N/A")));
    assert_true(text_is_spreadsheet_error(STR("#NUM!")));
    assert_true(text_is_spreadsheet_error(STR("##")));
    assert_true(text_is_spreadsheet_error(STR("########")));
    assert_false(text_is_spreadsheet_error(STR("#")));
    assert_false(text_is_spreadsheet_error(STR("#1")));
    assert_false(text_is_spreadsheet_error(STR("##甲")));
    assert_false(text_is_spreadsheet_error(STR("#N/A甲")));
    assert_false(text_is_spreadsheet_error(STR("N/A")));
    assert_false(text_is_spreadsheet_error(STR("")));
}

/* The first and the last sign of each range, and their neighbours. */
static void test_holds_invisible_knows_the_ends_of_each_range(void **state)
{
    (void)state;
    static const char *const invisible[] = {"\u00ad", "\u061c", "\u2000", "\u200f", "\u2028",
                                            "\u202e", "\u2060", "\u206f", "\ufeff"};
    static const char *const others[] = {"\u00ac", "\u00ae", "\u061b", "\u061d", "\u1fff",
                                         "\u2010", "\u2027", "\u202f", "\u205f", "\u2070",
                                         "\ufefe", "\uff00", "王"};
    for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++) {
        assert_true(text_holds_invisible(arena_format(&arena, "王%s试", invisible[i])));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(text_holds_invisible(arena_format(&arena, "王%s试", others[i])));
    }
}

static void test_warn_keeps_the_first_ones(void **state)
{
    (void)state;
    struct import_row row = row_of("", "");
    for (int i = 0; i < IMPORT_WARNINGS_MAX + 3; i++) {
        row_warn(&row, MESSAGE_CHECK_DIGIT, 0);
    }
    assert_int_equal(row.warnings_count, IMPORT_WARNINGS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_reads_every_spelling),
        cmocka_unit_test(test_date_order_names_both_columns),
        cmocka_unit_test(test_identity_normalises_and_guesses),
        cmocka_unit_test(test_identity_warns_of_check_digits_only),
        cmocka_unit_test(test_identity_keeps_masked_numbers_where_allowed),
        cmocka_unit_test(test_person_name_is_kept_as_written),
        cmocka_unit_test(test_category_reads_letters),
        cmocka_unit_test(test_certificate_keeps_the_spelling_that_differs),
        cmocka_unit_test(test_is_scientific_knows_spreadsheet_numbers),
        cmocka_unit_test(test_code_is_bounded),
        cmocka_unit_test(test_field_is_bounded),
        cmocka_unit_test(test_is_spreadsheet_error_knows_words_and_signs),
        cmocka_unit_test(test_holds_invisible_knows_the_ends_of_each_range),
        cmocka_unit_test(test_warn_keeps_the_first_ones),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
