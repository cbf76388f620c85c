/* cms_sm2 - signatures by SM2 with SM3, verified by hand.
 *
 * OpenSSL 3.0 cannot: its CMS has no way to the signer's distinguishing identifier, without which
 * no Chinese software signs, and does not know the content types of GB/T 35275-2017 (GM/T 0010).
 * The form beneath is that of PKCS #7, which it can read. What is accepted: DER, one signer named
 * by issuer and serial number, SM3, with signed attributes or without. */
#include <openssl/asn1t.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/cms_parts.h"
#include "core/io/messages.h"

/* As DER, without tag and length. */
static const uint8_t gm_signed_data[] = {0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2, 2};
/* 1.2.156.10197.1.501, sm2sign-with-sm3; .1.301, sm2; .1.301.1, its signature. */
static const uint8_t sm2_with_sm3[] = {0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x83, 0x75};
static const uint8_t sm2_key[] = {0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D};
static const uint8_t sm2_sign[] = {0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D, 1};

struct sm2_signed {
    PKCS7_SIGNED *data;
    PKCS7_SIGNER_INFO *info; /* of data */
    X509 *signer;            /* of data */
};

static bool object_is(const ASN1_OBJECT *object, bytes wanted)
{
    return object != NULL &&
           bytes_equal(bytes_of(OBJ_get0_data(object), OBJ_length(object)), wanted);
}

#define OBJECT_IS(object, array) object_is(object, bytes_of(array, sizeof(array)))

/* The content of the DER value with this tag; *rest is what follows it. */
static bool der_inside(bytes *rest, int tag, int class, bytes *ret)
{
    const uint8_t *at = rest->data;
    long size = 0;
    int found_tag = 0;
    int found_class = 0;
    int form = ASN1_get_object(&at, &size, &found_tag, &found_class, (long)rest->size);
    ERR_clear_error();
    if ((form & 0x81) != 0 || found_tag != tag || found_class != class) {
        return false; /* no value, or one without a length */
    }
    *ret = bytes_of(at, (size_t)size);
    *rest = bytes_of(at + size, rest->size - (size_t)(at + size - rest->data));
    return true;
}

/* ContentInfo: SEQUENCE { type, [0] content } and nothing behind. */
static bool content_info(bytes der, bytes *ret_type, bytes *ret_content)
{
    bytes inside;
    return der.size != 0 && der_inside(&der, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &inside) &&
           der.size == 0 && der_inside(&inside, V_ASN1_OBJECT, V_ASN1_UNIVERSAL, ret_type) &&
           der_inside(&inside, 0, V_ASN1_CONTEXT_SPECIFIC, ret_content) && inside.size == 0;
}

static bool is_standard(bytes type)
{
    return object_is(OBJ_nid2obj(NID_pkcs7_signed), type);
}

static PKCS7_SIGNED *signed_parse(bytes content)
{
    const uint8_t *at = content.data;
    PKCS7_SIGNED *data = d2i_PKCS7_SIGNED(NULL, &at, (long)content.size);
    ERR_clear_error();
    if (data != NULL && at != content.data + content.size) {
        PKCS7_SIGNED_free(data);
        return NULL;
    }
    return data;
}

static bool names_sm3(const PKCS7_SIGNED *data)
{
    return sk_PKCS7_SIGNER_INFO_num(data->signer_info) == 1 &&
           OBJ_obj2nid(sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0)->digest_alg->algorithm) ==
               NID_sm3;
}

bool sm2_is_meant(bytes der)
{
    bytes type;
    bytes content;
    if (!content_info(der, &type, &content)) {
        return false;
    }
    if (bytes_equal(type, bytes_of(gm_signed_data, sizeof(gm_signed_data)))) {
        return true;
    }
    PKCS7_SIGNED *data = is_standard(type) ? signed_parse(content) : NULL;
    bool meant = data != NULL && names_sm3(data);
    PKCS7_SIGNED_free(data);
    return meant;
}

static X509 *signer_of(const PKCS7_SIGNED *data, const PKCS7_SIGNER_INFO *info)
{
    const PKCS7_ISSUER_AND_SERIAL *name = info->issuer_and_serial;
    return name == NULL ? NULL
                        : X509_find_by_issuer_and_serial(data->cert, name->issuer, name->serial);
}

FALLIBLE sm2_open(bytes der, struct sm2_signed **ret, struct error *err)
{
    bytes type;
    bytes content = {0};
    bool good = content_info(der, &type, &content);
    PKCS7_SIGNED *data = good ? signed_parse(content) : NULL;
    const char *reason = NULL;
    X509 *signer = NULL;
    if (data == NULL) {
        reason = "no SignedData";
    } else if (data->contents->d.ptr != NULL) {
        reason = "content inside";
    } else if (sk_PKCS7_SIGNER_INFO_num(data->signer_info) != 1) {
        reason = "not one signer";
    } else {
        signer = signer_of(data, sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0));
        reason = signer == NULL ? "no certificate of signer" : NULL;
    }
    ERR_clear_error();
    if (reason != NULL) {
        PKCS7_SIGNED_free(data);
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_MALFORMED, ARG_TEXT("why", reason));
    }
    struct sm2_signed *given = calloc(1, sizeof(*given));
    MEMORY_UNLESS(given != NULL);
    *given = (struct sm2_signed){data, sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0), signer};
    *ret = given;
    return OK;
}

