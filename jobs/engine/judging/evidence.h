/* evidence - keeps the evidence of a submission, so that years later it can be shown who wished
 * what: the file, its signature and its answers, as blobs that one FileProcessed event names. A
 * signed action on the command line is kept in the same way, as a submission of one line.
 *
 * All three are sealed with a key of their own, because they name persons, also those of refused
 * wishes. */
#pragma once

#include "core/io/cms.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/judging/tally.h"

struct evidence {
    bytes content;
    bytes signature; /* as it was given, DER or PEM; empty when there was none */
    bytes answers;   /* JSON lines */
};

/* Keeps it and appends the event. `signer` is the hexadecimal digest of the signer's certificate,
 * or NULL. In a transaction. */
FALLIBLE evidence_keep(struct engine *engine, const struct run *run, const struct tally *tally,
                       const struct evidence *evidence, const char *signer, struct arena *arena,
                       struct error *err);

/* The FileProcessed event that an auditor means: of a file by its SHA-256 (the first that brought
 * something), or by an event's number, its own or that of any event the file caused. Reads the log
 * on from there. In a transaction. *ret is NULL when there is none. */
FALLIBLE evidence_of_file(struct engine *engine, const struct digest *sha256, struct arena *arena,
                          Event **ret, struct error *err);
FALLIBLE evidence_of_event(struct engine *engine, uint64_t sequence, struct arena *arena,
                           Event **ret, struct error *err);

/* The blobs, opened. *ret_erased: their key was destroyed, all is empty.
 * fails   as engine_blob_get */
FALLIBLE evidence_open(struct engine *engine, const FileProcessed *file, struct arena *arena,
                       struct evidence *ret, bool *ret_erased, struct error *err);

/* The roots that were trusted before event `sequence`, in the order in which they came to be. */
FALLIBLE evidence_roots(struct engine *engine, uint64_t sequence, struct arena *arena,
                        struct trust *ret, struct error *err);
