/* csv - see csv.h.
 *
 * Two steps: lines.c cuts records out of a window on the file by looking for line ends outside
 * quotes (memchr, so cheap); then libcsv splits one record into cells. So the place of every record
 * is known, blank lines count, and a bad row cannot swallow the next one.
 *
 * An encoding or a delimiter that nobody named is found by trial: the reading of the header row
 * that gives the most known headers is the right one. */
#include "core/io/csv.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/lines.h"
#include "core/io/messages.h"

enum {
    CELLS_MAX = 4096,
    TEXT_BYTES = 3 * CSV_LINE_BYTES_MAX + 16,
};

struct csv {
    struct arena arena;
    struct lines lines;
    bool lines_ready;
    enum encoding encoding;
    char delimiter;
    const struct encoding_tables *tables;
    struct csv_parser parser;
    bool parser_ready;
    str *cells;
    size_t cells_count;
    char *text;
    size_t text_used;
    struct encoding_notes notes;
    size_t rows_seen; /* row ends that libcsv reported within one record */
    size_t cell_bytes_max;
    str *header;
    size_t header_count;
};

static void on_cell(void *data, size_t size, void *context)
{
    struct csv *csv = context;
    if (size > csv->cell_bytes_max) {
        csv->cell_bytes_max = size;
    }
    if (csv->cells_count >= CELLS_MAX || csv->rows_seen > 0) {
        csv->cells_count += csv->rows_seen == 0;
        return;
    }
    struct encoding_notes notes = {0};
    bytes raw = bytes_of(data, size);
    char *out = csv->text + csv->text_used;
    size_t written = csv->encoding == ENCODING_GB18030
                         ? encoding_from_gb18030(csv->tables, raw, out, &notes)
                         : encoding_from_utf8(raw, out, &notes);
    csv->notes.damaged |= notes.damaged;
    csv->notes.private_use |= notes.private_use;
    csv->cells[csv->cells_count++] = (str){out, written};
    csv->text_used += written;
}

static void on_row(int end_character, void *context)
{
    (void)end_character;
    struct csv *csv = context;
    csv->rows_seen++;
}

/* Where in the file a fault of the whole file is. */
static FALLIBLE csv_broken(const struct csv *csv, int code, struct error *err)
{
    FAIL(MALFORMED, code, ARG_TEXT("file", csv->lines.path), ARG_INT("row", csv->lines.row),
         ARG_INT("line", csv->lines.line));
}

/* Puts the parser at the beginning of a row and drops what an earlier try left in it. */
static FALLIBLE csv_parser_open(struct csv *csv, char delimiter, struct error *err)
{
    if (csv->parser_ready) {
        csv_free(&csv->parser);
        csv->parser_ready = false;
    }
    if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", csv->lines.path),
             ARG_ERRNO("why", ENOMEM));
    }
    csv_set_delim(&csv->parser, (unsigned char)delimiter);
    csv_set_blk_size(&csv->parser, CSV_CELL_BYTES_MAX); /* the default grows by 128 bytes */
    csv->delimiter = delimiter;
    csv->parser_ready = true;
    return OK;
}

/* Reports why libcsv could not split the record. The parser is opened anew, so that a caller who
 * rewinds starts clean. */
static FALLIBLE csv_unsplit(struct csv *csv, struct error *err)
{
    int code = csv_error(&csv->parser);
    TRY(csv_parser_open(csv, csv->delimiter, err));
    if (code == CSV_EPARSE) {
        return csv_broken(csv, MESSAGE_CSV_QUOTING, err);
    }
    FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", csv->lines.path),
         ARG_TEXT("why", csv_strerror(code)));
}

/* Splits the record into cells and decodes them. */
static FALLIBLE csv_split(struct csv *csv, struct error *err)
{
    csv->cells_count = 0;
    csv->text_used = 0;
    csv->notes = (struct encoding_notes){0};
    csv->rows_seen = 0;
    csv->cell_bytes_max = 0;
    if (csv->lines.too_long) {
        return OK;
    }
    size_t size = csv->lines.record.size;
    if (csv_parse(&csv->parser, csv->lines.record.data, size, on_cell, on_row, csv) != size ||
        csv_parse(&csv->parser, "\n", 1, on_cell, on_row, csv) != 1) {
        return csv_unsplit(csv, err);
    }
    if (csv->rows_seen > 1) {
        return csv_broken(csv, MESSAGE_CSV_LONE_RETURN, err);
    }
    return OK;
}

