/* test_certificate - the view of certificates, event by event. */
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define NUMBER "沪建安B(2025)0000007"
#define ISSUE                                                                                         \
    "certificate=" NUMBER " category=B post=07 person_id=p1 enterprise=E1 enterprise_name=甲公司 " \
    "identity_event=3 first_issued=2025-03-01 issued=2025-03-01 valid_until=2028-02-29"
#define PAPER                                                                                         \
    "certificate=" NUMBER " category=B person_id=p1 enterprise=E1 enterprise_name=甲公司 post=07 " \
    "post_text=项目经理 first_issued=2019-01-02 issued=2022-01-15 valid_until=2025-06-30 "        \
    "status=valid spelled=沪建安B（2025）0000007"

static void check(struct history *history, const char *field, const char *expected)
{
    const char *got = history_field(history, VIEW_CERTIFICATE, key_certificate(STR(NUMBER)), field);
    assert_string_equal(got, expected);
}

static void test_paper_registered_keeps_the_row(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "paper_registered", PAPER);
    check(history, "medium", "paper");
    check(history, "status", "valid");
    check(history, "affiliated_since", "2022-01-15"); /* D1: its 发证日期 */
    check(history, "valid_from", "2022-01-15");
    check(history, "first_issued", "2019-01-02");
    check(history, "version", "");
    check(history, "identity_event", "");
    check(history, "spelled", "沪建安B（2025）0000007");
    check(history, "paper.post_text", "项目经理");
    check(history, "events", "1");
}

static void test_certificate_issued_makes_an_electronic_one(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    check(history, "medium", "electronic");
    check(history, "status", "valid");
    check(history, "affiliated_since", "2025-03-01");
    check(history, "valid_from", "2025-03-01");
    check(history, "valid_until", "2028-02-29");
    check(history, "version", "1");
    check(history, "identity_event", "3");
    check(history, "post", "07");
}

static void test_certificate_entered_names_the_original(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "national_recorded",
                "person_id=p1 record.certificate=京建安B(2020)0000001 record.state=cancelled");
    history->today += 3;
    history_add(
        history, "certificate_entered",
        "certificate=" NUMBER " category=B person_id=p1 enterprise=E1 "
        "enterprise_name=甲公司 issued=2025-03-04 national_person_id=p1 "
        "original_certificate=京建安B(2020)0000001 first_issued=2020-05-06 valid_until=2026-05-05");
    check(history, "original_certificate", "京建安B(2020)0000001");
    check(history, "enterprise_name", "甲公司");
    check(history, "issued", "2025-03-04");
    check(history, "affiliated_since", "2025-03-04");
    check(history, "valid_from", "2025-03-04");
    check(history, "first_issued", "2020-05-06");
    check(history, "version", "1");
}

static void test_certificate_exchanged_does_not_restart_the_clock(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "paper_registered", PAPER);
    history_add(history, "certificate_exchanged", "certificate=" NUMBER " identity_event=9");
    check(history, "medium", "electronic");
    check(history, "version", "1");
    check(history, "identity_event", "9");
    check(history, "affiliated_since", "2022-01-15");
    check(history, "issued", "2022-01-15");
    check(history, "events", "1,2");
}

static void test_certificate_extended_sets_dates_and_version(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "certificate_extended",
                "certificate=" NUMBER " issued=2028-01-10 valid_from=2028-03-01 "
                "valid_until=2031-02-28 identity_event=12");
    check(history, "issued", "2028-01-10");
    check(history, "valid_from", "2028-03-01");
    check(history, "valid_until", "2031-02-28");
    check(history, "identity_event", "12");
    check(history, "first_issued", "2025-03-01");
    check(history, "affiliated_since", "2025-03-01");
    check(history, "version", "2");
}

static void test_affiliation_changed_moves_a_released_one(void **state)
{
    struct history *history = history_new(*state);
    struct memory_views *views = &history->views;
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "certificate_cancelled", "certificate=" NUMBER " released=true");
    check(history, "status", "released");
    check(history, "enterprise", "E1");
    assert_true(
        memory_views_indexed(views, index_certificates_of_enterprise(STR("E1")), STR(NUMBER)));
    history->today += 200;
    history_add(history, "affiliation_changed",
                "certificate=" NUMBER " enterprise=E2 enterprise_name=乙公司 from_enterprise=E1");
    check(history, "status", "valid");
    check(history, "enterprise", "E2");
    check(history, "enterprise_name", "乙公司");
    check(history, "affiliated_since", "2025-09-17");
    check(history, "version", "2");
    assert_false(
        memory_views_indexed(views, index_certificates_of_enterprise(STR("E1")), STR(NUMBER)));
    assert_true(
        memory_views_indexed(views, index_certificates_of_enterprise(STR("E2")), STR(NUMBER)));
}

