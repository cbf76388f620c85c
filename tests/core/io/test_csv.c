/* test_csv - rows of good and bad files, their numbers, encodings, and the writer. */
#include "tests/support/test.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/csv.h"
#include "core/io/messages.h"
#include "tests/support/scratch.h"

static size_t known_headers(const void *context, const str *cells, size_t count)
{
    (void)context;
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        known += str_equal(str_trim(cells[i]), STR("姓名")) || str_equal(cells[i], STR("编号"));
    }
    return known;
}

static const struct csv_options options = {.known = known_headers};

static struct csv *open_bytes(const void *data, size_t size, struct error *err)
{
    struct csv *csv = NULL;
    const char *path = scratch_write(&test_scratch, "file.csv", data, size);
    return csv_open(path, ENCODING_FIND, &options, &csv, err).ok ? csv : NULL;
}

static struct csv *open_text(const char *text, struct error *err)
{
    return open_bytes(text, strlen(text), err);
}

/* The next row: its cells joined by '|', or the name of the failure. */
static const char *next_row(struct csv *csv, uint64_t *ret_row)
{
    const str *cells;
    size_t count;
    bool more;
    struct error err = {0};
    if (!csv_next(csv, &cells, &count, ret_row, &more, &err).ok) {
        *ret_row = csv_row_number(csv);
        return err.code == MESSAGE_BAD_ENCODING  ? "bad_encoding"
               : err.code == MESSAGE_TOO_LARGE   ? "too_large"
               : err.code == MESSAGE_CSV_QUOTING ? "quoting"
                                                 : "other";
    }
    if (!more) {
        return "end";
    }
    str joined = STR("");
    for (size_t i = 0; i < count; i++) {
        joined = arena_format(&test_scratch.arena, "%.*s%s%.*s", STR_ARGS(joined), i > 0 ? "|" : "",
                              STR_ARGS(cells[i]));
    }
    return arena_c_string(&test_scratch.arena, joined);
}

static void assert_row(struct csv *csv, uint64_t row, const char *expected)
{
    uint64_t found = 0;
    assert_string_equal(next_row(csv, &found), expected);
    if (strcmp(expected, "end") != 0) {
        assert_int_equal(found, row);
    }
}

static void assert_not_opened(const void *data, size_t size, int code)
{
    struct error err = {0};
    assert_null(open_bytes(data, size, &err));
    assert_int_equal(err.class, ERROR_MALFORMED);
    assert_int_equal(err.code, code);
}

static void assert_check_fails(const void *data, size_t size, int code, const char *row,
                               const char *line)
{
    struct error err = {0};
    CSV_AUTO csv = open_bytes(data, size, &err);
    assert_non_null(csv);
    for (uint64_t rows, times = 0; times < 2; times++) { /* it begins anew */
        assert_false(csv_check(csv, &rows, &err).ok);
        assert_int_equal(err.class, ERROR_MALFORMED);
        assert_int_equal(err.code, code);
        assert_string_equal(err.args[1].text, row);
        assert_string_equal(err.args[2].text, line);
    }
}

static void test_next_counts_rows_as_a_spreadsheet(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO csv = open_text("姓名,编号\r\n王,1\r\n\r\n\"李\r\n四\",\"2,\"\"x\"\"\"\r\n赵,3", &err);
    assert_non_null(csv);
    assert_int_equal(csv_encoding(csv), ENCODING_UTF8);
    uint64_t rows;
    assert_true(csv_check(csv, &rows, &err).ok);
    assert_int_equal(rows, 3);
    assert_row(csv, 2, "王|1");
    assert_row(csv, 4, "李\r\n四|2,\"x\"");
    assert_row(csv, 5, "赵|3");
    assert_row(csv, 0, "end");
    assert_true(csv_rewind(csv, &err).ok);
    assert_row(csv, 2, "王|1");
}

static void test_open_finds_gb18030_by_the_header(void **state)
{
    (void)state;
    struct error err = {0};
    bytes raw;
    assert_true(
        encoding_to_gb18030(STR("姓名,编号\n王𠮷,1\n"), &test_scratch.arena, &raw, &err).ok);
    CSV_AUTO csv = open_bytes(raw.data, raw.size, &err);
    assert_non_null(csv);
    assert_int_equal(csv_encoding(csv), ENCODING_GB18030);
    assert_row(csv, 2, "王𠮷|1");
    assert_false(csv_row_private_use(csv));
}