struct x509_st *sm2_signer(const struct sm2_signed *given)
{
    return given->signer;
}

struct stack_st_X509 *sm2_carried(const struct sm2_signed *given)
{
    return given->data->cert;
}

void sm2_close(struct sm2_signed *given)
{
    if (given != NULL) {
        PKCS7_SIGNED_free(given->data);
        free(given);
    }
}

/* --- the signature -------------------------------------------------------------------------- */

/* The one value of a signed attribute that is there once, or NULL. */
static const ASN1_TYPE *attribute_of(const PKCS7_SIGNER_INFO *info, int nid)
{
    int index = X509at_get_attr_by_NID(info->auth_attr, nid, -1);
    if (index < 0 || X509at_get_attr_by_NID(info->auth_attr, nid, index) >= 0) {
        return NULL;
    }
    X509_ATTRIBUTE *attribute = X509at_get_attr(info->auth_attr, index);
    return X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
}

/* Do the attributes name this content and its type? */
static bool attributes_fit(const struct sm2_signed *given, bytes content)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    const ASN1_TYPE *kind = attribute_of(given->info, NID_pkcs9_contentType);
    const ASN1_TYPE *claimed = attribute_of(given->info, NID_pkcs9_messageDigest);
    return kind != NULL && kind->type == V_ASN1_OBJECT &&
           OBJ_cmp(kind->value.object, given->data->contents->type) == 0 && claimed != NULL &&
           claimed->type == V_ASN1_OCTET_STRING &&
           EVP_Digest(content.data, content.size, digest, &size, EVP_sm3(), NULL) == 1 &&
           bytes_equal(bytes_of(ASN1_STRING_get0_data(claimed->value.octet_string),
                                (size_t)ASN1_STRING_length(claimed->value.octet_string)),
                       bytes_of(digest, size));
}

bool sm2_signature_fits(EVP_PKEY *key, bytes signature, bytes content)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context = NULL; /* of the context */
    BUG_UNLESS(context != NULL);
    bool fits =
        EVP_DigestVerifyInit(context, &key_context, EVP_sm3(), NULL, key) == 1 &&
        EVP_PKEY_CTX_set1_id(key_context, SM2_DEFAULT_ID, SM2_DEFAULT_ID_SIZE) == 1 &&
        EVP_DigestVerify(context, signature.data, signature.size, content.data, content.size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return fits;
}

static bool signature_fits(const struct sm2_signed *given, bytes content)
{
    const ASN1_OCTET_STRING *signature = given->info->enc_digest;
    return sm2_signature_fits(
        X509_get0_pubkey(given->signer),
        bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature)), content);
}

static bool is_sound(const struct sm2_signed *given, bytes content)
{
    if (sk_X509_ATTRIBUTE_num(given->info->auth_attr) <= 0) {
        return signature_fits(given, content);
    }
    if (!attributes_fit(given, content)) {
        return false;
    }
    /* Signed is the SET OF itself, whatever tag stands before it in the signature. */
    uint8_t *der = NULL;
    int size = ASN1_item_i2d((const ASN1_VALUE *)given->info->auth_attr, &der,
                             ASN1_ITEM_rptr(PKCS7_ATTR_VERIFY));
    bool fits = size > 0 && signature_fits(given, bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    return fits;
}

FALLIBLE sm2_check(const struct sm2_signed *given, bytes content, str subject, struct error *err)
{
    const ASN1_OBJECT *algorithm = given->info->digest_enc_alg->algorithm;
    const EVP_PKEY *key = X509_get0_pubkey(given->signer);
    if (key == NULL || EVP_PKEY_is_a(key, "SM2") != 1) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_WEAK, ARG_STR("subject", subject),
             ARG_TEXT("used", "SM3, no SM2 key"));
    }
    if (!names_sm3(given->data) ||
        !(OBJECT_IS(algorithm, sm2_with_sm3) || OBJECT_IS(algorithm, sm2_key) ||
          OBJECT_IS(algorithm, sm2_sign))) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_WEAK, ARG_STR("subject", subject),
             ARG_TEXT("used", "SM2, not with SM3"));
    }
    if (!is_sound(given, content)) {
        FAIL(SIGNATURE, MESSAGE_SIGNATURE_DIFFERS, ARG_STR("subject", subject));
    }
    return OK;
}
