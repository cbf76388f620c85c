/* fuzz_mappers - any bytes below the header of every register and list, as a file: each row is
 * taken or refused with words, whoever reads it twice hears the same, and a row that is written as
 * a rejects file writes it comes back as it was.
 *
 * The first byte chooses the register or list, the second the encoding of the file. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/io/csv.h"
#include "importers/registry.h"
#include "jobs/messages.h"
#include "tests/fuzz/encoding_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_ROOM = 64 };

struct file {
    int descriptor;
    char path[PATH_ROOM];
};

static const struct import_kind *kind_of(uint8_t choice)
{
    const struct import_kind *lists[] = {&import_renames, &import_rename_plan, &import_notice_plan};
    size_t lists_count = sizeof lists / sizeof *lists;
    size_t at = choice % (import_kinds_count + lists_count);
    return at < import_kinds_count ? &import_kinds[at] : lists[at - import_kinds_count];
}

static struct file file_open(void)
{
    struct file file = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};
    BUG_UNLESS(file.descriptor >= 0);
    (void)snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
    return file;
}

static void file_write(const struct file *file, const void *data, size_t size)
{
    if (write(file->descriptor, data, size) != (ssize_t)size) {
        abort();
    }
}

/* UTF-16 units of the basic plane: headers hold no others. */
static void write_wide(const struct file *file, str text, bool little)
{
    for (size_t at = 0; at < text.size;) {
        uint8_t b = (uint8_t)text.data[at];
        size_t size = b < 0x80 ? 1 : b < 0xe0 ? 2 : 3;
        uint32_t unit = size == 1 ? b : size == 2 ? b & 0x1fU : b & 0x0fU;
        for (size_t i = 1; i < size; i++) {
            unit = unit << 6 | ((uint8_t)text.data[at + i] & 0x3fU);
        }
        uint8_t two[] = {(uint8_t)(little ? unit : unit >> 8),
                         (uint8_t)(little ? unit >> 8 : unit)};
        file_write(file, two, sizeof two);
        at += size;
    }
}

static void write_header(const struct file *file, const struct import_kind *kind,
                         enum encoding encoding, struct arena *arena)
{
    struct error err;
    bytes raw;
    str text = STR("");
    for (size_t i = 0; i < kind->columns_count; i++) {
        text = arena_format(arena, "%.*s%s%s", STR_ARGS(text), i > 0 ? "," : "",
                            kind->columns[i].name);
    }
    text = arena_format(arena, "%.*s\n", STR_ARGS(text));
    if (encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE) {
        write_wide(file, text, encoding == ENCODING_UTF16LE);
        return;
    }
    raw = str_bytes(text);
    if (encoding == ENCODING_GB18030) {
        BUG_UNLESS(encoding_to_gb18030(text, arena, &raw, &err).ok);
    }
    file_write(file, raw.data, raw.size);
}

/* --- one row -----------------------------------------------------------------------------------
 */

/* A refusal has its sentence in both languages. */
static void check_words(const struct error *err, struct arena *arena)
{
    BUG_UNLESS(err->class == ERROR_INVALID);
    BUG_UNLESS(!str_empty(message_of_error(err, LANGUAGE_ENGLISH, arena)));
    BUG_UNLESS(!str_empty(message_of_error(err, LANGUAGE_CHINESE, arena)));
}

