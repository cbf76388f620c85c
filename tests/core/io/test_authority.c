/* test_authority - keys from seeds, and certificates that depend on their arguments only. */
#include "core/io/authority.h"

#include "core/io/cms.h"
#include "core/io/messages.h"
#include "core/io/sign.h"
#include "tests/support/test.h"

enum { FROM = 18000, UNTIL = 21000 };

static int setup(void **state)
{
    struct arena *arena = test_calloc(1, sizeof(*arena));
    arena_init(arena, 0);
    *state = arena;
    return 0;
}

static int teardown(void **state)
{
    arena_release(*state);
    test_free(*state);
    return 0;
}

static str seeded(struct arena *arena, enum authority_key_kind kind, uint8_t first)
{
    uint8_t seed[32] = {first};
    struct error err = {0};
    str pem = {0};
    assert_true(authority_key_from_seed(kind, seed, arena, &pem, &err).ok);
    return pem;
}

static str root_of(struct arena *arena, str key, const char *name)
{
    struct error err = {0};
    struct authority_subject subject = {AUTHORITY_ROOT, str_of(name), STR(""), FROM, UNTIL};
    str pem = {0};
    assert_true(authority_make_root(key, &subject, arena, &pem, &err).ok);
    return pem;
}

static void test_authority_key_from_seed_depends_on_the_seed_alone(void **state)
{
    for (int kind = 0; kind < 2; kind++) {
        enum authority_key_kind k = (enum authority_key_kind)kind;
        str one = seeded(*state, k, 1);
        assert_true(str_equal(one, seeded(*state, k, 1)));
        assert_false(str_equal(one, seeded(*state, k, 2)));
    }
}

static void test_authority_key_new_is_another_one_each_time(void **state)
{
    struct error err = {0};
    for (int kind = 0; kind < 2; kind++) {
        str one = {0};
        str two = {0};
        enum authority_key_kind k = (enum authority_key_kind)kind;
        assert_true(authority_key_new(k, *state, &one, &err).ok);
        assert_true(authority_key_new(k, *state, &two, &err).ok);
        assert_false(str_equal(one, two));
    }
}

static void test_authority_make_root_of_rsa_repeats(void **state)
{
    str key = seeded(*state, AUTHORITY_KEY_RSA_2048, 3);
    str one = root_of(*state, key, "根");
    assert_true(str_equal(one, root_of(*state, key, "根")));
    assert_false(str_equal(one, root_of(*state, key, "另一个根")));
}

static void test_authority_issue_makes_what_a_signer_opens(void **state)
{
    struct error err = {0};
    struct authority root = {.key_pem = seeded(*state, AUTHORITY_KEY_RSA_2048, 3)};
    root.certificate_pem = root_of(*state, root.key_pem, "Root");
    for (int purpose = AUTHORITY_DOCUMENT; purpose <= AUTHORITY_CLERK; purpose++) {
        str key = seeded(*state, AUTHORITY_KEY_P256, 4);
        str pem = {0};
        bytes signature = {0};
        struct cms_signer facts = {0};
        struct signer *signer = NULL;
        struct authority_subject subject = {(enum authority_purpose)purpose, STR("名称"),
                                            STR("11310000TEX000010W"), FROM, UNTIL};
        assert_true(authority_issue(&root, key, &subject, *state, &pem, &err).ok);
        assert_true(signer_from_pem(STR("t"), key, pem, STR(""), &signer, &err).ok);
        assert_true(signer_detached(signer, str_bytes(STR("x")), *state, &signature, &err).ok);
        assert_true(cms_signer_certificate(signature, *state, &facts, &pem, &err).ok);
        assert_true(cms_signer_names(&facts, subject.code));
        signer_close(signer);
    }
}

/* Names of enterprises may be longer than a certificate's 64 characters. */
static void test_authority_issue_cuts_long_names_at_a_character(void **state)
{
    struct error err = {0};
    struct authority root = {.key_pem = seeded(*state, AUTHORITY_KEY_P256, 5)};
    root.certificate_pem = root_of(*state, root.key_pem, "Root");
    str long_name = STR("");
    for (int i = 0; i < 40; i++) {
        long_name = arena_format(*state, "%.*s建𠮷", STR_ARGS(long_name));
    }
    struct authority_subject subject = {AUTHORITY_ENTERPRISE, long_name, STR("91310101MATEX00109"),
                                        FROM, UNTIL};
    str pem = {0};
    assert_true(authority_issue(&root, root.key_pem, &subject, *state, &pem, &err).ok);
    assert_true(pem.size != 0);
}

static void test_authority_issue_refuses_what_is_no_key(void **state)
{
    struct error err = {0};
    struct authority root = {.key_pem = seeded(*state, AUTHORITY_KEY_P256, 5)};
    root.certificate_pem = root_of(*state, root.key_pem, "Root");
    struct authority_subject subject = {AUTHORITY_CLERK, STR("员"), STR("C-0001"), FROM, UNTIL};
    str pem = {0};
    assert_false(authority_issue(&root, STR("no key"), &subject, *state, &pem, &err).ok);
    assert_int_equal(err.class, ERROR_CONFIG);
    assert_int_equal(err.code, MESSAGE_KEY_UNREADABLE);
    /* a serialNumber is a PrintableString */
    subject.code = STR("工号一");
    assert_false(authority_issue(&root, root.key_pem, &subject, *state, &pem, &err).ok);
    assert_int_equal(err.code, MESSAGE_CERTIFICATE_NOT_MADE);
    assert_null(pem.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_authority_key_from_seed_depends_on_the_seed_alone),
        cmocka_unit_test(test_authority_key_new_is_another_one_each_time),
        cmocka_unit_test(test_authority_make_root_of_rsa_repeats),
        cmocka_unit_test(test_authority_issue_makes_what_a_signer_opens),
        cmocka_unit_test(test_authority_issue_cuts_long_names_at_a_character),
        cmocka_unit_test(test_authority_issue_refuses_what_is_no_key),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
