/* sign - a private key with its certificate; see sign.h.
 *
 * The parts that are the same in every signature are encoded when the signer is opened:
 *
 *   head         version, digest algorithms, content type, [0] certificates   of SignedData
 *   signer_head  version, issuer and serial number, digest algorithm          of SignerInfo
 *   attributes   the three signed attributes as SET OF, with 32 zero bytes for the digest
 *   algorithm    the signature algorithm */
#include "core/io/sign.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/cms.h"
#include "core/io/der.h"
#include "core/io/file.h"
#include "core/io/key.h"
#include "core/io/messages.h"

enum {
    DIGEST_SIZE = SHA256_DIGEST_LENGTH,
    DER_PART_SIZE = 64,        /* an OID, an algorithm, a digest with their headers */
    ATTRIBUTES_SIZE_MAX = 256, /* they have about 160 bytes */
    WRAPS_MAX = 8,             /* headers around the prebuilt parts of one CMS */
    SIGNATURE_SIZE_MAX = 384,  /* RSA-3072 */
    PEM_FILE_SIZE_MAX = 1024 * 1024,
};

struct signer {
    struct arena arena; /* everything below that is a str or bytes */
    EVP_PKEY *key;
    EVP_PKEY_CTX *context;
    bytes certificate;
    bytes chain; /* DER certificates, one after the other, without the root */
    struct cms_signer facts;
    bytes head;
    bytes signer_head;
    bytes attributes;
    size_t digest_at;
    bytes algorithm;
    size_t signature_size_max;
};

enum parameters { PARAMETERS_ABSENT, PARAMETERS_NULL };

static void put_algorithm(struct der *der, int nid, enum parameters parameters)
{
    static const uint8_t null[] = {DER_NULL, 0};
    size_t since = der_size(der);
    if (parameters == PARAMETERS_NULL) {
        der_put(der, bytes_of(null, sizeof(null)));
    }
    der_put_oid(der, nid);
    der_wrap(der, DER_SEQUENCE, since);
}

/* One signed attribute: SEQUENCE { type, SET { value } }. */
static bytes attribute(struct arena *arena, int nid, bytes value)
{
    struct der der = der_new(arena, ATTRIBUTES_SIZE_MAX);
    der_put(&der, value);
    der_wrap(&der, DER_SET, 0);
    der_put_oid(&der, nid);
    der_wrap(&der, DER_SEQUENCE, 0);
    return der_bytes(&der);
}

static int attribute_compare(const void *a, const void *b)
{
    return bytes_compare(*(const bytes *)a, *(const bytes *)b);
}

/* contentType, messageDigest and signingCertificateV2 (RFC 5035; SHA-256 is its default and
 * therefore not written), in the order that DER wants in a SET OF. */
static void attributes_build(struct signer *signer)
{
    struct arena *arena = &signer->arena;
    static const uint8_t zeroes[DIGEST_SIZE];
    struct der type = der_new(arena, DER_PART_SIZE);
    der_put_oid(&type, NID_pkcs7_data);
    struct der digest = der_new(arena, DER_PART_SIZE);
    der_put(&digest, bytes_of(zeroes, sizeof(zeroes)));
    der_wrap(&digest, DER_OCTETS, 0);
    struct der certificate = der_new(arena, DER_PART_SIZE);
    der_put(&certificate, bytes_of(signer->facts.certificate_sha256, DIGEST_SIZE));
    der_wrap(&certificate, DER_OCTETS, 0);
    for (int level = 0; level < 3; level++) {
        der_wrap(&certificate, DER_SEQUENCE, 0);
    }
    bytes message_digest = attribute(arena, NID_pkcs9_messageDigest, der_bytes(&digest));
    bytes sorted[] = {
        attribute(arena, NID_pkcs9_contentType, der_bytes(&type)),
        message_digest,
        attribute(arena, NID_id_smime_aa_signingCertificateV2, der_bytes(&certificate)),
    };
    qsort(sorted, 3, sizeof(sorted[0]), attribute_compare);
    struct der all = der_new(arena, ATTRIBUTES_SIZE_MAX);
    size_t digest_behind = 0; /* bytes behind the digest */
    for (size_t i = 3; i-- > 0;) {
        if (sorted[i].data == message_digest.data) {
            digest_behind = der_size(&all);
        }
        der_put(&all, sorted[i]);
    }
    der_wrap(&all, DER_SET, 0);
    signer->attributes = der_bytes(&all);
    signer->digest_at = signer->attributes.size - digest_behind - DIGEST_SIZE;
}

