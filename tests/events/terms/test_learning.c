/* test_learning - titles and education in the national platform's codes (FACTS 3.3). */
#include "events/terms/learning.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

struct row {
    const char *text;
    const char *code; /* or NULL */
};

static void assert_rows(const struct row *rows, size_t count,
                        const char *(*read)(str text, struct arena *arena), struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        const char *code = read(str_of(rows[i].text), arena);
        if (rows[i].code == NULL) {
            assert_null(code);
        } else {
            assert_non_null(code);
            assert_string_equal(code, rows[i].code);
        }
    }
}

static void test_title_code_reads_the_five_ranks(void **state)
{
    static const struct row rows[] = {
        {"正高级工程师", "01"},   {"教授级高级工程师", "01"}, {"高级工程师", "02"},
        {"建筑高级工程师", "02"}, {"工程师", "03"},           {" 工 程 师　", "03"},
        {"助理工程师", "04"},     {"技术员", "05"},           {"高级经济师", "02"},
        {"经济师", "03"},
    };
    assert_rows(rows, sizeof rows / sizeof rows[0], title_code, *state);
}

static void test_title_code_knows_no_other(void **state)
{
    static const struct row rows[] = {
        {"", NULL}, {"主任", NULL}, {"工程", NULL}, {"高级技师", NULL}, {"高级工", NULL}};
    assert_rows(rows, sizeof rows / sizeof rows[0], title_code, *state);
}

static void test_education_code_reads_every_degree(void **state)
{
    static const struct row rows[] = {
        {"博士研究生", "01"}, {"硕士研究生", "02"}, {"研究生", "02"}, {"大学本科", "03"},
        {"专科", "04"},       {"大专", "04"},       {"中专", "05"},   {"中等专科", "05"},
        {"高中", "06"},       {"初中", "07"},       {"小学", "07"},   {"进修班", "99"},
        {"", NULL},           {"　", NULL},
    };
    assert_rows(rows, sizeof rows / sizeof rows[0], education_code, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_title_code_reads_the_five_ranks),
        TEST_WITH_ARENA(test_title_code_knows_no_other),
        TEST_WITH_ARENA(test_education_code_reads_every_degree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
