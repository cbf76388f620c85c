/* authority - the development authority; see authority.h. */
#include "core/io/authority.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/messages.h"

enum {
    SEED_SIZE = 32,
    RSA_PRIME_BYTES = 128, /* two primes make RSA-2048 */
    RSA_EXPONENT = 65537,
    SERIAL_BYTES = 16,
    NAME_LENGTH_MAX = 64, /* characters: ub-common-name and ub-organization-name of RFC 5280 */
};

/* The last error of OpenSSL as text; its queue is empty then. */
static const char *why(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason != NULL ? reason : "?";
}

/* --- keys ----------------------------------------------------------------------------------- */

static str bio_text(BIO *bio, struct arena *arena)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    return arena_str(arena, (str){data, size > 0 ? (size_t)size : 0});
}

/* Takes the key over. */
static FALLIBLE key_text(EVP_PKEY *key, struct arena *arena, str *ret_pem, struct error *err)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    BUG_UNLESS(bio != NULL);
    bool written =
        key != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    str text = written ? bio_text(bio, arena) : STR("");
    BIO_free(bio);
    EVP_PKEY_free(key);
    if (!written) {
        FAIL(RESOURCE, MESSAGE_KEY_NOT_MADE, ARG_TEXT("why", why()));
    }
    *ret_pem = text;
    return OK;
}

FALLIBLE authority_key_new(enum authority_key_kind kind, struct arena *arena, str *ret_pem,
                           struct error *err)
{
    EVP_PKEY *key = NULL;
    switch (kind) {
    case AUTHORITY_KEY_RSA_2048: key = EVP_RSA_gen(2048); break;
    case AUTHORITY_KEY_RSA_3072: key = EVP_RSA_gen(3072); break;
    case AUTHORITY_KEY_P256: key = EVP_EC_gen(SN_X9_62_prime256v1); break;
    }
    return key_text(key, arena, ret_pem, err);
}

/* A stream of bytes that follows from a seed: SHA-256 of the seed and a counter. */
struct stream {
    uint8_t block[SEED_SIZE + 4];
    uint32_t counter;
};

static void stream_read(struct stream *stream, uint8_t *out, size_t size)
{
    BUG_UNLESS(size % SHA256_DIGEST_LENGTH == 0);
    for (size_t at = 0; at < size; at += SHA256_DIGEST_LENGTH) {
        uint32_t counter = stream->counter++;
        for (int i = 0; i < 4; i++) {
            stream->block[SEED_SIZE + i] = (uint8_t)(counter >> (8 * i));
        }
        (void)SHA256(stream->block, sizeof(stream->block), out + at);
    }
}

/* The first prime from a 1024-bit point of the stream on whose predecessor e does not divide. The
 * two highest bits are set, so that the product has 2048 bits. */
static bool stream_prime(struct stream *stream, BN_CTX *context, BIGNUM *ret)
{
    uint8_t raw[RSA_PRIME_BYTES];
    stream_read(stream, raw, sizeof(raw));
    raw[0] |= 0xC0;
    raw[sizeof(raw) - 1] |= 1;
    if (BN_bin2bn(raw, sizeof(raw), ret) == NULL) {
        return false;
    }
    for (;;) {
        int prime = BN_mod_word(ret, RSA_EXPONENT) == 1 ? 0 : BN_check_prime(ret, context, NULL);
        if (prime != 0) {
            return prime == 1;
        }
        if (BN_add_word(ret, 2) != 1) {
            return false;
        }
    }
}

static EVP_PKEY *key_from_params(const char *type, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    return key;
}

