/* test_csv_registers - golden files: whole register files with good and bad rows against the
 * verdicts beside them. ANZHENG_GOLDEN_UPDATE=1 writes the verdicts anew, to be read with git diff.
 */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/csv.h"
#include "core/io/messages.h"
#include "importers/messages.h"
#include "importers/registry.h"
#include "tests/support/scratch.h"

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

/* "field=value" of everything that is there, sub-messages in braces. */
static str describe(const ProtobufCMessage *message, struct arena *arena)
{
    str text = STR("");
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!record_has(message, field)) {
            continue;
        }
        str value = record_get(message, field, arena);
        bool nested = field->type == PROTOBUF_C_TYPE_MESSAGE && str_empty(value);
        if (nested) {
            const ProtobufCMessage *inner;
            memcpy(&inner, (const char *)message + field->offset, sizeof inner);
            value = arena_format(arena, "{%.*s}", STR_ARGS(describe(inner, arena)));
        }
        text = arena_format(arena, "%.*s%s%s=%.*s", STR_ARGS(text), str_empty(text) ? "" : " ",
                            field->name, STR_ARGS(value));
    }
    return text;
}

static str warnings(const struct import_row *row, struct arena *arena)
{
    str text = STR("");
    for (int i = 0; i < row->warnings_count; i++) {
        text = arena_format(arena, "%.*s [%s %s]", STR_ARGS(text), code_name(row->warnings[i]),
                            row->warning_columns[i]);
    }
    return text;
}

static str verdict_of_error(uint64_t number, const struct error *err, struct arena *arena)
{
    str text = arena_format(arena, "%llu %s", (unsigned long long)number, code_name(err->code));
    for (int i = 0; i < err->args_count; i++) {
        text = arena_format(arena, "%.*s %s", STR_ARGS(text), err->args[i].text);
    }
    return text;
}

/* The verdict lines of a file. */
static str judge(const char *path, const struct import_kind *kind, struct arena *arena)
{
    struct error err = {0};
    struct csv_options options = {.known = import_header_known, .context = kind};
    CSV_AUTO csv = NULL;
    assert_true(csv_open(path, ENCODING_FIND, &options, &csv, &err).ok);
    uint64_t rows = 0;
    assert_true(csv_check(csv, &rows, &err).ok);
    size_t count;
    const str *cells = csv_header(csv, &count);
    struct import_header header;
    assert_true(import_header_match(kind, cells, count, arena, &header, &err).ok);
    str text =
        arena_format(arena, "%s %llu rows, %zu unknown columns\n", encoding_name(csv_encoding(csv)),
                     (unsigned long long)rows, header.unknown_count);
    for (;;) {
        uint64_t number;
        bool more = false;
        str line;
        struct import_row row = {0};
        Action action;
        if (!csv_next(csv, &cells, &count, &number, &more, &err).ok) {
            assert_int_equal(err.class, ERROR_INVALID);
            line = verdict_of_error(csv_row_number(csv), &err, arena);
        } else if (!more) {
            return text;
        } else if (!import_row_read(kind, &header, cells, count, arena, &row, &action, &err).ok) {
            assert_int_equal(err.class, ERROR_INVALID);
            line = verdict_of_error(number, &err, arena);
        } else {
            str fields = describe(&action.base, arena);
            line = arena_format(arena, "%llu accepted%s %.*s%.*s", (unsigned long long)number,
                                csv_row_private_use(csv) ? " (private use)" : "", STR_ARGS(fields),
                                STR_ARGS(warnings(&row, arena)));
        }
        text = arena_format(arena, "%.*s%.*s\n", STR_ARGS(text), STR_ARGS(line));
    }
}

static void assert_golden(const char *file, const char *kind_name)
{
    struct scratch scratch;
    scratch_open(&scratch);
    struct arena *arena = &scratch.arena;
    const struct import_kind *kind = import_kind_find(str_of(kind_name));
    assert_non_null(kind);
    const char *path = arena_format(arena, "tests/importers/golden/%s.csv", file).data;
    const char *expected_path = arena_format(arena, "tests/importers/golden/%s.txt", file).data;
    str found = judge(path, kind, arena);
    if (getenv("ANZHENG_GOLDEN_UPDATE") != NULL) {
        FILE *out = fopen(expected_path, "w");
        assert_non_null(out);
        assert_int_equal(fwrite(found.data, 1, found.size, out), found.size);
        assert_int_equal(fclose(out), 0);
    }
    bytes expected = scratch_read(&scratch, expected_path);
    const char *expected_text =
        arena_c_string(arena, (str){(const char *)expected.data, expected.size});
    assert_string_equal(arena_c_string(arena, found), expected_text);
    scratch_close(&scratch);
}

static void test_registers_give_the_golden_verdicts(void **state)
{
    (void)state;
    assert_golden("enterprises", "enterprises");
    assert_golden("identities", "identities");
    assert_golden("clerks", "clerks");
    assert_golden("exams", "exams");
    assert_golden("insurance", "insurance");
    assert_golden("paper", "paper");
    assert_golden("national", "national");
    assert_golden("registrations", "registrations");
    assert_golden("contracts", "contracts");
}

static void test_registers_read_the_same_rows_in_every_encoding(void **state)
{
    (void)state;
    assert_golden("paper-utf16", "paper");
    assert_golden("paper-gb18030-2005", "paper");
    assert_golden("paper-bad-bytes", "paper");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registers_give_the_golden_verdicts),
        cmocka_unit_test(test_registers_read_the_same_rows_in_every_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
