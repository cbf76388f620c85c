/* table - prints rows for people (aligned), for machines (JSON lines) or for spreadsheets (CSV),
 * from one description of the columns.
 *
 * Tables for people have column widths that are right for Chinese, no trailing blanks and no
 * colours; nothing is cut off. On a terminal, long values are folded to its width; where even that
 * does not fit, each row becomes a block of lines, heading and value. Elsewhere a row is one line,
 * whatever its width. The table is printed when it is closed. JSON and CSV are written row by row.
 * The process must run with a UTF-8 LC_CTYPE. */
#pragma once

#include <stdio.h>

#include "core/base/error.h"
#include "core/base/str.h"

enum table_format { TABLE_PEOPLE, TABLE_JSON, TABLE_CSV };

struct column {
    const char *key; /* in JSON and CSV */
    const char *english;
    const char *chinese;
    bool right;     /* aligned right */
    bool is_number; /* JSON: without quotes; an empty cell is null */
    bool is_bool;   /* JSON: true or false */
    bool folds;     /* on a terminal that is too narrow: long values go on in a line below */
};

enum table_language { TABLE_ENGLISH, TABLE_CHINESE };

struct table;

/* `columns` must outlive the table; `out` stays the caller's.
 * fails   RESOURCE MESSAGE_TABLE_FAILED */
FALLIBLE table_open(enum table_format format, enum table_language language,
                    const struct column *columns, size_t columns_count, FILE *out,
                    struct table **ret, struct error *err);
/* The next cell; after the last one of the row the next row begins. */
void table_cell(struct table *table, str value);
/* Prints what is left and gives the table back, also when it fails.
 * fails   RESOURCE MESSAGE_OUTPUT_FAILED, MESSAGE_TABLE_FAILED */
FALLIBLE table_close(struct table *table, struct error *err);
