/* test_phone - what is a mobile number, and its mask. */
#include "events/terms/phone.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

static void test_phone_is_mobile_takes_eleven_digits(void **state)
{
    (void)state;
    assert_true(phone_is_mobile(STR("13500000000")));
    assert_true(phone_is_mobile(STR("19999999999")));
    assert_false(phone_is_mobile(STR("12999999999")));
    assert_false(phone_is_mobile(STR("23500000000")));
    assert_false(phone_is_mobile(STR("1350000000")));
    assert_false(phone_is_mobile(STR("135000000000")));
    assert_false(phone_is_mobile(STR("1350000000x")));
    assert_false(phone_is_mobile(STR("+8613500000")));
    assert_false(phone_is_mobile(STR("1:500000000")));
    assert_false(phone_is_mobile(STR(" 1350000000")));
    assert_false(phone_is_mobile(STR("１350000000"))); /* eleven bytes are not eleven digits */
    assert_false(phone_is_mobile(STR("")));
}

static void test_phone_mask_shows_seven_digits_at_most(void **state)
{
    assert_true(str_equal_c(phone_mask(STR("13500000000"), *state), "135****0000"));
    assert_true(str_equal_c(phone_mask(STR("18612345678"), *state), "186****5678"));
    assert_true(str_equal_c(phone_mask(STR("1861234"), *state), "*******"));
    assert_true(str_equal_c(phone_mask(STR(""), *state), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phone_is_mobile_takes_eleven_digits),
        TEST_WITH_ARENA(test_phone_mask_shows_seven_digits_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
