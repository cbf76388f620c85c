/* departures - is a departure still in effect? The authority may withdraw it (R-DP-13). Its proof
 * then stays in the store and in the log for auditors, but is no longer true. */
#pragma once

#include "jobs/objects/objects.h"

/* Was the departure of the certificate withdrawn after the event `since`? */
FALLIBLE departure_is_withdrawn(struct session *session, str certificate, uint64_t since,
                                struct arena *arena, bool *ret, struct error *err);

/* A proof that is no departure proof always holds.
 * fails   REFUSED MESSAGE_DEPARTURE_WITHDRAWN (the first certificate whose departure was) */
FALLIBLE departure_proof_holds(struct session *session, const DocumentView *proof,
                               struct arena *arena, struct error *err);
