/* cms_chain - from a signer's certificate to a trusted root; see cms.h.
 *
 * The clock has no say: time is judged by business days. What a certificate may be used for is
 * judged here, not by OpenSSL's purposes, which know web servers and mail. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "core/base/date.h"
#include "core/io/cms_parts.h"
#include "core/io/messages.h"

/* OpenSSL's level of 112 bits: no RSA below 2048, no SHA-1, no MD5 in the chain. */
enum { CHAIN_SECURITY_LEVEL = 2 };

struct chain {
    const struct chain_question *question;
    X509_STORE *store;
    X509_STORE_CTX *context;
};

static void store_fill(struct chain *chain)
{
    const struct trust *trust = chain->question->trust;
    for (size_t i = 0; i < trust->roots_count; i++) {
        X509 *root = certificate_parse(trust->roots[i]);
        if (root != NULL) {
            (void)X509_STORE_add_cert(chain->store, root); /* twice the same is fine */
        }
        X509_free(root);
    }
    X509_STORE_set_flags(chain->store, X509_V_FLAG_NO_CHECK_TIME);
}

/* Why the certificate is not one that signs submissions, as rows WHY_… say it, or NULL. A key of a
 * web server or of software is not the seal of the enterprise, though it may name it. */
static const char *unsuited(X509 *signer)
{
    uint32_t purposes = X509_get_extended_key_usage(signer); /* all bits: not restricted */
    const uint32_t others = XKU_SSL_SERVER | XKU_CODE_SIGN | XKU_OCSP_SIGN | XKU_TIMESTAMP;
    if ((X509_get_key_usage(signer) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
        return "its key usage does not allow signing";
    }
    if (X509_check_ca(signer) == 1) {
        return "certificate of an authority";
    }
    if ((purposes & others) != 0 && (purposes & (XKU_SMIME | XKU_SSL_CLIENT | XKU_ANYEKU)) == 0) {
        return "its extended key usage is for other purposes";
    }
    return NULL;
}

/* OpenSSL also takes older signs of an authority than basicConstraints; below the root we do not.
 */
static const char *not_an_authority(X509_STORE_CTX *context)
{
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
    for (int i = 1; i + 1 < sk_X509_num(chain); i++) {
        if (X509_check_ca(sk_X509_value(chain, i)) != 1) {
            return "a certificate above it is none";
        }
    }
    return NULL;
}

static FALLIBLE chain_build(struct chain *chain, struct error *err)
{
    const struct chain_question *question = chain->question;
    for (int i = 0; i < sk_X509_num(question->carried); i++) {
        certificate_set_sm2_id(sk_X509_value(question->carried, i));
    }
    store_fill(chain);
    BUG_UNLESS(X509_STORE_CTX_init(chain->context, chain->store, question->signer,
                                   question->carried) == 1);
    X509_STORE_CTX_set_purpose(chain->context, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(chain->context),
                                     CHAIN_SECURITY_LEVEL);
    const char *reason = NULL;
    if (X509_verify_cert(chain->context) != 1) {
        reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(chain->context));
    } else {
        reason = unsuited(question->signer);
        reason = reason != NULL ? reason : not_an_authority(chain->context);
    }
    ERR_clear_error();
    if (reason != NULL) {
        FAIL(SIGNATURE, MESSAGE_SIGNER_UNTRUSTED, ARG_STR("subject", question->subject),
             ARG_TEXT("why", reason));
    }
    return OK;
}

static FALLIBLE times_check(const struct chain *chain, struct error *err)
{
    STACK_OF(X509) *certificates = X509_STORE_CTX_get0_chain(chain->context);
    int32_t on_days = chain->question->on_days;
    struct cms_signer facts = {0};
    bool good = true;
    for (int i = 0; good && i < sk_X509_num(certificates); i++) {
        good = certificate_facts(sk_X509_value(certificates, i), chain->question->arena, &facts) &&
               facts.valid_from <= on_days && on_days <= facts.valid_until;
    }
    if (!good) {
        char from[DATE_SIZE];
        char until[DATE_SIZE];
        char term[DATE_SIZE * 2 + 4];
        date_format(facts.valid_from, from);
        date_format(facts.valid_until, until);
        (void)snprintf(term, sizeof(term), "%s .. %s", from, until); /* fits */
        FAIL(SIGNATURE,
             on_days < facts.valid_from ? MESSAGE_SIGNER_NOT_YET_VALID : MESSAGE_SIGNER_EXPIRED,
             ARG_STR("subject", chain->question->subject), ARG_DATE("date", on_days),
             ARG_TEXT("valid", term));
    }
    return OK;
}

/* --- revocation lists ----------------------------------------------------------------------- */

static X509_CRL *list_parse(bytes der)
{
    const uint8_t *at = der.data;
    X509_CRL *list = d2i_X509_CRL(NULL, &at, (long)der.size);
    ERR_clear_error();
    if (list != NULL && at != der.data + der.size) {
        X509_CRL_free(list);
        return NULL;
    }
    return list;
}

/* Does the list name this authority and this key as its issuer? A list by an older key of the
 * authority does not count. */