/* The next record with a cell in it, split. */
static FALLIBLE csv_row(struct csv *csv, bool *ret_more, struct error *err)
{
    for (;;) {
        bool more;
        TRY(lines_next(&csv->lines, &more, err));
        if (!more) {
            *ret_more = false;
            return OK;
        }
        TRY(csv_split(csv, err));
        if (csv->rows_seen > 0 || csv->lines.too_long) {
            *ret_more = true;
            return OK;
        }
    }
}

/* Where in the bytes of the row the first fault is: decodes the row once more, as one piece. */
static size_t fault_offset(const struct csv *csv)
{
    struct encoding_notes notes = {0};
    char *out = malloc(csv->lines.record.size * 3 + 1);
    if (out == NULL) {
        return 0;
    }
    if (csv->encoding == ENCODING_GB18030) { /* only the notes about it are needed */
        (void)encoding_from_gb18030(csv->tables, csv->lines.record, out, &notes);
    } else {
        (void)encoding_from_utf8(csv->lines.record, out, &notes);
    }
    free(out);
    return notes.fault_offset;
}

/* What is wrong with the row that was split, if anything. */
static FALLIBLE csv_judge(struct csv *csv, struct error *err)
{
    size_t largest = csv->lines.too_long ? csv->lines.record.size : csv->cell_bytes_max;
    bool too_many = csv->cells_count > CELLS_MAX;
    if (csv->lines.too_long || largest > CSV_CELL_BYTES_MAX || too_many) {
        if (csv->lines.too_long || too_many) {
            csv->cells_count = 0;
        }
        FAIL(INVALID, MESSAGE_TOO_LARGE,
             ARG_TEXT("what", too_many              ? "row (cells)"
                              : csv->lines.too_long ? "row (bytes)"
                                                    : "cell (bytes)"),
             ARG_INT("limit", too_many              ? CELLS_MAX
                              : csv->lines.too_long ? CSV_LINE_BYTES_MAX
                                                    : CSV_CELL_BYTES_MAX));
    }
    if (csv->notes.damaged) {
        FAIL(INVALID, MESSAGE_BAD_ENCODING, ARG_INT("row", csv->lines.row),
             ARG_TEXT("encoding", encoding_name(csv->encoding)),
             ARG_INT("offset", fault_offset(csv)));
    }
    return OK;
}

FALLIBLE csv_next(struct csv *csv, const str **ret_cells, size_t *ret_count, uint64_t *ret_row,
                  bool *ret_more, struct error *err)
{
    bool more;
    TRY(csv_row(csv, &more, err));
    if (!more) {
        *ret_more = false;
        return OK;
    }
    TRY(csv_judge(csv, err));
    *ret_cells = csv->cells;
    *ret_count = csv->cells_count;
    *ret_row = csv->lines.row;
    *ret_more = true;
    return OK;
}

FALLIBLE csv_cut(struct csv *csv, struct csv_record *ret, bool *ret_more, struct error *err)
{
    bool more = false;
    TRY(lines_next(&csv->lines, &more, err));
    if (more) {
        const struct lines *lines = &csv->lines;
        *ret = (struct csv_record){lines->record, lines->row, lines->line, lines->too_long};
    }
    *ret_more = more;
    return OK;
}

FALLIBLE csv_split_row(struct csv *splitter, const struct csv_record *record, const str **ret_cells,
                       size_t *ret_count, bool *ret_blank, struct error *err)
{
    splitter->lines.record = record->raw;
    splitter->lines.row = record->row;
    splitter->lines.line = record->line;
    splitter->lines.too_long = record->too_long;
    TRY(csv_split(splitter, err));
    bool blank = splitter->rows_seen == 0 && !record->too_long;
    if (!blank) {
        TRY(csv_judge(splitter, err));
    }
    *ret_cells = splitter->cells;
    *ret_count = splitter->cells_count;
    *ret_blank = blank;
    return OK;
}

/* Is it a line of blanks only, which libcsv skips? With tabs as delimiter, a tab is no blank but
 * divides cells. */
static bool is_blank_record(const struct csv *csv)
{
    bytes raw = csv->lines.record;
    size_t at = 0;
    while (at < raw.size &&
           (raw.data[at] == ' ' || (raw.data[at] == '\t' && csv->delimiter != '\t'))) {
        at++;
    }
    return at == raw.size && !csv->lines.too_long;
}

