/* proofs - proofs that an event is in the log: makes such a proof as text, and verifies one with
 * nothing but the text and the keys to trust.
 *
 * A proof is a C2SP tlog-proof whose `extra` line holds the entry: the event's bytes as they are in
 * the log, personal parts sealed. It proves that these bytes are entry `index` (event index + 1) of
 * the log whose tree the checkpoint signs. It does not prove that the log has no later event about
 * the same certificate, nor what is true now. */
#pragma once

#include "core/io/json.h"
#include "core/io/proof.h"
#include "core/io/witnesses.h"
#include "jobs/checkpoints/checkpoints.h"

/* event   1..checkpoint.size
 * fails   CORRUPT as log_get, tree_inclusion */
FALLIBLE proof_of_event(struct log_txn *txn, const struct signed_checkpoint *checkpoint,
                        uint64_t event, struct arena *arena, str *ret, struct error *err);

/* What a proof turned out to say. */
struct proof_verdict {
    struct log_proof proof;
    struct checkpoint checkpoint;
    struct digest leaf;
    bool cosigned[WITNESSES_MAX]; /* by the witnesses of the trust */
    int64_t cosigned_at[WITNESSES_MAX];
    const Event *event;
};

/* Is the checkpoint (a note) signed by a log of `trust`, with the cosignatures its quorum asks for?
 * Fills in checkpoint, cosigned and cosigned_at.
 * fails   MALFORMED MESSAGE_NOTE_MALFORMED, MESSAGE_CHECKPOINT_MALFORMED; CORRUPT
 *         MESSAGE_PROOF_UNKNOWN_LOG, MESSAGE_PROOF_OTHER_ORIGIN, MESSAGE_PROOF_QUORUM,
 *         MESSAGE_NOTE_BAD_SIGNATURE */
FALLIBLE proof_check_checkpoint(str note, const struct witnesses *trust, struct arena *arena,
                                struct proof_verdict *ret, struct error *err);

/* The whole proof, and the entry decoded.
 * fails   MALFORMED MESSAGE_PROOF_MALFORMED (also without entry), MESSAGE_PROOF_ENTRY_UNREADABLE
 *         (the proof holds, but this program does not understand the entry); CORRUPT
 *         MESSAGE_PROOF_BEYOND, MESSAGE_PROOF_NOT_INCLUDED, MESSAGE_PROOF_OTHER_NUMBER, and as
 *         proof_check_checkpoint */
FALLIBLE proof_check(str text, const struct witnesses *trust, struct arena *arena,
                     struct proof_verdict *ret, struct error *err);

/* What was proven, for people and machines; the caller gives it back. */
struct json *proof_record(const struct proof_verdict *verdict, const struct witnesses *trust,
                          struct arena *arena);

/* The certificates that an event names, joined by ", "; empty when it names none. */
str proof_certificates(const Event *event, struct arena *arena);
