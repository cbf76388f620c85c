/* timestamp_judge - see timestamp_judge.h. The token is an unsigned attribute of the one signer
 * (ETSI EN 319 122-1, 5.3); what it says is RFC 3161's. */
#include "core/io/timestamp_judge.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

#include "core/base/date.h"
#include "core/io/cms_parts.h"
#include "core/io/messages.h"
#include "core/io/timestamp_parts.h"

enum { MICROSECONDS = 1000000 };

struct timestamp_judge {
    X509_STORE *store; /* the roots; at what time it looks is set by judge_names() each time */
};

/* One signature being judged; released at one place. */
struct stamped {
    CMS_ContentInfo *cms;
    CMS_SignerInfo *info; /* of cms */
    PKCS7 *token;
    TS_TST_INFO *told;
    X509 *authority; /* of token */
};

static bool load_der(X509_STORE *store, const char *file)
{
    BIO *bio = BIO_new_file(file, "rb");
    X509 *root = bio != NULL ? d2i_X509_bio(bio, NULL) : NULL;
    bool loaded = root != NULL && X509_STORE_add_cert(store, root) == 1;
    X509_free(root);
    BIO_free(bio);
    return loaded;
}

FALLIBLE timestamp_judge_open(const char *const *files, size_t count, struct timestamp_judge **ret,
                              struct error *err)
{
    struct timestamp_judge *judge = calloc(1, sizeof *judge);
    MEMORY_UNLESS(judge != NULL);
    judge->store = X509_STORE_new();
    MEMORY_UNLESS(judge->store != NULL);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(judge->store), TIMESTAMP_SECURITY_LEVEL);
    for (size_t i = 0; i < count; i++) {
        bool loaded =
            X509_STORE_load_file(judge->store, files[i]) == 1 || load_der(judge->store, files[i]);
        ERR_clear_error();
        if (!loaded) {
            timestamp_judge_close(judge);
            FAIL(CONFIG, MESSAGE_TIMESTAMP_ROOTS, ARG_TEXT("file", files[i]));
        }
    }
    *ret = judge;
    return OK;
}

void timestamp_judge_close(struct timestamp_judge *judge)
{
    if (judge != NULL) {
        X509_STORE_free(judge->store);
        free(judge);
    }
}

/* --- the token ------------------------------------------------------------------------------- */

static bool is_strong_digest(int nid)
{
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

bool timestamp_is_strong(PKCS7 *token)
{
    STACK_OF(PKCS7_SIGNER_INFO) *infos = PKCS7_get_signer_info(token);
    for (int i = 0; i < sk_PKCS7_SIGNER_INFO_num(infos); i++) {
        X509_ALGOR *digest = NULL;
        const ASN1_OBJECT *object = NULL;
        PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(infos, i), NULL, &digest, NULL);
        X509_ALGOR_get0(&object, NULL, NULL, digest);
        if (!is_strong_digest(OBJ_obj2nid(object))) {
            return false;
        }
    }
    return true;
}

/* Is the digest over the signature a strong one? */
static bool is_strong_imprint(TS_TST_INFO *told)
{
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL,
                    TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(told)));
    return is_strong_digest(OBJ_obj2nid(object));
}

static bool find_signer(struct stamped *stamped, bytes der)
{
    const uint8_t *at = der.data;
    stamped->cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
    STACK_OF(CMS_SignerInfo) *infos =
        stamped->cms != NULL && OBJ_obj2nid(CMS_get0_type(stamped->cms)) == NID_pkcs7_signed
            ? CMS_get0_SignerInfos(stamped->cms)
            : NULL;
    if (infos == NULL || sk_CMS_SignerInfo_num(infos) != 1) {
        return false;
    }
    stamped->info = sk_CMS_SignerInfo_value(infos, 0);
    return true;
}

/* The signer's token; NULL and a state when there is not exactly one. */
static PKCS7 *find_token(const struct stamped *stamped, struct timestamp_finding *finding)
{
    int at = CMS_unsigned_get_attr_by_NID(stamped->info, NID_id_smime_aa_timeStampToken, -1);
    if (at < 0) {
        finding->state = TIMESTAMP_NONE;
        return NULL;
    }
    bool one = CMS_unsigned_get_attr_by_NID(stamped->info, NID_id_smime_aa_timeStampToken, at) < 0;
    X509_ATTRIBUTE *attribute = CMS_unsigned_get_attr(stamped->info, at);
    ASN1_TYPE *value =
        X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
    if (!one || value == NULL || value->type != V_ASN1_SEQUENCE) {
        finding->why = "not one token";
        return NULL;
    }
    const uint8_t *der = ASN1_STRING_get0_data(value->value.sequence);
    PKCS7 *token = d2i_PKCS7(NULL, &der, ASN1_STRING_length(value->value.sequence));
    finding->why = token == NULL ? "not a token" : finding->why;
    return token;
}

