/* test_number - certificate numbers. */
#include "events/terms/number.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

static struct number parse(const char *text, struct arena *arena)
{
    struct number number = {0};
    assert_true(number_parse(str_of(text), arena, &number));
    return number;
}

static void test_number_parse_reads_the_parts(void **state)
{
    struct number number = parse("沪建安B(2018)0001234", *state);
    assert_true(str_equal_c(number.canonical, "沪建安B(2018)0001234"));
    assert_true(str_equal_c(number.class_text, "B"));
    assert_int_equal(number.category, CATEGORY__CODE__B);
    assert_int_equal(number.year, 2018);
    assert_true(str_equal_c(number.serial_digits, "0001234"));
    assert_int_equal(number.serial, 1234);
    assert_true(number.local);
    number = parse("京建安C1（2015）0000001", *state);
    assert_int_equal(number.category, CATEGORY__CODE__C1);
    assert_false(number.local);
}

/* D17, R-NAT-03, R-NAT-04: whatever the width. */
static void test_number_parse_makes_one_form(void **state)
{
    static const char *const spellings[] = {
        "沪建安B（2018）0001234",
        " 沪 建安 b (2018) 0001234\xe3\x80\x80",
        "沪建安Ｂ（２０１８）０００１２３４",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        assert_true(str_equal_c(parse(spellings[i], *state).canonical, "沪建安B(2018)0001234"));
    }
}

/* R-NAT-03: serials of other lengths, unknown letters. */
static void test_number_parse_reads_legacy_numbers(void **state)
{
    assert_true(str_equal_c(parse("沪建安C(2017)200051", *state).canonical, "沪建安C(2017)200051"));
    assert_int_equal(parse("沪建安D(2017)00026", *state).category, CATEGORY__CODE__OTHER);
    assert_true(str_equal_c(parse("沪建安D(2017)00026", *state).class_text, "D"));
    assert_int_equal(parse("沪建安A(2017)1", *state).serial, 1);
    assert_true(parse("沪建安A(2017)9999999999", *state).serial == 9999999999u);
    assert_false(parse("兵团建安A(2017)0000001", *state).local);
}

/* D26: a conversion from C1 to C3 keeps the number, so the letter alone is compared. */
static void test_number_shows_category_by_its_letter(void **state)
{
    (void)state;
    assert_true(number_shows_category(STR("苏建安B(2018)0001234"), CATEGORY__CODE__B));
    assert_true(number_shows_category(STR("沪建安C1(2018)0001234"), CATEGORY__CODE__C3));
    assert_true(number_shows_category(STR("沪建安C(2018)0001234"), CATEGORY__CODE__C1));
    assert_false(number_shows_category(STR("苏建安B(2018)0001234"), CATEGORY__CODE__A));
    assert_false(number_shows_category(STR("沪建安D(2018)0001234"), CATEGORY__CODE__B));
    assert_false(number_shows_category(STR("沪建安D(2018)0001234"), CATEGORY__CODE__OTHER));
}

static void test_number_parse_refuses_other_forms(void **state)
{
    static const char *const bad[] = {
        "",
        "沪建安B2018)0001234",
        "沪建安B(2018)",
        "沪建安B(2018)12345678901",
        "沪建安B(2018)000123A",
        "沪建安B(2018)****234",
        "沪建安(2018)0001234",
        "沪建安1(2018)0001234",
        "沪建安ABCD(2018)0001234",
        "沪建安B(201)0001234",
        "沪建安B(20188)0001234",
        "沪建安B(1899)0001234",
        "建安B(2018)0001234",
        "X建安B(2018)0001234",
        "沪安B(2018)0001234",
        "310101189912310017",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct number number = {.year = 42};
        assert_false(number_parse(str_of(bad[i]), *state, &number));
        assert_int_equal(number.year, 42);
    }
}

/* D16, R-NAT-02: seven digits. */
static void test_number_format_pads_the_serial(void **state)
{
    assert_true(
        str_equal_c(number_format(CATEGORY__CODE__C3, 2026, 1, *state), "沪建安C3(2026)0000001"));
    str last = number_format(CATEGORY__CODE__A, 2026, NUMBER_SERIAL_MAX, *state);
    assert_true(str_equal_c(last, "沪建安A(2026)9999999"));
    assert_int_equal(parse(last.data, *state).serial, NUMBER_SERIAL_MAX);
}

/* D17, R-NAT-04: towards the national interface. */
static void test_number_full_width_changes_the_brackets(void **state)
{
    assert_true(str_equal_c(number_full_width(STR("沪建安B(2018)0001234"), *state),
                            "沪建安B（2018）0001234"));
    assert_true(str_equal_c(number_full_width(STR("none"), *state), "none"));
    assert_true(str_equal_c(number_full_width(STR(")("), *state), ")("));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_number_parse_reads_the_parts),
        TEST_WITH_ARENA(test_number_parse_makes_one_form),
        TEST_WITH_ARENA(test_number_parse_reads_legacy_numbers),
        TEST_WITH_ARENA(test_number_shows_category_by_its_letter),
        TEST_WITH_ARENA(test_number_parse_refuses_other_forms),
        TEST_WITH_ARENA(test_number_format_pads_the_serial),
        TEST_WITH_ARENA(test_number_full_width_changes_the_brackets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
