/* cms_parts - what the files behind cms.h share: certificates, chains, SM2.
 * Nobody else includes it, but timestamp_judge.c, which reads certificates too. OpenSSL's types are
 * named here, not included. */
#pragma once

#include "core/io/cms.h"

struct evp_pkey_st;
struct x509_st;
struct X509_crl_st;
struct asn1_string_st;
struct stack_st_X509;

/* The distinguishing identifier that goes before every SM2 signature (GB/T 35276-2017, 10). */
#define SM2_DEFAULT_ID "1234567812345678"
enum { SM2_DEFAULT_ID_SIZE = sizeof(SM2_DEFAULT_ID) - 1 };

/* --- cms_certificate.c ---------------------------------------------------------------------- */

/* Text of OpenSSL's last error; its queue is empty then. */
const char *openssl_why(void);

/* A time of a certificate or list as microseconds since 1970; false when it is none. */
bool certificate_instant(const struct asn1_string_st *time, int64_t *ret_us);
/* What it says about its holder; false when its dates are none. */
bool certificate_facts(struct x509_st *certificate, struct arena *arena, struct cms_signer *ret);
/* For PEM_read_bio_...(): what is encrypted is not read. Without it OpenSSL stops the program and
 * asks the terminal for a passphrase. */
int certificate_no_passphrase(char *buffer, int size, int writing, void *user);
/* DER and nothing behind it, or NULL. The caller's. */
struct x509_st *certificate_parse(bytes der);
/* The certificate as PEM. */
str certificate_pem(struct x509_st *certificate, struct arena *arena);
/* SM2 signatures on a certificate are verified with the default identifier. */
void certificate_set_sm2_id(struct x509_st *certificate);

/* --- cms_chain.c ---------------------------------------------------------------------------- */

/* Does the certificate lead to a trusted root, was each on the way valid on the day and on no list?
 * `carried` are certificates that came with the signature. */
struct chain_question {
    struct x509_st *signer;
    struct stack_st_X509 *carried;
    str subject;
    const struct trust *trust;
    int32_t on_days;
    struct arena *arena;
};
FALLIBLE chain_check(const struct chain_question *question, struct error *err);

/* --- cms_sm2.c ------------------------------------------------------------------------------ */

/* A signature by SM2 with SM3, in the form of CMS or of GB/T 35275 (GM/T 0010), opened. */
struct sm2_signed;

/* Is it to be read here: the Chinese content type, or a signer who names SM3? */
bool sm2_is_meant(bytes der);
/* fails   SIGNATURE MESSAGE_SIGNATURE_MALFORMED */
FALLIBLE sm2_open(bytes der, struct sm2_signed **ret, struct error *err);
struct x509_st *sm2_signer(const struct sm2_signed *given);
struct stack_st_X509 *sm2_carried(const struct sm2_signed *given);
/* fails   SIGNATURE MESSAGE_SIGNATURE_WEAK, MESSAGE_SIGNATURE_DIFFERS */
FALLIBLE sm2_check(const struct sm2_signed *given, bytes content, str subject, struct error *err);
void sm2_close(struct sm2_signed *given);
/* With the default identifier. An empty content is fine, its `data` must not be NULL. */
bool sm2_signature_fits(struct evp_pkey_st *key, bytes signature, bytes content);
