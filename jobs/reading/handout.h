/* handout - checks before a certificate's document leaves the store: may it be handed out, and does
 * it have the logged bytes? Used by `download` and `deliver`, which log who took it
 * (session_log_disclosure, R-PV-07). */
#pragma once

#include "jobs/session.h"

enum { HANDOUT_CERTIFICATE_MODE = 0644, HANDOUT_PROOF_MODE = 0600 };

/* R-QD-01, R-QD-05, R-QD-10: only what is in force, unexpired and 正常.
 * fails   REFUSED by the guards' codes */
FALLIBLE handout_check(const struct session *session, const CertificateView *certificate,
                       struct error *err);
/* R-PV-02: nothing of a person who is blocked or erased. fails REFUSED MESSAGE_PERSON_BLOCKED */
FALLIBLE handout_check_person(struct session *session, const CertificateView *certificate,
                              struct arena *arena, struct error *err);
/* The bytes that were logged, or none.
 * fails   MISSING; CORRUPT MESSAGE_DOCUMENT_ALTERED, MESSAGE_DOCUMENT_LOST */
FALLIBLE handout_read(struct session *session, const DocumentView *document, struct arena *arena,
                      bytes *ret, struct error *err);
