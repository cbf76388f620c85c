/* checkpoint_make - signs size and root of the log as it is now, and keeps that below checkpoints/.
 * Whoever calls it has made sure that the log continues what was signed before. */
#pragma once

#include "jobs/checkpoints/checkpoints.h"

/* Is the log's key here? It may be kept elsewhere; then only `checkpoint` asks for it. */
bool checkpoint_can_be_made(const struct session *session);
/* Signed and durable. In a transaction that has not appended.
 * fails   CONFIG MESSAGE_CHECKPOINT_KEY_DIFFERS, and as note_key_load; CREATE, RESOURCE */
FALLIBLE checkpoint_make(struct session *session, struct signed_checkpoint *ret, struct error *err);
