/* cms - checks who signed a file (CMS SignedData, detached), against trusted roots.
 *
 * Everything is judged at the business date, not at the clock: a submission of last year stays as
 * good as it was. The signer may use RSA-2048, RSA-3072 or ECDSA P-256 with SHA-256 or better, or
 * SM2 with SM3 and the default distinguishing identifier 1234567812345678, in CMS or in the form of
 * GB/T 35275. Exactly one signer; certificates between his and the root may be in the signature.
 * Nothing in the chain below the root may rest on SHA-1, MD5 or a short key. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* What is trusted: DER certificates, and the revocation lists (DER) that are configured. A list
 * counts for the certificates of its issuer; a list that bears the issuer's name but not its
 * signature stops the run. Where none is given nothing is asked. Lists are not required to be
 * current: what they name stays revoked. */
struct trust {
    const bytes *roots;
    size_t roots_count;
    const bytes *revocation_lists;
    size_t revocation_lists_count;
};

/* Who signed: what his certificate says. Everything lives in the arena of the call. */
struct cms_signer {
    str subject;                 /* "CN=..., O=..." */
    str organization_identifier; /* 2.5.4.97, "" when absent */
    str serial_number;           /* 2.5.4.5 of the subject, "" when absent */
    uint8_t certificate_sha256[32];
    int32_t valid_from; /* business days on which it is valid at some time, both inclusive */
    int32_t valid_until;
};

/* Does the signer's certificate name this enterprise or clerk? Its organizationIdentifier or
 * serialNumber is the code; before the former may stand NTRCN- or VATCN-, as in certificates that
 * follow ETSI EN 319 412-1. */
bool cms_signer_names(const struct cms_signer *signer, str code);
/* Does it name this person? Its serialNumber is the number of the person's document; before it may
 * stand IDCCN- or PASCN- (ETSI EN 319 412-1, 5.1.3). */
bool cms_signer_names_person(const struct cms_signer *signer, str id_number);

/* `cms` is DER or PEM; `on_days` is the business date.
 * fails   SIGNATURE MESSAGE_SIGNATURE_MISSING    cms is empty
 *                   MESSAGE_SIGNATURE_MALFORMED  no CMS SignedData of one signer with certificate
 *                   MESSAGE_SIGNATURE_WEAK       key or digest is none of the above
 *                   MESSAGE_SIGNATURE_DIFFERS    the content or its attributes were changed
 *                   MESSAGE_SIGNER_UNTRUSTED     no chain to a trusted root, or a certificate that
 *                                                is not for signing (subject, why)
 *                   MESSAGE_SIGNER_EXPIRED       no longer valid on the business date (subject,
 *                                                date, valid)
 *                   MESSAGE_SIGNER_NOT_YET_VALID not valid before a later day (as above)
 *                   MESSAGE_SIGNER_REVOKED       on a list since the business date or earlier
 *         CONFIG    MESSAGE_REVOCATION_LIST_UNREADABLE, MESSAGE_REVOCATION_LIST_FORGED (issuer) */
FALLIBLE cms_verify_detached(bytes cms, bytes content, const struct trust *trust, int32_t on_days,
                             struct arena *arena, struct cms_signer *ret, struct error *err);

/* What a certificate (DER) says about its holder.
 * fails   CONFIG MESSAGE_CERTIFICATE_UNREADABLE (name) */
FALLIBLE cms_certificate_read(str name, bytes der, struct arena *arena, struct cms_signer *ret,
                              struct error *err);

/* The last business day on which all certificates of a file (PEM) are valid; false: none is there.
 * Nothing is verified. */
bool certificates_valid_until(bytes pem, int32_t *ret_days);

/* Reads a certificate that shall become a trusted root from DER or PEM; *ret_der is what the trust
 * event and struct trust hold.
 * fails   CONFIG MESSAGE_ROOT_UNREADABLE (name), MESSAGE_ROOT_NOT_AUTHORITY (name, subject) */
FALLIBLE trust_root_read(str name, bytes file, struct arena *arena, bytes *ret_der,
                         struct cms_signer *ret, struct error *err);

/* Reads a revocation list from DER or PEM; *ret_der is what struct trust holds.
 * fails   CONFIG MESSAGE_REVOCATION_LIST_UNREADABLE (path) */
FALLIBLE revocation_list_read(str name, bytes file, struct arena *arena, bytes *ret_der,
                              struct error *err);

/* What the signature itself says of its signer, unverified: his certificate, as PEM.
 * fails   SIGNATURE MESSAGE_SIGNATURE_MISSING, MESSAGE_SIGNATURE_MALFORMED */
FALLIBLE cms_signer_certificate(bytes cms, struct arena *arena, struct cms_signer *ret,
                                str *ret_pem, struct error *err);

/* A certificate (DER) as PEM.
 * fails   CONFIG MESSAGE_CERTIFICATE_UNREADABLE */
FALLIBLE cms_certificate_pem(bytes der, struct arena *arena, str *ret, struct error *err);
