/* cms - checks who signed a file; see cms.h. */
#include "core/io/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/messages.h"

/* --- what a certificate says ---------------------------------------------------------------- */

/* The last error of OpenSSL as text; its queue is empty then. */
static const char *why(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason != NULL ? reason : "?";
}

static str name_text(const X509_NAME *name, struct arena *arena)
{
    /* RFC 2253 escapes would hide Chinese names. */
    unsigned long flags =
        XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_ESC_CTRL;
    BIO *bio = BIO_new(BIO_s_mem());
    BUG_UNLESS(bio != NULL);
    (void)X509_NAME_print_ex(bio, name, 0, flags); /* what could be printed is taken */
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    str text = STR("?"); /* stays when it is no UTF-8 */
    (void)str_from_bytes(bytes_of(data, size > 0 ? (size_t)size : 0), &text);
    text = arena_str(arena, text);
    BIO_free(bio);
    return text;
}

static str name_part(const X509_NAME *name, int nid, struct arena *arena)
{
    int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0) {
        return STR("");
    }
    uint8_t *data = NULL;
    int size =
        ASN1_STRING_to_UTF8(&data, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
    str text = STR("");
    if (size > 0 && str_from_bytes(bytes_of(data, (size_t)size), &text)) {
        text = arena_str(arena, text);
    }
    OPENSSL_free(data);
    ERR_clear_error();
    return text;
}

static bool instant_of(const ASN1_TIME *time, int64_t *ret_us)
{
    struct tm tm = {0};
    if (ASN1_TIME_to_tm(time, &tm) != 1) {
        return false;
    }
    struct civil civil = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
    if (!civil_exists(civil)) {
        return false;
    }
    int64_t seconds =
        (int64_t)date_from_civil(civil) * 86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
    *ret_us = seconds * 1000000;
    return true;
}

static bool certificate_facts(X509 *certificate, struct arena *arena, struct cms_signer *ret)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    int64_t from_us = 0;
    int64_t until_us = 0;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (!instant_of(X509_get0_notBefore(certificate), &from_us) ||
        !instant_of(X509_get0_notAfter(certificate), &until_us) ||
        X509_digest(certificate, EVP_sha256(), digest, NULL) != 1) {
        ERR_clear_error();
        return false;
    }
    *ret = (struct cms_signer){
        .subject = name_text(name, arena),
        .organization_identifier = name_part(name, NID_organizationIdentifier, arena),
        .serial_number = name_part(name, NID_serialNumber, arena),
        .valid_from = date_of_instant(from_us),
        .valid_until = date_of_instant(until_us),
    };
    memcpy(ret->certificate_sha256, digest, sizeof(digest));
    return true;
}

/* DER and nothing behind it. */
static X509 *certificate_parse(bytes der)
{
    const uint8_t *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
    ERR_clear_error();
    if (certificate != NULL && at != der.data + der.size) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

FALLIBLE cms_certificate_read(str name, bytes der, struct arena *arena, struct cms_signer *ret,
                              struct error *err)
{
    X509 *certificate = certificate_parse(der);
    bool good = certificate != NULL && certificate_facts(certificate, arena, ret);
    X509_free(certificate);
    if (!good) {
        FAIL(CONFIG, MESSAGE_CERTIFICATE_UNREADABLE, ARG_STR("name", name));
    }
    return OK;
}

bool cms_signer_names(const struct cms_signer *signer, str code)
{
    return !str_empty(code) && (str_equal(signer->organization_identifier, code) ||
                                str_equal(signer->serial_number, code));
}

static int no_passphrase(char *buffer, int size, int writing, void *user)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)user;
    return -1;
}

