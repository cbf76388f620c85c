/* erasure - what is done when a person was erased (R-PV-02, PIPL 47), and told of it.
 *
 * PersonErased comes first and is durable; then the person's keys are destroyed, the files are
 * overwritten and removed (photos, scans, proofs of entry; certificates and proofs as PDF, which
 * show the name), and the views are folded anew, so that they never hold more than a rebuild would
 * give. Every step may be done again: a crash between them, or a keyring of an older backup, is
 * mended by whoever opens the store for writing next. */
#pragma once

#include "jobs/engine/engine.h"

/* Fills in what the rule cannot know: the person's further keys, how much there is to be destroyed,
 * and which submissions stay as evidence. In the transaction, before the event is appended. */
FALLIBLE erasure_complete(struct engine *engine, PersonErased *erased, struct arena *arena,
                          struct error *err);

/* Carries out what the events behind `applied` say, and leaves views that hold all of the log.
 * Outside a transaction, the store open for writing. */
FALLIBLE erasure_carry_out(struct engine *engine, uint64_t applied, struct error *err);

/* Is there a key of a person who was erased? Then an older keyring was put back. Forgets these
 * persons: what they sealed reads blank from now on, also for a reader, who destroys nothing. In a
 * transaction, with keys. */
FALLIBLE erasure_forget(struct engine *engine, bool *ret_found, struct error *err);