static bool list_is_of(X509_CRL *list, X509 *issuer)
{
    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) != 0) {
        return false;
    }
    AUTHORITY_KEYID *key_id = X509_CRL_get_ext_d2i(list, NID_authority_key_identifier, NULL, NULL);
    bool fits = key_id == NULL || X509_check_akid(issuer, key_id) == X509_V_OK;
    AUTHORITY_KEYID_free(key_id);
    return fits;
}

/* OpenSSL 3.0 gives a list no distinguishing identifier: SM2 is verified by hand. */
static bool list_fits(X509_CRL *list, EVP_PKEY *key)
{
    const ASN1_BIT_STRING *signature = NULL;
    uint8_t *der = NULL;
    if (X509_CRL_get_signature_nid(list) != NID_SM2_with_SM3) {
        return X509_CRL_verify(list, key) == 1;
    }
    X509_CRL_get0_signature(list, &signature, NULL);
    int size = i2d_re_X509_CRL_tbs(list, &der);
    bool fits =
        size > 0 && key != NULL &&
        sm2_signature_fits(
            key, bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature)),
            bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    return fits;
}

static bool list_is_signed(X509_CRL *list, X509 *issuer)
{
    return (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0 &&
           list_fits(list, X509_get0_pubkey(issuer));
}

/* Is the certificate on the list on this day or before? */
static bool is_named(X509_CRL *list, X509 *certificate, int32_t on_days)
{
    X509_REVOKED *entry = NULL;
    int64_t since_us = 0;
    return X509_CRL_get0_by_cert(list, &entry, certificate) == 1 &&
           (!certificate_instant(X509_REVOKED_get0_revocationDate(entry), &since_us) ||
            date_of_instant(since_us) <= on_days);
}

/* A list with an authority's name but without its signature proves nothing. A signer must not
 * profit from that, so the run ends. */
static FALLIBLE list_ask(const struct chain *chain, X509_CRL *list, struct error *err)
{
    const struct chain_question *question = chain->question;
    STACK_OF(X509) *certificates = X509_STORE_CTX_get0_chain(chain->context);
    for (int i = 0; i + 1 < sk_X509_num(certificates); i++) {
        X509 *issuer = sk_X509_value(certificates, i + 1);
        if (!list_is_of(list, issuer)) {
            continue;
        }
        if (!list_is_signed(list, issuer)) {
            struct cms_signer facts = {.subject = STR("?")};
            (void)certificate_facts(issuer, question->arena, &facts); /* or "?" */
            FAIL(CONFIG, MESSAGE_REVOCATION_LIST_FORGED, ARG_STR("issuer", facts.subject));
        }
        if (is_named(list, sk_X509_value(certificates, i), question->on_days)) {
            FAIL(SIGNATURE, MESSAGE_SIGNER_REVOKED, ARG_STR("subject", question->subject));
        }
    }
    return OK;
}

static FALLIBLE lists_check(const struct chain *chain, struct error *err)
{
    const struct trust *trust = chain->question->trust;
    for (size_t i = 0; i < trust->revocation_lists_count; i++) {
        X509_CRL *list = list_parse(trust->revocation_lists[i]);
        if (list == NULL) {
            FAIL(CONFIG, MESSAGE_REVOCATION_LIST_UNREADABLE, ARG_TEXT("path", "?"));
        }
        outcome asked = list_ask(chain, list, err);
        X509_CRL_free(list);
        ERR_clear_error();
        TRY(asked);
    }
    return OK;
}

FALLIBLE revocation_list_read(str name, bytes file, struct arena *arena, bytes *ret_der,
                              struct error *err)
{
    X509_CRL *list = list_parse(file);
    if (list == NULL && file.size <= INT32_MAX) {
        BIO *bio = BIO_new_mem_buf(file.size != 0 ? (const void *)file.data : "", (int)file.size);
        list = PEM_read_bio_X509_CRL(bio, NULL, certificate_no_passphrase, NULL);
        BIO_free(bio);
        ERR_clear_error();
    }
    uint8_t *der = NULL;
    int size = list != NULL ? i2d_X509_CRL(list, &der) : 0;
    bytes copy = arena_bytes(arena, bytes_of(der, size > 0 ? (size_t)size : 0));
    OPENSSL_free(der);
    X509_CRL_free(list);
    if (size <= 0) {
        FAIL(CONFIG, MESSAGE_REVOCATION_LIST_UNREADABLE, ARG_STR("path", name));
    }
    *ret_der = copy;
    return OK;
}

FALLIBLE chain_check(const struct chain_question *question, struct error *err)
{
    struct chain chain = {question, X509_STORE_new(), X509_STORE_CTX_new()};
    BUG_UNLESS(chain.store != NULL && chain.context != NULL);
    outcome checked = chain_build(&chain, err);
    checked = checked.ok ? times_check(&chain, err) : checked;
    checked = checked.ok ? lists_check(&chain, err) : checked;
    X509_STORE_CTX_free(chain.context);
    X509_STORE_free(chain.store);
    return checked;
}
