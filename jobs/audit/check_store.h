/* check_store - compares what `audit check` verifies with the log of a store: the tree of a proof
 * must be an earlier state of that log; and of a log that began anew, the store must have kept what
 * a former key signed. So the holder of an old proof, document or comparison detects a log that was
 * rewritten or cut short since, even if everything in it was signed again. */
#pragma once

#include "jobs/audit/proofs.h"
#include "jobs/checkpoints/checkpoints.h"

struct check_store {
    struct log *log;     /* NULL: the engine's, or none */
    struct log_txn *txn; /* NULL: no store is there, or it is of another log; nothing is asked */
    struct note_verifier own;
    bool began_anew; /* keys of before are trusted, too */
};

/* Opens the store's log when its key is one of those that are trusted.
 * whole   the session's whole store, for documents; else the log alone, without views and keys
 * fails   as session_open_store, log_open */
FALLIBLE check_store_open(struct session *session, const struct witnesses *trust, bool whole,
                          struct check_store *store, struct error *err);
void check_store_close(struct check_store *store);

/* Is it a state of the store's own log? Checkpoints of other origins pass. `path`: the file that
 * holds it. fails   CORRUPT MESSAGE_CHECKPOINT_BEYOND, MESSAGE_CHECKPOINT_DIFFERS */
FALLIBLE check_store_tree(const struct check_store *store, const char *path,
                          const struct checkpoint *tree, struct error *err);
/* Has a log that began anew the event of this proof? A key of before signed what was lost as well
 * as what was kept. fails   CORRUPT MESSAGE_PROOF_LOST */
FALLIBLE check_store_kept(const struct check_store *store, const struct proof_verdict *verdict,
                          struct error *err);