static void test_names_change_the_version_of_electronic_ones_alone(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "paper_registered", PAPER);
    history_add(history, "enterprise_name_changed", "certificate=" NUMBER " enterprise_name=新名");
    history_add(history, "holder_renamed", "certificate=" NUMBER);
    check(history, "enterprise_name", "新名");
    check(history, "version", "");
    check(history, "paper.enterprise_name", "甲公司"); /* the row as first imported */
    history_add(history, "certificate_exchanged", "certificate=" NUMBER " identity_event=9");
    history_add(history, "enterprise_name_changed", "certificate=" NUMBER " enterprise_name=又新");
    check(history, "version", "2");
    history_add(history, "holder_renamed", "certificate=" NUMBER " identity_event=6");
    check(history, "version", "3");
    check(history, "identity_event", "6");
    history_add(history, "holder_renamed", "certificate=" NUMBER);
    check(history, "version", "4");
    check(history, "identity_event", "6");
}

static void end_with(void **state, const char *body, const char *fields, const char *status)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    struct view_key by_end = index_certificates_by_end();
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &by_end), 1);
    history_add(history, body, fields);
    check(history, "status", status);
    check(history, "enterprise", "E1"); /* who held it last */
    check(history, "version", "1");
    check(history, "events", "1,2");
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &by_end), 0);
}

static void test_endings_set_the_status(void **state)
{
    end_with(state, "certificate_cancelled", "certificate=" NUMBER " released=false", "cancelled");
    end_with(state, "certificate_departed", "certificate=" NUMBER, "departed");
    end_with(state, "certificate_superseded", "certificate=" NUMBER " by=x", "superseded");
}

static void test_the_authority_sets_the_status(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "certificate_suspended", "certificate=" NUMBER " decision=D-1");
    check(history, "status", "suspended");
    struct view_key by_end = index_certificates_by_end();
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &by_end), 1);
    history->today += 9;
    history_add(history, "certificate_reinstated", "certificate=" NUMBER " decision=D-2");
    check(history, "status", "valid");
    check(history, "affiliated_since", "2025-03-01"); /* D1: no new holding */
    check(history, "version", "1");                   /* the page is as it was */
    check(history, "events", "1,2,3");
    end_with(state, "certificate_revoked", "certificate=" NUMBER " decision=D-3", "revoked");
    end_with(state, "certificate_withdrawn", "certificate=" NUMBER " decision=D-3", "withdrawn");
    end_with(state, "authority_cancelled", "certificate=" NUMBER " decision=D-3", "cancelled");
}

static void test_departure_withdrawn_brings_it_back(void **state)
{
    struct history *history = history_new(*state);
    struct view_key by_end = index_certificates_by_end();
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "certificate_departed", "certificate=" NUMBER);
    history->today += 9;
    history_add(history, "departure_withdrawn", "certificate=" NUMBER " decision=D-1");
    check(history, "status", "valid");
    check(history, "enterprise", "E1");
    check(history, "affiliated_since", "2025-03-01");
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &by_end), 1);
}

static void test_certificate_corrected_changes_what_is_given(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "certificate_corrected",
                "certificate=" NUMBER " decision=D-1 first_issued=2019-05-06 "
                "valid_until=2028-03-31");
    check(history, "first_issued", "2019-05-06");
    check(history, "issued", "2025-03-01");
    check(history, "valid_from", "2025-03-01");
    check(history, "valid_until", "2028-03-31");
    check(history, "affiliated_since", "2025-03-01");
    check(history, "identity_event", "3");
    check(history, "version", "2");
    struct view_key by_end = index_certificates_by_end();
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &by_end), 1);
    history_add(history, "certificate_corrected",
                "certificate=" NUMBER " issued=2025-03-02 valid_from=2025-03-03 "
                "affiliated_since=2025-03-04 identity_event=8");
    check(history, "issued", "2025-03-02");
    check(history, "valid_from", "2025-03-03");
    check(history, "affiliated_since", "2025-03-04");
    check(history, "identity_event", "8");
    check(history, "first_issued", "2019-05-06");
    check(history, "version", "3");
}