/* n, e, d and the parts of the Chinese remainder theorem, from two primes in p and q. */
static bool rsa_numbers(BIGNUM *p, BIGNUM *q, BN_CTX *context, OSSL_PARAM_BLD *builder)
{
    BIGNUM *n = BN_CTX_get(context);
    BIGNUM *e = BN_CTX_get(context);
    BIGNUM *d = BN_CTX_get(context);
    BIGNUM *p1 = BN_CTX_get(context);
    BIGNUM *q1 = BN_CTX_get(context);
    BIGNUM *phi = BN_CTX_get(context);
    BIGNUM *inverse = BN_CTX_get(context);
    if (inverse == NULL || !BN_mul(n, p, q, context) || !BN_set_word(e, RSA_EXPONENT) ||
        !BN_sub(p1, p, BN_value_one()) || !BN_sub(q1, q, BN_value_one()) ||
        !BN_mul(phi, p1, q1, context) || BN_mod_inverse(d, e, phi, context) == NULL ||
        BN_mod_inverse(inverse, q, p, context) == NULL) {
        return false;
    }
    bool pushed = OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
                  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) &&
                  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, d) &&
                  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR1, p) &&
                  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_FACTOR2, q);
    return pushed && BN_mod(p1, d, p1, context) && BN_mod(q1, d, q1, context) &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT1, p1) &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_EXPONENT2, q1) &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, inverse);
}

/* OpenSSL makes RSA keys from its own random source only: here the search is ours. */
static EVP_PKEY *rsa_from_stream(struct stream *stream)
{
    EVP_PKEY *key = NULL;
    BN_CTX *context = BN_CTX_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BUG_UNLESS(context != NULL && builder != NULL);
    BN_CTX_start(context);
    BIGNUM *p = BN_CTX_get(context);
    BIGNUM *q = BN_CTX_get(context);
    if (q != NULL && stream_prime(stream, context, p) && stream_prime(stream, context, q)) {
        if (BN_cmp(p, q) < 0) {
            BN_swap(p, q);
        }
        if (rsa_numbers(p, q, context, builder)) {
            key = key_from_params("RSA", builder);
        }
    }
    BN_CTX_end(context);
    OSSL_PARAM_BLD_free(builder);
    BN_CTX_free(context);
    return key;
}

/* The private number is 1 + (stream mod order - 1). */
static EVP_PKEY *p256_from_stream(struct stream *stream)
{
    uint8_t raw[2 * SHA256_DIGEST_LENGTH];
    uint8_t encoded[65];
    stream_read(stream, raw, sizeof(raw));
    EVP_PKEY *key = NULL;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BN_CTX *context = BN_CTX_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BUG_UNLESS(group != NULL && context != NULL && builder != NULL);
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *number = BN_bin2bn(raw, sizeof(raw), NULL);
    BIGNUM *order = BN_dup(EC_GROUP_get0_order(group));
    if (point != NULL && number != NULL && order != NULL && BN_sub_word(order, 1) &&
        BN_mod(number, number, order, context) && BN_add_word(number, 1) &&
        EC_POINT_mul(group, point, number, NULL, NULL, context) == 1 &&
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, encoded, sizeof(encoded),
                           context) == sizeof(encoded) &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1,
                                        0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, encoded,
                                         sizeof(encoded)) &&
        OSSL_PARAM_BLD_push_BN_pad(builder, OSSL_PKEY_PARAM_PRIV_KEY, number, 32)) {
        key = key_from_params("EC", builder);
    }
    OSSL_PARAM_BLD_free(builder);
    BN_free(order);
    BN_clear_free(number);
    EC_POINT_free(point);
    BN_CTX_free(context);
    EC_GROUP_free(group);
    return key;
}

FALLIBLE authority_key_from_seed(enum authority_key_kind kind, const uint8_t seed[32],
                                 struct arena *arena, str *ret_pem, struct error *err)
{
    struct stream stream = {.counter = 0};
    memcpy(stream.block, seed, SEED_SIZE);
    BUG_UNLESS(kind != AUTHORITY_KEY_RSA_3072);
    EVP_PKEY *key =
        kind == AUTHORITY_KEY_RSA_2048 ? rsa_from_stream(&stream) : p256_from_stream(&stream);
    return key_text(key, arena, ret_pem, err);
}

