/* erasure - carries out the erasure of a person (R-PV-02, PIPL 47) and reports it.
 *
 * Order: the event PersonErased becomes durable; the person's keys are destroyed; the files are
 * overwritten and removed (photos, scans, proofs of entry, and the PDFs of certificates and proofs,
 * which show the name); the views are rebuilt, so that they hold no more than a rebuild would give.
 * Every step can be repeated: after a crash between steps, or with a keyring from an older backup,
 * the next run that opens the store for writing completes the erasure. */
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
