/* test_date - days, spellings, instants. */
#include <string.h>

#include "core/base/date.h"
#include "tests/support/test.h"

static int32_t day(const char *text)
{
    int32_t days = 0;
    assert_true(date_parse(str_of(text), &days));
    return days;
}

static void test_date_to_civil_goes_back_and_forth(void **state)
{
    (void)state; /* no setup */
    int32_t last = day("9999-12-31");
    for (int32_t days = day("1800-01-01"); days <= last; days += 13) {
        struct civil civil = date_to_civil(days);
        assert_true(civil_exists(civil));
        assert_int_equal(date_from_civil(civil), days);
    }
    assert_int_equal(day("1970-01-01"), 0);
    assert_int_equal(day("2000-03-01"), 11017);
    assert_int_equal(day("1969-12-31"), -1);
}

static void test_date_parse_reads_every_spelling(void **state)
{
    (void)state; /* no setup */
    int32_t expected = day("2021-06-13");
    assert_int_equal(day("2021/6/13"), expected);
    assert_int_equal(day("20210613"), expected);
    assert_int_equal(day("2021年6月13日"), expected);
    assert_int_equal(day(" ２０２１－０６－１３\xe3\x80\x80"), expected);
    assert_int_equal(day("2021-6-13"), expected);
}

static void test_date_parse_refuses_what_is_no_day(void **state)
{
    (void)state; /* no setup */
    static const char *const bad[] = {
        "",          "2021",        "2021-02-29", "1900-02-29",  "2021-13-01", "2021-00-10",
        "2021-6/13", "2021-06-13x", "202106130",  "2021年6月13", "1799-12-31", "2021613",
        "21-06-13",  "44360",       "2021-06-00", "20210600",    "2021/6/0",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int32_t days = 42;
        assert_false(date_parse(str_of(bad[i]), &days));
        assert_int_equal(days, 42);
    }
}

static void test_date_parse_strict_takes_one_form(void **state)
{
    (void)state; /* no setup */
    int32_t days = 0;
    assert_true(date_parse_strict(STR("2024-02-29"), &days));
    assert_int_equal(days, day("2024-02-29"));
    assert_false(date_parse_strict(STR("2024-2-29"), &days));
    assert_false(date_parse_strict(STR("20240229"), &days));
    assert_false(date_parse_strict(STR("2024/02/29"), &days));
    assert_false(date_parse_strict(STR("2024-02-30"), &days));
    assert_false(date_parse_strict(STR("2024-02-3 "), &days)); /* ten bytes with their blank */
    assert_false(date_parse_strict(STR(" 024-02-29"), &days));
    static const char *const signs[] = {"2024-02-1:", "2024-02-:1", "2024-02-1/", "2024-02-/1",
                                        "2024-0:-01", "2024-0/-01", "20:4-02-01", "202/-02-01"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) { /* the neighbours of the digits */
        assert_false(date_parse_strict(str_of(signs[i]), &days));
        assert_false(date_parse(str_of(signs[i]), &days));
    }
}

static void test_date_format_writes_what_date_parse_reads(void **state)
{
    (void)state; /* no setup */
    char text[DATE_SIZE];
    date_format(day("2021年6月3日"), text);
    assert_string_equal(text, "2021-06-03");
    date_format(day("1800-01-01"), text);
    assert_string_equal(text, "1800-01-01");
}

static void test_date_add_months_clamps_to_the_month(void **state)
{
    (void)state; /* no setup */
    assert_int_equal(date_add_months(day("2022-08-31"), 6), day("2023-02-28"));
    assert_int_equal(date_add_months(day("2022-01-15"), 6), day("2022-07-15"));
    assert_int_equal(date_add_months(day("2024-02-29"), 36), day("2027-02-28"));
    assert_int_equal(date_add_months(day("2021-05-31"), -3), day("2021-02-28"));
    assert_int_equal(date_add_months(day("2021-01-31"), -1), day("2020-12-31"));
    assert_int_equal(date_add_months(day("9999-11-30"), 36), day("9999-12-31"));
    assert_int_equal(date_add_months(day("1800-01-31"), -2), day("1800-01-01"));
    assert_int_equal(day("1800-01-01"), DATE_DAYS_MIN);
    assert_int_equal(day("9999-12-31"), DATE_DAYS_MAX);
}

