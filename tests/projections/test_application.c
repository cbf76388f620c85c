/* test_application - applications and visits as views (R-DL-10, R-DL-20), and the levels of records
 * that they move (RULES 2.4). */
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define RECORD  "record=R1 person_id=p1 kind=work"
#define TITLE   "record=R2 person_id=p1 kind=title"
#define SEEN    "record=R2 person_id=p1 department=市中心 visit=v1 compared=职称 compared=专业"
#define OPENED  "application=A3 enterprise=E1 item=施工二级 insurance_months=24302"
#define OF_R1   "record=R1 person_id=p1 application=A3"
#define OF_R2   "record=R2 person_id=p1 application=A3"
#define THE_ONE "application=A3"

static const char *record(struct history *history, const char *name, const char *field)
{
    return history_field(history, VIEW_FILE_RECORD, key_file_record(STR("p1"), str_of(name)),
                         field);
}

static const char *application(struct history *history, const char *field)
{
    return history_field(history, VIEW_APPLICATION, key_application(STR("A3")), field);
}

static void test_application_goes_from_open_to_approved(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "application_accepted", THE_ONE);
    history_add(history, "application_opened", OPENED);
    assert_string_equal(application(history, "status"), "open");
    assert_string_equal(application(history, "enterprise"), "E1");
    assert_string_equal(application(history, "item"), "施工二级");
    assert_string_equal(application(history, "insurance_months"), "24302");
    history_refuse(history, "application_opened", OPENED);
    history_refuse(history, "application_approved", THE_ONE);
    history_add(history, "application_accepted", THE_ONE);
    assert_string_equal(application(history, "status"), "accepted");
    history_refuse(history, "application_accepted", THE_ONE);
    history_add(history, "application_approved", THE_ONE);
    assert_string_equal(application(history, "status"), "approved");
    assert_string_equal(application(history, "events"), "1,2,3");
    history_refuse(history, "application_closed", THE_ONE);
}

static void test_application_is_closed_before_approval_only(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "application_closed", THE_ONE);
    history_add(history, "application_opened", OPENED);
    history_add(history, "application_closed", THE_ONE);
    assert_string_equal(application(history, "status"), "closed");
    history_refuse(history, "application_closed", THE_ONE);
    history_refuse(history, "application_accepted", THE_ONE);
}

/* R-DL-05, R-DL-09: D to C and back, by these events alone. */
static void test_record_verified_is_level_c_until_cancelled(void **state)
{
    struct history *history = history_new(*state);
    history_refuse(history, "record_verified", SEEN);
    history_add(history, "record_added", TITLE);
    history_refuse(history, "verification_cancelled", "record=R2 person_id=p1");
    history_add(history, "verification_refused", "record=R2 person_id=p1 reason=scan_unclear");
    assert_string_equal(record(history, "R2", "level"), "d");
    assert_string_equal(record(history, "R2", "refused"), "scan_unclear");
    history_add(history, "record_verified", SEEN);
    assert_string_equal(record(history, "R2", "level"), "c");
    assert_string_equal(record(history, "R2", "verified_by"), "市中心");
    assert_string_equal(record(history, "R2", "compared"), "职称,专业");
    assert_string_equal(record(history, "R2", "refused"), "");
    history_refuse(history, "record_verified", SEEN);
    history_refuse(history, "verification_refused", "record=R2 person_id=p1 reason=scan_unclear");
    history_add(history, "verification_cancelled", "record=R2 person_id=p1");
    assert_string_equal(record(history, "R2", "level"), "d");
    assert_string_equal(record(history, "R2", "verified_by"), "");
    assert_string_equal(record(history, "R2", "compared"), "");
}

