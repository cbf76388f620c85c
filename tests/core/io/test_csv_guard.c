/* test_csv_guard - what gets a ' in files for people, and in those that people mend, and how it
 * comes off again. */
#include "tests/support/test.h"

#include <stdio.h>

#include "core/io/csv.h"
#include "tests/support/scratch.h"

static void assert_guard_by(void (*write)(struct csv_writer *writer, str cell),
                            str (*without)(str cell), const char *cell, const char *written)
{
    const char *path = scratch_path(&test_scratch, "guard.csv");
    struct csv_writer writer;
    struct error err = {0};
    (void)remove(path); /* of the cell before */
    assert_true(csv_writer_create(path, &writer, &err).ok);
    csv_write_mark(&writer);
    csv_write_cell(&writer, STR("编号"));
    csv_write_row_end(&writer);
    write(&writer, str_of(cell));
    csv_write_row_end(&writer);
    assert_true(csv_writer_close(&writer, &err).ok);
    CSV_AUTO csv = NULL;
    assert_true(csv_open(path, ENCODING_FIND, NULL, &csv, &err).ok);
    const str *cells = NULL;
    size_t count = 0;
    uint64_t row = 0;
    bool more = false;
    assert_true(csv_next(csv, &cells, &count, &row, &more, &err).ok);
    assert_true(more);
    assert_true(str_equal_c(cells[0], written));
    assert_true(str_equal_c(without(cells[0]), cell));
}

static void assert_guard(const char *cell, const char *written)
{
    assert_guard_by(csv_write_for_people, csv_without_guard, cell, written);
}

static void assert_mending_guard(const char *cell, bool guarded)
{
    char written[64];
    (void)snprintf(written, sizeof written, "%s%s", guarded ? "'" : "", cell);
    assert_guard_by(csv_write_for_mending, csv_without_mending_guard, cell, written);
}

static void test_guard_keeps_numbers_and_months_for_mending(void **state)
{
    static const char *const changed[] = {"310101189912310017",
                                          "'310101189912310017",
                                          "123456789012",
                                          "913100001234567890",
                                          "９１３１０１０１２３４５",
                                          "0012",
                                          "00",
                                          "2025-05",
                                          "2025/5",
                                          "3-5",
                                          "1/2",
                                          "1-2-2003",
                                          "8E40",
                                          "8e4",
                                          "310101189912310017.0",
                                          "91310000123456E12",
                                          "=1",
                                          "'+1"};
    static const char *const kept[] = {"12345678901",
                                       "0",
                                       "7",
                                       "2018-06-14",
                                       "2018/6/14",
                                       "20180614",
                                       "021-62345678",
                                       "31010118991231005X",
                                       "3.10101E+17",
                                       "12E4567",
                                       "'",
                                       "T000784",
                                       "1-",
                                       "1--2",
                                       "1-2-3-4",
                                       "1.2.03",
                                       "1-2/3",
                                       "1.5",
                                       "2018-06-14 0:00",
                                       "一"};
    (void)state;
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        assert_mending_guard(changed[i], true);
    }
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        assert_mending_guard(kept[i], false);
    }
}

static void test_guard_keeps_formulas_from_running_and_comes_off_again(void **state)
{
    (void)state;
    assert_guard("=1+1", "'=1+1");
    assert_guard("+86", "'+86");
    assert_guard("-", "'-");
    assert_guard("@SUM(A1)", "'@SUM(A1)");
    assert_guard("\t=1", "'\t=1");
    assert_guard("\n=1", "'\n=1");
    assert_guard("＝1", "'＝1");
    assert_guard("－1", "'－1");
    assert_guard("＋1", "'＋1");
    assert_guard("＠x", "'＠x");
    assert_guard("  =1", "'  =1");
    assert_guard("　=1", "'　=1");
    assert_guard("'=1", "''=1");
    assert_guard("''=1", "'''=1");
    assert_guard("=\"a\",b", "'=\"a\",b");
}

static void test_guard_leaves_what_is_no_formula(void **state)
{
    (void)state;
    assert_guard("'张三", "'张三");
    assert_guard("'", "'");
    assert_guard("''", "''");
    assert_guard("甲=乙", "甲=乙");
    assert_guard("1-2", "1-2");
    assert_guard("' x", "' x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_guard_keeps_formulas_from_running_and_comes_off_again),
        scratch_unit_test(test_guard_leaves_what_is_no_formula),
        scratch_unit_test(test_guard_keeps_numbers_and_months_for_mending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
