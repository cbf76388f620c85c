/* table - see table.h. */
#include "core/io/table.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/shown.h"
#include "core/base/unicode.h"
#include "core/base/wrap.h"
#include "core/io/csv.h"
#include "core/io/json.h"
#include "core/io/messages.h"
#include "core/io/stand_ins.h"

struct table {
    enum table_format format;
    const struct column *columns;
    size_t columns_count;
    size_t next; /* column of the next cell */
    FILE *out;
    int failure; /* errno of the first write that failed, or 0 */
    struct libscols_table *aligned;
    bool folds;  /* to the width of a terminal */
    int *widths; /* by column, when it folds: the widest cell */
    struct libscols_line *line;
    struct stand_ins stand_ins;
    struct json *record;
    struct csv_writer writer;
};

/* The narrowest readable width. A table with at most this many columns is never turned into blocks,
 * which would be as wide: the terminal has to break its lines. */
enum { FOLDED_COLUMNS_MIN = 16, BLOCKS_FROM = 2 };

static FALLIBLE aligned_open(struct table *table, enum table_language language, struct error *err)
{
    table->aligned = scols_new_table();
    table->widths = calloc(table->columns_count, sizeof *table->widths);
    if (table->aligned == NULL || table->widths == NULL) {
        FAIL(RESOURCE, MESSAGE_TABLE_FAILED, ARG_ERRNO("why", ENOMEM));
    }
    /* On a terminal long names are folded to its width; elsewhere every row is one line. */
    table->folds = isatty(fileno(table->out)) == 1;
    /* both fail only without a table */
    (void)scols_table_enable_colors(table->aligned, 0);
    (void)scols_table_set_termforce(table->aligned,
                                    table->folds ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
    for (size_t i = 0; i < table->columns_count; i++) {
        const struct column *column = &table->columns[i];
        const char *heading = language == TABLE_CHINESE ? column->chinese : column->english;
        table->widths[i] = unicode_width(str_of(heading));
        bool right = column->right || column->is_number;
        if (scols_table_new_column(table->aligned, heading, 0, right ? SCOLS_FL_RIGHT : 0) ==
            NULL) {
            FAIL(RESOURCE, MESSAGE_TABLE_FAILED, ARG_ERRNO("why", ENOMEM));
        }
    }
    return OK;
}

static void csv_headings(struct table *table)
{
    csv_writer_on(table->out, NULL, &table->writer);
    for (size_t i = 0; i < table->columns_count; i++) {
        csv_write_cell(&table->writer, str_of(table->columns[i].key));
    }
    csv_write_row_end(&table->writer);
}

static void table_free(struct table *table)
{
    if (table->aligned != NULL) {
        scols_unref_table(table->aligned);
    }
    json_release(table->record);
    free(table->widths);
    free(table);
}

FALLIBLE table_open(enum table_format format, enum table_language language,
                    const struct column *columns, size_t columns_count, FILE *out,
                    struct table **ret, struct error *err)
{
    struct table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        FAIL(RESOURCE, MESSAGE_TABLE_FAILED, ARG_ERRNO("why", ENOMEM));
    }
    *table = (struct table){
        .format = format, .columns = columns, .columns_count = columns_count, .out = out};
    switch (format) {
    case TABLE_PEOPLE:
        if (!aligned_open(table, language, err).ok) {
            table_free(table);
            return error_trace(err, HERE);
        }
        break;
    case TABLE_CSV: csv_headings(table); break;
    case TABLE_JSON: break;
    }
    *ret = table;
    return OK;
}

static void aligned_cell(struct table *table, str value)
{
    int width = table->folds ? unicode_width(value) : 0;
    if (width > table->widths[table->next]) {
        table->widths[table->next] = width;
    }
    if (table->next == 0) {
        table->line = scols_table_new_line(table->aligned, NULL);
    }
    struct arena arena; /* smartcols wants NUL-terminated text and keeps a copy */
    arena_init(&arena, 0);
    str shown = stand_ins_put(&table->stand_ins, shown_text(value, &arena), &arena);
    const char *text = arena_c_string(&arena, shown);
    if (table->line == NULL || scols_line_set_data(table->line, table->next, text) != 0) {
        table->failure = ENOMEM;
    }
    arena_release(&arena);
}

static void json_cell(struct table *table, str value)
{
    const struct column *column = &table->columns[table->next];
    if (table->next == 0) {
        table->record = json_new_record();
    }
    if ((column->is_number || column->is_bool) && str_empty(value)) {
        json_put_null(table->record, column->key);
    } else if (column->is_bool) {
        json_put_bool(table->record, column->key, str_equal(value, STR("true")));
    } else if (column->is_number) {
        bool negative = value.data[0] == '-';
        uint64_t number = 0;
        BUG_UNLESS(str_to_uint64(str_from(value, negative ? 1 : 0), &number));
        json_put_number(table->record, column->key, negative ? -(int64_t)number : (int64_t)number);
    } else {
        json_put_text(table->record, column->key, value);
    }
}

static void json_row_end(struct table *table)
{
    struct error ignored; /* errno is the reason; it is reported when the table is closed */
    if (!json_write_line(table->record, table->out, &ignored).ok && table->failure == 0) {
        table->failure = errno;
    }
    json_release(table->record);
    table->record = NULL;
}

void table_cell(struct table *table, str value)
{
    bool last = table->next + 1 == table->columns_count;
    switch (table->format) {
    case TABLE_PEOPLE: aligned_cell(table, value); break;
    case TABLE_JSON:
        json_cell(table, value);
        if (last) {
            json_row_end(table);
        }
        break;
    case TABLE_CSV:
        if (table->columns[table->next].is_number) {
            csv_write_cell(&table->writer, value); /* -3 is no formula */
        } else {
            csv_write_for_people(&table->writer, value);
        }
        if (last) {
            csv_write_row_end(&table->writer);
        }
        break;
    }
    table->next = last ? 0 : table->next + 1;
}

