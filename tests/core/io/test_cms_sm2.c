/* test_cms_sm2 - signatures by SM2 with SM3: what is made here is put together by hand, with
 * OpenSSL's raw signature only, so that nothing of the verifier verifies itself. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/io/cms.h"
#include "core/io/der.h"
#include "core/io/messages.h"
#include "tests/support/test.h"

enum { TODAY = 19000, ROOM = 8192 };

/* Object identifiers with tag and length. */
static const uint8_t standard_data[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
static const uint8_t standard_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
static const uint8_t gm_data[] = {6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2, 1};
static const uint8_t gm_signed[] = {6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2, 2};
static const uint8_t sm3[] = {6, 8, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x83, 0x11};
static const uint8_t sm2_with_sm3[] = {6, 8, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x83, 0x75};
static const uint8_t content_type[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3};
static const uint8_t message_digest[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4};
static const uint8_t version_one[] = {DER_INTEGER, 1, 1};

#define PUT(der, array) der_put(der, bytes_of(array, sizeof(array)))

struct fixture {
    struct arena arena;
    EVP_PKEY *root_key, *key, *weak_key;
    X509 *root, *certificate, *weak_certificate;
    bytes root_der;
};

/* How a signature is made; zero is the ordinary way. */
struct manner {
    bool gm;            /* the content types of GB/T 35275 */
    bool bare;          /* no signed attributes */
    const char *id;     /* NULL: the default one */
    const char *digest; /* of the message in the attributes: of this text; NULL: of the content */
    X509 *as;           /* whose certificate is inside; NULL: the signer's */
};

static EVP_MD_CTX *signing(EVP_PKEY *key, const char *id)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context = NULL;
    assert_int_equal(EVP_DigestSignInit(context, &key_context, EVP_sm3(), NULL, key), 1);
    if (*id != 0) {
        assert_int_equal(EVP_PKEY_CTX_set1_id(key_context, id, (int)strlen(id)), 1);
    }
    return context;
}

static bytes raw_signature(struct fixture *f, const struct manner *manner, bytes content)
{
    uint8_t raw[256];
    size_t size = sizeof(raw);
    EVP_MD_CTX *context = signing(f->key, manner->id != NULL ? manner->id : "1234567812345678");
    assert_int_equal(EVP_DigestSign(context, raw, &size, content.data, content.size), 1);
    EVP_MD_CTX_free(context);
    return arena_bytes(&f->arena, bytes_of(raw, size));
}

static bytes attribute(struct fixture *f, bytes type, bytes value)
{
    struct der der = der_new(&f->arena, 256);
    der_put(&der, value);
    der_wrap(&der, DER_SET, 0);
    der_put(&der, type);
    der_wrap(&der, DER_SEQUENCE, 0);
    return der_bytes(&der);
}

/* The shorter one comes first in a SET OF. */
static bytes attributes(struct fixture *f, const struct manner *manner, bytes content)
{
    uint8_t digest[34] = {DER_OCTETS, 32};
    bytes told = manner->digest != NULL ? str_bytes(str_of(manner->digest)) : content;
    assert_int_equal(EVP_Digest(told.data, told.size, digest + 2, NULL, EVP_sm3(), NULL), 1);
    bytes type = manner->gm ? bytes_of(gm_data, sizeof(gm_data))
                            : bytes_of(standard_data, sizeof(standard_data));
    struct der der = der_new(&f->arena, 512);
    der_put(&der, attribute(f, bytes_of(message_digest, sizeof(message_digest)),
                            bytes_of(digest, sizeof(digest))));
    der_put(&der, attribute(f, bytes_of(content_type, sizeof(content_type)), type));
    return der_bytes(&der);
}

