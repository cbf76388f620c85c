/* test_validity - ends, windows, and what a certificate is on a day. */
#include "core/base/date.h"
#include "events/terms/validity.h"
#include "tests/support/test.h"

static int32_t day(const char *text)
{
    int32_t days = 0;
    assert_true(date_parse(str_of(text), &days));
    return days;
}

/* D7, R-IS-16. */
static void test_validity_end_of_issue_is_three_years_less_a_day(void **state)
{
    (void)state; /* no setup */
    assert_int_equal(validity_end_of_issue(day("2018-06-14")), day("2021-06-13"));
    assert_int_equal(validity_end_of_issue(day("2021-12-31")), day("2024-12-30"));
    assert_int_equal(validity_end_of_issue(day("2020-02-29")), day("2023-02-28"));
    assert_int_equal(validity_end_of_issue(day("2021-03-01")), day("2024-02-29"));
    assert_int_equal(validity_end_of_issue(day("2021-01-01")), day("2023-12-31"));
}

/* D7, R-IS-17. */
static void test_validity_end_of_extension_is_the_same_day(void **state)
{
    (void)state; /* no setup */
    assert_int_equal(validity_end_of_extension(day("2021-06-13")), day("2024-06-13"));
    assert_int_equal(validity_end_of_extension(day("2024-02-29")), day("2027-02-28"));
    assert_int_equal(validity_end_of_extension(day("2023-02-28")), day("2026-02-28"));
}

/* D1, D14. */
static void test_validity_windows_open_on_their_day(void **state)
{
    (void)state; /* no setup */
    assert_int_equal(validity_extension_opens(day("2021-06-13")), day("2021-03-13"));
    assert_int_equal(validity_extension_opens(day("2021-05-31")), day("2021-02-28"));
    assert_int_equal(validity_takeover_opens(day("2022-01-15")), day("2022-07-16"));
    assert_int_equal(validity_takeover_opens(day("2022-08-31")), day("2023-03-01"));
}

/* R-IN-18. */
static void test_certificate_in_force_ends_after_the_last_day(void **state)
{
    (void)state; /* no setup */
    Date end = DATE__INIT;
    CertificateView view = CERTIFICATE_VIEW__INIT;
    end.days = 100;
    view.valid_until = &end;
    view.status = STATUS__CODE__VALID;
    assert_true(certificate_in_force(&view, 100));
    assert_true(certificate_is_valid(&view, 100));
    assert_false(certificate_is_expired(&view, 100));
    assert_false(certificate_in_force(&view, 101));
    assert_false(certificate_is_valid(&view, 101));
    assert_true(certificate_is_expired(&view, 101));
    view.status = STATUS__CODE__SUSPENDED;
    assert_true(certificate_in_force(&view, 100));
    assert_false(certificate_is_valid(&view, 100));
    assert_false(certificate_in_force(&view, 101));
    view.status = STATUS__CODE__RELEASED;
    assert_false(certificate_in_force(&view, 100));
    view.status = STATUS__CODE__NONE;
    assert_false(certificate_in_force(&view, 100));
}

static void test_status_is_ended_for_five(void **state)
{
    (void)state; /* no setup */
    assert_false(status_is_ended(STATUS__CODE__NONE));
    assert_false(status_is_ended(STATUS__CODE__VALID));
    assert_false(status_is_ended(STATUS__CODE__SUSPENDED));
    assert_false(status_is_ended(STATUS__CODE__RELEASED));
    assert_true(status_is_ended(STATUS__CODE__CANCELLED));
    assert_true(status_is_ended(STATUS__CODE__DEPARTED));
    assert_true(status_is_ended(STATUS__CODE__SUPERSEDED));
    assert_true(status_is_ended(STATUS__CODE__REVOKED));
    assert_true(status_is_ended(STATUS__CODE__WITHDRAWN));
}

static void check_text(Status__Code status, int32_t today, const char *text)
{
    Date end = DATE__INIT;
    CertificateView view = CERTIFICATE_VIEW__INIT;
    end.days = 100;
    view.valid_until = &end;
    view.status = status;
    assert_true(str_equal_c(certificate_status_text(&view, today), text));
}

static void test_certificate_status_text_shows_expired(void **state)
{
    (void)state; /* no setup */
    check_text(STATUS__CODE__VALID, 100, "valid");
    check_text(STATUS__CODE__VALID, 101, "expired");
    check_text(STATUS__CODE__SUSPENDED, 100, "suspended");
    check_text(STATUS__CODE__SUSPENDED, 101, "expired");
    check_text(STATUS__CODE__RELEASED, 101, "released");
    check_text(STATUS__CODE__CANCELLED, 101, "cancelled");
    check_text(STATUS__CODE__DEPARTED, 101, "departed");
    check_text(STATUS__CODE__SUPERSEDED, 1, "superseded");
    check_text(STATUS__CODE__REVOKED, 1, "revoked");
    check_text(STATUS__CODE__WITHDRAWN, 1, "withdrawn");
}

static void test_status_from_text_reads_what_status_text_writes(void **state)
{
    (void)state; /* no setup */
    Status__Code back = STATUS__CODE__NONE;
    for (int status = 1; status <= STATUS__CODE__WITHDRAWN; status++) {
        assert_true(status_from_text(status_text((Status__Code)status), &back));
        assert_int_equal(back, status);
    }
    assert_false(status_from_text(STR("none"), &back));
    assert_false(status_from_text(STR("expired"), &back));
    assert_false(status_from_text(STR(""), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_validity_end_of_issue_is_three_years_less_a_day),
        cmocka_unit_test(test_validity_end_of_extension_is_the_same_day),
        cmocka_unit_test(test_validity_windows_open_on_their_day),
        cmocka_unit_test(test_certificate_in_force_ends_after_the_last_day),
        cmocka_unit_test(test_status_is_ended_for_five),
        cmocka_unit_test(test_certificate_status_text_shows_expired),
        cmocka_unit_test(test_status_from_text_reads_what_status_text_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
