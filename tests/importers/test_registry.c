/* test_registry - headers: aliases, order, what is missing, what is there twice. */
#include "tests/support/test.h"

#include <string.h>

#include "importers/messages.h"
#include "importers/registry.h"

static struct arena arena;

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

enum { CELLS_MAX = 16 };

static size_t split(const char *line, str cells[CELLS_MAX])
{
    size_t count = 0;
    for (str rest = str_of(line); rest.data != NULL && count < CELLS_MAX;) {
        cells[count++] = str_cut(&rest, ',');
    }
    return count;
}

static outcome match(const char *kind, const char *line, struct import_header *ret,
                     struct error *err)
{
    str cells[CELLS_MAX];
    size_t count = split(line, cells);
    return import_header_match(import_kind_find(str_of(kind)), cells, count, &arena, ret, err);
}

static void assert_refused(const char *kind, const char *line, int code, const char *first)
{
    struct import_header header;
    struct error err = {0};
    assert_false(match(kind, line, &header, &err).ok);
    assert_int_equal(err.class, ERROR_MALFORMED);
    assert_int_equal(err.code, code);
    assert_string_equal(err.args[0].text, first);
}

static void test_kind_find_knows_every_register(void **state)
{
    (void)state;
    for (size_t i = 0; i < import_kinds_count; i++) {
        assert_ptr_equal(import_kind_find(str_of(import_kinds[i].name)), &import_kinds[i]);
    }
    assert_int_equal(import_kinds_count, 9);
    assert_null(import_kind_find(STR("Paper")));
    assert_null(import_kind_find(STR("")));
}

static void test_header_match_takes_any_order_and_spelling(void **state)
{
    (void)state;
    struct import_header header;
    struct error err = {0};
    const char *line = "\xef\xbb\xbf缴纳月份, 身份证号 ,备注,缴纳单位　统一社会信用代码,";
    assert_true(match("insurance", line, &header, &err).ok);
    assert_int_equal(header.column_of[0], -1);
    assert_int_equal(header.column_of[1], 1);
    assert_int_equal(header.column_of[2], 3);
    assert_int_equal(header.column_of[3], 0);
    assert_int_equal(header.file_columns, 5);
    assert_int_equal(header.unknown_count, 1);
    assert_true(str_equal(header.unknown[0], STR("备注")));
}

static void test_header_match_names_what_is_missing(void **state)
{
    (void)state;
    assert_refused("insurance", "证件号码,备注", MESSAGE_COLUMN_MISSING,
                   "缴纳单位统一社会信用代码、缴纳月份");
}

static void test_header_match_refuses_a_column_twice(void **state)
{
    (void)state;
    assert_refused("clerks", "工号,姓名,姓名,部门,部门级别", MESSAGE_COLUMN_TWICE, "姓名");
    assert_refused("insurance", "身份证号,证件号,缴纳单位统一社会信用代码,缴纳月份",
                   MESSAGE_COLUMN_TWICE, "身份证号");
}

static void test_header_match_prefers_a_columns_own_name(void **state)
{
    (void)state;
    struct import_header header;
    struct error err = {0};
    assert_true(match("clerks", "人员姓名,姓名,工号,部门,部门级别", &header, &err).ok);
    assert_int_equal(header.column_of[1], 1);
    assert_int_equal(header.unknown_count, 1);
    assert_true(match("clerks", "姓名,人员姓名,工号,部门,部门级别", &header, &err).ok);
    assert_int_equal(header.column_of[1], 0);
    assert_int_equal(header.unknown_count, 1);
}

static void test_header_match_takes_a_rejects_file_back(void **state)
{
    (void)state;
    struct import_header header;
    struct error err = {0};
    assert_true(match("clerks", "工号,姓名,部门,部门级别,行号,原因代码,原因", &header, &err).ok);
    assert_int_equal(header.unknown_count, 0);
    assert_int_equal(header.file_columns, 7);
    /* A spreadsheet that wrote it anew gave surplus cells headers, empty ones. */
    assert_true(match("clerks", "工号,姓名,部门,部门级别,行号,原因代码,原因,, ", &header, &err).ok);
    assert_int_equal(header.file_columns, 7);
    assert_true(match("clerks", "工号,姓名,部门,部门级别,行号,原因,,", &header, &err).ok);
    assert_int_equal(header.file_columns, 8);
}

static void test_header_known_counts_headers(void **state)
{
    (void)state;
    str cells[CELLS_MAX];
    size_t count = split("工号, 人员姓名,x,", cells);
    assert_int_equal(import_header_known(import_kind_find(STR("clerks")), cells, count), 2);
    count = split("x,y", cells);
    assert_int_equal(import_header_known(import_kind_find(STR("clerks")), cells, count), 0);
}

