/* test_file_record - the view of records of personnel files: as they stand, level by level. */
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define R7 key_file_record(STR("p1"), STR("R7"))

static struct history *with_record(void **state, const char *kind)
{
    struct history *history = history_new(*state);
    str fields = arena_format(*state,
                              "record=R7 person_id=p1 kind=%s personal.fields=学校名称=甲大学 "
                              "personal.fields=学历=本科",
                              kind);
    history_add(history, "record_added", fields.data);
    return history;
}

static const char *field(struct history *history, const char *name)
{
    return history_field(history, VIEW_FILE_RECORD, R7, name);
}

static size_t scans_of(struct history *history)
{
    const FileRecordView *record = (const FileRecordView *)(const void *)memory_views_get(
        &history->views, VIEW_FILE_RECORD, R7, history->arena);
    return record->n_scans;
}

/* R-DL-01. */
static void test_a_new_record_is_level_d(void **state)
{
    struct history *history = with_record(state, "education");
    assert_string_equal(field(history, "level"), "d");
    assert_string_equal(field(history, "kind"), "education");
    assert_string_equal(field(history, "fields.1.value"), "本科");
    assert_string_equal(field(history, "events"), "1");
    assert_string_equal(field(history, "created_by"), "");
}

static void test_an_edit_replaces_all_fields(void **state)
{
    struct history *history = with_record(state, "education");
    history_add(history, "record_edited", "record=R7 person_id=p1 personal.fields=学校名称=乙大学");
    assert_string_equal(field(history, "fields"), "学校名称=乙大学");
    assert_string_equal(field(history, "events"), "1,2");
}

static void test_scans_collect_but_a_signature_has_one(void **state)
{
    struct history *history = with_record(state, "education");
    history_add(history, "scan_attached", "record=R7 person_id=p1 role=original scan_sha256=01");
    history_add(history, "scan_attached",
                "record=R7 person_id=p1 role=letter scan_sha256=02 dpi=72");
    assert_string_equal(field(history, "scans.0.scan_sha256"), "01");
    assert_string_equal(field(history, "scans.1.role"), "letter");
    assert_string_equal(field(history, "scans.1.dpi"), "72");
    struct history *signature = with_record(state, "signature");
    history_add(signature, "scan_attached", "record=R7 person_id=p1 role=original scan_sha256=01");
    history_add(signature, "scan_attached", "record=R7 person_id=p1 role=original scan_sha256=02");
    assert_string_equal(field(signature, "scans.0.scan_sha256"), "02");
    assert_int_equal(scans_of(history), 2);
    assert_int_equal(scans_of(signature), 1);
}

/* What a deleted record said is gone from the view; that it was there is not. */
static void test_a_deleted_record_says_nothing(void **state)
{
    struct history *history = with_record(state, "education");
    history_add(history, "scan_attached", "record=R7 person_id=p1 role=original scan_sha256=01");
    history_add(history, "record_deleted", "record=R7 person_id=p1");
    assert_string_equal(field(history, "deleted"), "true");
    assert_string_equal(field(history, "fields"), "");
    assert_int_equal(scans_of(history), 0);
    assert_string_equal(field(history, "events"), "1,2,3");
    history_refuse(history, "record_edited", "record=R7 person_id=p1");
}

/* A destroyed key: kind, level and history stay. */
static void test_a_blank_record_stays_a_record(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "record_added", "record=R7 person_id=p1 kind=title");
    assert_string_equal(field(history, "kind"), "title");
    assert_string_equal(field(history, "level"), "d");
    assert_string_equal(field(history, "fields"), "");
}

static void test_what_is_not_there_contradicts(void **state)
{
    struct history *history = with_record(state, "education");
    history_refuse(history, "record_added", "record=R7 person_id=p1 kind=education");
    history_refuse(history, "record_edited", "record=R8 person_id=p1");
    history_refuse(history, "scan_attached", "record=R7 person_id=p2");
    history_refuse(history, "record_deleted", "record=R8 person_id=p1");
}