/* --- certificates --------------------------------------------------------------------------- */

static EVP_PKEY *key_read(str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.size != 0 ? pem.data : "", (int)pem.size);
    BUG_UNLESS(bio != NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "");
    BIO_free(bio);
    return key;
}

static bool name_add(X509_NAME *name, int nid, str text)
{
    size_t size = 0;
    str rest = text;
    for (int i = 0; i < NAME_LENGTH_MAX && rest.size != 0; i++) {
        (void)str_next(&rest); /* counts a character */
        size = text.size - rest.size;
    }
    return size == 0 ||
           X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text.data,
                                      (int)size, -1, 0) == 1;
}

static bool subject_put(X509 *certificate, const struct authority_subject *subject)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    bool good = name_add(name, NID_countryName, STR("CN"));
    switch (subject->purpose) {
    case AUTHORITY_ROOT: break;
    case AUTHORITY_DOCUMENT:
    case AUTHORITY_ENTERPRISE:
        good = good && name_add(name, NID_organizationName, subject->name) &&
               name_add(name, NID_organizationIdentifier, subject->code);
        break;
    case AUTHORITY_CLERK: good = good && name_add(name, NID_serialNumber, subject->code); break;
    }
    return good && name_add(name, NID_commonName, subject->name);
}

/* The second at which a business day begins is 16:00:00 UTC of the day before. */
static bool time_put(ASN1_TIME *time, int32_t utc_days, const char *clock)
{
    struct civil civil = date_to_civil(utc_days);
    char text[48];
    (void)snprintf(text, sizeof(text), "%04d%02d%02d%sZ", civil.year, civil.month, civil.day,
                   clock); /* fits */
    return ASN1_TIME_set_string_X509(time, text) == 1;
}

/* A digest of key, subject and dates: the same request has the same number, others never. */
static bool serial_put(X509 *certificate, EVP_PKEY *key, const struct authority_subject *subject)
{
    uint8_t *der = NULL;
    int size = i2d_PUBKEY(key, &der);
    uint8_t digest[SHA256_DIGEST_LENGTH];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    BUG_UNLESS(context != NULL && size > 0);
    int32_t numbers[] = {(int32_t)subject->purpose, subject->valid_from, subject->valid_until,
                         (int32_t)subject->name.size};
    bool good = EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, der, (size_t)size) == 1 &&
                EVP_DigestUpdate(context, numbers, sizeof(numbers)) == 1 &&
                EVP_DigestUpdate(context, subject->name.data, subject->name.size) == 1 &&
                EVP_DigestUpdate(context, subject->code.data, subject->code.size) == 1 &&
                EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    digest[0] = (uint8_t)((digest[0] & 0x3F) | 0x40); /* positive, and always 16 bytes */
    BIGNUM *number = BN_bin2bn(digest, SERIAL_BYTES, NULL);
    good = good && number != NULL &&
           BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return good;
}

