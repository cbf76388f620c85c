/* test_csv_corpus - every hard file in tests/importers/corpus against the verdicts beside it:
 * KIND-WHAT.csv is a file of the register KIND, KIND-WHAT.expected says how it is read and what
 * becomes of each row. ANZHENG_GOLDEN_UPDATE=1 writes the verdicts anew, to be read with git diff.
 */
#include "tests/support/test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/messages.h"
#include "importers/messages.h"
#include "importers/registry.h"
#include "tests/support/scratch.h"

enum { FILES_MIN = 40 };

static const char *code_name(int code)
{
    switch (code) {
#define MESSAGE(number, name, english, chinese)                                                    \
    case number:                                                                                   \
        return #name;
#include "core/base/messages.def"
#include "core/io/messages.def"
#include "importers/messages.def"
#undef MESSAGE
    default: return "?";
    }
}

static bool is_shown(const char *field)
{
    static const char *const shown[] = {"certificate",     "name",   "id_number",
                                        "enterprise_name", "issued", "code"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (strcmp(field, shown[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What spreadsheets and converters spoil, of an accepted row: names, numbers and the date. */
static str describe(const ProtobufCMessage *message, struct arena *arena)
{
    str text = STR("");
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!record_has(message, field)) {
            continue;
        }
        str value = record_get(message, field, arena);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && str_empty(value)) {
            const ProtobufCMessage *inner;
            memcpy(&inner, (const char *)message + field->offset, sizeof inner);
            text =
                arena_format(arena, "%.*s%.*s", STR_ARGS(text), STR_ARGS(describe(inner, arena)));
        } else if (is_shown(field->name)) {
            text = arena_format(arena, "%.*s %.*s", STR_ARGS(text), STR_ARGS(value));
        }
    }
    return text;
}

static str verdict_of_error(const struct error *err, struct arena *arena)
{
    str text = str_of(code_name(err->code));
    for (int i = 0; i < err->args_count; i++) {
        bool file = strcmp(err->args[i].name, "file") == 0;
        text = file ? text : arena_format(arena, "%.*s %s", STR_ARGS(text), err->args[i].text);
    }
    return text;
}

static str verdict_of_row(const struct csv *csv, const struct import_row *row, const Action *action,
                          struct arena *arena)
{
    str text = arena_format(arena, "accepted%.*s%s", STR_ARGS(describe(&action->base, arena)),
                            csv_row_private_use(csv) ? " [private use]" : "");
    for (int i = 0; i < row->warnings_count; i++) {
        text = arena_format(arena, "%.*s [%s %s]", STR_ARGS(text), code_name(row->warnings[i]),
                            row->warning_columns[i]);
    }
    return text;
}

static outcome open_file(const char *path, const struct import_kind *kind, struct arena *arena,
                         struct csv **csv, struct import_header *ret, struct error *err)
{
    struct csv_options options = {.known = import_header_known, .context = kind};
    uint64_t rows = 0;
    size_t count;
    TRY(csv_open(path, ENCODING_FIND, &options, csv, err));
    TRY(csv_check(*csv, &rows, err));
    const str *cells = csv_header(*csv, &count);
    return import_header_match(kind, cells, count, arena, ret, err);
}

/* How the file is read, then a line a row. */
static str judge(const char *path, const struct import_kind *kind, struct arena *arena)
{
    struct error err = {0};
    struct import_header header;
    CSV_AUTO csv = NULL;
    if (!open_file(path, kind, arena, &csv, &header, &err).ok) {
        assert_int_equal(err.class, ERROR_MALFORMED);
        return arena_format(arena, "the file: %.*s\n", STR_ARGS(verdict_of_error(&err, arena)));
    }
    char delimiter = csv_delimiter(csv);
    str text =
        arena_format(arena, "%s, %s, %zu unknown columns\n", encoding_name(csv_encoding(csv)),
                     delimiter == ','   ? "comma"
                     : delimiter == ';' ? "semicolon"
                                        : "tab",
                     header.unknown_count);
    for (;;) {
        uint64_t number;
        size_t count;
        const str *cells;
        bool more = false;
        str line;
        struct import_row row = {0};
        Action action;
        if (!csv_next(csv, &cells, &count, &number, &more, &err).ok) {
            number = csv_row_number(csv);
            line = verdict_of_error(&err, arena);
        } else if (!more) {
            return text;
        } else if (!import_row_read(kind, &header, cells, count, arena, &row, &action, &err).ok) {
            line = verdict_of_error(&err, arena);
        } else {
            line = verdict_of_row(csv, &row, &action, arena);
            err.class = ERROR_INVALID;
        }
        assert_int_equal(err.class, ERROR_INVALID);
        text = arena_format(arena, "%.*s%llu %.*s\n", STR_ARGS(text), (unsigned long long)number,
                            STR_ARGS(line));
    }
}

static void write_text(const char *path, str text)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(text.data, 1, text.size, out), text.size);
    assert_int_equal(fclose(out), 0);
}

