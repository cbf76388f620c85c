/* document_entry - what a document says about the log in its metadata: the entry (event) that it
 * shows, and the proof that this entry is in the tree of a checkpoint.
 *
 * A document cannot prove its own rendering, which is logged later; but the entry it shows was
 * logged before. The proof is against the first checkpoint that covers the entry, because that one
 * never changes: a document that is drawn again has the same bytes. */
#pragma once

#include "core/io/pdf.h"
#include "jobs/checkpoints/checkpoints.h"

struct document_entries;

/* With `may_sign`, a checkpoint over the whole log is made when an entry is asked for that none
 * covers, if the log's key is here. The session must stay.
 * fails   CONFIG as checkpoints_verifier */
FALLIBLE document_entries_open(struct session *session, bool may_sign,
                               struct document_entries **ret, struct error *err);
/* NULL is fine. */
void document_entries_close(struct document_entries *entries);

/* Which checkpoint proves the event: how many events it covers; 0 when none does. In a transaction
 * that has not appended.
 * fails   CORRUPT when the newest checkpoint is not of this log; as checkpoint_make */
FALLIBLE document_entries_cover(struct document_entries *entries, uint64_t event, uint64_t *ret,
                                struct error *err);
/* What a document that shows this event says; `size` 0: without a proof. In a transaction that has
 * not appended; in the arena.
 * fails   MISSING when there is no checkpoint of that size; CORRUPT when it is damaged or not of
 *         this log, and as log_get */
FALLIBLE document_entry(struct document_entries *entries, uint64_t event, uint64_t size,
                        struct arena *arena, struct pdf_entry *ret, struct error *err);