static bytes encoded(struct fixture *f, X509 *certificate)
{
    uint8_t *der = NULL;
    int size = i2d_X509(certificate, &der);
    assert_true(size > 0);
    bytes copy = arena_bytes(&f->arena, bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    return copy;
}

static void put_algorithm(struct der *der, bytes object)
{
    size_t since = der_size(der);
    der_put(der, object);
    der_wrap(der, DER_SEQUENCE, since);
}

static void put_signer(struct fixture *f, struct der *der, const struct manner *manner,
                       bytes content)
{
    bytes inside = attributes(f, manner, content);
    struct der set = der_new(&f->arena, 512);
    der_put(&set, inside);
    der_wrap(&set, DER_SET, 0);
    bytes signature = raw_signature(f, manner, manner->bare ? content : der_bytes(&set));
    size_t end = der_size(der);
    size_t since = end;
    der_put(der, signature);
    der_wrap(der, DER_OCTETS, since);
    put_algorithm(der, bytes_of(sm2_with_sm3, sizeof(sm2_with_sm3)));
    if (!manner->bare) {
        since = der_size(der);
        der_put(der, inside);
        der_wrap(der, DER_CONTEXT_0, since);
    }
    put_algorithm(der, bytes_of(sm3, sizeof(sm3)));
    X509 *who = manner->as != NULL ? manner->as : f->certificate;
    const uint8_t *name = NULL;
    size_t name_size = 0;
    uint8_t *serial = NULL;
    assert_int_equal(X509_NAME_get0_der(X509_get_issuer_name(who), &name, &name_size), 1);
    int serial_size = i2d_ASN1_INTEGER(X509_get_serialNumber(who), &serial);
    since = der_size(der);
    der_put(der, bytes_of(serial, (size_t)serial_size));
    der_put(der, bytes_of(name, name_size));
    der_wrap(der, DER_SEQUENCE, since);
    OPENSSL_free(serial);
    PUT(der, version_one);
    der_wrap(der, DER_SEQUENCE, end);
    der_wrap(der, DER_SET, end);
}

static bytes sign_sm2(struct fixture *f, struct manner manner, str text)
{
    struct der der = der_new(&f->arena, ROOM);
    put_signer(f, &der, &manner, str_bytes(text));
    size_t since = der_size(&der);
    der_put(&der, encoded(f, manner.as != NULL ? manner.as : f->certificate));
    der_wrap(&der, DER_CONTEXT_0, since);
    since = der_size(&der);
    der_put(&der, manner.gm ? bytes_of(gm_data, sizeof(gm_data))
                            : bytes_of(standard_data, sizeof(standard_data)));
    der_wrap(&der, DER_SEQUENCE, since);
    since = der_size(&der);
    put_algorithm(&der, bytes_of(sm3, sizeof(sm3)));
    der_wrap(&der, DER_SET, since);
    PUT(&der, version_one);
    der_wrap(&der, DER_SEQUENCE, 0);
    der_wrap(&der, DER_CONTEXT_0, 0);
    der_put(&der, manner.gm ? bytes_of(gm_signed, sizeof(gm_signed))
                            : bytes_of(standard_signed, sizeof(standard_signed)));
    der_wrap(&der, DER_SEQUENCE, 0);
    return der_bytes(&der);
}

/* --- certificates --------------------------------------------------------------------------- */

static void name_put(X509_NAME *name, const char *field, const char *text)
{
    assert_int_equal(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                                (const unsigned char *)text, -1, -1, 0),
                     1);
}

static X509 *certify(EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, const char *id)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_EXTENSION *constraint = X509V3_EXT_conf_nid(
        NULL, NULL, NID_basic_constraints, issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
    name_put(name, "C", "CN");
    if (issuer == NULL) {
        name_put(name, "CN", "SM2 Root");
    } else {
        name_put(name, "organizationIdentifier", "91310101MATEX00109");
        name_put(name, "CN", "某某公司");
    }
    assert_int_equal(X509_set_version(certificate, X509_VERSION_3), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7), 1);
    assert_int_equal(
        X509_set_issuer_name(certificate, issuer != NULL ? X509_get_subject_name(issuer) : name),
        1);
    assert_int_equal(ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "210101000000Z"),
                     1);
    assert_int_equal(ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "240101000000Z"),
                     1);
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    assert_int_equal(X509_add_ext(certificate, constraint, -1), 1);
    X509_EXTENSION_free(constraint);
    EVP_MD_CTX *context = signing(issuer_key, id);
    assert_true(X509_sign_ctx(certificate, context) > 0);
    EVP_MD_CTX_free(context);
    return certificate;
}

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    struct error err;
    struct cms_signer facts;
    arena_init(&f->arena, 0);
    f->root_key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    f->key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    f->weak_key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    assert_non_null(f->root_key);
    assert_non_null(f->key);
    f->root = certify(f->root_key, NULL, f->root_key, "1234567812345678");
    f->certificate = certify(f->key, f->root, f->root_key, "1234567812345678");
    f->weak_certificate = certify(f->weak_key, f->root, f->root_key, "1234567812345678");
    assert_true(
        trust_root_read(STR("root"), encoded(f, f->root), &f->arena, &f->root_der, &facts, &err)
            .ok);
    str pem;
    bytes same;
    assert_true(cms_certificate_pem(f->root_der, &f->arena, &pem, &err).ok);
    assert_true(trust_root_read(STR("root"), str_bytes(pem), &f->arena, &same, &facts, &err).ok);
    assert_true(bytes_equal(same, f->root_der));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    X509_free(f->root);
    X509_free(f->certificate);
    X509_free(f->weak_certificate);
    EVP_PKEY_free(f->root_key);
    EVP_PKEY_free(f->key);
    EVP_PKEY_free(f->weak_key);
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

