/* authority - the development authority: makes the keys and certificates that a store needs when
 * nobody gives it real ones (init), certificates of enterprises and clerks (trust issue), and those
 * of the sample.
 *
 * Certificates depend on their arguments only: validity is given, not taken from the clock; the
 * serial number is a digest of what is certified. A certificate whose issuer has an RSA key has the
 * same bytes every time. Dates are business days (UTC+8), both inclusive. Keys and certificates are
 * PEM text in the arena; writing them to files (keys with mode 0600) is the caller's. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum authority_key_kind {
    AUTHORITY_KEY_RSA_2048, /* what a document signature should have: every PDF reader knows it */
    AUTHORITY_KEY_P256,     /* made and used at once: enterprises and clerks */
    AUTHORITY_KEY_RSA_3072, /* never from a seed */
};

/* A new random private key, PKCS#8 PEM.
 * fails   RESOURCE MESSAGE_KEY_NOT_MADE */
FALLIBLE authority_key_new(enum authority_key_kind kind, struct arena *arena, str *ret_pem,
                           struct error *err);

/* The key that follows from a seed: for the sample, whose bytes must be the same every time, and
 * for tests. Never for a key that shall be secret. RSA takes about a quarter of a second. fails
 * RESOURCE MESSAGE_KEY_NOT_MADE */
FALLIBLE authority_key_from_seed(enum authority_key_kind kind, const uint8_t seed[32],
                                 struct arena *arena, str *ret_pem, struct error *err);

struct authority {
    str key_pem;
    str certificate_pem;
    const char *key_file; /* where they lie, for messages; NULL: nowhere */
    const char *certificate_file;
};

enum authority_purpose {
    AUTHORITY_ROOT,       /* signs certificates; `name` is its common name */
    AUTHORITY_DOCUMENT,   /* signs documents; `code` is the authority's credit code */
    AUTHORITY_ENTERPRISE, /* signs submissions; `code` becomes organizationIdentifier */
    AUTHORITY_CLERK,      /* signs submissions; `code` (工号) becomes serialNumber */
};

struct authority_subject {
    enum authority_purpose purpose;
    str name; /* shown to people: of the authority, the enterprise, the clerk; at most 64 characters
                 are kept */
    str code; /* may be empty for a root */
    int32_t valid_from;
    int32_t valid_until;
};

/* A self-signed root.
 * fails   CONFIG MESSAGE_CERTIFICATE_NOT_MADE, MESSAGE_KEY_UNREADABLE */
FALLIBLE authority_make_root(str key_pem, const struct authority_subject *subject,
                             struct arena *arena, str *ret_certificate_pem, struct error *err);

/* A certificate under the root for the public half of `key_pem`; purpose is not AUTHORITY_ROOT.
 * fails   CONFIG MESSAGE_CERTIFICATE_NOT_MADE (name), MESSAGE_KEY_UNREADABLE (name: of whose key it
 *         is, or the root's key_file), MESSAGE_CERTIFICATE_UNREADABLE (certificate_file),
 *         MESSAGE_KEY_MISMATCH (key_file, subject) of the root */
FALLIBLE authority_issue(const struct authority *root, str key_pem,
                         const struct authority_subject *subject, struct arena *arena,
                         str *ret_certificate_pem, struct error *err);
