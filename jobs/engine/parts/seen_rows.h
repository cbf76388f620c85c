/* seen_rows - recognises rows of the national export whose bytes the last import has seen and that
 * are still in the register; they need not be read again.
 *
 * The result of reading a row depends only on its bytes, the program, the file's header, delimiter
 * and encoding, and the keys that make person ids; a record of the register is a function of the
 * log. So this file remembers that the register held a row's record when the row was read. As long
 * as the log continues from its state then, and no later event has written that record, the
 * register still holds it, and the row is `unchanged`. Any other row is read.
 *
 * The file is in views/ and is removed with them: it holds keys of records and keyed digests. Rows
 * with a warning are not remembered. */
#pragma once

#include "core/io/csv.h"
#include "core/io/log.h"
#include "core/io/seen.h"
#include "importers/registry.h"
#include "jobs/engine/parts/people.h"
#include "jobs/engine/parts/views_watch.h"

/* In views/. */
#define VIEWS_SEEN_FILE "national.seen"

/* What a run of imports reads of the last one, and keeps for the next: of all its files together.
 */
struct seen_memory;

/* Before the run's first event. `notes`: this run is remembered, too. *ret is NULL when it cannot
 * be told which program runs. The log must outlive it. fails   as log_begin, log_walk_next */
FALLIBLE seen_memory_open(const char *path, struct people *people, struct log *log, bool notes,
                          struct seen_memory **ret, struct error *err);
/* The run is done, and its events are in the log: what was noted is there for the next one, unless
 * that of much fewer rows would take the place of more (seen.h), or the log cannot be asked how far
 * it has gone. Not called, it is thrown away. NULL is fine. */
void seen_memory_keep(struct seen_memory *memory);
/* NULL is fine. */
void seen_memory_close(struct seen_memory *memory);
/* What seen_rows_open would do first, and takes a while: earlier, beside something else. NULL is
 * fine. */
void seen_memory_prepare(struct seen_memory *memory);
/* Is to be told of the records that this run writes (views_set_watch); NULL of no memory. */
struct views_watch *seen_memory_watch(struct seen_memory *memory);

/* Of one file. */
struct seen_rows;

/* NULL for other registers, and without a memory, which must outlive it. The reader's header has
 * been read. */
struct seen_rows *seen_rows_open(struct seen_memory *memory, const struct csv *csv,
                                 const struct import_kind *kind, struct people *people);
/* NULL is fine. */
void seen_rows_close(struct seen_rows *rows);

/* --- in any thread ----------------------------------------------------------------------------
 */

/* The digest of a row's bytes, into an entry that is empty otherwise. */
void seen_rows_begin(const struct seen_rows *rows, bytes raw, struct seen_entry *ret);
/* What is known of it, or NULL. `place`: see seen.h. */
const struct seen_entry *seen_rows_find(const struct seen_rows *rows,
                                        const struct seen_entry *entry, uint64_t *place);
/* Whether this run wrote the record of this mark will be asked soon: fetches what tells. */
void seen_rows_expect(const struct seen_rows *rows, uint64_t mark);
/* Has the register what it had when the entry's row was met? This run's events are not known here:
 * the watch tells of them, by the record's mark. */
bool seen_rows_hold(const struct seen_rows *rows, const struct seen_entry *entry, uint64_t mark);
/* The entry is that of a row which was read, with its record's key. What is too large for an entry
 * is not remembered. */
void seen_rows_fill(bytes key, bool masked, struct seen_entry *entry);

/* --- in one -----------------------------------------------------------------------------------
 */

/* The next row, which is in the register as its entry says; NULL: one to be read again. `rows` may
 * be NULL. */
void seen_rows_note(struct seen_rows *rows, const struct seen_entry *entry);
/* The same of a row that an earlier run had done, with the mark of its record: not when this run
 * wrote it, in a file before. */
void seen_rows_note_done(struct seen_rows *rows, const struct seen_entry *entry, uint64_t mark);
/* The row that is noted next wrote a record anew, the watch's last one. `rows` may be NULL. */
void seen_rows_note_written(struct seen_rows *rows);
