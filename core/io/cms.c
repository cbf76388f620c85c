/* cms - checks who signed a file; see cms.h. */
#include "core/io/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "core/io/cms_parts.h"
#include "core/io/messages.h"

/* Everything one verification holds; released at one place. */
struct verification {
    CMS_ContentInfo *cms;
    STACK_OF(X509) * carried;
    CMS_SignerInfo *info; /* of cms */
    X509 *signer;         /* of cms */
    struct cms_signer facts;
};

/* PEM becomes DER; anything else stays what it is. */
static bytes without_pem(bytes file, struct arena *arena)
{
    BIO *bio = BIO_new_mem_buf(file.data, (int)file.size);
    char *label = NULL;
    char *header = NULL;
    uint8_t *der = NULL;
    long size = 0;
    BUG_UNLESS(bio != NULL);
    if (PEM_read_bio(bio, &label, &header, &der, &size) == 1 &&
        (strcmp(label, PEM_STRING_CMS) == 0 || strcmp(label, PEM_STRING_PKCS7) == 0 ||
         strcmp(label, PEM_STRING_PKCS7_SIGNED) == 0)) {
        file = arena_bytes(arena, bytes_of(der, (size_t)size));
    }
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_free(der);
    BIO_free(bio);
    ERR_clear_error();
    return file;
}

static CMS_ContentInfo *cms_parse(bytes der)
{
    const uint8_t *at = der.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
    if (cms != NULL && at != der.data + der.size) {
        CMS_ContentInfo_free(cms);
        return NULL;
    }
    return cms;
}

static FALLIBLE signer_find(struct verification *v, bytes der, struct arena *arena,
                            struct error *err)
{
    v->cms = cms_parse(der);
    if (v->cms == NULL) {
        ERR_clear_error(); /* OpenSSL's own reason would help nobody */
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "no CMS"));
    }
    if (OBJ_obj2nid(CMS_get0_type(v->cms)) != NID_pkcs7_signed) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "no SignedData"));
    }
    if (CMS_is_detached(v->cms) != 1) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "content inside"));
    }
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(v->cms);
    if (sk_CMS_SignerInfo_num(infos) != 1) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "not one signer"));
    }
    v->info = sk_CMS_SignerInfo_value(infos, 0);
    (void)CMS_set1_signers_certs(v->cms, NULL, 0); /* checked below: did it find the signer? */
    CMS_SignerInfo_get0_algs(v->info, NULL, &v->signer, NULL, NULL);
    if (v->signer == NULL || !certificate_facts(v->signer, arena, &v->facts)) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "no certificate of signer"));
    }
    v->carried = CMS_get1_certs(v->cms);
    return OK;
}

/* Are key and digest of the kinds that cms.h lists? */
static FALLIBLE strength_check(const struct verification *v, struct error *err)
{
    EVP_PKEY *key = X509_get0_pubkey(v->signer);
    int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
    int base = key != NULL ? EVP_PKEY_get_base_id(key) : 0;
    char group[32] = "";
    if (base == EVP_PKEY_EC) {
        (void)EVP_PKEY_get_group_name(key, group, sizeof(group), NULL); /* or "": unknown */
    }
    bool key_good = (base == EVP_PKEY_RSA && (bits == 2048 || bits == 3072)) ||
                    (base == EVP_PKEY_EC && strcmp(group, SN_X9_62_prime256v1) == 0);
    X509_ALGOR *digest = NULL;
    X509_ALGOR *unused = NULL;
    CMS_SignerInfo_get0_algs(v->info, NULL, NULL, &digest, &unused);
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, digest);
    int nid = OBJ_obj2nid(object);
    if (!key_good) {
        char text[64];
        const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;
        (void)snprintf(text, sizeof(text), "%s, %d bit", type != NULL ? type : "?",
                       bits); /* fits */
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_WEAK, ARG_STR("subject", v->facts.subject),
             ARG_TEXT("used", text));
    }
    if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512) {
        const char *name = OBJ_nid2ln(nid);
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_WEAK, ARG_STR("subject", v->facts.subject),
             ARG_TEXT("used", name != NULL ? name : "?"));
    }
    return OK;
}

