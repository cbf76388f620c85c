/* csv - reads RFC 4180 files of any size row by row, and writes them.
 *
 * The reader streams. Cells are divided by comma, semicolon or tab, whichever makes the most
 * headers known; the encoding is that of the byte order mark, or found the same way among UTF-8,
 * GB18030 and, where the file holds NUL bytes, UTF-16. Columns are split on the raw bytes
 * (delimiter, quote and line end are never part of a GB18030 character) by libcsv in strict mode,
 * then decoded. A fault of the whole file (quoting, NUL bytes, a lone carriage return, a header
 * that fits no encoding) is MALFORMED. A fault of one row (its bytes, its size) is INVALID, and
 * csv_next() then goes on with the next row. The row number is that of a spreadsheet: the header is
 * row 1, blank lines count, a quoted line feed does not.
 *
 *     TRY(csv_open(path, ENCODING_FIND, &options, &csv, err));
 *     TRY(csv_check(csv, &rows, err));
 *     for (;;) { csv_next(csv, &cells, &count, &row, &more, err) ... }
 *     csv_close(csv); */
#pragma once

#include <stdio.h>

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/encoding.h"

enum { CSV_LINE_BYTES_MAX = 1 << 20, CSV_CELL_BYTES_MAX = 1 << 16 };

struct csv;

struct csv_options {
    /* How many of the cells of the first row are known headers; used to find the encoding. NULL:
     * the file is UTF-8 when its first 4 MiB are. */
    size_t (*known)(const void *context, const str *cells, size_t count);
    const void *context;
    /* Tables shared by several files, which outlive the reader; NULL: made when this one needs
     * them. */
    const struct encoding_tables *tables;
};

/* Opens a file and reads its header. `options` may be NULL.
 * fails   MISSING MESSAGE_FILE_NOT_READABLE (no such file, a directory), RESOURCE
 *         MESSAGE_ENCODING_UNAVAILABLE where it may be GB18030, which the C library does not have,
 *         MALFORMED MESSAGE_CSV_EMPTY, MESSAGE_CSV_HEADER_UNKNOWN and all that csv_check finds */
FALLIBLE csv_open(const char *path, enum encoding encoding, const struct csv_options *options,
                  struct csv **ret, struct error *err);
/* NULL is allowed. */
void csv_close(struct csv *csv);
#define CSV_AUTO __attribute__((cleanup(csv_close_at))) struct csv *
void csv_close_at(struct csv **csv);

enum encoding csv_encoding(const struct csv *csv);
/* ',', ';' or a tab. */
char csv_delimiter(const struct csv *csv);
/* The first row; lives as long as the reader. */
const str *csv_header(const struct csv *csv, size_t *ret_count);

/* The file that is read: its state when it was opened, whether it is still the same. */
struct lines;
const struct lines *csv_lines(const struct csv *csv);

/* Reads the whole file once for quoting, then stands at the first row again. *ret_rows: how many
 * rows csv_next() will come to, good or not. fails   MALFORMED MESSAGE_CSV_QUOTING,
 * MESSAGE_CSV_NUL, MESSAGE_CSV_LINE_TOO_LONG (file, row, line), RESOURCE MESSAGE_FILE_NOT_READABLE
 */
FALLIBLE csv_check(struct csv *csv, uint64_t *ret_rows, struct error *err);

/* The next row that is not blank. Cells live until the next call and lie one behind the other in
 * memory; blanks at the ends of unquoted cells are gone. At the end *ret_more is false and the rest
 * is untouched. fails   INVALID MESSAGE_BAD_ENCODING (row, encoding, offset), MESSAGE_TOO_LARGE
 * (row, bytes, limit): the reader has moved on, csv_row_number() and csv_row_lossy()
 * tell of the row; MALFORMED, RESOURCE as csv_check */
FALLIBLE csv_next(struct csv *csv, const str **ret_cells, size_t *ret_count, uint64_t *ret_row,
                  bool *ret_more, struct error *err);

/* The same in two steps, so that other threads can do the second: csv_cut() finds the next record,
 * which lives until the next call, as csv_check; a splitter, a reader of its own that shares
 * nothing that changes, makes a row of it or of a copy. csv_split_row(): *ret_blank for a blank
 * line, else as csv_next, and the calls below tell of the splitter's row. */
struct csv_record {
    bytes raw;
    uint64_t row;
    uint64_t line;
    bool too_long;
};
FALLIBLE csv_cut(struct csv *csv, struct csv_record *ret, bool *ret_more, struct error *err);
/* `csv` must outlive it; csv_close() gives it back. */
FALLIBLE csv_splitter_open(const struct csv *csv, struct csv **ret, struct error *err);
FALLIBLE csv_split_row(struct csv *splitter, const struct csv_record *record, const str **ret_cells,
                       size_t *ret_count, bool *ret_blank, struct error *err);

/* Of the row csv_next() came to last, whether it was good or not: */
uint64_t csv_row_number(const struct csv *csv);
/* its cells with U+FFFD for what did not decode, none when it was too large; */
const str *csv_row_lossy(const struct csv *csv, size_t *ret_count);
/* whether it held private-use characters, replaced or not. */
bool csv_row_private_use(const struct csv *csv);
/* Bytes read and size of the file, for progress. */
uint64_t csv_position(const struct csv *csv, uint64_t *ret_size);

/* Back to the first row. */
FALLIBLE csv_rewind(struct csv *csv, struct error *err);

/* --- writing: UTF-8, CRLF, quotes where RFC 4180 wants them ---------------------------------- */

struct csv_writer {
    FILE *file;
    const char *path; /* for messages; NULL: stdout */
    bool row_begun;
    int failure; /* errno of the first write that failed, or 0 */
};

/* On a stream that is open; the caller closes it. */
void csv_writer_on(FILE *file, const char *path, struct csv_writer *ret);
/* Makes a file with mode 0600; it must not be there yet. `path` must outlive the writer.
 * fails   CREATE MESSAGE_FILE_NOT_CREATED */
FALLIBLE csv_writer_create(const char *path, struct csv_writer *ret, struct error *err);
void csv_write_cell(struct csv_writer *writer, str cell);
void csv_write_row_end(struct csv_writer *writer);
/* A cell of a file that people open in a spreadsheet: what it would run as a formula gets a ' in
 * front. Files that programs read are written by csv_write_cell(), to the byte. */
void csv_write_for_people(struct csv_writer *writer, str cell);
/* Would a spreadsheet run the cell, or has it been guarded against that already? After any number
 * of ' and of blanks stands = + - @ (also of full width), a tab, a return or a line feed. */
bool csv_is_formula(str cell);
/* Takes off exactly what csv_write_for_people() puts in front; any other ' is the cell's own. */
str csv_without_guard(str cell);
/* The byte order mark, first in a file: without it spreadsheets do not take a file for UTF-8. */
void csv_write_mark(struct csv_writer *writer);
/* Flushes; the first failure since the beginning is told here.
 * fails   RESOURCE MESSAGE_FILE_NOT_WRITABLE, of a file without a path MESSAGE_OUTPUT_FAILED */
FALLIBLE csv_writer_flush(struct csv_writer *writer, struct error *err);
/* Flushes to the disk and closes a file made by csv_writer_create(); the file is closed also when
 * that fails. */
FALLIBLE csv_writer_close(struct csv_writer *writer, struct error *err);