/* Checks the token's form, and that it is about this signature. */
static bool is_about(const struct stamped *stamped)
{
    ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(stamped->info);
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    BIO *data = BIO_new_mem_buf(ASN1_STRING_get0_data(signature), ASN1_STRING_length(signature));
    BUG_UNLESS(context != NULL && data != NULL);
    (void)TS_VERIFY_CTX_set_data(context, data); /* given back with the context */
    (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_DATA); /* returns the flags */
    bool about = TS_RESP_verify_token(context, stamped->token) == 1;
    TS_VERIFY_CTX_free(context);
    return about;
}

static bool is_whole(struct stamped *stamped, struct arena *arena,
                     struct timestamp_finding *finding)
{
    if (!is_about(stamped) ||
        PKCS7_verify(stamped->token, NULL, NULL, NULL, NULL, PKCS7_NOVERIFY) != 1) {
        finding->why = openssl_why();
        return false;
    }
    STACK_OF(X509) *signers = PKCS7_get0_signers(stamped->token, NULL, 0);
    stamped->authority = sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : NULL;
    sk_X509_free(signers);
    stamped->told = PKCS7_to_TS_TST_INFO(stamped->token);
    struct cms_signer facts;
    if (stamped->authority == NULL || !certificate_facts(stamped->authority, arena, &facts) ||
        !certificate_instant(TS_TST_INFO_get_time(stamped->told), &finding->at_us) ||
        finding->at_us >= instant_of_date(DATE_DAYS_MAX + 1)) { /* the end of 9999 in UTC */
        finding->why = "no certificate or no time";
        return false;
    }
    if (!timestamp_is_strong(stamped->token) || !is_strong_imprint(stamped->told)) {
        finding->why = "a digest weaker than SHA-256";
        return false;
    }
    finding->authority = facts.subject;
    return true;
}

/* --- who made it ----------------------------------------------------------------------------- */

static bool leads_nowhere(int error)
{
    return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
           error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
           error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
           error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
}

/* From the authority's certificate to a root: each valid at the instant, the first for time-stamps
 * and nothing else (RFC 3161, 2.3). */
static void judge_chain(struct timestamp_judge *judge, const struct stamped *stamped,
                        struct timestamp_finding *finding)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    BUG_UNLESS(context != NULL && X509_STORE_CTX_init(context, judge->store, stamped->authority,
                                                      stamped->token->d.sign->cert) == 1);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN);
    X509_STORE_CTX_set_time(context, 0, (time_t)(finding->at_us / MICROSECONDS));
    bool good = X509_verify_cert(context) == 1;
    int error = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    finding->state = good                   ? TIMESTAMP_GOOD
                     : leads_nowhere(error) ? TIMESTAMP_FOREIGN
                                            : TIMESTAMP_UNFIT;
    finding->why = good ? NULL : X509_verify_cert_error_string(error);
}

/* OpenSSL checks that the token names the certificate it was signed with (RFC 5035). */
static void judge_names(struct timestamp_judge *judge, const struct stamped *stamped,
                        struct timestamp_finding *finding)
{
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    BUG_UNLESS(context != NULL && X509_STORE_up_ref(judge->store) == 1);
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(judge->store),
                               (time_t)(finding->at_us / MICROSECONDS));
    (void)TS_VERIFY_CTX_set_store(context, judge->store); /* given back with the context */
    (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_SIGNATURE);
    if (TS_RESP_verify_token(context, stamped->token) != 1) {
        finding->state = TIMESTAMP_UNFIT;
        finding->why = openssl_why();
    }
    TS_VERIFY_CTX_free(context);
}

/* Was the certificate of the stamped signature valid then, to the second? */
static bool was_valid(const struct stamped *stamped, int64_t at_us)
{
    X509 *signer = NULL;
    int64_t from_us = 0, until_us = 0;
    (void)CMS_set1_signers_certs(stamped->cms, NULL, 0); /* finds the signer or not */
    CMS_SignerInfo_get0_algs(stamped->info, NULL, &signer, NULL, NULL);
    return signer != NULL && certificate_instant(X509_get0_notBefore(signer), &from_us) &&
           certificate_instant(X509_get0_notAfter(signer), &until_us) && from_us <= at_us &&
           at_us <= until_us;
}

void timestamp_judge_signature(struct timestamp_judge *judge, bytes cms, struct arena *arena,
                               struct timestamp_finding *ret)
{
    struct stamped stamped = {0};
    *ret = (struct timestamp_finding){.state = TIMESTAMP_NONE};
    if (find_signer(&stamped, cms)) {
        ret->state = TIMESTAMP_BROKEN;
        stamped.token = find_token(&stamped, ret);
    }
    if (stamped.token != NULL && is_whole(&stamped, arena, ret)) {
        judge_chain(judge, &stamped, ret);
        if (ret->state == TIMESTAMP_GOOD) {
            judge_names(judge, &stamped, ret);
        }
        ret->was_valid = was_valid(&stamped, ret->at_us);
    }
    TS_TST_INFO_free(stamped.told);
    PKCS7_free(stamped.token);
    CMS_ContentInfo_free(stamped.cms);
    ERR_clear_error();
}