static bool extension_put(X509 *certificate, X509V3_CTX *context, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
    bool good = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool extensions_put(X509 *certificate, X509 *issuer, enum authority_purpose purpose)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    bool root = purpose == AUTHORITY_ROOT;
    return extension_put(certificate, &context, NID_basic_constraints,
                         root ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
           extension_put(certificate, &context, NID_key_usage,
                         root ? "critical,keyCertSign,cRLSign"
                              : "critical,digitalSignature,nonRepudiation") &&
           extension_put(certificate, &context, NID_subject_key_identifier, "hash") &&
           (root ||
            extension_put(certificate, &context, NID_authority_key_identifier, "keyid:always"));
}

/* `issuer` NULL makes a root, signed with its own key. */
static FALLIBLE certificate_make(EVP_PKEY *key, const struct authority_subject *subject,
                                 X509 *issuer, EVP_PKEY *issuer_key, struct arena *arena,
                                 str *ret_pem, struct error *err)
{
    X509 *certificate = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    BUG_UNLESS(certificate != NULL && bio != NULL);
    X509 *above = issuer != NULL ? issuer : certificate;
    bool made = X509_set_version(certificate, X509_VERSION_3) == 1 &&
                subject_put(certificate, subject) && serial_put(certificate, key, subject) &&
                X509_set_issuer_name(certificate, X509_get_subject_name(above)) == 1 &&
                time_put(X509_getm_notBefore(certificate), subject->valid_from - 1, "160000") &&
                time_put(X509_getm_notAfter(certificate), subject->valid_until, "155959") &&
                X509_set_pubkey(certificate, key) == 1 &&
                extensions_put(certificate, above, subject->purpose) &&
                X509_sign(certificate, issuer_key, EVP_sha256()) > 0 &&
                PEM_write_bio_X509(bio, certificate) == 1;
    str pem = made ? bio_text(bio, arena) : STR("");
    BIO_free(bio);
    X509_free(certificate);
    if (!made) {
        FAIL(CONFIG, MESSAGE_CERTIFICATE_NOT_MADE, ARG_STR("name", subject->name),
             ARG_TEXT("why", why()));
    }
    *ret_pem = pem;
    return OK;
}

FALLIBLE authority_make_root(str key_pem, const struct authority_subject *subject,
                             struct arena *arena, str *ret_certificate_pem, struct error *err)
{
    BUG_UNLESS(subject->purpose == AUTHORITY_ROOT);
    EVP_PKEY *key = key_read(key_pem);
    if (key == NULL) {
        ERR_clear_error();
        FAIL(CONFIG, MESSAGE_KEY_UNREADABLE, ARG_STR("name", subject->name));
    }
    outcome made = certificate_make(key, subject, NULL, key, arena, ret_certificate_pem, err);
    EVP_PKEY_free(key);
    return made.ok ? OK : error_trace(err, HERE);
}

static const char *file_of(const char *file)
{
    return file != NULL ? file : "root";
}

/* Files of the authority itself get their own messages, which name the file. */
static outcome check_root(const struct authority *root, EVP_PKEY *key, X509 *certificate,
                          struct error *err)
{
    ERR_clear_error();
    if (key == NULL) {
        FAIL(CONFIG, MESSAGE_KEY_UNREADABLE, ARG_TEXT("name", file_of(root->key_file)));
    }
    if (certificate == NULL) {
        FAIL(CONFIG, MESSAGE_CERTIFICATE_UNREADABLE,
             ARG_TEXT("name", file_of(root->certificate_file)));
    }
    if (X509_check_private_key(certificate, key) != 1) {
        ERR_clear_error();
        FAIL(CONFIG, MESSAGE_KEY_MISMATCH, ARG_TEXT("name", file_of(root->key_file)),
             ARG_TEXT("subject", file_of(root->certificate_file)));
    }
    return OK;
}

FALLIBLE authority_issue(const struct authority *root, str key_pem,
                         const struct authority_subject *subject, struct arena *arena,
                         str *ret_certificate_pem, struct error *err)
{
    BUG_UNLESS(subject->purpose != AUTHORITY_ROOT);
    EVP_PKEY *key = key_read(key_pem);
    EVP_PKEY *root_key = key_read(root->key_pem);
    BIO *bio = BIO_new_mem_buf(root->certificate_pem.data, (int)root->certificate_pem.size);
    X509 *issuer = PEM_read_bio_X509(bio, NULL, NULL, (void *)(uintptr_t) "");
    BIO_free(bio);
    outcome made = check_root(root, root_key, issuer, err);
    if (made.ok && key == NULL) {
        made = ERROR_SET(err, CONFIG, MESSAGE_KEY_UNREADABLE, ARG_STR("name", subject->name));
    }
    if (made.ok) {
        made = certificate_make(key, subject, issuer, root_key, arena, ret_certificate_pem, err);
    }
    X509_free(issuer);
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(key);
    return made.ok ? OK : error_trace(err, HERE);
}
