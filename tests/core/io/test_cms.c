/* test_cms - what a bad signature is told to be. */
#include "core/io/cms.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/io/authority.h"
#include "core/io/digest.h"
#include "core/io/messages.h"
#include "core/io/sign.h"
#include "tests/support/test.h"

enum { FROM = 18000, UNTIL = 21000, TODAY = 19000 };

struct fixture {
    struct arena arena;
    bytes root;       /* the trusted one */
    bytes other_root; /* nobody trusts it */
    bytes signature;  /* of "text" by an enterprise */
    bytes clerk_signature;
    str certificate;
    str root_pem;
};

static void issue(struct fixture *f, const struct authority *root, const char *code,
                  enum authority_purpose purpose, bytes *ret)
{
    static const uint8_t seed[32] = {9};
    struct error err = {0};
    struct signer *signer = NULL;
    str key = {0};
    struct authority_subject subject = {purpose, STR("某某公司"), str_of(code), FROM, UNTIL};
    assert_true(authority_key_from_seed(AUTHORITY_KEY_P256, seed, &f->arena, &key, &err).ok);
    assert_true(authority_issue(root, key, &subject, &f->arena, &f->certificate, &err).ok);
    assert_true(signer_from_pem(STR("t"), key, f->certificate, STR(""), &signer, &err).ok);
    assert_true(signer_detached(signer, str_bytes(STR("text")), &f->arena, ret, &err).ok);
    signer_close(signer);
}

static void make_root(struct fixture *f, uint8_t seed_byte, struct authority *root, bytes *ret)
{
    uint8_t seed[32] = {seed_byte};
    struct error err = {0};
    struct cms_signer facts = {0};
    struct authority_subject subject = {AUTHORITY_ROOT, STR("Root"), STR(""), FROM, UNTIL + 100};
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_P256, seed, &f->arena, &root->key_pem, &err).ok);
    assert_true(
        authority_make_root(root->key_pem, &subject, &f->arena, &root->certificate_pem, &err).ok);
    assert_true(
        trust_root_read(STR("r"), str_bytes(root->certificate_pem), &f->arena, ret, &facts, &err)
            .ok);
    assert_int_equal(facts.valid_from, FROM);
    assert_int_equal(facts.valid_until, UNTIL + 100);
}

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    struct authority root = {0};
    struct authority other = {0};
    arena_init(&f->arena, 0);
    make_root(f, 1, &root, &f->root);
    make_root(f, 2, &other, &f->other_root);
    issue(f, &root, "C-0001", AUTHORITY_CLERK, &f->clerk_signature);
    issue(f, &root, "91310101MATEX00109", AUTHORITY_ENTERPRISE, &f->signature);
    f->root_pem = root.certificate_pem;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_release(&f->arena);
    test_free(f);
    return 0;
}

static int verdict(struct fixture *f, bytes signature, bytes root, int32_t day)
{
    struct error err = {0};
    struct cms_signer signer = {.subject = STR("untouched")};
    struct trust trust = {.roots = &root, .roots_count = 1};
    outcome verified = cms_verify_detached(signature, str_bytes(STR("text")), &trust, day,
                                           &f->arena, &signer, &err);
    assert_true(verified.ok || err.class == ERROR_SIGNATURE);
    assert_true(verified.ok || str_equal_c(signer.subject, "untouched"));
    return verified.ok ? 0 : err.code;
}

static void test_cms_verify_detached_accepts_on_every_day_of_the_certificate(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(verdict(f, f->signature, f->root, FROM), 0);
    assert_int_equal(verdict(f, f->signature, f->root, TODAY), 0);
    assert_int_equal(verdict(f, f->signature, f->root, UNTIL), 0);
    assert_int_equal(verdict(f, f->signature, f->root, FROM - 1), MESSAGE_SIGNER_NOT_YET_VALID);
    assert_int_equal(verdict(f, f->signature, f->root, UNTIL + 1), MESSAGE_SIGNER_EXPIRED);
}