/* R-DL-06, R-DL-13: from C and from D to B, and never away from it. */
static void test_record_frozen_stays_frozen(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "record_added", RECORD);
    history_add(history, "record_added", TITLE);
    history_add(history, "record_verified", SEEN);
    history_add(history, "record_frozen", OF_R1);
    history_add(history, "record_frozen", OF_R2);
    assert_string_equal(record(history, "R1", "level"), "b");
    assert_string_equal(record(history, "R1", "application"), "A3");
    assert_string_equal(record(history, "R2", "level"), "b");
    assert_string_equal(record(history, "R2", "verified_by"), "市中心");
    history_refuse(history, "record_frozen", OF_R2);
    history_refuse(history, "record_verified", SEEN);
    history_refuse(history, "verification_cancelled", "record=R2 person_id=p1");
    history_refuse(history, "verification_refused", "record=R2 person_id=p1 reason=scan_unclear");
}

/* R-DL-10: what holds a record, one after the other. */
static void test_record_used_is_held_until_released_or_frozen(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "record_added", RECORD);
    history_add(history, "record_used", OF_R1);
    history_add(history, "record_used", "record=R1 person_id=p1 application=A5");
    history_add(history, "record_used", "record=R1 person_id=p1 application=A7");
    assert_string_equal(record(history, "R1", "open_applications"), "A3,A5,A7");
    history_add(history, "record_released", "record=R1 person_id=p1 application=A5");
    assert_string_equal(record(history, "R1", "open_applications"), "A3,A7");
    history_add(history, "record_frozen", OF_R1);
    assert_string_equal(record(history, "R1", "open_applications"), "A7");
    history_add(history, "record_released", "record=R1 person_id=p1 application=A7");
    assert_string_equal(record(history, "R1", "open_applications"), "");
    assert_string_equal(record(history, "R1", "level"), "b");
}

static void test_record_deleted_is_released_all_the_same(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "record_added", RECORD);
    history_add(history, "record_used", OF_R1);
    history_add(history, "record_deleted", "record=R1 person_id=p1");
    history_refuse(history, "record_frozen", OF_R1);
    history_refuse(history, "record_used", OF_R1);
    history_add(history, "record_released", OF_R1);
    assert_string_equal(record(history, "R1", "open_applications"), "");
    assert_string_equal(record(history, "R1", "deleted"), "true");
}

/* R-DL-20: by department and name, each record once, whether it was verified or refused. */
static void test_visit_counts_records_once(void **state)
{
    struct history *history = history_new(*state);
    struct view_key visit = key_visit(STR("市中心"), STR("v1"));
    const struct view_key all = {.size = 0};
    history_add(history, "record_added", RECORD);
    history_add(history, "record_added", TITLE);
    history_add(history, "verification_refused",
                "record=R2 person_id=p1 reason=scan_unclear department=市中心 visit=v1");
    assert_string_equal(history_field(history, VIEW_VISIT, visit, "records"), "R2");
    history_add(history, "record_verified", SEEN);
    assert_string_equal(history_field(history, VIEW_VISIT, visit, "records"), "R2");
    history_add(history, "record_verified", "record=R1 person_id=p1 department=市中心 visit=v1");
    assert_string_equal(history_field(history, VIEW_VISIT, visit, "records"), "R2,R1");
    history_add(history, "verification_cancelled", "record=R1 person_id=p1");
    history_add(history, "record_verified", "record=R1 person_id=p1 department=某区 visit=v1");
    assert_string_equal(history_field(history, VIEW_VISIT, visit, "records"), "R2,R1");
    assert_string_equal(
        history_field(history, VIEW_VISIT, key_visit(STR("某区"), STR("v1")), "records"), "R1");
    history_add(history, "verification_cancelled", "record=R1 person_id=p1");
    history_add(history, "verification_refused",
                "record=R1 person_id=p1 reason=scan_unclear department=市中心");
    assert_int_equal(memory_views_count(&history->views, VIEW_VISIT, &all), 2); /* nameless */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_application_goes_from_open_to_approved),
        TEST_WITH_ARENA(test_application_is_closed_before_approval_only),
        TEST_WITH_ARENA(test_record_verified_is_level_c_until_cancelled),
        TEST_WITH_ARENA(test_record_frozen_stays_frozen),
        TEST_WITH_ARENA(test_record_used_is_held_until_released_or_frozen),
        TEST_WITH_ARENA(test_record_deleted_is_released_all_the_same),
        TEST_WITH_ARENA(test_visit_counts_records_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
