/* sign - a signer: a private key with its certificate, for documents and submissions.
 *
 * A signer holds one key (RSA-2048, RSA-3072 or ECDSA P-256), its certificate and the chain above
 * it. Everything that does not depend on the content (certificates, attributes, algorithm names) is
 * encoded once at opening; a signature then costs one raw private-key operation.
 *
 * The CMS is made by hand because PAdES B-B wants signing-certificate-v2 and no signing-time, and
 * OpenSSL 3.0 always adds the latter. Its form is exactly ETSI EN 319 122-1 CAdES B-B, DER,
 * SHA-256, detached, signed attributes contentType, messageDigest, signingCertificateV2. RSA
 * signatures (PKCS#1 v1.5) depend on key and content only: the same document has the same bytes;
 * ECDSA ones are randomised.
 *
 * A signer keeps no state between calls but is not for two threads at once; a process that forks
 * may use it in every child. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

struct signer;

/* From a key as key_open takes it (core/io/key.h) and PEM files. `chain_path` holds the
 * certificates above the signer's own, nearest first, and may be NULL, or the file of the
 * certificate itself; a self-signed root in it is not put into signatures. fails   as key_open;
 * CONFIG MESSAGE_CERTIFICATE_UNREADABLE, MESSAGE_KEY_UNSUITABLE, MESSAGE_KEY_MISMATCH (each names
 * the file) */
FALLIBLE signer_open(const char *key_path, const char *certificate_path, const char *chain_path,
                     struct signer **ret, struct error *err);

/* The same from PEM text; `chain` may be empty. `name` stands for the files in messages. */
FALLIBLE signer_from_pem(str name, str key, str certificate, str chain, struct signer **ret,
                         struct error *err);

/* Wipes the key. NULL is fine. */
void signer_close(struct signer *signer);

/* What messages call its key and its certificate. */
struct signer_names {
    str key;
    str certificate;
};

/* The same from a key that is open (core/io/key.h); it is taken over, also when this fails. */
struct evp_pkey_st;
FALLIBLE signer_from_key(const struct signer_names *names, struct evp_pkey_st *key, str certificate,
                         str chain, struct signer **ret, struct error *err);

/* Its certificate and those of the chain as one PEM file, in the arena: certificates and nothing
 * else, whatever stood beside them in the files it was opened from. */
FALLIBLE signer_certificates(const struct signer *signer, struct arena *arena, str *ret_pem,
                             struct error *err);

/* Is the certificate valid at some time of this business day (UTC+8)? */
bool signer_valid_on(const struct signer *signer, int32_t days);
/* SHA-256 of the certificate's DER. */
void signer_sha256(const struct signer *signer, uint8_t out[32]);

/* No signature of this signer is longer: the room to reserve in a document. */
size_t signer_cms_size_max(const struct signer *signer);

/* Detached CMS over content whose SHA-256 is `digest`. *ret_der is in the arena.
 * fails   CONFIG MESSAGE_SIGNING_FAILED */
FALLIBLE signer_cms(struct signer *signer, const uint8_t digest[32], struct arena *arena,
                    bytes *ret_der, struct error *err);

/* Has a signature time-stamped: gives an RFC 3161 token over data of that SHA-256. */
struct signer_stamp {
    outcome (*stamp)(void *context, const uint8_t digest[32], struct arena *arena, bytes *ret_token,
                     struct error *err);
    void *context;
};

/* signer_cms with the token over the signature among the unsigned attributes (CAdES B-T). Room for
 * it is beside signer_cms_size_max: the token and SIGNER_STAMP_SIZE bytes.
 * fails   as signer_cms and the stamp */
enum { SIGNER_STAMP_SIZE = 48 };
FALLIBLE signer_cms_stamped(struct signer *signer, const uint8_t digest[32],
                            const struct signer_stamp *stamp, struct arena *arena, bytes *ret_der,
                            struct error *err);

/* signer_cms over content in memory: the .p7s of a submission. */
FALLIBLE signer_detached(struct signer *signer, bytes content, struct arena *arena, bytes *ret_der,
                         struct error *err);
