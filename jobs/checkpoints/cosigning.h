/* cosigning - cosignatures of witnesses on checkpoints: requests them over C2SP tlog-witness or
 * takes them from files, verifies them, and keeps the valid ones beside the checkpoint as
 * <size>.cosigned. */
#pragma once

#include "core/io/json.h"
#include "core/io/witnesses.h"
#include "jobs/checkpoints/checkpoints.h"

/* The note with this line behind it, in the place of older ones of the same witness. */
str cosigning_put(str note, const struct note_verifier *witness, str line, struct arena *arena);

/* Asks every witness of the list that has a URL for its cosignature; what each answered is an
 * object in `results`, and what went wrong is told. Within a transaction of the log.
 * fails   as checkpoint_read, file_replace; what a witness does wrong is no failure but sets the
 * status */
FALLIBLE cosigning_ask(struct session *session, const struct witnesses *witnesses,
                       const struct signed_checkpoint *checkpoint, struct json *results,
                       struct error *err);

/* Takes the cosignatures of known witnesses from a checkpoint that one of them handed back.
 * fails   MISSING; CORRUPT as checkpoint_read, checkpoint_fits; REFUSED MESSAGE_PROOF_QUORUM when
 *         none of them cosigned it */
FALLIBLE cosigning_take(struct session *session, const struct witnesses *witnesses,
                        const char *path, struct json *results, struct error *err);