static void test_row_read_takes_short_rows_and_refuses_long_ones(void **state)
{
    (void)state;
    const struct import_kind *kind = import_kind_find(STR("clerks"));
    struct import_header header;
    struct import_row row;
    struct error err = {0};
    Action action;
    str cells[CELLS_MAX];
    assert_true(match("clerks", "工号,姓名,部门,部门级别,状态", &header, &err).ok);
    size_t count = split("W1,王测试,部门,市", cells);
    assert_true(import_row_read(kind, &header, cells, count, &arena, &row, &action, &err).ok);
    assert_int_equal(action.body_case, ACTION__BODY_REGISTER_CLERK);
    assert_string_equal(action.register_clerk->row->clerk, "W1");
    count = split("W1,王测试,部门,市,, ,", cells);
    assert_true(import_row_read(kind, &header, cells, count, &arena, &row, &action, &err).ok);
    count = split("W1,王测试,部门,市,,x", cells);
    assert_false(import_row_read(kind, &header, cells, count, &arena, &row, &action, &err).ok);
    assert_int_equal(err.class, ERROR_INVALID);
    assert_int_equal(err.code, MESSAGE_BAD_CODE);
}

/* Of the bytes of U+FFFD the first begins full-width signs as well. */
static void test_row_read_finds_a_lost_character_behind_others(void **state)
{
    (void)state;
    static const char *const cells_with[] = {"\ufffd处", "１处\ufffd", "１\ufffd", "\ufffc\ufffd"};
    static const char *const cells_without[] = {"１处", "\ufffc", "处"};
    const struct import_kind *kind = import_kind_find(STR("clerks"));
    struct import_header header;
    struct import_row row;
    struct error err = {0};
    Action action;
    str cells[] = {STR("W1"), STR("王测试"), STR(""), STR("市")};
    assert_true(match("clerks", "工号,姓名,部门,部门级别", &header, &err).ok);
    for (size_t i = 0; i < sizeof cells_with / sizeof *cells_with; i++) {
        cells[2] = str_of(cells_with[i]);
        assert_false(import_row_read(kind, &header, cells, 4, &arena, &row, &action, &err).ok);
        assert_string_equal(err.args[1].text, "lost_character");
    }
    for (size_t i = 0; i < sizeof cells_without / sizeof *cells_without; i++) {
        cells[2] = str_of(cells_without[i]);
        assert_true(import_row_read(kind, &header, cells, 4, &arena, &row, &action, &err).ok);
    }
}

static void test_row_read_never_tells_the_cell(void **state)
{
    (void)state;
    const struct import_kind *kind = import_kind_find(STR("insurance"));
    struct import_header header;
    struct import_row row;
    struct error err = {0};
    Action action;
    str cells[CELLS_MAX];
    assert_true(match("insurance", "证件号码,缴纳单位统一社会信用代码,缴纳月份", &header, &err).ok);
    static const char *const lines[] = {"SECRET1,91310101MATEX00109,2022-05",
                                        "310101189912310017,SECRET1,2022-05",
                                        "310101189912310017,91310101MATEX00109,SECRET1"};
    for (size_t i = 0; i < 3; i++) {
        size_t count = split(lines[i], cells);
        assert_false(import_row_read(kind, &header, cells, count, &arena, &row, &action, &err).ok);
        for (int k = 0; k < err.args_count; k++) {
            assert_null(strstr(err.args[k].text, "SECRET1"));
        }
    }
}

/* 长期 and 长期有效 stand on cards; another word is no day. */
static void test_row_read_knows_cards_without_an_end(void **state)
{
    (void)state;
    const struct import_kind *kind = import_kind_find(STR("identities"));
    static const struct {
        const char *until;
        bool read, forever;
    } rows[] = {
        {"长期", true, true}, {"长期有效", true, true}, {"20400101", true, false},
        {"", true, false},    {"永久", false, false},
    };
    struct import_header header;
    struct import_row row;
    struct error err = {0};
    Action action;
    str cells[CELLS_MAX];
    assert_true(match("identities",
                      "姓名,性别,出生日期,证件类型,证件号码,采集日期,采集方式,有效期起,有效期止",
                      &header, &err)
                    .ok);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t count = split(
            "王测试,男,1899-12-31,身份证,310101189912310017,2022-05-01,在线,2020-01-01,x", cells);
        cells[count - 1] = str_of(rows[i].until);
        bool read = import_row_read(kind, &header, cells, count, &arena, &row, &action, &err).ok;
        assert_int_equal(read, rows[i].read);
        if (read) {
            const Personal *person = action.collect_identity->row->personal;
            assert_int_equal((bool)person->valid_forever, rows[i].forever);
            assert_int_equal(person->valid_to != NULL, i == 2);
        } else {
            assert_int_equal(err.code, MESSAGE_BAD_DATE);
        }
    }
}

/* The lists of `rename` and `notice`: what a row of each asks for, and what is told of a bad one.
 */
