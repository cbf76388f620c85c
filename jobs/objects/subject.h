/* subject - the subject of `show` and `audit history`: WHAT NUMBER on the command line. */
#pragma once

#include "jobs/objects/objects.h"

enum subject_kind { SUBJECT_CERTIFICATE, SUBJECT_PERSON, SUBJECT_ENTERPRISE };

struct subject {
    enum subject_kind kind;
    const char *key; /* certificate number, person_id, enterprise code: no personal data */
    const CertificateView *certificate; /* of the kind; the others NULL */
    const PersonView *person;
    const EnterpriseView *enterprise;
};

/* WHAT is certificate, person or enterprise. A person is found by the number of a document, in any
 * kind that fits it, or by person_id; without keys by the masked number, if that is only one's.
 * fails   USAGE MESSAGE_UNKNOWN_VALUE; REFUSED MESSAGE_CERTIFICATE_NOT_FOUND,
 *         MESSAGE_PERSON_NOT_FOUND, MESSAGE_PERSON_AMBIGUOUS, MESSAGE_ENTERPRISE_NOT_FOUND */
FALLIBLE subject_find(struct session *session, const char *what, const char *number,
                      struct arena *arena, struct subject *ret, struct error *err);