/* A second reader hears the same. */
static void check_mapper(const struct import_kind *kind, const struct import_header *header,
                         const str *cells, size_t count, struct arena *arena)
{
    struct import_row rows[2] = {0};
    Action *actions[2] = {ARENA_NEW(arena, Action), ARENA_NEW(arena, Action)};
    struct error errors[2];
    bool taken[2];
    for (int i = 0; i < 2; i++) {
        action__init(actions[i]);
        taken[i] =
            import_row_read(kind, header, cells, count, arena, &rows[i], actions[i], &errors[i]).ok;
        if (!taken[i]) {
            check_words(&errors[i], arena);
        }
    }
    BUG_UNLESS(taken[0] == taken[1] && rows[0].warnings_count == rows[1].warnings_count);
    BUG_UNLESS(taken[0] || errors[0].code == errors[1].code);
    BUG_UNLESS(rows[0].warnings_count <= IMPORT_WARNINGS_MAX);
    if (taken[0]) {
        BUG_UNLESS(actions[0]->body_case == kind->action);
        BUG_UNLESS(protobuf_c_message_check(&actions[0]->base));
        size_t size = action__get_packed_size(actions[0]);
        uint8_t *one = arena_new_raw(arena, size);
        uint8_t *two = arena_new_raw(arena, size);
        BUG_UNLESS(action__get_packed_size(actions[1]) == size);
        BUG_UNLESS(action__pack(actions[0], one) == size && action__pack(actions[1], two) == size);
        BUG_UNLESS(memcmp(one, two, size) == 0);
    }
}

/* A cell that cannot be told from the reader's own doing: blanks at its ends go, and a line end in
 * quotes may be written another way. */
static bool is_plain(str cell)
{
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '\r' || cell.data[i] == '\n') {
            return false;
        }
    }
    return str_equal(cell, str_trim(cell));
}

static void check_return(const str *cells, size_t count)
{
    struct file file = file_open();
    struct csv_writer writer;
    struct csv_options options = {.tables = shared_tables()};
    struct csv *csv;
    struct error err;
    size_t got = 0;
    FILE *stream = fdopen(dup(file.descriptor), "wb");
    BUG_UNLESS(stream != NULL);
    csv_writer_on(stream, NULL, &writer);
    csv_write_mark(&writer);
    csv_write_cell(&writer, STR("x")); /* a row of blanks alone would be none */
    for (size_t i = 0; i < count; i++) {
        csv_write_for_people(&writer, cells[i]);
    }
    csv_write_row_end(&writer);
    BUG_UNLESS(csv_writer_flush(&writer, &err).ok);
    (void)fclose(stream);
    if (csv_open(file.path, ENCODING_UTF8, &options, &csv, &err).ok) {
        const str *back = csv_header(csv, &got);
        bool comma = csv_delimiter(csv) == ',';
        BUG_UNLESS(!comma || got == count + 1);
        for (size_t i = 0; comma && i < count; i++) {
            BUG_UNLESS(!is_plain(cells[i]) || str_equal(csv_without_guard(back[i + 1]), cells[i]));
        }
        csv_close(csv);
    }
    (void)close(file.descriptor);
}

static void read_rows(const struct import_kind *kind, struct csv *csv, struct arena *arena)
{
    struct import_header header;
    struct error err;
    size_t count;
    const str *cells = csv_header(csv, &count);
    if (!import_header_match(kind, cells, count, arena, &header, &err).ok) {
        BUG_UNLESS(err.class == ERROR_MALFORMED);
        return;
    }
    for (;;) {
        uint64_t row;
        bool more = true;
        if (csv_next(csv, &cells, &count, &row, &more, &err).ok) {
            if (!more) {
                return;
            }
            check_mapper(kind, &header, cells, count, arena);
            check_return(cells, count);
        } else if (err.class != ERROR_INVALID) {
            return;
        } else {
            check_words(&err, arena);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    struct arena arena;
    struct csv *csv;
    struct error err;
    const struct import_kind *kind = kind_of(data[0]);
    enum encoding encoding = ENCODING_UTF8 + data[1] % (uint8_t)ENCODING_GB18030;
    struct csv_options options = {
        .known = import_header_known, .context = kind, .tables = shared_tables()};
    struct file file = file_open();
    arena_init(&arena, 0);
    write_header(&file, kind, encoding, &arena);
    file_write(&file, data + 2, size - 2);
    if (csv_open(file.path, data[1] & 0x80 ? encoding : ENCODING_FIND, &options, &csv, &err).ok) {
        read_rows(kind, csv, &arena);
        csv_close(csv);
    } else {
        BUG_UNLESS(err.class == ERROR_MALFORMED);
    }
    (void)close(file.descriptor);
    arena_release(&arena);
    return 0;
}