/* Decision 0022: what an edit costs does not grow with those before it. */
static void test_many_events_move_to_a_trail(void **state)
{
    struct history *history = with_record(state, "education");
    for (int i = 0; i < 3 * TRAIL_EVENTS; i++) {
        history_add(history, "record_edited", "record=R7 person_id=p1 personal.fields=学校名称=乙");
    }
    const FileRecordView *record = (const FileRecordView *)(const void *)memory_views_get(
        &history->views, VIEW_FILE_RECORD, R7, history->arena);
    assert_true(record->n_events <= 2 * TRAIL_EVENTS);
    assert_int_equal(record->events[0], 1);
    assert_int_equal(record->n_events + record->trailed, 3 * TRAIL_EVENTS + 1);
}

static void test_the_index_leads_to_the_person(void **state)
{
    struct history *history = with_record(state, "education");
    struct view_key prefix = index_persons_of_record(STR("R7"));
    struct view_key longer = index_persons_of_record(STR("R"));
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &prefix), 1);
    assert_int_equal(memory_views_count(&history->views, VIEW_INDEX, &longer), 0);
}

/* R-DL-04: the last row counts; a registration that moved away may come back. */
static void test_a_registration_is_what_the_last_row_says(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "registration_recorded",
                "record=R7 person_id=p1 personal.fields=注册类型=一级注册建造师 enterprise=E-1 "
                "state=正常 valid_until=2026-12-31");
    assert_string_equal(field(history, "level"), "a");
    assert_string_equal(field(history, "kind"), "registration");
    assert_string_equal(field(history, "enterprise"), "E-1");
    history_add(history, "registration_recorded",
                "record=R7 person_id=p1 personal.fields=注册类型=二级注册建造师 enterprise=E-2");
    assert_string_equal(field(history, "fields"), "注册类型=二级注册建造师");
    assert_string_equal(field(history, "enterprise"), "E-2");
    assert_string_equal(field(history, "state"), "");
    assert_string_equal(field(history, "valid_until"), "");
    history_add(history, "registration_recorded", "record=R7 person_id=p1 moved=true");
    assert_string_equal(field(history, "deleted"), "true");
    assert_string_equal(field(history, "fields"), "");
    history_add(history, "registration_recorded", "record=R7 person_id=p1 enterprise=E-1");
    assert_string_equal(field(history, "deleted"), "");
    assert_string_equal(field(history, "events"), "1,2,3,4");
    history_refuse(history, "record_edited", "record=R7 person_id=p2");
}

static void test_a_contract_is_a_project_of_level_a(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "contract_recorded",
                "record=R7 person_id=p1 personal.fields=项目名称=示范大厦");
    assert_string_equal(field(history, "level"), "a");
    assert_string_equal(field(history, "kind"), "project");
    /* nothing of other systems turns into what a person wrote, nor the other way */
    history_refuse(history, "record_verified", "record=R7 person_id=p1 department=浦东");
    struct history *written = with_record(state, "project");
    history_refuse(written, "contract_recorded", "record=R7 person_id=p1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_a_new_record_is_level_d),
        TEST_WITH_ARENA(test_an_edit_replaces_all_fields),
        TEST_WITH_ARENA(test_scans_collect_but_a_signature_has_one),
        TEST_WITH_ARENA(test_a_deleted_record_says_nothing),
        TEST_WITH_ARENA(test_a_blank_record_stays_a_record),
        TEST_WITH_ARENA(test_what_is_not_there_contradicts),
        TEST_WITH_ARENA(test_many_events_move_to_a_trail),
        TEST_WITH_ARENA(test_the_index_leads_to_the_person),
        TEST_WITH_ARENA(test_a_registration_is_what_the_last_row_says),
        TEST_WITH_ARENA(test_a_contract_is_a_project_of_level_a),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
