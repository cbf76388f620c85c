/* registry - see registry.h. */
#include "importers/registry.h"

#include <string.h>

#include "core/base/unicode.h"
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

enum { OWN_COLUMNS = 3 }; /* of a rejects file: 行号, 原因代码, 原因 */

const struct import_kind import_kinds[] = {
    {"enterprises", ACTION__BODY_REGISTER_ENTERPRISE, enterprises_columns, ENTERPRISES_COLUMNS,
     enterprises_read},
    {"identities", ACTION__BODY_COLLECT_IDENTITY, identities_columns, IDENTITIES_COLUMNS,
     identities_read},
    {"clerks", ACTION__BODY_REGISTER_CLERK, clerks_columns, CLERKS_COLUMNS, clerks_read},
    {"exams", ACTION__BODY_RECORD_EXAM, exams_columns, EXAMS_COLUMNS, exams_read},
    {"insurance", ACTION__BODY_RECORD_INSURANCE, insurance_columns, INSURANCE_COLUMNS,
     insurance_read},
    {"paper", ACTION__BODY_REGISTER_PAPER, paper_columns, PAPER_COLUMNS, paper_read},
    {"national", ACTION__BODY_RECORD_NATIONAL, national_columns, NATIONAL_COLUMNS, national_read},
    {"registrations", ACTION__BODY_RECORD_REGISTRATION, registrations_columns,
     REGISTRATIONS_COLUMNS, registrations_read},
    {"contracts", ACTION__BODY_RECORD_CONTRACT, contracts_columns, CONTRACTS_COLUMNS,
     contracts_read},
};
const size_t import_kinds_count = sizeof import_kinds / sizeof *import_kinds;

const struct import_kind *import_kind_find(str name)
{
    for (size_t i = 0; i < import_kinds_count; i++) {
        if (str_equal_c(name, import_kinds[i].name)) {
            return &import_kinds[i];
        }
    }
    return NULL;
}

static str header_normal(str header, struct arena *arena)
{
    return unicode_without_blanks(unicode_narrow(str_trim(header), arena), arena);
}

/* By its own name or by an alias. */
static bool names_column(str cell, const struct import_column *column)
{
    if (str_equal_c(cell, column->name)) {
        return true;
    }
    for (size_t i = 0; i < IMPORT_ALIASES_MAX && column->aliases[i] != NULL; i++) {
        if (str_equal_c(cell, column->aliases[i])) {
            return true;
        }
    }
    return false;
}

/* The column that a header names; *ret_alias: not by its own name. */
static int column_find(const struct import_kind *kind, str header, bool *ret_alias)
{
    for (size_t i = 0; i < kind->columns_count; i++) {
        if (names_column(header, &kind->columns[i])) {
            *ret_alias = !str_equal_c(header, kind->columns[i].name);
            return (int)i;
        }
    }
    return -1;
}

size_t import_header_known(const void *kind, const str *cells, size_t count)
{
    struct arena arena;
    arena_init(&arena, 0);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        bool alias;
        known += column_find(kind, header_normal(cells[i], &arena), &alias) >= 0;
    }
    arena_release(&arena);
    return known;
}

static void note_unknown(struct import_header *header, str name)
{
    /* the columns that a rejects file adds come back with it */
    bool own =
        str_equal_c(name, "行号") || str_equal_c(name, "原因代码") || str_equal_c(name, "原因");
    header->own_columns += own;
    if (own || str_empty(name)) {
        return;
    }
    if (header->unknown_count < sizeof header->unknown / sizeof *header->unknown) {
        header->unknown[header->unknown_count] = name;
    }
    header->unknown_count++;
}

static FALLIBLE header_complete(const struct import_kind *kind, const struct import_header *header,
                                struct arena *arena, struct error *err)
{
    str missing = STR("");
    for (size_t i = 0; i < kind->columns_count; i++) {
        if (kind->columns[i].mandatory && header->column_of[i] < 0) {
            missing = arena_format(arena, "%.*s%s%s", STR_ARGS(missing),
                                   str_empty(missing) ? "" : "、", kind->columns[i].name);
        }
    }
    if (!str_empty(missing)) {
        FAIL(MALFORMED, MESSAGE_COLUMN_MISSING, ARG_STR("columns", missing),
             ARG_TEXT("register", kind->name));
    }
    return OK;
}

