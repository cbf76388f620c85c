/* checkpoints - the signed checkpoints below DIR/checkpoints: one <size>.txt each, and `latest`.
 * They are outside the log, so that restoring an older log is noticed. <size>.cosigned is the same
 * checkpoint with the cosignatures of witnesses. */
#pragma once

#include "core/io/log.h"
#include "core/io/note.h"
#include "jobs/session.h"

enum { CHECKPOINT_BYTES_MAX = 64 * 1024, CHECKPOINT_MODE = 0644 };

/* Keys that signed the log before it began anew (restore --accept-loss), a line each: what they
 * signed of it stays true. */
#define FORMER_KEYS "trust/former.vkeys"

/* The key that signs them, as trust/log.vkey says.
 * fails   CONFIG VKEY_INVALID, MESSAGE_FILE_NOT_READABLE */
FALLIBLE checkpoints_verifier(const char *store_dir, struct arena *arena, struct note_verifier *ret,
                              struct error *err);

/* A checkpoint as a file holds it, its signature verified. */
struct signed_checkpoint {
    const char *file;
    str note; /* with all signature lines */
    str text;
    struct checkpoint checkpoint;
};

/* Reads one, of ours or brought along.
 * fails   MISSING; CORRUPT MESSAGE_CHECKPOINT_OTHER_ORIGIN, MESSAGE_CHECKPOINT_DAMAGED */
FALLIBLE checkpoint_read(const char *path, const struct note_verifier *verifier,
                         struct arena *arena, struct signed_checkpoint *ret, struct error *err);
/* fails   CORRUPT MESSAGE_CHECKPOINT_BEYOND, MESSAGE_CHECKPOINT_DIFFERS */
FALLIBLE checkpoint_fits(const struct signed_checkpoint *checkpoint, struct log_txn *txn,
                         struct error *err);

/* The same; one that was signed since the transaction began is held against the log of now.
 * fails   as above; RESOURCE */
FALLIBLE checkpoint_fits_now(const struct signed_checkpoint *checkpoint, struct log_txn *txn,
                             struct error *err);

/* Every checkpoint file, and the `more_count` others at `more`, among each other and against the
 * log; *ret_count is how many sizes were signed, *ret_last the largest of them that the transaction
 * sees (0: none). Those that were signed since it began are held against the log of now.
 * fails   CORRUPT MESSAGE_CHECKPOINT_FORK (two trees of one size), and as above; names the file */
FALLIBLE checkpoints_verify(const char *store_dir, struct log_txn *txn, char *const *more,
                            size_t more_count, uint64_t *ret_count, uint64_t *ret_last,
                            struct error *err);

/* The newest one that the transaction sees, cosigned if it is, verified against the log. One that
 * was signed since it began is held against the log of now. fails   REFUSED
 * MESSAGE_CHECKPOINT_NONE; CORRUPT as above */
FALLIBLE checkpoints_newest(const char *store_dir, struct log_txn *txn, struct arena *arena,
                            struct signed_checkpoint *ret, struct error *err);

/* The size of the latest checkpoint; 0 when there is none or it cannot be read. */
uint64_t checkpoints_last_size(const char *store_dir, struct arena *arena);