static void test_open_reads_marks(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO marked = open_text("\xef\xbb\xbf姓名\n王\n", &err);
    assert_non_null(marked);
    size_t count;
    assert_true(str_equal(csv_header(marked, &count)[0], STR("姓名")));
    assert_row(marked, 2, "王");
    const uint8_t little[] = {0xff, 0xfe, 0xd3, 0x59, 0x0d, 0x54, '\n', 0,    0x8b,
                              0x73, 0x2c, 0,    'a',  0,    '\r', 0,    '\n', 0};
    CSV_AUTO wide = open_bytes(little, sizeof little, &err);
    assert_non_null(wide);
    assert_int_equal(csv_encoding(wide), ENCODING_UTF16LE);
    assert_row(wide, 2, "王|a");
    assert_row(wide, 0, "end");
}

static void test_next_goes_on_after_a_bad_row(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO csv = open_text("姓名,编号\n王\xff,1\n\"\xe7\x8e\",\"\x8b\"\n李,2\n", &err);
    assert_non_null(csv);
    assert_row(csv, 2, "bad_encoding");
    size_t count;
    assert_true(str_equal(csv_row_lossy(csv, &count)[0], STR("王\ufffd")));
    assert_int_equal(count, 2);
    assert_row(csv, 3, "bad_encoding"); /* two halves do not make a whole */
    assert_row(csv, 4, "李|2");
}

static void test_next_names_offset_of_bad_bytes(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO csv = open_text("姓名,编号\n\"王\",a\xff\n", &err);
    const str *cells;
    size_t count;
    uint64_t row;
    bool more;
    assert_false(csv_next(csv, &cells, &count, &row, &more, &err).ok);
    assert_int_equal(err.class, ERROR_INVALID);
    assert_string_equal(err.args[0].text, "2");
    assert_string_equal(err.args[2].text, "7");
}

static void test_next_refuses_large_cells_and_lines(void **state)
{
    (void)state;
    struct error err = {0};
    size_t size = 0;
    char *data = arena_new(&test_scratch.arena, 8 << 20);
    size += (size_t)sprintf(data + size, "姓名\n");
    memset(data + size, 'a', CSV_CELL_BYTES_MAX + 1);
    size += CSV_CELL_BYTES_MAX + 1;
    size += (size_t)sprintf(data + size, "\n王\n");
    for (size_t i = 0; i < (5 << 20); i += 2) {
        memcpy(data + size, "a,", 2);
        size += 2;
    }
    size += (size_t)sprintf(data + size, "\n李\n");
    CSV_AUTO csv = open_bytes(data, size, &err);
    assert_non_null(csv);
    uint64_t rows;
    assert_true(csv_check(csv, &rows, &err).ok);
    assert_int_equal(rows, 4);
    assert_row(csv, 2, "too_large");
    assert_row(csv, 3, "王");
    assert_row(csv, 4, "too_large");
    assert_row(csv, 5, "李");
    assert_row(csv, 0, "end");
}

static void test_check_counts_what_next_gives(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO csv = open_text("姓名,编号\n王,1\n  \t \n,\n \r\n\n赵,3\n\t", &err);
    assert_non_null(csv);
    uint64_t rows;
    assert_true(csv_check(csv, &rows, &err).ok);
    assert_int_equal(rows, 3);
    assert_row(csv, 2, "王|1");
    assert_row(csv, 4, "|");
    assert_row(csv, 7, "赵|3");
    assert_row(csv, 0, "end");
}

static void test_check_finds_broken_quotes(void **state)
{
    (void)state;
    assert_check_fails("姓名\n王\n李\"四\n赵\"\n", 24, MESSAGE_CSV_QUOTING, "3", "3");
    assert_check_fails("姓名\n王\n\"李\"四\n", 20, MESSAGE_CSV_QUOTING, "3", "3");
    assert_check_fails("姓名\n\"王\n\"\n\"李\n", 19, MESSAGE_CSV_QUOTING, "3", "4");
    static const char zero[] = "姓名\n王\0\n";
    assert_check_fails(zero, sizeof zero - 1, MESSAGE_CSV_NUL, "2", "2");
    static const char lone_return[] = "姓名\n王\r李\n";
    assert_check_fails(lone_return, sizeof lone_return - 1, MESSAGE_CSV_LONE_RETURN, "2", "2");
}