static void test_cms_verify_detached_tells_who_signed(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct cms_signer signer = {0};
    struct trust trust = {.roots = &f->root, .roots_count = 1};
    assert_true(cms_verify_detached(f->signature, str_bytes(STR("text")), &trust, TODAY, &f->arena,
                                    &signer, &err)
                    .ok);
    assert_string_equal(signer.organization_identifier.data, "91310101MATEX00109");
    assert_string_equal(signer.serial_number.data, "");
    assert_non_null(strstr(signer.subject.data, "CN=某某公司"));
    assert_true(cms_signer_names(&signer, STR("91310101MATEX00109")));
    assert_false(cms_signer_names(&signer, STR("91310101MATEX00296")));
    assert_false(cms_signer_names(&signer, STR("")));
    assert_true(cms_verify_detached(f->clerk_signature, str_bytes(STR("text")), &trust, TODAY,
                                    &f->arena, &signer, &err)
                    .ok);
    assert_true(cms_signer_names(&signer, STR("C-0001")));
}

static void test_cms_verify_detached_refuses_unknown_root(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(verdict(f, f->signature, f->other_root, TODAY), MESSAGE_SIGNER_UNTRUSTED);
}

static void test_cms_verify_detached_refuses_what_is_no_cms(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(verdict(f, (bytes){0}, f->root, TODAY), MESSAGE_SIGNATURE_MISSING);
    assert_int_equal(verdict(f, str_bytes(STR("abc")), f->root, TODAY),
                     MESSAGE_SIGNATURE_MALFORMED);
    assert_int_equal(verdict(f, f->root, f->root, TODAY), MESSAGE_SIGNATURE_MALFORMED);
}

/* What is cut is refused. A changed byte is refused too, but for a few that no signature covers
 * (version numbers, the list of digests): then the signer is still the same. */
static void test_cms_verify_detached_refuses_damage(void **state)
{
    struct fixture *f = *state;
    uint8_t copy[4096];
    uint8_t digest[32];
    struct error err = {0};
    struct trust trust = {.roots = &f->root, .roots_count = 1};
    struct cms_signer signer = {0};
    bytes content = str_bytes(STR("text"));
    size_t accepted = 0;
    assert_in_range(f->signature.size, 1, sizeof(copy));
    assert_true(
        cms_verify_detached(f->signature, content, &trust, TODAY, &f->arena, &signer, &err).ok);
    memcpy(digest, signer.certificate_sha256, 32);
    for (size_t i = 0; i < f->signature.size; i++) {
        memcpy(copy, f->signature.data, f->signature.size);
        copy[i] ^= 0x10;
        bytes changed = bytes_of(copy, f->signature.size);
        if (cms_verify_detached(changed, content, &trust, TODAY, &f->arena, &signer, &err).ok) {
            accepted++;
            assert_memory_equal(signer.certificate_sha256, digest, 32);
        }
        assert_int_not_equal(verdict(f, bytes_of(copy, i), f->root, TODAY), 0);
    }
    assert_in_range(accepted, 0, f->signature.size / 20);
}

/* Made once with `openssl ca -gencrl` under the root that follows from seed 21: it names the
 * certificate of seed 9 below it since 2022-01-08, which is day 19000. */
static const char *const revocation_list =
    "MIIBozCBjAIBATANBgkqhkiG9w0BAQsFADAlMQswCQYDVQQGEwJDTjEWMBQGA1UEAwwNUmV2b2tpbmcgUm9v"
    "dBcNMjYxMTI1MTUxMjU0WhcNMjYxMjI1MTUxMjU0WjAjMCECEELPeUSBVz/1ztVgMhlRjs0XDTIyMDEwODA0"
    "MDAwMFqgDjAMMAoGA1UdFAQDAgEBMA0GCSqGSIb3DQEBCwUAA4IBAQCgdTTtWFEExOIfafUrawLWyGN1XxyY"
    "UAro1s56V/SBa1hetlvhVK3BAbTAIq6nwihEiGuOcKdgmmmIiY+ATCqV7UXjjAWbc4LXeQTT5BuwYDpEqCsl"
    "O8LIojSMQ81JONmkOXVlwkqKdymD6gppwINOQB4FUKxydkEAJqrWKOir1MFQekdiQm+f4W5MjchPmjwPA/v1"
    "Jl0+LIwHL9w1FOqZ2ttno0LnYwSy6X/vQR1ivXNvQncR4OaXCsXhr9DZLGgROnxrVsBzgmJV6LGI/yHyDEAJ"
    "f+aFXM0orJNP68BSj4/duNPFvdSo82U6cHVCZhbPTimZ/ZifDeQ1wFJHn2R6";

