/* test_table - one description, three forms. */
#include "tests/support/test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/io/table.h"

static const struct column columns[] = {
    {.key = "certificate", .english = "CERTIFICATE", .chinese = "证书编号"},
    {.key = "name", .english = "NAME", .chinese = "姓名"},
    {.key = "count", .english = "COUNT", .chinese = "数量", .is_number = true},
    {.key = "ready", .english = "READY", .chinese = "就绪", .is_bool = true},
    {.key = "note", .english = "NOTE", .chinese = "备注"},
};

static void add_rows(struct table *table)
{
    table_cell(table, STR("沪建安B(2018)0001234"));
    table_cell(table, STR("王𠮷"));
    table_cell(table, STR("12"));
    table_cell(table, STR("true"));
    table_cell(table, STR(""));
    table_cell(table, STR("x"));
    table_cell(table, STR("a,\"b"));
    table_cell(table, STR(""));
    table_cell(table, STR("false"));
    table_cell(table, STR("说明"));
}

static void assert_printed(enum table_format format, enum table_language language,
                           const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct table *table = NULL;
    struct error err = {0};
    assert_true(table_open(format, language, columns, 5, out, &table, &err).ok);
    add_rows(table);
    assert_true(table_close(table, &err).ok);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void test_people_get_aligned_columns_without_trailing_blanks(void **state)
{
    (void)state;
    assert_printed(TABLE_PEOPLE, TABLE_CHINESE,
                   "证书编号             姓名 数量 就绪  备注\n"
                   "沪建安B(2018)0001234 王𠮷   12 true\n"
                   "x                    a,\"b      false 说明\n");
    assert_printed(TABLE_PEOPLE, TABLE_ENGLISH,
                   "CERTIFICATE          NAME COUNT READY NOTE\n"
                   "沪建安B(2018)0001234 王𠮷    12 true\n"
                   "x                    a,\"b       false 说明\n");
}

static void test_json_gives_one_object_a_line(void **state)
{
    (void)state;
    assert_printed(TABLE_JSON, TABLE_CHINESE,
                   "{\"certificate\":\"沪建安B(2018)0001234\",\"name\":\"王𠮷\",\"count\":12,"
                   "\"ready\":true,\"note\":\"\"}\n"
                   "{\"certificate\":\"x\",\"name\":\"a,\\\"b\",\"count\":null,\"ready\":false,"
                   "\"note\":\"说明\"}\n");
}

static void test_csv_gives_keys_and_quotes(void **state)
{
    (void)state;
    assert_printed(TABLE_CSV, TABLE_CHINESE,
                   "certificate,name,count,ready,note\r\n"
                   "沪建安B(2018)0001234,王𠮷,12,true,\r\n"
                   "x,\"a,\"\"b\",,false,说明\r\n");
}

static void test_close_tells_of_a_full_disk(void **state)
{
    (void)state;
    for (enum table_format format = TABLE_PEOPLE; format <= TABLE_CSV; format++) {
        FILE *full = fopen("/dev/full", "w");
        struct table *table = NULL;
        struct error err = {0};
        assert_non_null(full);
        assert_true(table_open(format, TABLE_ENGLISH, columns, 5, full, &table, &err).ok);
        add_rows(table);
        assert_false(table_close(table, &err).ok);
        assert_int_equal(err.class, ERROR_RESOURCE);
        (void)fclose(full);
    }
}

static void test_close_prints_no_rows_as_none(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct table *table = NULL;
    struct error err = {0};
    assert_true(table_open(TABLE_PEOPLE, TABLE_ENGLISH, columns, 5, out, &table, &err).ok);
    assert_true(table_close(table, &err).ok);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "");
    free(text);
}

/* Names with characters that the C library does not know yet, of Extension H (U+31350) and I
 * (U+2EBF0), are names, and as wide as others. What stands in for them stays what it is, too. */
static void test_people_get_names_as_they_are(void **state)
{
    (void)state;
    static const struct column names[] = {{.key = "name", .english = "Name", .chinese = "姓名"},
                                          {.key = "note", .english = "Note", .chinese = "说明"}};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct table *table = NULL;
    struct error err = {0};
    assert_true(table_open(TABLE_PEOPLE, TABLE_ENGLISH, names, 2, out, &table, &err).ok);
    static const char *const rows[] = {"王\U00031350", "\U0002ebf0", "\U00017000\U00017fff",
                                       "\U00031350\U000200001", "王二"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        table_cell(table, str_of(rows[i]));
        table_cell(table, STR("a\nb"));
    }
    assert_true(table_close(table, &err).ok);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "Name  Note\n"
                              "王\U00031350  a\\x0ab\n"
                              "\U0002ebf0    a\\x0ab\n"
                              "\U00017000\U00017fff  a\\x0ab\n"
                              "\U00031350\U000200001 a\\x0ab\n"
                              "王二  a\\x0ab\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_get_aligned_columns_without_trailing_blanks),
        cmocka_unit_test(test_json_gives_one_object_a_line),
        cmocka_unit_test(test_csv_gives_keys_and_quotes),
        cmocka_unit_test(test_close_tells_of_a_full_disk),
        cmocka_unit_test(test_close_prints_no_rows_as_none),
        cmocka_unit_test(test_people_get_names_as_they_are),
    };
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
