/* test_csv_guard - what gets a ' in files for people, and how it comes off again. */
#include "tests/support/test.h"

#include <stdio.h>

#include "core/io/csv.h"
#include "tests/support/scratch.h"

static void assert_guard(const char *cell, const char *written)
{
    const char *path = scratch_path(&test_scratch, "guard.csv");
    struct csv_writer writer;
    struct error err = {0};
    (void)remove(path); /* of the cell before */
    assert_true(csv_writer_create(path, &writer, &err).ok);
    csv_write_mark(&writer);
    csv_write_cell(&writer, STR("编号"));
    csv_write_row_end(&writer);
    csv_write_for_people(&writer, str_of(cell));
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
    assert_true(str_equal_c(csv_without_guard(cells[0]), cell));
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
    /* a spreadsheet changes these, but they are the original cells (decision 0150) */
    assert_guard("310101189912310017", "310101189912310017");
    assert_guard("'310101189912310017", "'310101189912310017");
    assert_guard("0012", "0012");
    assert_guard("2025-05", "2025-05");
    assert_guard("8E40", "8E40");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_guard_keeps_formulas_from_running_and_comes_off_again),
        scratch_unit_test(test_guard_leaves_what_is_no_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
