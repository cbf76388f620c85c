/* checkpoints - the signed tree heads below DIR/checkpoints: <size>.txt each, and `latest`. They
 * lie outside the log, so that an older log put back is noticed. */
#pragma once

#include "core/io/log.h"
#include "core/io/note.h"
#include "jobs/session.h"

/* The key that signs them, as trust/log.vkey says.
 * fails   CONFIG VKEY_INVALID, MESSAGE_FILE_NOT_READABLE */
FALLIBLE checkpoints_verifier(const char *store_dir, struct arena *arena, struct note_verifier *ret,
                              struct error *err);

/* Every checkpoint file against the log; *ret_count is how many there are, *ret_last the largest
 * size among them (0: none).
 * fails   CORRUPT MESSAGE_CHECKPOINT_BEYOND, MESSAGE_CHECKPOINT_DIFFERS,
 *         MESSAGE_CHECKPOINT_OTHER_ORIGIN, MESSAGE_CHECKPOINT_DAMAGED (each names the file) */
FALLIBLE checkpoints_verify(const char *store_dir, struct log_txn *txn, struct arena *arena,
                            uint64_t *ret_count, uint64_t *ret_last, struct error *err);

/* The size of the latest checkpoint; 0 when there is none or it cannot be read. */
uint64_t checkpoints_last_size(const char *store_dir, struct arena *arena);