static bytes issuer_and_serial(struct arena *arena, X509 *certificate)
{
    const uint8_t *name = NULL;
    size_t name_size = 0;
    BUG_UNLESS(X509_NAME_get0_der(X509_get_issuer_name(certificate), &name, &name_size) == 1);
    uint8_t *serial = NULL;
    int serial_size = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &serial);
    BUG_UNLESS(serial_size > 0);
    struct der der = der_new(arena, name_size + (size_t)serial_size + DER_HEADER_SIZE_MAX);
    der_put(&der, bytes_of(serial, (size_t)serial_size));
    der_put(&der, bytes_of(name, name_size));
    der_wrap(&der, DER_SEQUENCE, 0);
    OPENSSL_free(serial);
    return der_bytes(&der);
}

static void parts_build(struct signer *signer, X509 *certificate)
{
    struct arena *arena = &signer->arena;
    attributes_build(signer);
    struct der head = der_new(arena, signer->certificate.size + signer->chain.size + 128);
    der_put(&head, signer->chain);
    der_put(&head, signer->certificate);
    der_wrap(&head, DER_CONTEXT_0, 0);
    size_t since = der_size(&head);
    der_put_oid(&head, NID_pkcs7_data);
    der_wrap(&head, DER_SEQUENCE, since);
    since = der_size(&head);
    put_algorithm(&head, NID_sha256, PARAMETERS_ABSENT);
    der_wrap(&head, DER_SET, since);
    der_put_version(&head);
    signer->head = der_bytes(&head);

    bytes sid = issuer_and_serial(arena, certificate);
    struct der signer_head = der_new(arena, sid.size + 64);
    put_algorithm(&signer_head, NID_sha256, PARAMETERS_ABSENT);
    der_put(&signer_head, sid);
    der_put_version(&signer_head);
    signer->signer_head = der_bytes(&signer_head);

    struct der algorithm = der_new(arena, DER_PART_SIZE);
    if (EVP_PKEY_get_base_id(signer->key) == EVP_PKEY_RSA) {
        put_algorithm(&algorithm, NID_rsaEncryption, PARAMETERS_NULL);
    } else {
        put_algorithm(&algorithm, NID_ecdsa_with_SHA256, PARAMETERS_ABSENT);
    }
    signer->algorithm = der_bytes(&algorithm);
}

/* Refuses to ask for a passphrase: these keys have none. */
static int no_passphrase(char *buffer, int size, int writing, void *user)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)user;
    return -1;
}

static BIO *memory_of(str text)
{
    BUG_UNLESS(text.size <= INT32_MAX);
    BIO *bio = BIO_new_mem_buf(text.size != 0 ? text.data : "", (int)text.size);
    BUG_UNLESS(bio != NULL);
    return bio;
}

