/* store_state - collects the state of a store for `status` and `report`: sizes, progress, pending
 * work, and what needs an operator. */
#pragma once

#include "core/io/digest.h"
#include "jobs/documents/owed_proofs.h"
#include "jobs/objects/blocked_persons.h"
#include "jobs/platform/national_outbox.h"
#include "jobs/session.h"

enum {
    STORE_STATUSES_MAX = 16,
    STORE_ROOTS_MAX = 8,
    STORE_FINDINGS_MAX = 10 + STORE_ROOTS_MAX,
    STORE_FINDING_ARGS = 3,
};

struct store_counter {
    const char *name; /* "valid", "expired": as of today */
    uint64_t count;
};

/* A trusted root that ends, or ended, within 30 days. */
struct store_root {
    str name;
    int32_t end;
};

struct store_state {
    struct session *session;
    uint64_t events;
    uint64_t views_at;
    struct digest root;
    struct store_counter certificates[STORE_STATUSES_MAX];
    size_t certificates_count;
    uint64_t documents[DOCUMENT_STATUS__CODE__FAILED + 1]; /* files there are, work there is */
    struct blocked_persons blocked;                        /* whose documents are no work */
    struct owed_proofs owed;
    uint64_t open_waves;
    struct outbox_counts national; /* for the national platform */
    uint64_t last_checkpoint;
    int64_t unsigned_since_us; /* when the first event behind it was recorded; 0: there is none */
    uint64_t disk_free;
    bool has_signer_end; /* of what is in trust/document.pem */
    int32_t signer_end;  /* the last day on which documents can be signed with it */
    struct store_root roots[STORE_ROOTS_MAX];
    size_t roots_count;
    int32_t last_day;  /* of the last event; nothing is written before it */
    bool is_day_ahead; /* it has not come by the clock, and the store's clock is not free */
};

/* In a transaction. fails   CORRUPT, RESOURCE */
FALLIBLE store_state_look(struct session *session, struct store_state *ret, struct error *err);

/* What needs a hand: a row of the messages and its arguments. */
struct store_finding {
    int message;
    struct error_arg args[STORE_FINDING_ARGS];
    int args_count;
};
size_t store_state_findings(const struct store_state *state,
                            struct store_finding findings[STORE_FINDINGS_MAX]);
