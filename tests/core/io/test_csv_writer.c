/* test_csv_writer - cells that are searched with memchr and cells that are looked at byte by byte
 * are quoted alike. */
#include "core/io/csv.h"

#include <string.h>

#include "core/io/file.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { LONGEST = 200 };

static void check(struct scratch *scratch, str cell, const char *expected)
{
    struct error err = {0};
    struct csv_writer writer;
    const char *path = scratch_path(scratch, "cells.csv");
    assert_true(csv_writer_create(path, &writer, &err).ok);
    csv_write_cell(&writer, cell);
    csv_write_cell(&writer, STR("b"));
    csv_write_row_end(&writer);
    assert_true(csv_writer_close(&writer, &err).ok);
    bytes raw = scratch_read(scratch, path);
    assert_true(file_remove(path, &err).ok);
    str row = arena_format(&scratch->arena, "%s,b\r\n", expected);
    assert_int_equal(raw.size, row.size);
    assert_memory_equal(raw.data, row.data, row.size);
}

static void test_write_cell_quotes_cells_of_any_length(void **state)
{
    static const size_t sizes[] = {1, 2, 63, 64, 65, LONGEST};
    static const struct {
        char sign;
        const char *written;
    } signs[] = {{',', ","}, {'"', "\"\""}, {'\n', "\n"}, {'\r', "\r"}};
    struct scratch *scratch = *state;
    char cell[LONGEST + 1];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t size = sizes[i];
        for (size_t k = 0; k < sizeof signs / sizeof signs[0]; k++) {
            memset(cell, 'x', size);
            check(scratch, (str){cell, size},
                  arena_format(&scratch->arena, "%.*s", (int)size, cell).data);
            size_t at = size / 2;
            cell[at] = signs[k].sign;
            str quoted = arena_format(&scratch->arena, "\"%.*s%s%.*s\"", (int)at, cell,
                                      signs[k].written, (int)(size - at - 1), cell + at + 1);
            check(scratch, (str){cell, size}, quoted.data);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_write_cell_quotes_cells_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