static EVP_PKEY *key_read(str pem)
{
    BIO *bio = memory_of(pem);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

static bytes certificate_der(struct arena *arena, X509 *certificate)
{
    uint8_t *der = NULL;
    int size = i2d_X509(certificate, &der);
    BUG_UNLESS(size > 0);
    bytes copy = arena_bytes(arena, bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    return copy;
}

/* All certificates of the chain except self-signed ones (a verifier has roots of his own) and
 * except the signer's own, which may stand first in the same file. */
static bytes chain_read(str pem, bytes own, struct arena *arena)
{
    BIO *bio = memory_of(pem);
    struct der der = der_new(arena, pem.size);
    bytes parts[16];
    size_t count = 0;
    while (count < sizeof(parts) / sizeof(parts[0])) {
        X509 *certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
        if (certificate == NULL) {
            break;
        }
        if (X509_self_signed(certificate, 0) != 1) {
            bytes part = certificate_der(arena, certificate);
            parts[count] = part;
            count += bytes_equal(part, own) ? 0 : 1;
        }
        X509_free(certificate);
    }
    for (size_t i = count; i-- > 0;) {
        der_put(&der, parts[i]);
    }
    BIO_free(bio);
    ERR_clear_error();
    return der_bytes(&der);
}

/* RSA-2048, RSA-3072 or P-256. */
static bool may_sign(EVP_PKEY *key)
{
    int bits = EVP_PKEY_get_bits(key);
    char group[32] = "";
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return bits == 2048 || bits == 3072;
    case EVP_PKEY_EC:
        (void)EVP_PKEY_get_group_name(key, group, sizeof(group), NULL); /* or "": unknown */
        return strcmp(group, SN_X9_62_prime256v1) == 0;
    default: return false;
    }
}

static FALLIBLE key_accept(struct signer *signer, str name, X509 *certificate, struct error *err)
{
    if (!may_sign(signer->key)) {
        const char *type = EVP_PKEY_get0_type_name(signer->key);
        str text = arena_format(&signer->arena, "%s, %d bit", type != NULL ? type : "?",
                                EVP_PKEY_get_bits(signer->key));
        FAIL(CONFIG, MESSAGE_KEY_UNSUITABLE, ARG_STR("name", name), ARG_STR("kind", text));
    }
    if (X509_check_private_key(certificate, signer->key) != 1) {
        ERR_clear_error();
        FAIL(CONFIG, MESSAGE_KEY_MISMATCH, ARG_STR("name", name),
             ARG_STR("subject", signer->facts.subject));
    }
    signer->context = EVP_PKEY_CTX_new(signer->key, NULL);
    bool rsa = EVP_PKEY_get_base_id(signer->key) == EVP_PKEY_RSA;
    if (signer->context == NULL || EVP_PKEY_sign_init(signer->context) != 1 ||
        EVP_PKEY_CTX_set_signature_md(signer->context, EVP_sha256()) != 1 ||
        (rsa && EVP_PKEY_CTX_set_rsa_padding(signer->context, RSA_PKCS1_PADDING) != 1)) {
        FAIL(CONFIG, MESSAGE_SIGNING_FAILED, ARG_STR("name", name),
             ARG_TEXT("why", ERR_reason_error_string(ERR_get_error())));
    }
    signer->signature_size_max = (size_t)EVP_PKEY_get_size(signer->key);
    BUG_UNLESS(signer->signature_size_max <= SIGNATURE_SIZE_MAX);
    return OK;
}

static FALLIBLE signer_fill(struct signer *signer, const struct signer_names *names,
                            X509 *certificate, str chain, struct error *err)
{
    signer->certificate = certificate_der(&signer->arena, certificate);
    TRY(cms_certificate_read(names->certificate, signer->certificate, &signer->arena,
                             &signer->facts, err));
    TRY(key_accept(signer, names->key, certificate, err));
    signer->chain = chain_read(chain, signer->certificate, &signer->arena);
    parts_build(signer, certificate);
    return OK;
}

FALLIBLE signer_from_key(const struct signer_names *names, struct evp_pkey_st *private_key,
                         str certificate, str chain, struct signer **ret, struct error *err)
{
    BIO *bio = memory_of(certificate);
    X509 *own = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    if (own == NULL) {
        ERR_clear_error();
        EVP_PKEY_free(private_key);
        FAIL(CONFIG, MESSAGE_CERTIFICATE_UNREADABLE, ARG_STR("name", names->certificate));
    }
    struct signer *signer = calloc(1, sizeof(*signer));
    MEMORY_UNLESS(signer != NULL);
    arena_init(&signer->arena, 0);
    signer->key = private_key;
    outcome filled = signer_fill(signer, names, own, chain, err);
    X509_free(own);
    if (!filled.ok) {
        signer_close(signer);
        return error_trace(err, HERE);
    }
    *ret = signer;
    return OK;
}

FALLIBLE signer_from_pem(str name, str key, str certificate, str chain, struct signer **ret,
                         struct error *err)
{
    EVP_PKEY *private_key = key_read(key);
    if (private_key == NULL) {
        FAIL(CONFIG, MESSAGE_KEY_UNREADABLE, ARG_STR("name", name));
    }
    const struct signer_names names = {.key = name, .certificate = name};
    return signer_from_key(&names, private_key, certificate, chain, ret, err);
}

/* A missing key is a fault of the store's configuration; a lack of the machine (memory,
 * descriptors) is not. */
static outcome fail_unread(struct error *err)
{
    err->class = err->class == ERROR_RESOURCE ? ERROR_RESOURCE : ERROR_CONFIG;
    return error_trace(err, HERE);
}

/* A PEM file; the text is in the arena. */
static FALLIBLE pem_file_read(const char *path, struct arena *arena, str *ret, struct error *err)
{
    bytes content = {0};
    if (!file_read(path, arena, PEM_FILE_SIZE_MAX, &content, err).ok) {
        return fail_unread(err);
    }
    str text = STR(""); /* DER or anything else: the caller will find no PEM in it */
    (void)str_from_bytes(content, &text);
    *ret = text;
    return OK;
}

static FALLIBLE signer_open_in(const char *const paths[3], struct arena *arena, struct signer **ret,
                               struct error *err)
{
    EVP_PKEY *key = NULL;
    str certificate = {0}, chain = {0};
    if (!key_open(paths[0], &key, err).ok) {
        return fail_unread(err);
    }
    outcome read = pem_file_read(paths[1], arena, &certificate, err);
    if (read.ok && paths[2] != NULL) {
        read = pem_file_read(paths[2], arena, &chain, err);
    }
    if (!read.ok) {
        EVP_PKEY_free(key);
        return error_trace(err, HERE);
    }
    const struct signer_names names = {.key = str_of(paths[0]), .certificate = str_of(paths[1])};
    return signer_from_key(&names, key, certificate, chain, ret, err);
}

FALLIBLE signer_open(const char *key_path, const char *certificate_path, const char *chain_path,
                     struct signer **ret, struct error *err)
{
    BUG_UNLESS(key_path != NULL && certificate_path != NULL);
    const char *paths[3] = {key_path, certificate_path, chain_path};
    struct arena arena;
    arena_init(&arena, 0);
    outcome opened = signer_open_in(paths, &arena, ret, err);
    arena_release(&arena);
    return opened.ok ? OK : error_trace(err, HERE);
}

void signer_close(struct signer *signer)
{
    if (signer != NULL) {
        EVP_PKEY_CTX_free(signer->context);
        EVP_PKEY_free(signer->key); /* OpenSSL wipes it */
        arena_release(&signer->arena);
        free(signer);
    }
}

FALLIBLE signer_certificates(const struct signer *signer, struct arena *arena, str *ret_pem,
                             struct error *err)
{
    TRY(cms_certificate_pem(signer->certificate, arena, ret_pem, err));
    const uint8_t *at = signer->chain.data;
    const uint8_t *end = at + signer->chain.size;
    while (at < end) {
        const uint8_t *begin = at;
        X509_free(d2i_X509(NULL, &at, end - at)); /* moves `at` behind it: made of certificates */
        str pem = {0};
        TRY(cms_certificate_pem(bytes_of(begin, (size_t)(at - begin)), arena, &pem, err));
        *ret_pem = arena_format(arena, "%.*s%.*s", STR_ARGS(*ret_pem), STR_ARGS(pem));
    }
    return OK;
}

bool signer_valid_on(const struct signer *signer, int32_t days)
{
    return signer->facts.valid_from <= days && days <= signer->facts.valid_until;
}

void signer_sha256(const struct signer *signer, uint8_t out[32])
{
    memcpy(out, signer->facts.certificate_sha256, DIGEST_SIZE);
}

size_t signer_cms_size_max(const struct signer *signer)
{
    return signer->head.size + signer->signer_head.size + signer->attributes.size +
           signer->algorithm.size + signer->signature_size_max +
           (size_t)(WRAPS_MAX + 2) * DER_HEADER_SIZE_MAX;
}

static FALLIBLE sign_attributes(struct signer *signer, const uint8_t *attributes,
                                uint8_t signature[SIGNATURE_SIZE_MAX], size_t *ret_size,
                                struct error *err)
{
    uint8_t hash[DIGEST_SIZE];
    *ret_size = SIGNATURE_SIZE_MAX;
    (void)SHA256(attributes, signer->attributes.size, hash);
    if (EVP_PKEY_sign(signer->context, signature, ret_size, hash, sizeof(hash)) != 1) {
        FAIL(CONFIG, MESSAGE_SIGNING_FAILED, ARG_STR("name", signer->facts.subject),
             ARG_TEXT("why", ERR_reason_error_string(ERR_get_error())));
    }
    return OK;
}

/* [1] SET OF Attribute: the token over the signature (ETSI EN 319 122-1, 5.3). */
static void put_stamp(struct der *der, bytes token)
{
    if (token.size > 0) {
        der_put(der, token);
        der_wrap(der, DER_SET, 0);
        der_put_oid(der, NID_id_smime_aa_timeStampToken);
        der_wrap(der, DER_SEQUENCE, 0);
        der_wrap(der, DER_CONTEXT_1, 0);
    }
}

FALLIBLE signer_cms_stamped(struct signer *signer, const uint8_t digest[32],
                            const struct signer_stamp *stamp, struct arena *arena, bytes *ret_der,
                            struct error *err)
{
    uint8_t attributes[ATTRIBUTES_SIZE_MAX];
    uint8_t signature[SIGNATURE_SIZE_MAX];
    size_t signature_size = 0;
    bytes token = {0};
    BUG_UNLESS(signer->attributes.size <= sizeof(attributes));
    memcpy(attributes, signer->attributes.data, signer->attributes.size);
    memcpy(attributes + signer->digest_at, digest, DIGEST_SIZE);
    TRY(sign_attributes(signer, attributes, signature, &signature_size, err));
    if (stamp != NULL) {
        uint8_t hash[DIGEST_SIZE];
        (void)SHA256(signature, signature_size, hash);
        TRY(stamp->stamp(stamp->context, hash, arena, &token, err));
    }

    struct der der = der_new(arena, signer_cms_size_max(signer) + token.size + SIGNER_STAMP_SIZE);
    put_stamp(&der, token);
    size_t since = der_size(&der);
    der_put(&der, bytes_of(signature, signature_size));
    der_wrap(&der, DER_OCTETS, since);
    der_put(&der, signer->algorithm);
    attributes[0] = DER_CONTEXT_0; /* signed as SET OF, carried as [0] (RFC 5652, 5.4) */
    der_put(&der, bytes_of(attributes, signer->attributes.size));
    der_put(&der, signer->signer_head);
    der_wrap(&der, DER_SEQUENCE, 0); /* SignerInfo */
    der_wrap(&der, DER_SET, 0);
    der_put(&der, signer->head);
    der_wrap(&der, DER_SEQUENCE, 0); /* SignedData */
    der_wrap(&der, DER_CONTEXT_0, 0);
    der_put_oid(&der, NID_pkcs7_signed);
    der_wrap(&der, DER_SEQUENCE, 0); /* ContentInfo */
    *ret_der = der_bytes(&der);
    return OK;
}

FALLIBLE signer_cms(struct signer *signer, const uint8_t digest[32], struct arena *arena,
                    bytes *ret_der, struct error *err)
{
    return signer_cms_stamped(signer, digest, NULL, arena, ret_der, err);
}

FALLIBLE signer_detached(struct signer *signer, bytes content, struct arena *arena, bytes *ret_der,
                         struct error *err)
{
    uint8_t digest[DIGEST_SIZE];
    (void)SHA256(content.data, content.size, digest);
    return signer_cms(signer, digest, arena, ret_der, err);
}