static void test_cms_verify_detached_refuses_the_revoked_from_their_day_on(void **state)
{
    struct fixture *f = *state;
    static const uint8_t seed[32] = {21};
    struct error err = {0};
    struct authority root = {.key_pem = STR("")};
    struct authority_subject subject = {AUTHORITY_ROOT, STR("Revoking Root"), STR(""), FROM,
                                        UNTIL + 100};
    struct cms_signer signer = {0};
    bytes roots[2] = {{0}};
    bytes lists[1] = {{0}};
    bytes signature = {0};
    bytes content = str_bytes(STR("text"));
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seed, &f->arena, &root.key_pem, &err).ok);
    assert_true(
        authority_make_root(root.key_pem, &subject, &f->arena, &root.certificate_pem, &err).ok);
    assert_true(trust_root_read(STR("r"), str_bytes(root.certificate_pem), &f->arena, &roots[0],
                                &signer, &err)
                    .ok);
    roots[1] = f->root;
    assert_true(base64_decode(str_of(revocation_list), &f->arena, &lists[0]));
    issue(f, &root, "91310101MATEX00109", AUTHORITY_ENTERPRISE, &signature);
    struct trust trust = {roots, 2, lists, 1};
    assert_true(
        cms_verify_detached(signature, content, &trust, 18999, &f->arena, &signer, &err).ok);
    assert_false(
        cms_verify_detached(signature, content, &trust, 19000, &f->arena, &signer, &err).ok);
    assert_int_equal(err.class, ERROR_SIGNATURE);
    assert_int_equal(err.code, MESSAGE_SIGNER_REVOKED);
    /* The list says nothing of another root's certificate, and nothing when it is not given. */
    assert_true(
        cms_verify_detached(f->signature, content, &trust, 19000, &f->arena, &signer, &err).ok);
    trust.revocation_lists_count = 0;
    assert_true(
        cms_verify_detached(signature, content, &trust, 19000, &f->arena, &signer, &err).ok);
    lists[0] = content;
    trust.revocation_lists_count = 1;
    assert_false(
        cms_verify_detached(signature, content, &trust, 18999, &f->arena, &signer, &err).ok);
    assert_int_equal(err.code, MESSAGE_REVOCATION_LIST_UNREADABLE);
}

static bool named(const char *organization, const char *serial, const char *code)
{
    struct cms_signer signer = {.organization_identifier = str_of(organization),
                                .serial_number = str_of(serial)};
    return cms_signer_names(&signer, str_of(code));
}

static void test_cms_signer_names_knows_the_ways_to_write_a_code(void **state)
{
    (void)state;
    assert_true(named("91310101MATEX00109", "", "91310101MATEX00109"));
    assert_true(named("NTRCN-91310101MATEX00109", "", "91310101MATEX00109"));
    assert_true(named("VATCN-91310101MATEX00109", "", "91310101MATEX00109"));
    assert_true(named("", "SH1", "SH1"));
    assert_true(named("other", "SH1", "SH1"));
    assert_false(named("NTRDE-91310101MATEX00109", "", "91310101MATEX00109"));
    assert_false(named("NTRCN-NTRCN-91310101MATEX00109", "", "91310101MATEX00109"));
    assert_false(named("", "NTRCN-91310101MATEX00109", "91310101MATEX00109"));
    assert_false(named("91310101MATEX00109 ", "", "91310101MATEX00109"));
    assert_false(named("NTRCN-", "", ""));
    assert_false(named("", "", ""));
}