static void test_date_of_instant_is_the_day_at_utc_plus_8(void **state)
{
    (void)state; /* no setup */
    int64_t us = 0;
    assert_true(instant_parse(STR("2026-11-24T15:59:59.999999Z"), &us));
    assert_int_equal(date_of_instant(us), day("2026-11-24"));
    assert_int_equal(date_of_instant(us + 1), day("2026-11-25"));
    assert_true(instant_of_date(day("2026-11-25")) == us + 1);
    assert_true(instant_parse(STR("1960-01-01T00:00:00+08:00"), &us));
    assert_int_equal(date_of_instant(us), day("1960-01-01"));
    assert_int_equal(date_of_instant(us - 1), day("1959-12-31"));
}

static void check_instant(const char *text, const char *expected)
{
    int64_t us = 0;
    char out[INSTANT_SIZE];
    assert_true(instant_parse(str_of(text), &us));
    instant_format(us, out);
    assert_string_equal(out, expected);
}

static void test_instant_format_writes_what_instant_parse_reads(void **state)
{
    (void)state; /* no setup */
    check_instant("2026-11-25T14:03:07.123456+08:00", "2026-11-25T14:03:07.123456+08:00");
    check_instant("2026-11-25T06:03:07Z", "2026-11-25T14:03:07+08:00");
    check_instant("2026-11-25T14:03:07.5+08:00", "2026-11-25T14:03:07.500000+08:00");
    check_instant("2026-11-25T14:03:07.1234567+08:00", "2026-11-25T14:03:07.123456+08:00");
    check_instant("2026-11-25T01:03:07-05:00", "2026-11-25T14:03:07+08:00");
    check_instant("2026-11-25t06:03:07z", "2026-11-25T14:03:07+08:00");
    check_instant("2026-11-25 06:03:07Z", "2026-11-25T14:03:07+08:00");
    check_instant("2026-11-25T23:59:60+23:59", "2026-11-25T08:01:00+08:00");
}

static void test_instant_parse_refuses_what_is_no_instant(void **state)
{
    (void)state; /* no setup */
    static const char *const bad[] = {
        "2026-11-25",           "2026-11-25T14:03:07",       "2026-11-25T24:03:07Z",
        "2026-11-25T14:60:07Z", "2026-11-25T14:03:07.Z",     "2026-11-25T14:03:07+8:00",
        "2026-11-31T14:03:07Z", "2026-11-25T14:03:07Zx",     "2026-11-25_14:03:07Z",
        "2026-11-25T14:03:61Z", "2026-11-25T14:03:07+24:00", "2026-11-25T14:03:07+08:60",
        "2026-11-25T14.03:07Z", "2026-11-25T14:03.07Z",      "2026-11-25T14:03:07+08-00",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t us = 42;
        assert_false(instant_parse(str_of(bad[i]), &us));
        assert_true(us == 42);
    }
}

/* An instant comes from stored bytes, which may hold any number. */
static void test_instant_format_stays_in_the_calendar(void **state)
{
    (void)state; /* no setup */
    static const int64_t early[] = {INT64_MIN, INT64_MIN / 2, INT64_C(-62135596800) * 1000000};
    static const int64_t late[] = {INT64_MAX, INT64_MAX / 2, INT64_C(253402300800) * 1000000};
    char text[INSTANT_SIZE];
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++) {
        assert_int_equal(date_of_instant(early[i]), DATE_DAYS_MIN);
        instant_format(early[i], text);
        assert_string_equal(text, "1800-01-01T00:00:00+08:00");
        assert_int_equal(date_of_instant(late[i]), DATE_DAYS_MAX);
        instant_format(late[i], text);
        assert_string_equal(text, "9999-12-31T23:59:59.999999+08:00");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_to_civil_goes_back_and_forth),
        cmocka_unit_test(test_date_parse_reads_every_spelling),
        cmocka_unit_test(test_date_parse_refuses_what_is_no_day),
        cmocka_unit_test(test_date_parse_strict_takes_one_form),
        cmocka_unit_test(test_date_format_writes_what_date_parse_reads),
        cmocka_unit_test(test_date_add_months_clamps_to_the_month),
        cmocka_unit_test(test_date_of_instant_is_the_day_at_utc_plus_8),
        cmocka_unit_test(test_instant_format_writes_what_instant_parse_reads),
        cmocka_unit_test(test_instant_format_stays_in_the_calendar),
        cmocka_unit_test(test_instant_parse_refuses_what_is_no_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
