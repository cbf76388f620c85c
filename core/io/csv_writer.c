/* csv_writer - the writing half of csv.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/io/csv.h"
#include "core/io/file.h"
#include "core/io/messages.h"

void csv_writer_on(FILE *file, const char *path, struct csv_writer *ret)
{
    *ret = (struct csv_writer){.file = file, .path = path};
}

FALLIBLE csv_writer_create(const char *path, struct csv_writer *ret, struct error *err)
{
    FILE *file = NULL;
    TRY(file_create(path, 0600, &file, err));
    csv_writer_on(file, path, ret);
    return OK;
}

/* A writer belongs to one thread, so cells need no lock. */
static void csv_put(struct csv_writer *writer, const char *data, size_t size)
{
    if (size > 0 && fwrite_unlocked(data, 1, size, writer->file) != size) {
        writer->failure = writer->failure != 0 ? writer->failure : errno;
    }
}

static bool is_to_be_quoted(uint8_t c)
{
    return c == ',' || c == '"' || c == '\n' || c == '\r';
}

/* Most cells have few bytes: a loop over them is quicker than four calls. */
static bool has_quotable(str cell)
{
    enum { FEW = 64 };
    if (cell.size > FEW) {
        return memchr(cell.data, ',', cell.size) != NULL ||
               memchr(cell.data, '"', cell.size) != NULL ||
               memchr(cell.data, '\n', cell.size) != NULL ||
               memchr(cell.data, '\r', cell.size) != NULL;
    }
    bool found = false;
    for (size_t i = 0; i < cell.size; i++) {
        found |= is_to_be_quoted((uint8_t)cell.data[i]);
    }
    return found;
}

/* Blanks at the ends are quoted too: readers may trim them otherwise. */
static bool needs_quotes(str cell)
{
    if (cell.size == 0) {
        return false;
    }
    char first = cell.data[0];
    char last = cell.data[cell.size - 1];
    return first == ' ' || first == '\t' || last == ' ' || last == '\t' || has_quotable(cell);
}

/* `guard` stands before the cell, inside its quotes. */
static void put_cell(struct csv_writer *writer, str guard, str cell)
{
    if (writer->row_begun) {
        csv_put(writer, ",", 1);
    }
    writer->row_begun = true;
    if (!needs_quotes(cell)) {
        csv_put(writer, guard.data, guard.size);
        csv_put(writer, cell.data, cell.size);
        return;
    }
    csv_put(writer, "\"", 1);
    csv_put(writer, guard.data, guard.size);
    while (cell.size > 0) {
        size_t plain = str_find_byte(cell, '"');
        csv_put(writer, cell.data, plain);
        if (plain < cell.size) {
            csv_put(writer, "\"\"", 2);
            plain++;
        }
        cell = str_from(cell, plain);
    }
    csv_put(writer, "\"", 1);
}

void csv_write_cell(struct csv_writer *writer, str cell)
{
    put_cell(writer, STR(""), cell);
}

void csv_write_for_people(struct csv_writer *writer, str cell)
{
    put_cell(writer, csv_is_formula(cell) ? STR("'") : STR(""), cell);
}

void csv_write_mark(struct csv_writer *writer)
{
    csv_put(writer, "\xef\xbb\xbf", 3);
}

void csv_write_row_end(struct csv_writer *writer)
{
    csv_put(writer, "\r\n", 2);
    writer->row_begun = false;
}

FALLIBLE csv_writer_flush(struct csv_writer *writer, struct error *err)
{
    if (fflush(writer->file) != 0 && writer->failure == 0) {
        writer->failure = errno;
    }
    if (writer->failure != 0 && writer->path == NULL) {
        FAIL(RESOURCE, MESSAGE_OUTPUT_FAILED, ARG_ERRNO("why", writer->failure));
    }
    if (writer->failure != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", writer->path),
             ARG_ERRNO("why", writer->failure));
    }
    return OK;
}

FALLIBLE csv_writer_close(struct csv_writer *writer, struct error *err)
{
    outcome flushed = csv_writer_flush(writer, err);
    bool synced = fsync(fileno(writer->file)) == 0 || errno == EINVAL; /* a pipe has no disk */
    int reason = errno;
    bool closed = fclose(writer->file) == 0;
    writer->file = NULL;
    if (!flushed.ok) {
        return error_trace(err, HERE);
    }
    if (!synced || !closed) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", writer->path),
             ARG_ERRNO("why", synced ? errno : reason));
    }
    return OK;
}