/* In a rejects file that a spreadsheet wrote anew, surplus cells have headers: empty ones behind
 * those that the file added, all three of which are there; a register may have one of its own. */
static size_t columns_with_names(const struct import_header *header, const str *cells, size_t count)
{
    while (header->own_columns == OWN_COLUMNS && count > 0 &&
           str_empty(str_trim(cells[count - 1]))) {
        count--;
    }
    return count;
}

FALLIBLE import_header_match(const struct import_kind *kind, const str *cells, size_t count,
                             struct arena *arena, struct import_header *ret, struct error *err)
{
    struct import_header header = {.file_columns = count};
    bool by_alias[IMPORT_COLUMNS_MAX] = {false};
    BUG_UNLESS(kind->columns_count <= IMPORT_COLUMNS_MAX);
    for (size_t i = 0; i < IMPORT_COLUMNS_MAX; i++) {
        header.column_of[i] = -1;
    }
    for (size_t i = 0; i < count; i++) {
        bool alias = false;
        str name = arena_str(arena, header_normal(cells[i], arena));
        int column = column_find(kind, name, &alias);
        if (column < 0) {
            note_unknown(&header, name);
            continue;
        }
        int before = header.column_of[column];
        if (before >= 0 && alias == by_alias[column]) {
            FAIL(MALFORMED, MESSAGE_COLUMN_TWICE, ARG_STR("first", str_trim(cells[before])),
                 ARG_STR("second", str_trim(cells[i])),
                 ARG_TEXT("column", kind->columns[column].name));
        }
        /* the column's own name counts more than an alias (证书编号 beside 编号) */
        if (before < 0 || by_alias[column]) {
            if (before >= 0) {
                note_unknown(&header, arena_str(arena, header_normal(cells[before], arena)));
            }
            header.column_of[column] = (int)i;
            by_alias[column] = alias;
        } else {
            note_unknown(&header, name);
        }
    }
    TRY(header_complete(kind, &header, arena, err));
    header.file_columns = columns_with_names(&header, cells, count);
    *ret = header;
    return OK;
}

/* A header row in the middle of a file: every mandatory cell is the name of its column. */
static bool row_repeats_header(const struct import_row *row, struct arena *arena)
{
    for (size_t i = 0; i < row->kind->columns_count; i++) {
        const struct import_column *column = &row->kind->columns[i];
        if (column->mandatory && !names_column(header_normal(row->cells[i], arena), column)) {
            return false;
        }
    }
    return true;
}

/* A line of totals: one cell says so, and nothing else; where a mandatory cell is empty, one that
 * begins so is enough (合计3人). */
static bool row_is_total(const struct import_row *row, bool begins, struct arena *arena)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计"};
    for (size_t i = 0; i < row->kind->columns_count; i++) {
        str cell = header_normal(row->cells[i], arena);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            str rest = str_from(cell, strlen(words[k]));
            if (str_starts_with(cell, str_of(words[k])) &&
                (begins || str_empty(rest) || str_equal_c(rest, ":") || str_equal_c(rest, "："))) {
                return true;
            }
        }
    }
    return false;
}

static bool row_is_blank(const struct import_row *row)
{
    for (size_t i = 0; i < row->kind->columns_count; i++) {
        if (!str_empty(row->cells[i])) {
            return false;
        }
    }
    return true;
}

static FALLIBLE row_check_cells(const struct import_row *row, struct error *err)
{
    for (size_t i = 0; i < row->kind->columns_count; i++) {
        const struct import_column *column = &row->kind->columns[i];
        if (column->mandatory && str_empty(row->cells[i])) {
            FAIL(INVALID, MESSAGE_MISSING_CELL, ARG_TEXT("column", column->name),
                 ARG_TEXT("found", "empty"));
        }
    }
    return OK;
}

static bool text_is_lost(str text)
{
    static const char replacement[3] = "\xef\xbf\xbd";
    const char *at = text.data;
    size_t left = text.size;
    while (left >= sizeof replacement) {
        const char *found = memchr(at, replacement[0], left);
        if (found == NULL) {
            return false;
        }
        left -= (size_t)(found - at);
        if (left >= sizeof replacement && memcmp(found, replacement, sizeof replacement) == 0) {
            return true;
        }
        at = found + 1;
        left--;
    }
    return false;
}