static void test_row_read_reads_lists_of_waves(void **state)
{
    (void)state;
    enum { END = 18791 }; /* 2021-06-13 */
    static const char renames[] = "新企业名称,统一社会信用代码";
    static const char plan[] = "统一社会信用代码,新企业名称,证书编号,证书所载企业名称,有效期至";
    static const char notice[] = "证书编号,统一社会信用代码,证书所载企业名称,类别,有效期至";
    static const struct {
        const struct import_kind *kind;
        const char *header, *line;
        int code;                /* 0: it is read */
        const char *column;      /* that is told */
        const char *expected[4]; /* enterprise, enterprise_name, certificate, post_text */
        int32_t end;             /* 0: none */
    } rows[] = {
        {&import_renames,
         renames,
         "上海新名有限公司,91310101ｍatex00109",
         0,
         "",
         {"91310101MATEX00109", "上海新名有限公司", "", ""},
         0},
        {&import_renames,
         renames,
         "上海新名有限公司,913",
         MESSAGE_BAD_CODE,
         "统一社会信用代码",
         {NULL},
         0},
        {&import_renames,
         renames,
         "上海新名有限公?,91310101MATEX00109",
         MESSAGE_DAMAGED_NAME,
         "新企业名称",
         {NULL},
         0},
        {&import_rename_plan,
         plan,
         "91310101MATEX00109,上海新名有限公司,沪建安Ｂ（2018）0000001,上海旧名有限公司,2021/6/13",
         0,
         "",
         {"91310101MATEX00109", "上海新名有限公司", "沪建安B(2018)0000001", "上海旧名有限公司"},
         END},
        {&import_rename_plan,
         plan,
         "91310101MATEX00109,上海新名有限公司,沪建安B(2018)0000001",
         0,
         "",
         {"91310101MATEX00109", "上海新名有限公司", "沪建安B(2018)0000001", ""},
         0},
        {&import_rename_plan,
         plan,
         "913,上海新名有限公司,沪建安B(2018)0000001",
         MESSAGE_BAD_CODE,
         "统一社会信用代码",
         {NULL},
         0},
        {&import_rename_plan,
         plan,
         "91310101MATEX00109,上海新名有限公司,沪建安",
         MESSAGE_BAD_NUMBER,
         "证书编号",
         {NULL},
         0},
        {&import_rename_plan,
         plan,
         "91310101MATEX00109,上海新名有限公司,沪建安B(2018)0000001,,2021-06-31",
         MESSAGE_BAD_DATE,
         "有效期至",
         {NULL},
         0},
        {&import_notice_plan,
         notice,
         "沪建安C1(2018)0000002,91310101MATEX00109,上海旧名有限公司,C1,2021-06-13",
         0,
         "",
         {"", "", "沪建安C1(2018)0000002", "上海旧名有限公司"},
         END},
        {&import_notice_plan,
         notice,
         "沪建安,91310101MATEX00109,上海旧名有限公司,C1,2021-06-13",
         MESSAGE_BAD_NUMBER,
         "证书编号",
         {NULL},
         0},
        {&import_notice_plan,
         notice,
         "沪建安C1(2018)0000002,,,,长期",
         MESSAGE_BAD_DATE,
         "有效期至",
         {NULL},
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct import_header header;
        struct import_row row;
        struct error err = {0};
        Action action;
        str cells[CELLS_MAX];
        size_t count = split(rows[i].header, cells);
        assert_true(import_header_match(rows[i].kind, cells, count, &arena, &header, &err).ok);
        count = split(rows[i].line, cells);
        bool read =
            import_row_read(rows[i].kind, &header, cells, count, &arena, &row, &action, &err).ok;
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(read, rows[i].code == 0);
        if (!read) {
            assert_string_equal(err.args[0].text, rows[i].column);
            continue;
        }
        const PaperRegistered *entry = action.register_paper->row;
        assert_int_equal(action.body_case, ACTION__BODY_REGISTER_PAPER);
        assert_string_equal(entry->enterprise, rows[i].expected[0]);
        assert_string_equal(entry->enterprise_name, rows[i].expected[1]);
        assert_string_equal(entry->certificate, rows[i].expected[2]);
        assert_string_equal(entry->post_text, rows[i].expected[3]);
        assert_int_equal(entry->valid_until != NULL ? entry->valid_until->days : 0, rows[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kind_find_knows_every_register),
        cmocka_unit_test(test_header_match_takes_any_order_and_spelling),
        cmocka_unit_test(test_header_match_names_what_is_missing),
        cmocka_unit_test(test_header_match_refuses_a_column_twice),
        cmocka_unit_test(test_header_match_prefers_a_columns_own_name),
        cmocka_unit_test(test_header_match_takes_a_rejects_file_back),
        cmocka_unit_test(test_header_known_counts_headers),
        cmocka_unit_test(test_row_read_takes_short_rows_and_refuses_long_ones),
        cmocka_unit_test(test_row_read_finds_a_lost_character_behind_others),
        cmocka_unit_test(test_row_read_never_tells_the_cell),
        cmocka_unit_test(test_row_read_knows_cards_without_an_end),
        cmocka_unit_test(test_row_read_reads_lists_of_waves),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