static FALLIBLE content_check(const struct verification *v, bytes content, struct error *err)
{
    if (content.size > INT32_MAX) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "file of 2 GiB or more"));
    }
    BIO *bio =
        BIO_new_mem_buf(content.size != 0 ? (const void *)content.data : "", (int)content.size);
    BUG_UNLESS(bio != NULL);
    int good = CMS_verify(v->cms, NULL, NULL, bio, NULL,
                          CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY | CMS_DETACHED);
    BIO_free(bio);
    ERR_clear_error();
    if (good != 1) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_DIFFERS, ARG_STR("subject", v->facts.subject));
    }
    return OK;
}

/* --- both forms ----------------------------------------------------------------------------- */

/* RSA and ECDSA, in CMS. */
static FALLIBLE verify_cms(bytes der, bytes content, struct chain_question *question,
                           struct cms_signer *ret, struct error *err)
{
    struct verification v = {0};
    outcome verified = signer_find(&v, der, question->arena, err);
    verified = verified.ok ? strength_check(&v, err) : verified;
    verified = verified.ok ? content_check(&v, content, err) : verified;
    if (verified.ok) {
        question->signer = v.signer;
        question->carried = v.carried;
        question->subject = v.facts.subject;
        verified = chain_check(question, err);
    }
    sk_X509_pop_free(v.carried, X509_free);
    CMS_ContentInfo_free(v.cms);
    TRY(verified);
    *ret = v.facts;
    return OK;
}

static FALLIBLE verify_sm2_opened(const struct sm2_signed *given, bytes content,
                                  struct chain_question *question, struct cms_signer *ret,
                                  struct error *err)
{
    struct cms_signer facts;
    question->signer = sm2_signer(given);
    question->carried = sm2_carried(given);
    if (!certificate_facts(question->signer, question->arena, &facts)) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "no certificate of signer"));
    }
    question->subject = facts.subject;
    TRY(sm2_check(given, content, facts.subject, err));
    TRY(chain_check(question, err));
    *ret = facts;
    return OK;
}

static FALLIBLE verify_sm2(bytes der, bytes content, struct chain_question *question,
                           struct cms_signer *ret, struct error *err)
{
    struct sm2_signed *given = NULL;
    TRY(sm2_open(der, &given, err));
    outcome verified = verify_sm2_opened(given, content, question, ret, err);
    sm2_close(given);
    return verified;
}

/* The signature as DER; refuses one that is empty or larger than OpenSSL's int can say. */
static FALLIBLE signature_read(bytes cms, struct arena *arena, bytes *ret_der, struct error *err)
{
    if (cms.size == 0) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MISSING);
    }
    if (cms.size > INT32_MAX) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "2 GiB or more"));
    }
    *ret_der = without_pem(cms, arena);
    return OK;
}

FALLIBLE cms_verify_detached(bytes cms, bytes content, const struct trust *trust, int32_t on_days,
                             struct arena *arena, struct cms_signer *ret, struct error *err)
{
    struct chain_question question = {.trust = trust, .on_days = on_days, .arena = arena};
    bytes der = {0};
    TRY(signature_read(cms, arena, &der, err));
    return sm2_is_meant(der) ? verify_sm2(der, content, &question, ret, err)
                             : verify_cms(der, content, &question, ret, err);
}

static FALLIBLE sm2_certificate(bytes der, struct arena *arena, struct cms_signer *ret,
                                str *ret_pem, struct error *err)
{
    struct sm2_signed *given = NULL;
    TRY(sm2_open(der, &given, err));
    bool good = certificate_facts(sm2_signer(given), arena, ret);
    if (good) {
        *ret_pem = certificate_pem(sm2_signer(given), arena);
    }
    sm2_close(given);
    if (!good) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "no certificate of signer"));
    }
    return OK;
}

FALLIBLE cms_signer_certificate(bytes cms, struct arena *arena, struct cms_signer *ret,
                                str *ret_pem, struct error *err)
{
    struct verification v = {0};
    bytes der = {0};
    TRY(signature_read(cms, arena, &der, err));
    if (sm2_is_meant(der)) {
        TRY(sm2_certificate(der, arena, ret, ret_pem, err));
        return OK;
    }
    outcome found = signer_find(&v, der, arena, err);
    if (found.ok) {
        *ret = v.facts;
        *ret_pem = certificate_pem(v.signer, arena);
    }
    sk_X509_pop_free(v.carried, X509_free);
    CMS_ContentInfo_free(v.cms);
    return found;
}
