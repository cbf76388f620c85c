/* test_sign - opening keys, and the form of what a signer signs. */
#include "core/io/sign.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/authority.h"
#include "core/io/cms.h"
#include "core/io/messages.h"
#include "tests/support/test.h"

enum { FROM = 18000, UNTIL = 21000 };

struct fixture {
    struct arena arena;
    struct authority root;
    str key[2]; /* by enum authority_key_kind */
    str certificate[2];
};

static int setup(void **state)
{
    static const uint8_t seeds[3][32] = {{1}, {2}, {3}};
    struct fixture *f = test_calloc(1, sizeof(*f));
    struct error err = {0};
    arena_init(&f->arena, 0);
    struct authority_subject root = {AUTHORITY_ROOT, STR("Test Root"), STR(""), FROM, UNTIL};
    struct authority_subject actor = {AUTHORITY_ENTERPRISE, STR("示例建设有限公司"),
                                      STR("91310101MATEX00109"), FROM, UNTIL};
    assert_true(
        authority_key_from_seed(AUTHORITY_KEY_RSA_2048, seeds[0], &f->arena, &f->root.key_pem, &err)
            .ok);
    assert_true(
        authority_make_root(f->root.key_pem, &root, &f->arena, &f->root.certificate_pem, &err).ok);
    for (int i = 0; i < 2; i++) {
        assert_true(authority_key_from_seed((enum authority_key_kind)i, seeds[1 + i], &f->arena,
                                            &f->key[i], &err)
                        .ok);
        assert_true(
            authority_issue(&f->root, f->key[i], &actor, &f->arena, &f->certificate[i], &err).ok);
    }
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

static struct signer *opened(struct fixture *f, enum authority_key_kind kind)
{
    struct error err = {0};
    struct signer *signer = NULL;
    assert_true(signer_from_pem(STR("test"), f->key[kind], f->certificate[kind],
                                f->root.certificate_pem, &signer, &err)
                    .ok);
    return signer;
}

static void test_signer_from_pem_refuses_foreign_key(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct signer *signer = NULL;
    assert_false(
        signer_from_pem(STR("test"), f->root.key_pem, f->certificate[0], STR(""), &signer, &err)
            .ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_KEY_MISMATCH);
    assert_null(signer);
}

static void test_signer_from_pem_refuses_what_is_no_pem(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct signer *signer = NULL;
    assert_false(
        signer_from_pem(STR("t"), STR("no"), f->certificate[0], STR(""), &signer, &err).ok);
    assert_int_equal(err.code, MESSAGE_KEY_UNREADABLE);
    assert_false(signer_from_pem(STR("t"), f->key[0], STR("no"), STR(""), &signer, &err).ok);
    assert_int_equal(err.code, MESSAGE_CERTIFICATE_UNREADABLE);
    assert_null(signer);
}

static void test_signer_open_names_the_missing_file(void **state)
{
    (void)state;
    struct error err = {0};
    struct signer *signer = NULL;
    assert_false(
        signer_open("/nowhere/document.key", "/nowhere/document.pem", NULL, &signer, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_non_null(strstr(err.args[0].text, "/nowhere/document.key"));
}

static void test_signer_valid_on_includes_both_ends(void **state)
{
    struct signer *signer = opened(*state, AUTHORITY_KEY_P256);
    assert_false(signer_valid_on(signer, FROM - 1));
    assert_true(signer_valid_on(signer, FROM));
    assert_true(signer_valid_on(signer, UNTIL));
    assert_false(signer_valid_on(signer, UNTIL + 1));
    signer_close(signer);
}

static void test_signer_cms_of_rsa_is_the_same_every_time(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    struct signer *signer = opened(f, AUTHORITY_KEY_RSA_2048);
    uint8_t digest[32] = {7};
    bytes one = {0};
    bytes two = {0};
    assert_true(signer_cms(signer, digest, &f->arena, &one, &err).ok);
    assert_true(signer_cms(signer, digest, &f->arena, &two, &err).ok);
    assert_true(bytes_equal(one, two));
    digest[31] = 1;
    assert_true(signer_cms(signer, digest, &f->arena, &two, &err).ok);
    assert_false(bytes_equal(one, two));
    signer_close(signer);
}

static void test_signer_cms_size_max_holds_for_both_kinds(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    for (int kind = 0; kind < 2; kind++) {
        struct signer *signer = opened(f, (enum authority_key_kind)kind);
        size_t max = signer_cms_size_max(signer);
        for (uint8_t i = 0; i < 50; i++) {
            uint8_t digest[32] = {i};
            bytes der = {0};
            assert_true(signer_cms(signer, digest, &f->arena, &der, &err).ok);
            assert_in_range(der.size, max - 100, max);
        }
        signer_close(signer);
    }
}

static void test_signer_detached_verifies(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    bytes root = {0};
    struct cms_signer facts = {0};
    assert_true(trust_root_read(STR("root"), str_bytes(f->root.certificate_pem), &f->arena, &root,
                                &facts, &err)
                    .ok);
    struct trust trust = {.roots = &root, .roots_count = 1};
    for (int kind = 0; kind < 2; kind++) {
        struct signer *signer = opened(f, (enum authority_key_kind)kind);
        bytes der = {0};
        uint8_t own[32];
        signer_sha256(signer, own);
        assert_true(signer_detached(signer, str_bytes(STR("text")), &f->arena, &der, &err).ok);
        assert_true(
            cms_verify_detached(der, str_bytes(STR("text")), &trust, FROM, &f->arena, &facts, &err)
                .ok);
        assert_memory_equal(facts.certificate_sha256, own, 32);
        assert_false(
            cms_verify_detached(der, str_bytes(STR("Text")), &trust, FROM, &f->arena, &facts, &err)
                .ok);
        assert_int_equal(err.code, MESSAGE_SIGNATURE_DIFFERS);
        signer_close(signer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signer_from_pem_refuses_foreign_key),
        cmocka_unit_test(test_signer_from_pem_refuses_what_is_no_pem),
        cmocka_unit_test(test_signer_open_names_the_missing_file),
        cmocka_unit_test(test_signer_valid_on_includes_both_ends),
        cmocka_unit_test(test_signer_cms_of_rsa_is_the_same_every_time),
        cmocka_unit_test(test_signer_cms_size_max_holds_for_both_kinds),
        cmocka_unit_test(test_signer_detached_verifies),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