static bool names_person(const char *organization, const char *serial, const char *number)
{
    struct cms_signer signer = {.organization_identifier = str_of(organization),
                                .serial_number = str_of(serial)};
    return cms_signer_names_person(&signer, str_of(number));
}

static void test_cms_signer_names_person_looks_at_the_serial_number(void **state)
{
    (void)state;
    assert_true(names_person("", "310101189912310017", "310101189912310017"));
    assert_true(names_person("other", "IDCCN-310101189912310017", "310101189912310017"));
    assert_true(names_person("", "PASCN-E12345678", "E12345678"));
    assert_false(names_person("310101189912310017", "", "310101189912310017"));
    assert_false(names_person("", "IDCDE-310101189912310017", "310101189912310017"));
    assert_false(names_person("", "310101189912310025", "310101189912310017"));
    assert_false(names_person("", "IDCCN-", ""));
    assert_false(names_person("", "", ""));
}

/* DER, PEM, and what is neither. */
static void test_revocation_list_read_takes_both_forms(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    bytes der = {0};
    bytes read = {0};
    assert_true(base64_decode(str_of(revocation_list), &f->arena, &der));
    assert_true(revocation_list_read(STR("list"), der, &f->arena, &read, &err).ok);
    assert_true(bytes_equal(read, der));
    str pem = arena_format(&f->arena, "-----BEGIN X509 CRL-----\n");
    for (str rest = str_of(revocation_list); rest.size != 0; rest = str_from(rest, 64)) {
        str line = str_first(rest, 64);
        pem = arena_format(&f->arena, "%s%.*s\n", pem.data, STR_ARGS(line));
    }
    pem = arena_format(&f->arena, "%s-----END X509 CRL-----\n", pem.data);
    assert_true(revocation_list_read(STR("list"), str_bytes(pem), &f->arena, &read, &err).ok);
    assert_true(bytes_equal(read, der));
    read = (bytes){0};
    assert_false(
        revocation_list_read(STR("list"), bytes_of(der.data, der.size - 1), &f->arena, &read, &err)
            .ok);
    assert_int_equal(err.code, MESSAGE_REVOCATION_LIST_UNREADABLE);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_null(read.data);
    assert_false(revocation_list_read(STR("list"), f->root, &f->arena, &read, &err).ok);
    assert_false(revocation_list_read(STR("list"), (bytes){0}, &f->arena, &read, &err).ok);
}

/* OpenSSL asks on the terminal, or else on standard input, for the passphrase of what says that it
 * is encrypted. Nothing of ours is, and a run at night would wait for ever. */
static void test_encrypted_pem_asks_nobody(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    bytes read = {0};
    char asked[64] = "";
    str list = STR("-----BEGIN X509 CRL-----\nProc-Type: 4,ENCRYPTED\n"
                   "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
                   "MIIBAAAAAAAAAAAAAAAAAA==\n-----END X509 CRL-----\n");
    int out = dup(STDERR_FILENO);
    FILE *caught = tmpfile();
    assert_true(out >= 0 && caught != NULL && freopen("/dev/null", "r", stdin) != NULL);
    assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
    outcome done = revocation_list_read(STR("list"), str_bytes(list), &f->arena, &read, &err);
    assert_true(dup2(out, STDERR_FILENO) >= 0);
    assert_false(done.ok);
    assert_int_equal(err.code, MESSAGE_REVOCATION_LIST_UNREADABLE);
    assert_int_equal(pread(fileno(caught), asked, sizeof asked - 1, 0), 0);
    assert_string_equal(asked, "");
    (void)close(out);
    (void)fclose(caught);
}