static void test_check_finds_a_quote_that_never_closes(void **state)
{
    (void)state;
    char *data = arena_new(&test_scratch.arena, 3 << 20);
    size_t size = (size_t)sprintf(data, "姓名\n王\n\"李");
    while (size < (2 << 20)) {
        memcpy(data + size, "\nabc", 4);
        size += 4;
    }
    assert_check_fails(data, size, MESSAGE_CSV_LINE_TOO_LONG, "3", "3");
}

static void test_open_refuses_what_is_no_register(void **state)
{
    (void)state;
    assert_not_opened("", 0, MESSAGE_CSV_EMPTY);
    assert_not_opened("\n\n", 2, MESSAGE_CSV_EMPTY);
    assert_not_opened("\xef\xbb\xbf", 3, MESSAGE_CSV_EMPTY);
    assert_not_opened("a,b\n1,2\n", 8, MESSAGE_CSV_HEADER_UNKNOWN);
    uint8_t *picture =
        arena_new(&test_scratch.arena, 2 * CSV_LINE_BYTES_MAX); /* no line end in it */
    assert_not_opened(picture, 2 * CSV_LINE_BYTES_MAX, MESSAGE_CSV_HEADER_UNKNOWN);
    struct error err = {0};
    struct csv *csv = NULL;
    assert_false(csv_open(test_scratch.dir, ENCODING_FIND, &options, &csv, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    const char *nothing = scratch_path(&test_scratch, "nothing.csv");
    assert_false(csv_open(nothing, ENCODING_FIND, &options, &csv, &err).ok);
    assert_int_equal(err.class, ERROR_MISSING);
    assert_int_equal(err.code, MESSAGE_FILE_NOT_READABLE);
}

static void test_open_reads_carriage_returns_alone(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO csv = open_text("姓名,编号\r王,1\r李,2", &err);
    assert_non_null(csv);
    assert_row(csv, 2, "王|1");
    assert_row(csv, 3, "李|2");
    assert_row(csv, 0, "end");
}

static void test_writer_quotes_and_reader_reads_back(void **state)
{
    (void)state;
    struct error err = {0};
    struct csv_writer writer;
    const char *path = scratch_path(&test_scratch, "rejects.csv");
    assert_true(csv_writer_create(path, &writer, &err).ok);
    static const char *const cells[] = {"姓名", "a,b", "say \"x\"", "two\nlines", " blank ", ""};
    for (int row = 0; row < 2; row++) {
        for (size_t i = 0; i < 6; i++) {
            csv_write_cell(&writer, str_of(cells[i]));
        }
        csv_write_row_end(&writer);
    }
    assert_true(csv_writer_close(&writer, &err).ok);
    bytes raw = scratch_read(&test_scratch, path);
    static const char expected[] = "姓名,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" blank \",\r\n";
    assert_int_equal(raw.size, 2 * (sizeof expected - 1));
    assert_memory_equal(raw.data, expected, sizeof expected - 1);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    CSV_AUTO csv = NULL;
    assert_true(csv_open(path, ENCODING_FIND, &options, &csv, &err).ok);
    assert_row(csv, 2, "姓名|a,b|say \"x\"|two\nlines| blank |");
    assert_false(csv_writer_create(path, &writer, &err).ok);
    assert_int_equal(err.class, ERROR_CREATE);
}

static void assert_divided(const char *text, char delimiter, const char *row)
{
    struct error err = {0};
    CSV_AUTO csv = open_text(text, &err);
    assert_non_null(csv);
    assert_int_equal(csv_delimiter(csv), delimiter);
    assert_row(csv, 2, row);
}

static void test_open_finds_what_divides_the_cells(void **state)
{
    (void)state;
    assert_divided("编号,姓名\n1;x,甲\n", ',', "1;x|甲");
    assert_divided("编号;姓名\n1,x;甲\n", ';', "1,x|甲");
    assert_divided("编号\t姓名\n1,x\t甲\n", '\t', "1,x|甲");
    assert_divided("\"编号\";\"姓名\"\n\"1;x\";甲\n", ';', "1;x|甲");
    assert_divided("编号\n1;x\n", ',', "1;x");
    struct error err = {0};
    assert_null(open_text("编号|姓名\n1|甲\n", &err)); /* no other sign divides */
    assert_int_equal(err.code, MESSAGE_CSV_HEADER_UNKNOWN);
}

static void test_open_skips_the_hint_of_a_spreadsheet(void **state)
{
    (void)state;
    struct error err = {0};
    CSV_AUTO csv = open_text("sep=;\r\n编号;姓名\r\n1;甲\r\n", &err);
    assert_non_null(csv);
    assert_row(csv, 3, "1|甲");
    assert_null(open_text("sep=ab\r\n编号;姓名\r\n1;甲\r\n", &err));
}

static void test_writer_tells_of_a_full_disk(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w"); /* always there */
    struct csv_writer writer;
    struct error err = {0};
    csv_writer_on(full, "/dev/full", &writer);
    csv_write_cell(&writer, (str){arena_new(&test_scratch.arena, 1 << 20), 1 << 20});
    errno = 0; /* of something else meanwhile */
    assert_false(csv_writer_flush(&writer, &err).ok);
    assert_string_equal(err.args[1].text, strerror(ENOSPC));
    (void)fclose(full);
}

/* The two steps give what the one gives: same rows, numbers, flags and failures. */
static void test_split_row_agrees_with_next(void **state)
{
    static const char text[] =
        "姓名,证件号码\r\n甲,1\r\n\r\n\"乙\n乙\",\"2,\"\"2\"\r\n\xff\xfe,3\n\xee\x80\x80,4\n丁";
    struct csv *one = NULL;
    struct csv *two = NULL;
    struct csv *splitter = NULL;
    struct error err;
    (void)state;
    const char *path = scratch_write_text(&test_scratch, "two.csv", text);
    assert_true(csv_open(path, ENCODING_UTF8, NULL, &one, &err).ok);
    assert_true(csv_open(path, ENCODING_UTF8, NULL, &two, &err).ok);
    assert_true(csv_splitter_open(two, &splitter, &err).ok);
    unsigned rows = 0;
    for (bool more = true; more;) {
        struct csv_record record;
        struct error other;
        const str *cells = NULL;
        const str *wanted = NULL;
        size_t count = 0;
        size_t wanted_count = 0;
        uint64_t row = 0;
        bool blank = true;
        outcome split = OK;
        while (blank && more) {
            assert_true(csv_cut(two, &record, &more, &err).ok);
            if (more) {
                split = csv_split_row(splitter, &record, &cells, &count, &blank, &other);
                blank = split.ok && blank;
            }
        }
        bool wanted_more = true;
        outcome next = csv_next(one, &wanted, &wanted_count, &row, &wanted_more, &err);
        assert_int_equal(next.ok, split.ok);
        assert_int_equal(wanted_more || !next.ok, more);
        if (!more) {
            break;
        }
        rows++;
        assert_int_equal(csv_row_number(one), record.row);
        if (!next.ok) {
            assert_int_equal(err.code, other.code);
            wanted = csv_row_lossy(one, &wanted_count);
            cells = csv_row_lossy(splitter, &count);
        }
        assert_int_equal(csv_row_private_use(one), csv_row_private_use(splitter));
        assert_int_equal(count, wanted_count);
        for (size_t i = 0; i < count; i++) {
            assert_true(str_equal(cells[i], wanted[i]));
            assert_true(i == 0 || cells[i].data == cells[i - 1].data + cells[i - 1].size);
        }
    }
    assert_int_equal(rows, 5);
    csv_close(splitter);
    csv_close(two);
    csv_close(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(test_next_counts_rows_as_a_spreadsheet),
        scratch_unit_test(test_open_finds_gb18030_by_the_header),
        scratch_unit_test(test_open_reads_marks),
        scratch_unit_test(test_next_goes_on_after_a_bad_row),
        scratch_unit_test(test_next_names_offset_of_bad_bytes),
        scratch_unit_test(test_next_refuses_large_cells_and_lines),
        scratch_unit_test(test_check_counts_what_next_gives),
        scratch_unit_test(test_check_finds_broken_quotes),
        scratch_unit_test(test_check_finds_a_quote_that_never_closes),
        scratch_unit_test(test_open_refuses_what_is_no_register),
        scratch_unit_test(test_open_reads_carriage_returns_alone),
        scratch_unit_test(test_writer_quotes_and_reader_reads_back),
        scratch_unit_test(test_open_finds_what_divides_the_cells),
        scratch_unit_test(test_open_skips_the_hint_of_a_spreadsheet),
        scratch_unit_test(test_split_row_agrees_with_next),
        scratch_unit_test(test_writer_tells_of_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
