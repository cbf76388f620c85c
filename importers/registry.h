/* registry - the table of register formats: which columns a file has, and which action a row
 * becomes.
 *
 * Pure: cells in, an Action out. A row that cannot be an action is rejected with a reason code of
 * CONTRACT 3 (the error's code is a row of importers/messages.def); warnings do not reject. */
#pragma once

#include <action.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

enum { IMPORT_COLUMNS_MAX = 24, IMPORT_ALIASES_MAX = 6, IMPORT_WARNINGS_MAX = 8 };

struct import_column {
    const char *name;                        /* canonical header */
    const char *aliases[IMPORT_ALIASES_MAX]; /* other headers (FACTS 5.4); NULL: no more */
    bool mandatory;                          /* it must be there, and its cells not empty */
    const char
        *unlisted; /* what is told of a cell that is none of a few words (FOUND_...), or NULL */
};

struct import_row {
    const str *cells; /* by column of the format, trimmed; "" when the file has no such column */
    int warnings[IMPORT_WARNINGS_MAX];
    const char *warning_columns[IMPORT_WARNINGS_MAX];
    int warnings_count;
    const struct import_kind *kind; /* set by import_row_read() */
};

struct import_kind {
    const char *name; /* "paper" */
    Action__BodyCase action;
    const struct import_column *columns;
    size_t columns_count;
    /* fails INVALID MESSAGE_BAD_DATE ... (column, cell) */
    outcome (*read)(struct import_row *row, struct arena *arena, Action *ret, struct error *err);
};

extern const struct import_kind import_kinds[];
extern const size_t import_kinds_count;

/* Files of the rename and notice verbs, which are no registers: a row's enterprise, enterprise_name
 * and, of a plan, certificate are in register_paper->row; there post_text is the enterprise's name
 * that was printed on it, valid_until its end, "" and NULL when the plan has no such column. */
extern const struct import_kind import_renames;
extern const struct import_kind import_rename_plan;
extern const struct import_kind import_notice_plan; /* of no enterprise */

/* NULL when there is no such register. */
const struct import_kind *import_kind_find(str name);

/* Which file column serves which column of the format. */
struct import_header {
    int column_of[IMPORT_COLUMNS_MAX]; /* by format column: position in the file, or -1 */
    size_t file_columns;
    size_t own_columns; /* those that a rejects file adds */
    size_t unknown_count;
    str unknown[8]; /* the first unknown headers, for the warning */
};

/* Matches a header row; headers are compared trimmed, narrow, without blanks.
 * fails   MALFORMED MESSAGE_COLUMN_MISSING (names), MESSAGE_COLUMN_TWICE */
FALLIBLE import_header_match(const struct import_kind *kind, const str *cells, size_t count,
                             struct arena *arena, struct import_header *ret, struct error *err);

/* How many cells are headers of the kind: what csv_options.known wants, `kind` being the context.
 */
size_t import_header_known(const void *kind, const str *cells, size_t count);

/* Cells of a file row to an Action, through `kind->read`. `row` keeps the warnings.
 * fails   INVALID with a reason code */
FALLIBLE import_row_read(const struct import_kind *kind, const struct import_header *header,
                         const str *cells, size_t count, struct arena *arena,
                         struct import_row *row, Action *ret, struct error *err);