/* Prints the lines of the laid out table without the blanks that pad empty last cells. */
static void print_trimmed(struct table *table, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        size_t shown = size;
        while (shown > 0 && text[shown - 1] == ' ') {
            shown--;
        }
        if (fwrite(text, 1, shown, table->out) != shown || fputc('\n', table->out) == EOF) {
            table->failure = errno;
            return;
        }
        text += size + (text[size] == '\n');
    }
}

static bool add_line(struct libscols_table *blocks, const char *heading, str text)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct libscols_line *line = scols_table_new_line(blocks, NULL);
    bool added = line != NULL && scols_line_set_data(line, 0, heading) == 0 &&
                 scols_line_set_data(line, 1, arena_c_string(&arena, text)) == 0; /* copies */
    arena_release(&arena);
    return added;
}

/* One row as lines "heading  value", a long value over several, empty cells left out; a blank line
 * behind it. */
static bool add_block(struct table *table, struct libscols_table *blocks, size_t row, int columns)
{
    struct libscols_line *cells = scols_table_get_line(table->aligned, row);
    for (size_t i = 0; i < table->columns_count; i++) {
        struct libscols_column *column = scols_table_get_column(table->aligned, i);
        const char *heading = scols_cell_get_data(scols_column_get_header(column));
        const char *value = scols_cell_get_data(scols_line_get_cell(cells, i));
        if (value == NULL || *value == 0) {
            continue;
        }
        str rest = str_of(value);
        do {
            if (!add_line(blocks, heading, wrap_line(&rest, columns))) {
                return false;
            }
            heading = "";
        } while (!str_empty(rest));
    }
    return add_line(blocks, "", STR(""));
}

/* The width that is left for the values of blocks beside the widest heading. */
static int block_columns(const struct table *table)
{
    int widest = 0;
    for (size_t i = 0; i < table->columns_count; i++) {
        struct libscols_column *column = scols_table_get_column(table->aligned, i);
        int width = unicode_width(str_of(scols_cell_get_data(scols_column_get_header(column))));
        widest = width > widest ? width : widest;
    }
    int left = (int)scols_table_get_termwidth(table->aligned) - widest - 1;
    return left > FOLDED_COLUMNS_MIN ? left : FOLDED_COLUMNS_MIN;
}

/* Prints a block of lines for each row, when a terminal is too narrow even for folded columns: a
 * row would take several lines, and headings would not stand over their values. */
static bool turn_to_blocks(struct table *table)
{
    struct libscols_table *blocks = scols_new_table();
    bool made = blocks != NULL && scols_table_new_column(blocks, NULL, 0, 0) != NULL &&
                scols_table_new_column(blocks, NULL, 0, SCOLS_FL_WRAP) != NULL;
    if (made) { /* fail only without a table */
        (void)scols_table_enable_noheadings(blocks, 1);
        (void)scols_table_set_termforce(blocks, SCOLS_TERMFORCE_ALWAYS);
        (void)scols_table_set_termwidth(blocks, scols_table_get_termwidth(table->aligned));
    }
    size_t rows = scols_table_get_nlines(table->aligned);
    int columns = block_columns(table);
    for (size_t i = 0; made && i < rows; i++) {
        made = add_block(table, blocks, i, columns);
    }
    if (!made) {
        scols_unref_table(blocks);
        return false;
    }
    scols_unref_table(table->aligned);
    table->aligned = blocks;
    return true;
}

/* Long columns share the width of the terminal, but never so narrow that they cannot be read. */
static bool fit_to_terminal(struct table *table)
{
    size_t needed = 0;
    for (size_t i = 0; i < table->columns_count; i++) {
        bool folded = table->columns[i].folds && table->widths[i] > FOLDED_COLUMNS_MIN;
        struct libscols_column *column = scols_table_get_column(table->aligned, i);
        if (folded) {
            /* fails only without a column */
            (void)scols_column_set_flags(column, scols_column_get_flags(column) | SCOLS_FL_WRAP);
        }
        needed += (size_t)(folded ? FOLDED_COLUMNS_MIN : table->widths[i]) + 1;
    }
    if (needed <= scols_table_get_termwidth(table->aligned) ||
        scols_table_get_nlines(table->aligned) == 0) {
        return true;
    }
    if (table->columns_count > BLOCKS_FROM) {
        return turn_to_blocks(table);
    }
    (void)scols_table_set_termwidth(table->aligned, needed); /* fails only without a table */
    return true;
}

FALLIBLE table_close(struct table *table, struct error *err)
{
    BUG_UNLESS(table->next == 0);
    char *text = NULL;
    bool laid_out = table->failure == 0;
    if (table->format == TABLE_PEOPLE && laid_out) {
        laid_out = (!table->folds || fit_to_terminal(table)) &&
                   scols_print_table_to_string(table->aligned, &text) == 0;
        if (laid_out && text != NULL) {
            stand_ins_take(&table->stand_ins, text);
            print_trimmed(table, text);
        }
        free(text);
    }
    if (fflush(table->out) != 0 && table->failure == 0) {
        table->failure = errno;
    }
    int failure = table->failure != 0 ? table->failure : table->writer.failure;
    table_free(table);
    if (!laid_out && failure == 0) {
        FAIL(RESOURCE, MESSAGE_TABLE_FAILED, ARG_ERRNO("why", ENOMEM));
    }
    if (failure != 0) {
        FAIL(RESOURCE, MESSAGE_OUTPUT_FAILED, ARG_ERRNO("why", failure));
    }
    return OK;
}
