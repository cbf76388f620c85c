/* test_lines - where a line ends, and how long one may be. */
#include "tests/support/test.h"

#include <string.h>

#include "core/io/lines.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"

/* The first record of a file of one line with that end. */
static void assert_first(size_t size, const char *end, size_t wanted, bool too_long)
{
    char *data = arena_new(&test_scratch.arena, size + 3);
    struct lines lines;
    struct error err = {0};
    bool more = false;
    memset(data, 'a', size);
    (void)strcpy(data + size, end); /* there is room */
    const char *path = scratch_write(&test_scratch, "file.csv", data, size + strlen(end));
    assert_true(lines_open(path, ENCODING_UTF8, true, &test_scratch.arena, &lines, &err).ok);
    assert_true(lines_next(&lines, &more, &err).ok);
    assert_true(more);
    assert_int_equal(lines.too_long, too_long);
    assert_int_equal(lines.record.size, wanted);
    assert_true(lines_next(&lines, &more, &err).ok);
    assert_false(more);
    lines_close(&lines);
}

static void test_next_takes_lines_up_to_a_mebibyte(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", ""};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        assert_first(LINE_BYTES_MAX - 1, ends[i], LINE_BYTES_MAX - 1, false);
        assert_first(LINE_BYTES_MAX, ends[i], LINE_BYTES_MAX, false);
        assert_first(LINE_BYTES_MAX + 1, ends[i], LINE_BYTES_MAX, true);
        assert_first(LINE_BYTES_MAX + 2, ends[i], LINE_BYTES_MAX, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_next_takes_lines_up_to_a_mebibyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