static void test_cms_verify_detached_stops_at_a_forged_list(void **state)
{
    struct fixture *f = *state;
    static const uint8_t seed[32] = {21};
    struct error err = {0};
    struct authority root = {.key_pem = STR("")};
    struct authority_subject subject = {AUTHORITY_ROOT, STR("Revoking Root"), STR(""), FROM,
                                        UNTIL + 100};
    struct cms_signer signer = {0};
    bytes trusted = {0};
    bytes list = {0};
    bytes signature = {0};
    bytes content = str_bytes(STR("text"));
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seed, &f->arena, &root.key_pem, &err).ok);
    assert_true(
        authority_make_root(root.key_pem, &subject, &f->arena, &root.certificate_pem, &err).ok);
    assert_true(trust_root_read(STR("r"), str_bytes(root.certificate_pem), &f->arena, &trusted,
                                &signer, &err)
                    .ok);
    assert_true(base64_decode(str_of(revocation_list), &f->arena, &list));
    issue(f, &root, "91310101MATEX00296", AUTHORITY_ENTERPRISE, &signature);
    struct trust trust = {&trusted, 1, &list, 1};
    assert_true(
        cms_verify_detached(signature, content, &trust, TODAY, &f->arena, &signer, &err).ok);
    uint8_t *forged = arena_new(&f->arena, list.size);
    memcpy(forged, list.data, list.size);
    forged[list.size - 1] ^= 1;
    list.data = forged;
    assert_false(
        cms_verify_detached(signature, content, &trust, TODAY, &f->arena, &signer, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_REVOCATION_LIST_FORGED);
}

static void test_cms_signer_certificate_tells_without_judging(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct cms_signer signer = {0};
    struct cms_signer again = {0};
    bytes der = {0};
    str pem = {0};
    struct trust trust = {.roots = &f->root, .roots_count = 1};
    assert_true(cms_signer_certificate(f->signature, &f->arena, &signer, &pem, &err).ok);
    assert_true(str_equal_c(signer.organization_identifier, "91310101MATEX00109"));
    assert_true(str_starts_with(pem, STR("-----BEGIN CERTIFICATE-----\n")));
    assert_false(trust_root_read(STR("leaf"), str_bytes(pem), &f->arena, &der, &again, &err).ok);
    assert_int_equal(err.code, MESSAGE_ROOT_NOT_AUTHORITY);
    assert_true(cms_verify_detached(f->signature, str_bytes(STR("text")), &trust, TODAY, &f->arena,
                                    &again, &err)
                    .ok);
    assert_memory_equal(signer.certificate_sha256, again.certificate_sha256, 32);
    assert_false(cms_signer_certificate(f->root, &f->arena, &again, &pem, &err).ok);
    assert_int_equal(err.code, MESSAGE_SIGNATURE_MALFORMED);
    assert_false(cms_signer_certificate((bytes){0}, &f->arena, &again, &pem, &err).ok);
    assert_int_equal(err.code, MESSAGE_SIGNATURE_MISSING);
}

static void test_trust_root_read_refuses_a_leaf(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct cms_signer facts = {0};
    bytes der = {0};
    assert_false(
        trust_root_read(STR("leaf"), str_bytes(f->certificate), &f->arena, &der, &facts, &err).ok);
    assert_int_equal(err.code, MESSAGE_ROOT_NOT_AUTHORITY);
    assert_false(
        trust_root_read(STR("none"), str_bytes(STR("-----BEGIN")), &f->arena, &der, &facts, &err)
            .ok);
    assert_int_equal(err.code, MESSAGE_ROOT_UNREADABLE);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_true(trust_root_read(STR("der"), f->root, &f->arena, &der, &facts, &err).ok);
    assert_true(bytes_equal(der, f->root));
}

