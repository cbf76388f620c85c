/* cms - checks who signed a file (CMS SignedData, detached), against trusted roots.
 *
 * Everything is judged at the business date, not at the clock: a submission of last year stays as
 * good as it was. The signer may use RSA-2048, RSA-3072 or ECDSA P-256 with SHA-256 or better.
 * Exactly one signer; certificates between his and the root may be in the signature. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* What is trusted: DER certificates, and the revocation lists (DER) that are configured. A list
 * counts for the certificates of its issuer; where none is given nothing is asked. Lists are not
 * required to be current: the newest one known is what the registry knows. */
struct trust {
    const bytes *roots;
    size_t roots_count;
    const bytes *revocation_lists;
    size_t revocation_lists_count;
};

/* Who signed. Everything lives in the arena of the call. */
struct cms_signer {
    str subject;                 /* "CN=..., O=..." */
    str organization_identifier; /* 2.5.4.97, "" when absent */
    str serial_number;           /* 2.5.4.5 of the subject, "" when absent */
    uint8_t certificate_sha256[32];
};

/* Does the signer's certificate name this enterprise or clerk? */
bool cms_signer_names(const struct cms_signer *signer, str code);

/* `cms` is DER or PEM; `on_days` is the business date.
 * fails   SIGNATURE MESSAGE_SIGNATURE_MISSING    cms is empty
 *                   MESSAGE_SIGNATURE_MALFORMED  no CMS SignedData of one signer with certificate
 *                   MESSAGE_SIGNATURE_WEAK       key or digest is none of the above
 *                   MESSAGE_SIGNATURE_DIFFERS    the content or its attributes were changed
 *                   MESSAGE_SIGNER_UNTRUSTED     no chain to a trusted root (subject, why)
 *                   MESSAGE_SIGNER_EXPIRED       not valid on the business date (subject, date)
 *                   MESSAGE_SIGNER_REVOKED       named by a revocation list (subject) */
FALLIBLE cms_verify_detached(bytes cms, bytes content, const struct trust *trust, int32_t on_days,
                             struct arena *arena, struct cms_signer *ret, struct error *err);

/* A certificate that shall become a trusted root, read from DER or PEM. */
struct trust_root {
    bytes der;
    uint8_t sha256[32];
    str subject;
    int32_t valid_from; /* business days, both inclusive */
    int32_t valid_until;
};

/* fails   CONFIG MESSAGE_ROOT_UNREADABLE (name), MESSAGE_ROOT_NOT_AUTHORITY (name, subject) */
FALLIBLE trust_root_read(str name, bytes file, struct arena *arena, struct trust_root *ret,
                         struct error *err);