/* A sign that a character or the whole value was lost, in a cell that no reader of names or numbers
 * looked at. */
static FALLIBLE row_check_lost(const struct import_row *row, struct error *err)
{
    for (size_t i = 0; i < row->kind->columns_count; i++) {
        bool none = text_is_spreadsheet_error(row->cells[i]);
        if (none || text_is_lost(row->cells[i])) {
            FAIL(INVALID, MESSAGE_BAD_CODE, ARG_TEXT("column", row->kind->columns[i].name),
                 ARG_TEXT("found", none ? "spreadsheet_error" : "lost_character"));
        }
    }
    return OK;
}

/* What a spreadsheet, a converter or a copy left in a cell, or NULL. */
static const char *spoil_of(str cell)
{
    return text_is_spreadsheet_error(cell) ? "spreadsheet_error"
           : text_is_lost(cell)            ? "lost_character"
           : text_holds_invisible(cell)    ? "invisible_sign"
                                           : NULL;
}

/* A cell that just does not fit is told by what it was spoiled with, or by the words there are. */
static void explain_spoil(const struct import_row *row, struct error *err)
{
    const char *found = err->args_count >= 2 ? err->args[1].text : "";
    if (strcmp(found, "form") != 0 && strcmp(found, "unknown") != 0 &&
        strcmp(found, "month") != 0) {
        return;
    }
    for (size_t i = 0; i < row->kind->columns_count; i++) {
        bool refused = strcmp(err->args[0].text, row->kind->columns[i].name) == 0;
        const char *spoil = refused ? spoil_of(row->cells[i]) : NULL;
        if (spoil == NULL && refused && strcmp(found, "unknown") == 0) {
            spoil = row->kind->columns[i].unlisted;
        }
        if (spoil != NULL) {
            err->args[1] = ARG_TEXT("found", spoil);
        }
    }
}

/* What a spreadsheet puts between the rows is told as what it is, not by the first cell that does
 * not fit. */
static FALLIBLE explain(const struct import_row *row, struct arena *arena, struct error *err)
{
    if (err->class != ERROR_INVALID) {
        return error_trace(err, HERE);
    }
    if (row_repeats_header(row, arena)) {
        FAIL(INVALID, MESSAGE_BAD_CODE, ARG_TEXT("column", row->kind->columns[0].name),
             ARG_TEXT("found", "repeated_header"));
    }
    bool missing = err->code == MESSAGE_MISSING_CELL;
    explain_spoil(row, err);
    if (missing && row_is_blank(row)) {
        err->args[1] = ARG_TEXT("found", "blank_row");
    } else if (err->args_count >= 2 && row_is_total(row, missing, arena)) {
        err->args[1] = ARG_TEXT("found", "total_line");
    }
    return error_trace(err, HERE);
}

static FALLIBLE row_read_cells(struct import_row *row, struct arena *arena, Action *ret,
                               struct error *err)
{
    TRY(row_check_cells(row, err));
    TRY(row->kind->read(row, arena, ret, err));
    return row_check_lost(row, err);
}

FALLIBLE import_row_read(const struct import_kind *kind, const struct import_header *header,
                         const str *cells, size_t count, struct arena *arena,
                         struct import_row *row, Action *ret, struct error *err)
{
    for (size_t i = header->file_columns; i < count; i++) {
        if (!str_empty(str_trim(cells[i]))) { /* an unquoted comma moved the cells */
            FAIL(INVALID, MESSAGE_BAD_CODE, ARG_INT("column", i + 1 - header->own_columns),
                 ARG_TEXT("found", "more_cells_than_headers"));
        }
    }
    str *own = ARENA_ARRAY(arena, str, kind->columns_count);
    for (size_t i = 0; i < kind->columns_count; i++) {
        int at = header->column_of[i];
        own[i] = at >= 0 && (size_t)at < count ? str_trim(cells[at]) : STR("");
    }
    *row = (struct import_row){.cells = own, .kind = kind};
    Action action;
    action__init(&action);
    if (!row_read_cells(row, arena, &action, err).ok) {
        return explain(row, arena, err);
    }
    action.body_case = kind->action;
    *ret = action;
    return OK;
}
