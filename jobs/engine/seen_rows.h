/* seen_rows - rows of the national export that need not be read again: what the last import made of
 * the very same bytes.
 *
 * Reading a row is a function of its bytes and of nothing else but the program, the file's header,
 * delimiter and encoding, and the keys that make person ids. So its result may be remembered:
 * where the record is and a digest of how it begins (national_beginning). A row whose bytes were
 * met before is compared with the record that is there now, just as if it had been read, and is
 * read after all when the two differ. Nothing is taken from memory that the register does not say.
 *
 * The file lies in views/ and goes with them: it holds their keys and keyed digests. Rows with a
 * warning are not remembered. */
#pragma once

#include "core/io/csv.h"
#include "core/io/seen.h"
#include "importers/registry.h"
#include "jobs/engine/people.h"

/* In views/. */
#define VIEWS_SEEN_FILE "national.seen"

/* What a run of imports reads of the last one, and keeps for the next: of all its files together.
 */
struct seen_memory;

/* `notes`: this run is remembered, too. NULL when it cannot be told which program runs. */
struct seen_memory *seen_memory_open(const char *path, struct people *people, bool notes);
/* The run is done: what was noted is there for the next one, unless that of much fewer rows would
 * take the place of more (seen.h). Not called, it is thrown away. NULL is fine. */
void seen_memory_keep(struct seen_memory *memory);
/* NULL is fine. */
void seen_memory_close(struct seen_memory *memory);

/* Of one file. */
struct seen_rows;

/* NULL for other registers, and without a memory, which must outlive it. The reader's header has
 * been read. */
struct seen_rows *seen_rows_open(struct seen_memory *memory, const struct csv *csv,
                                 const struct import_kind *kind, struct people *people);
/* Is there anything of an import before? */
bool seen_rows_any(const struct seen_rows *rows);
/* NULL is fine. */
void seen_rows_close(struct seen_rows *rows);

/* --- in any thread ----------------------------------------------------------------------------
 */

/* The digest of a row's bytes, into an entry that is empty otherwise. */
void seen_rows_begin(const struct seen_rows *rows, bytes raw, struct seen_entry *ret);
/* What is known of it, or NULL. `place`: see seen.h. */
const struct seen_entry *seen_rows_find(const struct seen_rows *rows,
                                        const struct seen_entry *entry, uint64_t *place);
/* The entry is that of a row which was read, with its record's key and beginning. What is too
 * large for an entry is not remembered. */
void seen_rows_fill(const struct seen_rows *rows, bytes key, bytes record, bool masked,
                    struct seen_entry *entry);
/* Does a record that is there (or is not: empty) begin as the row's would? */
bool seen_rows_agree(const struct seen_rows *rows, const struct seen_entry *entry, bytes stored);

/* --- in one -----------------------------------------------------------------------------------
 */

/* The next row, which is in the register as its entry says; NULL: one to be read again. */
void seen_rows_note(struct seen_rows *rows, const struct seen_entry *entry);