FALLIBLE trust_root_read(str name, bytes file, struct arena *arena, bytes *ret_der,
                         struct cms_signer *ret, struct error *err)
{
    X509 *certificate = certificate_parse(file);
    if (certificate == NULL && file.size <= INT32_MAX) {
        BIO *bio = BIO_new_mem_buf(file.size != 0 ? (const void *)file.data : "", (int)file.size);
        certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
        BIO_free(bio);
        ERR_clear_error();
    }
    struct cms_signer facts = {0};
    bool good = certificate != NULL && certificate_facts(certificate, arena, &facts);
    bool root = good && X509_self_signed(certificate, 1) == 1 && X509_check_ca(certificate) != 0;
    uint8_t *der = NULL;
    int size = good ? i2d_X509(certificate, &der) : 0;
    bytes copy = arena_bytes(arena, bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    X509_free(certificate);
    ERR_clear_error();
    if (!good) {
        FAIL(CONFIG, MESSAGE_ROOT_UNREADABLE, ARG_STR("name", name));
    }
    if (!root) {
        FAIL(CONFIG, MESSAGE_ROOT_NOT_AUTHORITY, ARG_STR("name", name),
             ARG_STR("subject", facts.subject));
    }
    *ret_der = copy;
    *ret = facts;
    return OK;
}

/* --- the signature -------------------------------------------------------------------------- */

/* Everything one verification holds; released at one place. */
struct verification {
    CMS_ContentInfo *cms;
    STACK_OF(X509) * carried;
    CMS_SignerInfo *info; /* of cms */
    X509 *signer;         /* of cms */
    X509_STORE *store;
    X509_STORE_CTX *context;
    struct cms_signer facts;
};

static CMS_ContentInfo *cms_parse(bytes file)
{
    const uint8_t *at = file.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)file.size);
    if (cms != NULL && at == file.data + file.size) {
        return cms;
    }
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    BIO *bio = BIO_new_mem_buf(file.data, (int)file.size);
    char *label = NULL;
    char *header = NULL;
    uint8_t *der = NULL;
    long size = 0;
    cms = NULL;
    if (PEM_read_bio(bio, &label, &header, &der, &size) == 1 &&
        (strcmp(label, "CMS") == 0 || strcmp(label, "PKCS7") == 0)) {
        at = der;
        cms = d2i_CMS_ContentInfo(NULL, &at, size);
    }
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_free(der);
    BIO_free(bio);
    return cms;
}

static FALLIBLE signer_find(struct verification *v, bytes file, struct arena *arena,
                            struct error *err)
{
    if (file.size == 0) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MISSING);
    }
    v->cms = file.size <= INT32_MAX ? cms_parse(file) : NULL;
    if (v->cms == NULL) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", why()));
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
    (void)CMS_set1_signers_certs(v->cms, NULL, 0); /* finds the signer or not: asked below */
    CMS_SignerInfo_get0_algs(v->info, NULL, &v->signer, NULL, NULL);
    if (v->signer == NULL || !certificate_facts(v->signer, arena, &v->facts)) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", "no certificate of signer"));
    }
    v->carried = CMS_get1_certs(v->cms);
    return OK;
}

/* Key and digest are of the kinds that cms.h promises. */
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

/* --- the chain ------------------------------------------------------------------------------ */

/* Time is judged by days below: the clock has no say. */
static FALLIBLE chain_build(struct verification *v, const struct trust *trust, struct error *err)
{
    v->store = X509_STORE_new();
    v->context = X509_STORE_CTX_new();
    BUG_UNLESS(v->store != NULL && v->context != NULL);
    for (size_t i = 0; i < trust->roots_count; i++) {
        X509 *root = certificate_parse(trust->roots[i]);
        if (root != NULL) {
            (void)X509_STORE_add_cert(v->store, root); /* twice the same is fine */
        }
        X509_free(root);
    }
    X509_STORE_set_flags(v->store, X509_V_FLAG_NO_CHECK_TIME);
    BUG_UNLESS(X509_STORE_CTX_init(v->context, v->store, v->signer, v->carried) == 1);
    X509_STORE_CTX_set_purpose(v->context, X509_PURPOSE_ANY);
    const char *reason = NULL;
    if (X509_verify_cert(v->context) != 1) {
        reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(v->context));
    } else if ((X509_get_key_usage(v->signer) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
        reason = "its key usage does not allow signing";
    }
    ERR_clear_error();
    if (reason != NULL) {
        FAIL(SIGNATURE, MESSAGE_SIGNER_UNTRUSTED, ARG_STR("subject", v->facts.subject),
             ARG_TEXT("why", reason));
    }
    return OK;
}

