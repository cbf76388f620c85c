/* test_headers - the columns of every file, spelled out once more: each heading that a column may
 * have (docs/facts.md 5.4), and which columns a file cannot be without. An agency that sends
 * 工程名称 is not to find out that a row of a table went. */
#include "tests/support/test.h"

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

#define NAME        "*姓名|人员姓名"
#define ID_NUMBER   "*证件号码|身份证号|证件号|身份证件号码|身份证号码"
#define CERTIFICATE "*证书编号|证书号|证号|编号"
#define CATEGORY    "*类别|岗位类别|证书类别|人员类别|岗位类型"
#define ENTERPRISE  "*企业名称|单位名称|聘用企业|公司名称"
#define CODE        "统一社会信用代码|社会信用代码"
#define VALID_UNTIL "有效期至|有效期|有效期结束日期|到期日期|有效截止日期"

/* Columns in the order of the format, * before those that must be there, | between headings. */
static const struct {
    const struct import_kind *kind; /* NULL: found by name */
    const char *name;
    const char *columns;
} files[] = {
    {NULL, "enterprises",
     "*" CODE "," ENTERPRISE ",*法定代表人姓名|法定代表人,*法定代表人证件类型,"
     "*法定代表人证件号码|法定代表人身份证号,资质名称及等级,企业状态"},
    {NULL, "identities",
     NAME ",*性别,民族,*出生日期,住址,*证件类型," ID_NUMBER ",签发机关,有效期起|有效期起始日期,"
          "有效期止|有效期至|有效期结束日期,照片,采集窗口,*采集日期,*采集方式,个人数字证书"},
    {NULL, "clerks", "*工号," NAME ",*部门,*部门级别,状态"},
    {NULL, "exams",
     NAME ",*证件类型," ID_NUMBER "," CATEGORY ",*考核类型,*考试日期,*结论,*成绩有效期至,准考证号"},
    {NULL, "insurance", "证件类型," ID_NUMBER ",*缴纳单位统一社会信用代码|" CODE ",*缴纳月份"},
    {NULL, "paper",
     CERTIFICATE "," CATEGORY "," NAME ",*证件类型," ID_NUMBER ",*" CODE "," ENTERPRISE
                 ",职务,初次领证日期,*发证日期,*" VALID_UNTIL ",*状态|证书状态"},
    {NULL, "national",
     CERTIFICATE "," NAME ",*证件类型," ID_NUMBER "," CATEGORY "," ENTERPRISE "," CODE
                 ",发证机关,初次领证日期,*发证日期,*" VALID_UNTIL ",*状态|证书状态"},
    {NULL, "registrations",
     "证件类型," ID_NUMBER ",*注册类型,*注册编号|注册号,*注册单位统一社会信用代码|" CODE
     ",状态|注册状态,状态说明," VALID_UNTIL},
    {NULL, "contracts",
     "证件类型," ID_NUMBER ",*项目名称|工程名称,项目规模及技术指标,*本人在工程中所起的作用,"
     "*完成项目的工程单位,资质名称及等级,开始时间,结束时间,项目所在地省市,业绩完成单位所在地省市"},
    {&import_renames, "renames", "*" CODE ",*新企业名称|新单位名称|变更后企业名称"},
    {&import_rename_plan, "rename-plan",
     "*" CODE ",*新企业名称," CERTIFICATE ",证书所载企业名称|当前企业名称," VALID_UNTIL},
    {&import_notice_plan, "notice-plan",
     CERTIFICATE ",证书所载企业名称|当前企业名称," VALID_UNTIL ",通知文号,变更为"},
};
enum { FILES = sizeof files / sizeof *files };

struct column {
    bool mandatory;
    str names[8];
    size_t names_count;
};

static size_t columns_of(const char *text, struct column columns[IMPORT_COLUMNS_MAX])
{
    size_t count = 0;
    for (str rest = str_of(text); rest.data != NULL; count++) {
        struct column *column = &columns[count];
        str names = str_cut(&rest, ',');
        column->mandatory = names.data[0] == '*';
        names = str_from(names, column->mandatory ? 1 : 0);
        for (column->names_count = 0; names.data != NULL; column->names_count++) {
            column->names[column->names_count] = str_cut(&names, '|');
        }
    }
    return count;
}

static const struct import_kind *kind_of(size_t file)
{
    const struct import_kind *kind = files[file].kind;
    kind = kind != NULL ? kind : import_kind_find(str_of(files[file].name));
    assert_non_null(kind);
    assert_string_equal(kind->name, files[file].name);
    return kind;
}

static void test_header_match_takes_every_heading_of_a_column(void **state)
{
    (void)state;
    for (size_t file = 0; file < FILES; file++) {
        struct column columns[IMPORT_COLUMNS_MAX];
        size_t count = columns_of(files[file].columns, columns);
        str cells[IMPORT_COLUMNS_MAX];
        assert_int_equal(count, kind_of(file)->columns_count);
        for (size_t i = 0; i < count; i++) {
            cells[i] = columns[i].names[0];
        }
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < columns[i].names_count; k++) {
                struct import_header header;
                struct error err = {0};
                cells[i] = columns[i].names[k];
                assert_true(
                    import_header_match(kind_of(file), cells, count, &arena, &header, &err).ok);
                assert_int_equal(header.column_of[i], i);
                assert_int_equal(header.unknown_count, 0);
            }
            cells[i] = columns[i].names[0];
        }
    }
}

/* The negative twin: one column less. */
static void test_header_match_misses_what_must_be_there(void **state)
{
    (void)state;
    for (size_t file = 0; file < FILES; file++) {
        struct column columns[IMPORT_COLUMNS_MAX];
        size_t count = columns_of(files[file].columns, columns);
        for (size_t missing = 0; missing < count; missing++) {
            struct import_header header;
            struct error err = {0};
            str cells[IMPORT_COLUMNS_MAX];
            size_t there = 0;
            for (size_t i = 0; i < count; i++) {
                if (i != missing) {
                    cells[there++] = columns[i].names[0];
                }
            }
            bool taken = import_header_match(kind_of(file), cells, there, &arena, &header, &err).ok;
            assert_int_equal(taken, !columns[missing].mandatory);
            if (!taken) {
                assert_int_equal(err.class, ERROR_MALFORMED);
                assert_int_equal(err.code, MESSAGE_COLUMN_MISSING);
                assert_true(str_equal_c(columns[missing].names[0], err.args[0].text));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_match_takes_every_heading_of_a_column),
        cmocka_unit_test(test_header_match_misses_what_must_be_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