/* 0, or the message of the refusal. */
static int verdict(struct fixture *f, bytes signature, bytes root, const char *text, int32_t day)
{
    struct error err = {0};
    struct cms_signer signer = {.subject = STR("untouched")};
    struct trust trust = {.roots = &root, .roots_count = 1};
    outcome verified = cms_verify_detached(signature, str_bytes(str_of(text)), &trust, day,
                                           &f->arena, &signer, &err);
    assert_true(verified.ok || err.class == ERROR_SIGNATURE);
    assert_true(verified.ok ? cms_signer_names(&signer, STR("91310101MATEX00109"))
                            : str_equal_c(signer.subject, "untouched"));
    return verified.ok ? 0 : err.code;
}

static const struct manner forms[] = {
    {.gm = false}, {.gm = true}, {.bare = true}, {.gm = true, .bare = true}};

static void test_cms_verify_detached_accepts_sm2_in_all_forms(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < 4; i++) {
        bytes signature = sign_sm2(f, forms[i], STR("text"));
        assert_int_equal(verdict(f, signature, f->root_der, "text", TODAY), 0);
        assert_int_equal(verdict(f, signature, f->root_der, "texT", TODAY),
                         MESSAGE_SIGNATURE_DIFFERS);
        assert_int_equal(verdict(f, signature, f->root_der, "text", 20000), MESSAGE_SIGNER_EXPIRED);
        assert_int_equal(verdict(f, signature, encoded(f, f->certificate), "text", TODAY),
                         MESSAGE_SIGNER_UNTRUSTED);
    }
}

static void test_cms_verify_detached_refuses_sm2_under_another_identifier(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < 4; i++) {
        struct manner manner = forms[i];
        manner.id = "";
        bytes none = sign_sm2(f, manner, STR("text"));
        manner.id = "8765432187654321";
        bytes other = sign_sm2(f, manner, STR("text"));
        assert_int_equal(verdict(f, none, f->root_der, "text", TODAY), MESSAGE_SIGNATURE_DIFFERS);
        assert_int_equal(verdict(f, other, f->root_der, "text", TODAY), MESSAGE_SIGNATURE_DIFFERS);
    }
}

static void test_cms_verify_detached_refuses_sm2_attributes_of_other_content(void **state)
{
    struct fixture *f = *state;
    struct manner manner = {.digest = "other"};
    bytes signature = sign_sm2(f, manner, STR("text"));
    assert_int_equal(verdict(f, signature, f->root_der, "text", TODAY), MESSAGE_SIGNATURE_DIFFERS);
    assert_int_equal(verdict(f, signature, f->root_der, "other", TODAY), 0);
}

static void test_cms_verify_detached_refuses_sm3_with_another_key(void **state)
{
    struct fixture *f = *state;
    struct manner manner = {.as = f->weak_certificate};
    assert_int_equal(verdict(f, sign_sm2(f, manner, STR("text")), f->root_der, "text", TODAY),
                     MESSAGE_SIGNATURE_WEAK);
}

/* A chain that was signed without the identifier is none. */
static void test_trust_root_read_refuses_sm2_without_identifier(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct cms_signer facts;
    bytes der;
    X509 *root = certify(f->root_key, NULL, f->root_key, "");
    X509 *below = certify(f->key, f->root, f->root_key, "");
    assert_false(trust_root_read(STR("root"), encoded(f, root), &f->arena, &der, &facts, &err).ok);
    assert_int_equal(err.code, MESSAGE_ROOT_NOT_AUTHORITY);
    struct manner manner = {.as = below};
    assert_int_equal(verdict(f, sign_sm2(f, manner, STR("text")), f->root_der, "text", TODAY),
                     MESSAGE_SIGNER_UNTRUSTED);
    X509_free(below);
    X509_free(root);
}

/* What is cut is refused; a changed byte is refused, or nobody else is the signer. */
static void test_cms_verify_detached_refuses_damaged_sm2(void **state)
{
    struct fixture *f = *state;
    uint8_t copy[ROOM];
    for (size_t form = 0; form < 2; form++) {
        bytes signature = sign_sm2(f, forms[form], STR("text"));
        size_t accepted = 0;
        assert_in_range(signature.size, 1, sizeof(copy));
        for (size_t i = 0; i < signature.size; i++) {
            memcpy(copy, signature.data, signature.size);
            copy[i] ^= 0x10;
            accepted += verdict(f, bytes_of(copy, signature.size), f->root_der, "text", TODAY) == 0;
            assert_int_not_equal(verdict(f, bytes_of(copy, i), f->root_der, "text", TODAY), 0);
        }
        assert_in_range(accepted, 0, signature.size / 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cms_verify_detached_accepts_sm2_in_all_forms),
        cmocka_unit_test(test_cms_verify_detached_refuses_sm2_under_another_identifier),
        cmocka_unit_test(test_cms_verify_detached_refuses_sm2_attributes_of_other_content),
        cmocka_unit_test(test_cms_verify_detached_refuses_sm3_with_another_key),
        cmocka_unit_test(test_trust_root_read_refuses_sm2_without_identifier),
        cmocka_unit_test(test_cms_verify_detached_refuses_damaged_sm2),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
