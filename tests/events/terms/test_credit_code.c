/* test_credit_code - unified social credit codes. Synthetic enterprises; the others are public. */
#include "events/terms/credit_code.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

static void test_credit_code_check_is_right_for_examples(void **state)
{
    static const char *const right[] = {
        "11100000000013338W", "91310101MATEX04590", "91310101MATEX06940",
        "91310101MATEX00109", "91310101MATEX00296", "91310101MATEX00371",
        "91310101MATEX0045U", "91310101MATEX0053N", "11310000TEX000010W",
    };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        str code = str_of(right[i]);
        assert_true(credit_code_check_is_right(code));
        assert_true(str_equal(credit_code_complete(str_first(code, 17), *state), code));
    }
}

static void test_credit_code_check_is_wrong_for_others(void **state)
{
    (void)state; /* no memory needed */
    assert_false(credit_code_check_is_right(STR("91310101MATEX0045N")));
    assert_false(credit_code_check_is_right(STR("91310101MATEX04591")));
    assert_false(credit_code_check_is_right(STR("91310101MATEX0459")));
    assert_false(credit_code_check_is_right(STR("9131O101MATEX04590"))); /* the letter O */
}

static void test_credit_code_normalise_makes_one_form(void **state)
{
    str normal = STR("");
    assert_true(credit_code_normalise(STR(" '91310101matex 0045u\xe3\x80\x80"), *state, &normal));
    assert_true(str_equal_c(normal, "91310101MATEX0045U"));
    assert_true(
        credit_code_normalise(STR("９１３１０１０１ＭＡＴＥＸ００４５Ｕ"), *state, &normal));
    assert_true(str_equal_c(normal, "91310101MATEX0045U"));
    assert_true(credit_code_normalise(STR("91310101MATEX0045N"), *state, &normal));
}

static void test_credit_code_normalise_refuses_other_forms(void **state)
{
    str normal = STR("untouched");
    assert_false(credit_code_normalise(STR(""), *state, &normal));
    assert_false(credit_code_normalise(STR("91310101MATEX0045"), *state, &normal));
    assert_false(credit_code_normalise(STR("91310101MATEX0045U1"), *state, &normal));
    assert_false(credit_code_normalise(STR("91310101MATEX-045U"), *state, &normal));
    assert_false(credit_code_normalise(STR("沪310101MATEX045U"), *state, &normal));
    assert_true(str_equal_c(normal, "untouched"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_credit_code_check_is_right_for_examples),
        TEST_WITH_ARENA(test_credit_code_check_is_wrong_for_others),
        TEST_WITH_ARENA(test_credit_code_normalise_makes_one_form),
        TEST_WITH_ARENA(test_credit_code_normalise_refuses_other_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