/* "No end" (RFC 5280, 4.1.2.5) is the first day of a year that no date can name in UTC+8. */
static void test_cms_certificate_read_ends_the_calendar_where_dates_end(void **state)
{
    struct fixture *f = *state;
    static const uint8_t seed[32] = {4};
    static const char until[] = "99991231155959Z";
    struct error err = {0};
    struct cms_signer facts = {0};
    struct authority root = {0};
    bytes der = {0};
    struct authority_subject subject = {AUTHORITY_ROOT, STR("Root"), STR(""), FROM, DATE_DAYS_MAX};
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_P256, seed, &f->arena, &root.key_pem, &err).ok);
    assert_true(
        authority_make_root(root.key_pem, &subject, &f->arena, &root.certificate_pem, &err).ok);
    assert_true(
        trust_root_read(STR("r"), str_bytes(root.certificate_pem), &f->arena, &der, &facts, &err)
            .ok);
    assert_int_equal(facts.valid_until, DATE_DAYS_MAX);
    bytes changed = arena_bytes(&f->arena, der);
    char *at = memmem(changed.data, changed.size, until, sizeof until - 1);
    assert_non_null(at);
    memcpy(at + 8, "235959", 6); /* the signature is not asked here */
    assert_true(cms_certificate_read(STR("r"), changed, &f->arena, &facts, &err).ok);
    assert_int_equal(facts.valid_until, DATE_DAYS_MAX);
}

/* Of several in one file the one that ends first decides; what is around them is none. */
static void test_certificates_valid_until_is_the_first_end(void **state)
{
    struct fixture *f = *state;
    static const uint8_t seed[32] = {5};
    struct error err = {0};
    struct authority longer = {0};
    int32_t until = 7;
    struct authority_subject subject = {AUTHORITY_ROOT, STR("Root"), STR(""), FROM, UNTIL + 1};
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_P256, seed, &f->arena, &longer.key_pem, &err).ok);
    assert_true(
        authority_make_root(longer.key_pem, &subject, &f->arena, &longer.certificate_pem, &err).ok);
    assert_true(certificates_valid_until(str_bytes(longer.certificate_pem), &until));
    assert_int_equal(until, UNTIL + 1);
    const str files[] = {
        arena_format(&f->arena, "%.*s%.*s", STR_ARGS(longer.certificate_pem),
                     STR_ARGS(f->certificate)),
        arena_format(&f->arena, "%.*sabove\n%.*s", STR_ARGS(f->certificate),
                     STR_ARGS(longer.certificate_pem)),
    };
    for (size_t i = 0; i < 2; i++) {
        assert_true(certificates_valid_until(str_bytes(files[i]), &until));
        assert_int_equal(until, UNTIL);
    }
    until = 7;
    assert_false(certificates_valid_until(str_bytes(STR("none")), &until));
    assert_false(certificates_valid_until(bytes_of(NULL, 0), &until));
    assert_false(certificates_valid_until(str_bytes(longer.key_pem), &until));
    assert_int_equal(until, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificates_valid_until_is_the_first_end),
        cmocka_unit_test(test_cms_verify_detached_accepts_on_every_day_of_the_certificate),
        cmocka_unit_test(test_cms_verify_detached_tells_who_signed),
        cmocka_unit_test(test_cms_verify_detached_refuses_unknown_root),
        cmocka_unit_test(test_cms_verify_detached_refuses_what_is_no_cms),
        cmocka_unit_test(test_cms_verify_detached_refuses_damage),
        cmocka_unit_test(test_cms_verify_detached_refuses_the_revoked_from_their_day_on),
        cmocka_unit_test(test_cms_signer_names_knows_the_ways_to_write_a_code),
        cmocka_unit_test(test_cms_signer_names_person_looks_at_the_serial_number),
        cmocka_unit_test(test_revocation_list_read_takes_both_forms),
        cmocka_unit_test(test_encrypted_pem_asks_nobody),
        cmocka_unit_test(test_cms_verify_detached_stops_at_a_forged_list),
        cmocka_unit_test(test_cms_signer_certificate_tells_without_judging),
        cmocka_unit_test(test_trust_root_read_refuses_a_leaf),
        cmocka_unit_test(test_cms_certificate_read_ends_the_calendar_where_dates_end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
