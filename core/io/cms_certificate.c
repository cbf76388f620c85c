/* cms_certificate - what a certificate says, and whether it may be a root; see cms.h. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/cms_parts.h"
#include "core/io/messages.h"

const char *openssl_why(void)
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
    (void)X509_NAME_print_ex(bio, name, 0, flags); /* the part that was printed is used */
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    str text = STR("?"); /* unchanged when it is no UTF-8 */
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

bool certificate_instant(const ASN1_TIME *time, int64_t *ret_us)
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

bool certificate_facts(X509 *certificate, struct arena *arena, struct cms_signer *ret)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    int64_t from_us = 0;
    int64_t until_us = 0;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (!certificate_instant(X509_get0_notBefore(certificate), &from_us) ||
        !certificate_instant(X509_get0_notAfter(certificate), &until_us) ||
        X509_digest(certificate, EVP_sha256(), digest, NULL) != 1) {
        ERR_clear_error();
        return false;
    }
    *ret = (struct cms_signer){
        .subject = name_text(name, arena),
        .organization_identifier = name_part(name, NID_organizationIdentifier, arena),
        .serial_number = name_part(name, NID_serialNumber, arena),
        .valid_from = date_of_instant(from_us),
        /* RFC 5280 writes "no end" as the last second of 9999 in UTC: use the last day we can
         * express */
        .valid_until = date_of_instant(until_us),
    };
    memcpy(ret->certificate_sha256, digest, sizeof(digest));
    return true;
}

void certificate_set_sm2_id(X509 *certificate)
{
    if (X509_get_signature_nid(certificate) != NID_SM2_with_SM3) {
        return; /* with an identifier set, other signatures would fail */
    }
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    BUG_UNLESS(id != NULL && ASN1_OCTET_STRING_set(id, (const unsigned char *)SM2_DEFAULT_ID,
                                                   SM2_DEFAULT_ID_SIZE) == 1);
    X509_set0_distinguishing_id(certificate, id);
}

X509 *certificate_parse(bytes der)
{
    const uint8_t *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
    ERR_clear_error();
    if (certificate != NULL && at != der.data + der.size) {
        X509_free(certificate);
        return NULL;
    }
    if (certificate != NULL) {
        certificate_set_sm2_id(certificate);
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

bool certificates_valid_until(bytes pem, int32_t *ret_days)
{
    BIO *bio =
        pem.size > 0 && pem.size <= INT32_MAX ? BIO_new_mem_buf(pem.data, (int)pem.size) : NULL;
    bool found = false;
    X509 *certificate = NULL;
    while (bio != NULL &&
           (certificate = PEM_read_bio_X509(bio, NULL, certificate_no_passphrase, NULL)) != NULL) {
        int64_t until_us = 0;
        if (certificate_instant(X509_get0_notAfter(certificate), &until_us)) {
            int32_t until = date_of_instant(until_us);
            *ret_days = found && *ret_days < until ? *ret_days : until;
            found = true;
        }
        X509_free(certificate);
    }
    BIO_free(bio);
    ERR_clear_error();
    return found;
}

bool cms_signer_names(const struct cms_signer *signer, str code)
{
    /* ETSI EN 319 412-1, 5.1.4: what kind of number, the country, and then the number. */
    str organization = signer->organization_identifier;
    if (str_starts_with(organization, STR("NTRCN-")) ||
        str_starts_with(organization, STR("VATCN-"))) {
        organization = str_from(organization, sizeof("NTRCN-") - 1);
    }
    return !str_empty(code) &&
           (str_equal(organization, code) || str_equal(signer->serial_number, code));
}

bool cms_signer_names_person(const struct cms_signer *signer, str id_number)
{
    str serial = signer->serial_number;
    if (str_starts_with(serial, STR("IDCCN-")) || str_starts_with(serial, STR("PASCN-"))) {
        serial = str_from(serial, sizeof("IDCCN-") - 1);
    }
    return !str_empty(id_number) && str_equal(serial, id_number);
}

int certificate_no_passphrase(char *buffer, int size, int writing, void *user)
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
        certificate = PEM_read_bio_X509(bio, NULL, certificate_no_passphrase, NULL);
        BIO_free(bio);
        ERR_clear_error();
        if (certificate != NULL) {
            certificate_set_sm2_id(certificate);
        }
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

str certificate_pem(X509 *certificate, struct arena *arena)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL;
    BUG_UNLESS(bio != NULL && PEM_write_bio_X509(bio, certificate) == 1);
    long size = BIO_get_mem_data(bio, &data);
    str pem = arena_str(arena, (str){data, (size_t)size});
    BIO_free(bio);
    return pem;
}

FALLIBLE cms_certificate_pem(bytes der, struct arena *arena, str *ret, struct error *err)
{
    X509 *certificate = certificate_parse(der);
    if (certificate == NULL) {
        FAIL(CONFIG, MESSAGE_CERTIFICATE_UNREADABLE, ARG_TEXT("name", "certificate"));
    }
    *ret = certificate_pem(certificate, arena);
    X509_free(certificate);
    return OK;
}
