/* checkpoint_make - signs size and root of the current log and writes the checkpoint below
 * checkpoints/. The caller has made sure that the log continues what was signed before; newer
 * events are read and hashed before they are signed. */
#pragma once

#include "jobs/checkpoints/checkpoints.h"

/* Is the log's key here? It may be kept elsewhere; then only `checkpoint` asks for it. */
bool checkpoint_can_be_made(const struct session *session);
/* Signed and durable. In a transaction that has not appended; `since` is the size of a checkpoint
 * that was verified against the log, 0 without one.
 * fails   CONFIG MESSAGE_CHECKPOINT_KEY_DIFFERS, and as note_key_load; CREATE, RESOURCE; CORRUPT,
 * BUSY as log_verify_since() */
FALLIBLE checkpoint_make(struct session *session, uint64_t since, struct signed_checkpoint *ret,
                         struct error *err);
