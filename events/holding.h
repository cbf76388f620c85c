/* holding - what a person may hold together (RULES D13; R-NAT-13, 14, 15, 16, 17, 18). */
#pragma once

#include "events/decide.h"

/* A certificate that an enterprise is about to hold: issued, entered or taken over. */
struct holding {
    const struct dossier *dossier;
    const char *enterprise; /* the acting one */
    int32_t today;
    Category__Code category;
    bool issued;                         /* an issued C3 supersedes; others do not */
    const CertificateView *taken;        /* the one taken over, or NULL */
    const struct certificates *together; /* all that are taken over with it (D18), or NULL */
    const NationalView *entered;         /* the record entered on, or NULL */
};

/* fails   REFUSED category_conflict, other_enterprise_certificate, valid_elsewhere,
 *         not_registered_practitioner, in this order */
FALLIBLE holding_check(const struct holding *holding, struct error *err);

/* A certificate of the registry at its own enterprise, judged as one that is no legal
 * representative's, whatever it is now.
 * fails   REFUSED as holding_check */
FALLIBLE holding_check_ordinary(const struct dossier *dossier, const CertificateView *certificate,
                                int32_t today, struct error *err);

/* A certificate of the registry that comes into force again at its own enterprise: reinstated, its
 * departure withdrawn, or its dates corrected. One past its end on `today` stays out of force and
 * may always (D29, D37); a legal representative's A is judged by D3.
 * fails   REFUSED as holding_check; legal_representative_exists */
FALLIBLE holding_check_again(const struct dossier *dossier, const CertificateView *certificate,
                             int32_t today, struct error *err);

/* D3: no other legal-representative A is in force at the certificate's enterprise, and the person
 * has no other ordinary A in force there.
 * fails   REFUSED legal_representative_exists, category_conflict */
FALLIBLE holding_check_legal(const struct dossier *dossier, const CertificateView *certificate,
                             int32_t today, struct error *err);

/* Does the issued C3 supersede the certificate? To be asked after holding_check. */
bool holding_supersedes(const struct holding *holding, const CertificateView *certificate);