FALLIBLE csv_check(struct csv *csv, uint64_t *ret_rows, struct error *err)
{
    uint64_t rows = 0;
    TRY(csv_rewind(csv, err));
    for (;;) {
        bool more;
        TRY(lines_next(&csv->lines, &more, err));
        if (!more) {
            break;
        }
        if (memchr(csv->lines.record.data, 0, csv->lines.record.size) != NULL) {
            return csv_broken(csv, MESSAGE_CSV_NUL, err);
        }
        /* without a quote or a return nothing can be broken: no need to split */
        if (csv->lines.quoted ||
            memchr(csv->lines.record.data, '\r', csv->lines.record.size) != NULL) {
            TRY(csv_split(csv, err));
            rows += csv->rows_seen > 0 || csv->lines.too_long;
        } else {
            rows += !is_blank_record(csv);
        }
    }
    *ret_rows = rows;
    return csv_rewind(csv, err);
}

/* "sep=;" before the header: a note of a spreadsheet to itself about the delimiter. */
static bool is_separator_hint(bytes record)
{
    static const char hint[] = "sep=";
    size_t size = sizeof hint - 1;
    return record.size >= size && record.size <= size + 1 && memcmp(record.data, hint, size) == 0;
}

FALLIBLE csv_rewind(struct csv *csv, struct error *err)
{
    bool more;
    TRY(lines_rewind(&csv->lines, csv->encoding, err));
    TRY(csv_row(csv, &more, err)); /* the header */
    if (more && is_separator_hint(csv->lines.record)) {
        return csv_row(csv, &more, err);
    }
    return OK;
}

/* One way to read a file. */
struct csv_way {
    enum encoding encoding;
    char delimiter;
};

/* Splits the first row and counts the known headers; *ret_more is false when there is no row. */
static FALLIBLE csv_try(struct csv *csv, struct csv_way way, const struct csv_options *options,
                        size_t *ret_known, bool *ret_more, struct error *err)
{
    if (way.encoding == ENCODING_GB18030 && csv->tables == NULL) {
        TRY(encoding_tables_new(&csv->arena, &csv->tables, err));
    }
    TRY(csv_parser_open(csv, way.delimiter, err));
    csv->encoding = way.encoding;
    TRY(csv_rewind(csv, err));
    bool split = csv->lines.row > 0 && csv->rows_seen > 0;
    *ret_more = split || csv->lines.too_long; /* a file without line ends is not empty */
    size_t known = split && !csv->notes.damaged ? 1 : 0;
    if (known > 0 && options != NULL && options->known != NULL) {
        known = options->known(options->context, csv->cells, csv->cells_count);
    }
    *ret_known = known;
    return OK;
}

/* The likeliest delimiter under an encoding: it splits the header and gives the most known cells.
 * *ret_all: every cell is known, so no other encoding can know more. */
static size_t csv_find_delimiter(struct csv *csv, const struct csv_options *options,
                                 struct csv_way *way, bool *ret_all)
{
    static const char delimiters[] = {',', ';', '\t'};
    size_t most = 0; /* best so far + 1: so a split header with 0 known cells counts */
    struct csv_way tried = *way;
    *ret_all = false;
    for (size_t i = 0; i < sizeof delimiters; i++) {
        size_t known = 0;
        bool more = false;
        struct error broken; /* reported if this way is taken */
        tried.delimiter = delimiters[i];
        if (csv_try(csv, tried, options, &known, &more, &broken).ok && known + 1 > most) {
            most = known + 1;
            *way = tried;
            *ret_all = options == NULL || options->known == NULL || known == csv->cells_count;
        }
    }
    return most > 0 ? most - 1 : 0;
}

/* When neither a mark nor an option says the encoding, tries UTF-8 and GB18030, and UTF-16 only
 * when there is a NUL byte, which the others cannot contain. */
static struct csv_way csv_find_way(struct csv *csv, const struct csv_options *options)
{
    struct csv_way best = {ENCODING_UTF8, ','};
    bool all = false;
    size_t most = csv_find_delimiter(csv, options, &best, &all);
    bool utf8 = lines_window_is_utf8(&csv->lines); /* with an ASCII header the rows decide */
    static const enum encoding others[] = {ENCODING_GB18030, ENCODING_UTF16LE, ENCODING_UTF16BE};
    /* Then GB18030 could not win, and making its tables takes longer than reading a small file. */
    size_t first = utf8 && all ? 1 : 0;
    for (size_t i = first; i < (csv->lines.holds_nul ? 3 : 1); i++) {
        struct csv_way way = {others[i], ','};
        size_t known = csv_find_delimiter(csv, options, &way, &all);
        bool untried = i == 0 && csv->tables == NULL; /* no tables: csv_begin() reports why */
        if (known > most || untried || (known == most && most > 0 && !utf8 && i == 0)) {
            most = known;
            best = way;
        }
    }
    return best;
}