static FALLIBLE times_check(const struct verification *v, int32_t on_days, struct error *err)
{
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(v->context);
    struct arena arena;
    arena_init(&arena, 0);
    struct cms_signer facts = {0};
    bool good = true;
    for (int i = 0; good && i < sk_X509_num(chain); i++) {
        good = certificate_facts(sk_X509_value(chain, i), &arena, &facts) &&
               facts.valid_from <= on_days && on_days <= facts.valid_until;
    }
    arena_release(&arena);
    if (!good) {
        char from[DATE_SIZE];
        char until[DATE_SIZE];
        char term[DATE_SIZE * 2 + 4];
        date_format(facts.valid_from, from);
        date_format(facts.valid_until, until);
        (void)snprintf(term, sizeof(term), "%s .. %s", from, until); /* fits */
        FAIL(SIGNATURE, MESSAGE_SIGNER_EXPIRED, ARG_STR("subject", v->facts.subject),
             ARG_DATE("date", on_days), ARG_TEXT("valid", term));
    }
    return OK;
}

/* Is a certificate on the list on this day or before? */
static bool is_revoked(X509_CRL *list, X509 *certificate, X509 *issuer, int32_t on_days)
{
    X509_REVOKED *entry = NULL;
    int64_t since_us = 0;
    return X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) == 0 &&
           X509_CRL_verify(list, X509_get0_pubkey(issuer)) == 1 &&
           X509_CRL_get0_by_cert(list, &entry, certificate) == 1 &&
           instant_of(X509_REVOKED_get0_revocationDate(entry), &since_us) &&
           date_of_instant(since_us) <= on_days;
}

static FALLIBLE list_check(const struct verification *v, bytes der, int32_t on_days,
                           struct error *err)
{
    const uint8_t *at = der.data;
    X509_CRL *list = d2i_X509_CRL(NULL, &at, (long)der.size);
    if (list == NULL) {
        ERR_clear_error();
        FAIL(CONFIG, MESSAGE_REVOCATION_LIST_UNREADABLE);
    }
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(v->context);
    bool revoked = false;
    for (int i = 0; i + 1 < sk_X509_num(chain); i++) {
        X509 *issuer = sk_X509_value(chain, i + 1);
        revoked = revoked || is_revoked(list, sk_X509_value(chain, i), issuer, on_days);
    }
    X509_CRL_free(list);
    ERR_clear_error();
    if (revoked) {
        FAIL(SIGNATURE, MESSAGE_SIGNER_REVOKED, ARG_STR("subject", v->facts.subject));
    }
    return OK;
}

static FALLIBLE verify_all(struct verification *v, bytes content, const struct trust *trust,
                           int32_t on_days, struct error *err)
{
    TRY(strength_check(v, err));
    TRY(content_check(v, content, err));
    TRY(chain_build(v, trust, err));
    TRY(times_check(v, on_days, err));
    for (size_t i = 0; i < trust->revocation_lists_count; i++) {
        TRY(list_check(v, trust->revocation_lists[i], on_days, err));
    }
    return OK;
}

FALLIBLE cms_verify_detached(bytes cms, bytes content, const struct trust *trust, int32_t on_days,
                             struct arena *arena, struct cms_signer *ret, struct error *err)
{
    struct verification v = {0};
    outcome verified = signer_find(&v, cms, arena, err);
    if (verified.ok) {
        verified = verify_all(&v, content, trust, on_days, err);
    }
    X509_STORE_CTX_free(v.context);
    X509_STORE_free(v.store);
    sk_X509_pop_free(v.carried, X509_free);
    CMS_ContentInfo_free(v.cms);
    if (!verified.ok) {
        return error_trace(err, HERE);
    }
    *ret = v.facts;
    return OK;
}