static void test_corrected_paper_keeps_its_row(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "paper_registered", PAPER);
    history_add(history, "certificate_corrected", "certificate=" NUMBER " valid_until=2025-07-31");
    history_add(history, "post_changed", "certificate=" NUMBER " post=99");
    check(history, "valid_until", "2025-07-31");
    check(history, "post", "99");
    check(history, "paper.valid_until", "2025-06-30"); /* the same row again is unchanged */
    check(history, "paper.post", "07");
    check(history, "version", "");
}

static void test_post_changed_makes_a_legal_representative(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "post_changed",
                "certificate=" NUMBER " decision=D-1 post=01 legal_representative=true");
    check(history, "post", "01");
    check(history, "legal_representative", "true");
    check(history, "version", "2");
    history_add(history, "post_changed", "certificate=" NUMBER " decision=D-2 post=02");
    check(history, "post", "02");
    check(history, "legal_representative", "");
    check(history, "version", "3");
}

static void test_mass_events_change_one_value(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "validity_extended", "certificate=" NUMBER " valid_until=2028-06-30");
    check(history, "valid_until", "2028-06-30");
    check(history, "valid_from", "2025-03-01");
    check(history, "issued", "2025-03-01");
    check(history, "version", "2");
    history_add(history, "category_converted", "certificate=" NUMBER " category=C3");
    check(history, "category", "c3");
    check(history, "certificate", NUMBER); /* D26: the number stays */
    check(history, "version", "3");
}

static void test_regeneration_requested_is_remembered(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "regeneration_requested", "certificate=" NUMBER);
    check(history, "events", "1,2");
    check(history, "version", "1");
}

static void test_contradictions_are_corrupt(void **state)
{
    static const char *const changes[] = {
        "certificate_exchanged",   "certificate_extended",   "affiliation_changed",
        "enterprise_name_changed", "holder_renamed",         "certificate_cancelled",
        "certificate_departed",    "certificate_superseded", "regeneration_requested",
        "certificate_suspended",   "certificate_reinstated", "certificate_revoked",
        "certificate_withdrawn",   "authority_cancelled",    "departure_withdrawn",
        "certificate_corrected",   "post_changed",           "validity_extended",
        "category_converted",
    };
    struct history *history = history_new(*state);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        history_refuse(history, changes[i], "certificate=" NUMBER);
    }
    history_add(history, "certificate_issued", ISSUE);
    history_refuse(history, "certificate_issued", ISSUE);
    history_refuse(history, "paper_registered", PAPER);
    history_refuse(history, "certificate_entered", "certificate=" NUMBER);
}

static void test_certificate_index_holds_serials_of_local_numbers(void **state)
{
    struct history *history = history_new(*state);
    struct memory_views *views = &history->views;
    history_add(history, "certificate_issued", ISSUE);
    history_add(history, "paper_registered",
                "certificate=京建安B(2025)0000007 status=valid person_id=p1 enterprise=E1");
    struct view_key serial = index_certificates_of_serial(2025, 7);
    assert_int_equal(memory_views_count(views, VIEW_INDEX, &serial), 1);
    assert_true(memory_views_indexed(views, serial, STR(NUMBER)));
    struct view_key person = index_certificates_of_person(STR("p1"));
    assert_int_equal(memory_views_count(views, VIEW_INDEX, &person), 2);
    struct view_key other = index_certificates_of_serial(2025, 8);
    assert_int_equal(memory_views_count(views, VIEW_INDEX, &other), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_paper_registered_keeps_the_row),
        TEST_WITH_ARENA(test_certificate_issued_makes_an_electronic_one),
        TEST_WITH_ARENA(test_certificate_entered_names_the_original),
        TEST_WITH_ARENA(test_certificate_exchanged_does_not_restart_the_clock),
        TEST_WITH_ARENA(test_certificate_extended_sets_dates_and_version),
        TEST_WITH_ARENA(test_affiliation_changed_moves_a_released_one),
        TEST_WITH_ARENA(test_names_change_the_version_of_electronic_ones_alone),
        TEST_WITH_ARENA(test_endings_set_the_status),
        TEST_WITH_ARENA(test_the_authority_sets_the_status),
        TEST_WITH_ARENA(test_departure_withdrawn_brings_it_back),
        TEST_WITH_ARENA(test_certificate_corrected_changes_what_is_given),
        TEST_WITH_ARENA(test_corrected_paper_keeps_its_row),
        TEST_WITH_ARENA(test_post_changed_makes_a_legal_representative),
        TEST_WITH_ARENA(test_mass_events_change_one_value),
        TEST_WITH_ARENA(test_regeneration_requested_is_remembered),
        TEST_WITH_ARENA(test_contradictions_are_corrupt),
        TEST_WITH_ARENA(test_certificate_index_holds_serials_of_local_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