/* Finds out how the file is to be read; keeps the header. */
static FALLIBLE csv_begin(struct csv *csv, const struct csv_options *options, struct error *err)
{
    struct csv_way way = {csv->lines.encoding, ','};
    bool all = false;
    if (way.encoding == ENCODING_FIND) {
        way = csv_find_way(csv, options);
    } else {
        (void)csv_find_delimiter(csv, options, &way, &all);
    }
    size_t known;
    bool more;
    TRY(csv_try(csv, way, options, &known, &more, err));
    if (!more) {
        FAIL(MALFORMED, MESSAGE_CSV_EMPTY, ARG_TEXT("file", csv->lines.path));
    }
    if (known == 0) {
        FAIL(MALFORMED, MESSAGE_CSV_HEADER_UNKNOWN, ARG_TEXT("file", csv->lines.path));
    }
    csv->header_count = csv->cells_count < CELLS_MAX ? csv->cells_count : CELLS_MAX;
    csv->header = ARENA_ARRAY(&csv->arena, str, csv->header_count);
    for (size_t i = 0; i < csv->header_count; i++) {
        csv->header[i] = arena_str(&csv->arena, csv->cells[i]);
    }
    return OK;
}

static struct csv *csv_new(void)
{
    struct csv *csv = calloc(1, sizeof *csv);
    MEMORY_UNLESS(csv != NULL);
    arena_init(&csv->arena, 0);
    csv->text = arena_new_raw(&csv->arena, TEXT_BYTES);
    csv->cells = arena_new_raw(&csv->arena, sizeof *csv->cells * CELLS_MAX);
    return csv;
}

FALLIBLE csv_splitter_open(const struct csv *csv, struct csv **ret, struct error *err)
{
    struct csv *splitter = csv_new();
    splitter->lines.path = csv->lines.path;
    splitter->encoding = csv->encoding;
    splitter->tables = csv->tables;
    if (!csv_parser_open(splitter, csv->delimiter, err).ok) {
        csv_close(splitter);
        return error_trace(err, HERE);
    }
    *ret = splitter;
    return OK;
}

FALLIBLE csv_open(const char *path, enum encoding encoding, const struct csv_options *options,
                  struct csv **ret, struct error *err)
{
    struct csv *csv = csv_new();
    csv->tables = options != NULL ? options->tables : NULL;
    outcome opened = lines_open(path, encoding, true, &csv->arena, &csv->lines, err);
    csv->lines_ready = opened.ok;
    if (opened.ok) {
        opened = csv_begin(csv, options, err);
    }
    if (!opened.ok) {
        csv_close(csv);
        return error_trace(err, HERE);
    }
    *ret = csv;
    return OK;
}

void csv_close(struct csv *csv)
{
    if (csv == NULL) {
        return;
    }
    if (csv->parser_ready) {
        csv_free(&csv->parser);
    }
    if (csv->lines_ready) {
        lines_close(&csv->lines);
    }
    arena_release(&csv->arena);
    free(csv);
}

void csv_close_at(struct csv **csv)
{
    csv_close(*csv);
}

enum encoding csv_encoding(const struct csv *csv)
{
    return csv->encoding;
}

const struct lines *csv_lines(const struct csv *csv)
{
    return &csv->lines;
}

char csv_delimiter(const struct csv *csv)
{
    return csv->delimiter;
}

const str *csv_header(const struct csv *csv, size_t *ret_count)
{
    *ret_count = csv->header_count;
    return csv->header;
}

uint64_t csv_row_number(const struct csv *csv)
{
    return csv->lines.row;
}

const str *csv_row_lossy(const struct csv *csv, size_t *ret_count)
{
    *ret_count = csv->cells_count;
    return csv->cells;
}

bool csv_row_private_use(const struct csv *csv)
{
    return csv->notes.private_use;
}

uint64_t csv_position(const struct csv *csv, uint64_t *ret_size)
{
    *ret_size = csv->lines.state.size;
    return lines_position(&csv->lines);
}
