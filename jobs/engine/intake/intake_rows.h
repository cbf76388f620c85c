/* intake_rows - reads the rows of a register file ahead. The caller's thread cuts blocks of rows
 * out of the file; one thread per processor decodes and checks them and makes actions of them.
 *
 * The result does not depend on the threads: rows in the order of the file, each either an action
 * or the reason why it is rejected. Of the store only the keys that make person ids are used.
 * Memory is bounded by the blocks, whatever the file's size. */
#pragma once

#include "core/io/csv.h"
#include "importers/registry.h"
#include "jobs/engine/parts/people.h"
#include "jobs/engine/parts/seen_rows.h"

struct intake_row {
    const struct seen_entry *seen; /* not NULL: what it was the last time; then of the rest
                                      only `mark`, `holds`, `number` and `entry` are there
                                      (intake_rows_read) */
    uint64_t mark;                 /* of its record then */
    bool holds;                    /* and so it was in the register before this run */
    const str *cells;              /* as they are written back when the row is refused */
    size_t count;
    uint64_t number;            /* as a spreadsheet numbers rows */
    bool private_use;           /* it held private-use characters */
    const struct error *reason; /* NULL: it can be read; else INVALID or REFUSED */
    bytes raw;                  /* its bytes, when they did not decode */
    str told;                 /* in a rejects file: the words of the reason, when it is still so */
    struct import_row import; /* its warnings */
    Action *action;           /* with the id of its document (person_ids_name_row) */
    bytes key;                /* of a national row: of its record in the view, */
    bytes record;             /* and how a record that equals it begins */
    struct seen_entry entry;  /* to be remembered */
};

struct intake_rows;

/* Behind the header, which the reader has read. All arguments must outlive the rows.
 * seen    NULL: every row is read */
FALLIBLE intake_rows_open(struct csv *csv, const struct import_kind *kind,
                          const struct import_header *header, struct people *people,
                          const struct seen_rows *seen, struct intake_rows **ret,
                          struct error *err);
/* NULL is fine. */
void intake_rows_close(struct intake_rows *rows);

/* The next row, which lives until the next call; NULL behind the last. Blank lines are no rows.
 * fails   as csv_next, but for INVALID */
FALLIBLE intake_rows_next(struct intake_rows *rows, const struct intake_row **ret,
                          struct error *err);
/* The row that came last, read when it was not: `seen` is then NULL. fails   as above */
FALLIBLE intake_rows_read(struct intake_rows *rows, const struct intake_row **ret,
                          struct error *err);
