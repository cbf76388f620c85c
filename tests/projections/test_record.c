/* test_record - the record lists: a line for each thing done, under its enterprise. */
#include "projections/kinds.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define NUMBER "沪建安B(2025)0000007"
#define LINE                                                                                       \
    "certificate=" NUMBER                                                                          \
    " enterprise=E1 enterprise_name=甲公司 person_id=p1 valid_until=2028-02-29"

static struct history *with_issued(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "certificate_issued", LINE);
    return history;
}

/* The line of the last event. */
static void check_last(struct history *history, RecordList__Code list, const char *kind,
                       const char *document)
{
    struct view_key key;
    make_key_record(&key, STR("E1"), list, history->sequence);
    assert_string_equal(history_field(history, VIEW_RECORD, key, "kind"), kind);
    assert_string_equal(history_field(history, VIEW_RECORD, key, "certificate"), NUMBER);
    assert_string_equal(history_field(history, VIEW_RECORD, key, "enterprise_name"), "甲公司");
    assert_string_equal(history_field(history, VIEW_RECORD, key, "person_id"), "p1");
    assert_string_equal(history_field(history, VIEW_RECORD, key, "date"), "2025-03-01");
    assert_string_equal(history_field(history, VIEW_RECORD, key, "valid_until"), "2028-02-29");
    assert_string_equal(history_field(history, VIEW_RECORD, key, "document"), document);
}

static void test_each_event_has_its_list(void **state)
{
    struct history *history = with_issued(state);
    check_last(history, RECORD_LIST__CODE__ISSUANCES, "first_issue", "");
    history_add(history, "certificate_extended", LINE);
    check_last(history, RECORD_LIST__CODE__ISSUANCES, "extension", "");
    history_add(history, "affiliation_changed", LINE " from_enterprise=E0");
    check_last(history, RECORD_LIST__CODE__CHANGES, "affiliation_change", "");
    history_add(history, "enterprise_name_changed", LINE);
    check_last(history, RECORD_LIST__CODE__CHANGES, "name_change", "");
    history_add(history, "holder_renamed", LINE);
    check_last(history, RECORD_LIST__CODE__CHANGES, "holder_renamed", "");
    history_add(history, "certificate_cancelled", LINE " released=true document=cancellation:x");
    check_last(history, RECORD_LIST__CODE__CANCELLATIONS, "cancellation", "cancellation:x");
    history_add(history, "certificate_departed", LINE " document=departure:9");
    check_last(history, RECORD_LIST__CODE__DEPARTURES, "departure", "departure:9");
}

static void test_entries_name_the_original(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "national_recorded", "person_id=p1 record.certificate=京建安B(2020)1");
    history_add(history, "certificate_entered",
                LINE " national_person_id=p1 original_certificate=京建安B(2020)1");
    check_last(history, RECORD_LIST__CODE__ENTRIES, "entry", "");
    struct view_key key;
    make_key_record(&key, STR("E1"), RECORD_LIST__CODE__ENTRIES, 2);
    assert_string_equal(history_field(history, VIEW_RECORD, key, "original_certificate"),
                        "京建安B(2020)1");
}

static void test_paper_exchange_and_superseding_have_no_line(void **state)
{
    struct history *history = history_new(*state);
    struct view_key all = {.size = 0};
    history_add(history, "paper_registered",
                "certificate=" NUMBER " enterprise=E1 person_id=p1 status=valid");
    history_add(history, "certificate_exchanged", "certificate=" NUMBER);
    history_add(history, "certificate_superseded", "certificate=" NUMBER);
    history_add(history, "regeneration_requested", "certificate=" NUMBER);
    assert_int_equal(memory_views_count(&history->views, VIEW_RECORD, &all), 0);
    history_add(history, "holder_renamed", LINE);
    assert_int_equal(memory_views_count(&history->views, VIEW_RECORD, &all), 1);
}

static void test_lines_stand_under_the_receiving_enterprise(void **state)
{
    struct history *history = with_issued(state);
    history_add(history, "affiliation_changed", "certificate=" NUMBER " enterprise=E2");
    struct view_key first = prefix_records_of(STR("E1"), RECORD_LIST__CODE__CHANGES);
    struct view_key second = prefix_records_of(STR("E2"), RECORD_LIST__CODE__CHANGES);
    assert_int_equal(memory_views_count(&history->views, VIEW_RECORD, &first), 0);
    assert_int_equal(memory_views_count(&history->views, VIEW_RECORD, &second), 1);
}

static void test_key_record_puts_the_newest_first(void **state)
{
    (void)state; /* no views needed */
    struct view_key older;
    struct view_key newer;
    make_key_record(&older, STR("E1"), RECORD_LIST__CODE__CHANGES, 255);
    make_key_record(&newer, STR("E1"), RECORD_LIST__CODE__CHANGES, 256);
    assert_true(bytes_compare((bytes){newer.data, newer.size}, (bytes){older.data, older.size}) <
                0);
}

static void test_key_record_event_reads_what_the_key_holds(void **state)
{
    (void)state; /* no views needed */
    RecordList__Code list = RECORD_LIST__CODE__NONE;
    struct view_key key;
    make_key_record(&key, STR("E1"), RECORD_LIST__CODE__ENTRIES, 258);
    assert_int_equal(key_record_event((bytes){key.data, key.size}, &list), 258);
    assert_int_equal(list, RECORD_LIST__CODE__ENTRIES);
    assert_int_equal(key_record_event((bytes){key.data, 9}, &list), 0); /* no such key */
    assert_int_equal(list, RECORD_LIST__CODE__NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_each_event_has_its_list),
        TEST_WITH_ARENA(test_entries_name_the_original),
        TEST_WITH_ARENA(test_paper_exchange_and_superseding_have_no_line),
        TEST_WITH_ARENA(test_lines_stand_under_the_receiving_enterprise),
        cmocka_unit_test(test_key_record_puts_the_newest_first),
        cmocka_unit_test(test_key_record_event_reads_what_the_key_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