static void assert_file(const char *path)
{
    struct scratch scratch;
    scratch_open(&scratch);
    struct arena *arena = &scratch.arena;
    str rest = str_of(strrchr(path, '/') + 1);
    str kind_name = str_cut(&rest, '-');
    const struct import_kind *kind = import_kind_find(kind_name);
    assert_non_null(kind);
    str stem = str_first(str_of(path), strlen(path) - strlen(".csv"));
    const char *expected_path = arena_format(arena, "%.*s.expected", STR_ARGS(stem)).data;
    str found = judge(path, kind, arena);
    if (getenv("ANZHENG_GOLDEN_UPDATE") != NULL) {
        write_text(expected_path, found);
    }
    bytes expected = scratch_read(&scratch, expected_path);
    const char *wanted = arena_c_string(arena, (str){(const char *)expected.data, expected.size});
    const char *got = arena_c_string(arena, found);
    if (strcmp(got, wanted) != 0) {
        print_message("%s:\n", path);
    }
    assert_string_equal(got, wanted);
    scratch_close(&scratch);
}

static void test_files_give_the_verdicts_beside_them(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("tests/importers/corpus/*.csv", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= FILES_MIN);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        assert_file(files.gl_pathv[i]);
    }
    globfree(&files);
}

/* --- the same file in other encodings ----------------------------------------------------------
 */

static void put_unit(uint8_t *out, size_t *size, uint32_t unit, bool little)
{
    out[(*size)++] = (uint8_t)(little ? unit : unit >> 8);
    out[(*size)++] = (uint8_t)(little ? unit >> 8 : unit);
}

static bytes to_utf16(str text, bool little, bool marked, struct arena *arena)
{
    uint8_t *out = arena_new_raw(arena, text.size * 2 + 2);
    size_t size = 0;
    if (marked) {
        put_unit(out, &size, 0xfeff, little);
    }
    while (!str_empty(text)) {
        uint32_t c = str_next(&text);
        if (c > 0xffff) {
            put_unit(out, &size, 0xd800 + ((c - 0x10000) >> 10), little);
            c = 0xdc00 + (c & 0x3ff);
        }
        put_unit(out, &size, c, little);
    }
    return bytes_of(out, size);
}

static bytes to_gb18030(str text, struct arena *arena)
{
    struct error err;
    bytes raw;
    assert_true(encoding_to_gb18030(text, arena, &raw, &err).ok);
    return raw;
}

/* The same cells behind another delimiter, all of them in quotes. */
static bytes with_delimiter(str text, char delimiter, struct arena *arena)
{
    uint8_t *out = arena_new_raw(arena, text.size * 3 + 2);
    size_t size = 0;
    for (size_t at = 0; at < text.size; at++) {
        bool quoted = text.data[at] == '"';
        bool open = false;
        if (!quoted) {
            out[size++] = '"';
        }
        for (; at < text.size && (open || (text.data[at] != ',' && text.data[at] != '\n')); at++) {
            open ^= text.data[at] == '"';
            out[size++] = (uint8_t)text.data[at];
        }
        if (!quoted) {
            out[size++] = '"';
        }
        out[size++] = (uint8_t)(at < text.size && text.data[at] == ',' ? delimiter : '\n');
    }
    return bytes_of(out, size);
}

/* The verdicts of the rows are those of the UTF-8 file. */
static void assert_as(struct scratch *scratch, const struct import_kind *kind, bytes raw,
                      const char *encoding, str wanted)
{
    const char *path = scratch_write(scratch, "file.csv", raw.data, raw.size);
    str found = judge(path, kind, &scratch->arena);
    str first = str_cut(&found, '\n');
    (void)str_cut(&wanted, '\n');
    assert_true(str_starts_with(first, str_of(encoding)));
    assert_string_equal(arena_c_string(&scratch->arena, found),
                        arena_c_string(&scratch->arena, wanted));
}

static void assert_in_every_form(const char *path)
{
    struct scratch scratch;
    str text;
    scratch_open(&scratch);
    struct arena *arena = &scratch.arena;
    str rest = str_of(strrchr(path, '/') + 1);
    const struct import_kind *kind = import_kind_find(str_cut(&rest, '-'));
    assert_non_null(kind);
    assert_true(str_from_bytes(scratch_read(&scratch, path), &text));
    str wanted = judge(path, kind, arena);
    str marked = arena_format(arena, "\xef\xbb\xbf%.*s", STR_ARGS(text));
    assert_as(&scratch, kind, str_bytes(marked), "UTF-8,", wanted);
    for (int with_mark = 0; with_mark < 2; with_mark++) {
        bool mark = with_mark != 0;
        assert_as(&scratch, kind, to_utf16(text, true, mark, arena), "UTF-16LE,", wanted);
        assert_as(&scratch, kind, to_utf16(text, false, mark, arena), "UTF-16BE,", wanted);
    }
    assert_as(&scratch, kind, to_gb18030(text, arena), "GB18030,", wanted);
    assert_as(&scratch, kind, with_delimiter(text, ';', arena), "UTF-8, semicolon,", wanted);
    assert_as(&scratch, kind, with_delimiter(text, '\t', arena), "UTF-8, tab,", wanted);
    scratch_close(&scratch);
}

static void test_every_register_reads_the_same_in_every_form(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("tests/importers/corpus/*-spoils.csv", 0, NULL, &files), 0);
    assert_int_equal(files.gl_pathc, import_kinds_count);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        assert_in_every_form(files.gl_pathv[i]);
    }
    globfree(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_give_the_verdicts_beside_them),
        cmocka_unit_test(test_every_register_reads_the_same_in_every_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
