/* document_check - does a document hold? Its form, its signature, who signed, the proof it carries,
 * and whether metadata, QR code, log entry and log say the same: one verdict each.
 *
 * Needs only the file and the log's public key. With more (trusted roots, further proofs of the
 * log, the store itself) fewer verdicts stay unknown. */
#pragma once

#include "core/io/cms.h"
#include "core/io/timestamp_judge.h"
#include "jobs/audit/proofs.h"
#include "jobs/session.h"

enum document_check {
    CHECK_FORM,      /* a document of this program, whole, nothing added */
    CHECK_SIGNATURE, /* the signature is over these bytes */
    CHECK_SIGNER,    /* by the authority, whose certificate leads to a root */
    CHECK_PROOF,     /* the entry it names is in the log */
    CHECK_CONTENT,   /* number and date are those of the entry */
    CHECK_CODE,      /* the QR code is the one the metadata name, its token that of the entry */
    CHECK_LOGGED,    /* the log says that it made these bytes */
    CHECK_TIMESTAMP, /* a time-stamp that it carries holds, and its signer was valid then */
    CHECKS_COUNT
};

enum document_verdict { VERDICT_UNKNOWN, VERDICT_GOOD, VERDICT_BAD };

/* What a document is held against. */
struct document_judge {
    struct session *session;
    const struct witnesses *keys; /* the log's key and what its checkpoints need */
    const bytes *roots;           /* DER */
    size_t roots_count;
    const struct proof_verdict *proofs; /* that hold already */
    size_t proofs_count;
    struct timestamp_judge *timestamps;
    bool timestamp_roots_named; /* by who asks, not by the store: others are then no authority's */
    bool has_store; /* the session's store is open, in a transaction, and of the same log */
    /* Does the tree of the document's proof agree with what else is known? fails   CORRUPT */
    outcome (*agrees)(void *context, const struct checkpoint *tree, struct error *err);
    void *context;
};

struct document_finding {
    enum document_verdict verdicts[CHECKS_COUNT];
    struct error errors[CHECKS_COUNT]; /* of the bad ones */
    str details[CHECKS_COUNT];         /* of the good ones: who, which entry; of an unknown signer
                                          whose root is trusted: the authority that he is not; of
                                          an unknown time-stamp: the time it tells */
    struct json *record;               /* for people and machines */
};

/* Everything in the arena but the record, which the caller gives back. It fails only when judging
 * is not possible: RESOURCE, CORRUPT (the store). */
FALLIBLE document_judge(const struct document_judge *judge, bytes file, struct arena *arena,
                        struct document_finding *ret, struct error *err);

/* Says to people what was found, a line each; notes the exit status; completes the record with
 * file, ok and error. Returns whether the document holds: nothing is wrong, and somebody vouches
 * for the bytes, a signer who is trusted or the log (document_check_tell.c).
 * briefly  only of what is wrong or was not judged: one of many documents */
bool document_tell(struct session *session, const char *path, bool briefly,
                   const struct document_finding *finding);
