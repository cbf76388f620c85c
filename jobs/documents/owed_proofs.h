/* owed_proofs - departure proofs that were ordered and not yet made; each is due within an hour of
 * the departure (R-DP-06). A proof whose departure was withdrawn is no longer owed. */
#pragma once

#include "jobs/session.h"

struct owed_proofs {
    uint64_t waiting;      /* pending and failed ones */
    uint64_t overdue;      /* of these, older than an hour */
    int64_t oldest_us;     /* when the oldest was ordered; 0: none waits */
    int64_t oldest_age_us; /* by the session's moment, at least 0 */
};

/* Needs a transaction of the engine.
 * fails   CORRUPT, RESOURCE */
FALLIBLE owed_proofs_look(struct session *session, struct owed_proofs *ret, struct error *err);

/* Writes reports/departure-proofs.prom, whoever looked: the newest look counts.
 * fails   CREATE, RESOURCE */
FALLIBLE owed_proofs_write(struct session *session, const struct owed_proofs *owed,
                           struct error *err);

/* Both, for a verb that writes the store, when its own work is done and committed. */
FALLIBLE owed_proofs_report(struct session *session, struct error *err);
