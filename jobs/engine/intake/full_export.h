/* full_export - finds the rows of the national register that a full export no longer has.
 *
 * An 8-byte key of every row of the export's files is kept; then the register is read once and each
 * of its rows is looked up. Nothing is changed: a clerk has to ask about a row that vanished.
 *
 * A row that is rejected mostly still has a readable certificate number, and then counts as
 * present. The key is a truncated SHA-256, so a vanished row is overlooked with a probability of
 * rows / 2^64. */
#pragma once

#include "core/io/encoding.h"
#include "core/io/file_state.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/parts/seen_rows.h"

struct full_export {
    uint64_t *keys;
    size_t count;
    size_t capacity;
    size_t *starts;      /* of the sorted keys: where those of each leading part begin */
    uint64_t unreadable; /* rows that do not even have a number */
};

void full_export_init(struct full_export *ret);
void full_export_release(struct full_export *export_);

/* Takes the rows of one more file of the export, one that was imported. Opens a transaction.
 * before  what was seen of the file when it was imported; NULL: nobody else has it
 * memory  of rows that need not be read; may be NULL
 * fails   as csv_open and csv_next; MISSING MESSAGE_FILE_CHANGED; RESOURCE, CORRUPT */
FALLIBLE full_export_take(struct engine *engine, const char *path, const struct file_state *before,
                          enum encoding encoding, struct seen_memory *memory,
                          struct full_export *export_, struct error *err);

/* Calls back with each row of the register that none of the files has, in the register's order.
 * Needs a transaction; takes no more files after that.
 * fails   RESOURCE, CORRUPT, as `each` */
FALLIBLE full_export_missing(struct engine *engine, struct full_export *export_,
                             outcome (*each)(void *state, const NationalView *national,
                                             struct error *err),
                             void *state, struct error *err);
