/* test_register - enterprises, clerks, exams, insurance, national records, policies, roots. */
#include "core/base/date.h"
#include "core/base/record.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define EXAM     "person_id=p1 category=B kind=first exam_date=2025-01-15 "
#define NATIONAL "京建安B(2020)0000001"

static int32_t exam_day(void)
{
    return date_from_civil((struct civil){2025, 1, 15});
}

static void test_enterprise_keeps_former_names(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_enterprise(STR("E1"));
    history_add(history, "enterprise_registered", "code=E1 name=甲公司 state=正常");
    history_add(history, "enterprise_registered", "code=E1 name=乙公司 legal_person_id=p9");
    history_add(history, "enterprise_registered", "code=E1 name=乙公司 qualification=一级");
    assert_string_equal(history_field(history, VIEW_ENTERPRISE, key, "name"), "乙公司");
    assert_string_equal(history_field(history, VIEW_ENTERPRISE, key, "former_names"), "甲公司");
    assert_string_equal(history_field(history, VIEW_ENTERPRISE, key, "qualification"), "一级");
    assert_string_equal(history_field(history, VIEW_ENTERPRISE, key, "legal_person_id"), "");
    assert_string_equal(history_field(history, VIEW_ENTERPRISE, key, "state"), "");
    assert_string_equal(history_field(history, VIEW_ENTERPRISE, key, "events"), "1,2,3");
}

static void test_clerk_has_the_newest_row(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_clerk(STR("G1"));
    history_add(history, "clerk_registered", "clerk=G1 personal.name=王五 department=甲 level=市");
    history_add(history, "clerk_registered", "clerk=G1 department=乙 level=区 state=停用");
    assert_string_equal(history_field(history, VIEW_CLERK, key, "department"), "乙");
    assert_string_equal(history_field(history, VIEW_CLERK, key, "name"), "");
    assert_string_equal(history_field(history, VIEW_CLERK, key, "state"), "停用");
    assert_string_equal(history_field(history, VIEW_CLERK, key, "event"), "2");
}

static void test_exam_stays_used(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key =
        key_exam(STR("p1"), CATEGORY__CODE__B, EXAM_KIND__CODE__FIRST, exam_day());
    history_add(history, "exam_recorded", EXAM "passed=true valid_until=2028-01-14 ticket=T1");
    assert_string_equal(history_field(history, VIEW_EXAM, key, "used_by_event"), "");
    history_add(history, "certificate_issued",
                "certificate=X exam.person_id=p1 exam.category=B exam.kind=first "
                "exam.exam_date=2025-01-15");
    assert_string_equal(history_field(history, VIEW_EXAM, key, "used_by_event"), "2");
    history_add(history, "exam_recorded", EXAM "passed=false");
    assert_string_equal(history_field(history, VIEW_EXAM, key, "used_by_event"), "2");
    assert_string_equal(history_field(history, VIEW_EXAM, key, "passed"), "");
    assert_string_equal(history_field(history, VIEW_EXAM, key, "event"), "3");
    assert_string_equal(history_field(history, VIEW_EXAM, key, "ticket"), "");
}

static void test_exam_that_is_not_there_cannot_be_used(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "exam_recorded", EXAM "passed=true");
    history_refuse(history, "certificate_issued",
                   "certificate=X exam.person_id=p1 exam.category=B exam.kind=extension "
                   "exam.exam_date=2025-01-15");
}

static void test_exams_of_a_person_have_a_prefix(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "exam_recorded", EXAM);
    history_add(history, "exam_recorded",
                "person_id=p1 category=A kind=first exam_date=2025-01-15");
    history_add(history, "exam_recorded",
                "person_id=p11 category=B kind=first exam_date=2025-01-15");
    struct view_key prefix = prefix_exams_of(STR("p1"));
    assert_int_equal(memory_views_count(&history->views, VIEW_EXAM, &prefix), 2);
}

static void test_insurance_has_a_record_a_month(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "insurance_recorded", "person_id=p1 enterprise=E1 month=24301");
    history_add(history, "insurance_recorded", "person_id=p1 enterprise=E2 month=24301");
    history_add(history, "insurance_recorded", "person_id=p1 enterprise=E1 month=24302");
    struct view_key prefix = prefix_insurances_of(STR("p1"));
    assert_int_equal(memory_views_count(&history->views, VIEW_INSURANCE, &prefix), 3);
    struct view_key key = key_insurance(STR("p1"), 24301, STR("E2"));
    assert_string_equal(history_field(history, VIEW_INSURANCE, key, "event"), "2");
}

static void test_national_record_carries_its_own_person(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_national(STR("p1"), STR(NATIONAL));
    history_add(history, "national_recorded",
                "person_id=p1 personal.name=张三 personal.id_type=resident "
                "personal.id_number=310101189912310017 record.certificate=" NATIONAL
                " record.state=cancelled");
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "name"), "张三");
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "masked_number"),
                        "310*************17");
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "record.state"), "cancelled");
    assert_true(
        memory_views_indexed(&history->views, index_nationals_of_person(STR("p1")), STR(NATIONAL)));
    assert_null(
        memory_views_get(&history->views, VIEW_PERSON, key_person(STR("p1")), history->arena));
}

static void test_masked_national_record_keeps_its_mask(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_national(STR("m1"), STR(NATIONAL));
    history_add(history, "national_recorded",
                "person_id=m1 personal.id_type=resident personal.id_number=310101**********17 "
                "record.certificate=" NATIONAL " record.masked=true");
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "masked_number"),
                        "310101**********17");
}

static void test_national_record_stays_used(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_national(STR("m1"), STR(NATIONAL));
    history_refuse(history, "certificate_entered",
                   "certificate=X national_person_id=m1 original_certificate=" NATIONAL);
    history = history_new(*state);
    history_add(history, "national_recorded", "person_id=m1 record.certificate=" NATIONAL);
    history_add(history, "certificate_entered",
                "certificate=X person_id=p1 national_person_id=m1 "
                "original_certificate=" NATIONAL);
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "used_by_event"), "2");
    history_add(history, "national_recorded", "person_id=m1 record.certificate=" NATIONAL);
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "used_by_event"), "2");
    assert_string_equal(history_field(history, VIEW_NATIONAL, key, "event"), "3");
}

static bytes beginning_of(struct history *history, uint64_t sequence)
{
    ProtobufCMessage *message = NULL;
    struct error err;
    assert_true(
        record_unpack(&event__descriptor, history->events[sequence], history->arena, &message, &err)
            .ok);
    const Event *event = (const Event *)(const void *)message;
    return national_beginning(event->national_recorded, STR("p1"), history->arena);
}

/* A row's beginning is that of the record it makes, used or not, and of no other row's. */
static void test_national_begins_as_its_row(void **state)
{
    static const char *const others[] = {"personal.name=张四",
                                         "personal.id_type=passport",
                                         "record.spelled=x",
                                         "personal.id_number=310101199912310025",
                                         "record.state=valid",
                                         "record.issuer=某厅",
                                         "record.enterprise_name=某公司",
                                         "record.category=c1",
                                         "record.masked=true",
                                         "record.enterprise_code=91",
                                         "record.issued=2020-01-02",
                                         "record.valid_until=2020-01-02",
                                         "record.first_issued=2020-01-02"};
    static const char row[] = "person_id=p1 personal.name=张三 personal.id_type=resident "
                              "personal.id_number=310101189912310017 record.certificate=" NATIONAL
                              " record.state=cancelled record.category=b";
    struct history *history = history_new(*state);
    struct view_key key = key_national(STR("p1"), STR(NATIONAL));
    bytes stored = {NULL, 0};
    struct error err;
    bytes own = beginning_of(history, history_add(history, "national_recorded", row));
    for (int used = 0; used < 2; used++) {
        struct view_store store = memory_views_store(&history->views);
        bytes at = {key.data, key.size};
        assert_true(store.get(store.state, VIEW_NATIONAL, at, &stored, &err).ok);
        assert_true(national_begins(stored, own));
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            struct history *other = history_new(*state);
            str fields = arena_format(*state, "%s %s", row, others[i]);
            bytes begins =
                beginning_of(other, history_add(other, "national_recorded", fields.data));
            assert_false(national_begins(stored, begins));
        }
        assert_false(national_begins((bytes){NULL, 0}, own));
        assert_false(national_begins((bytes){stored.data, own.size - 1}, own));
        if (used == 0) {
            history_add(history, "certificate_entered",
                        "certificate=X person_id=p1 national_person_id=p1 "
                        "original_certificate=" NATIONAL);
        }
    }
}

static void test_policy_has_the_newest_value(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_policy(STR("entry.states"));
    history_add(history, "policy_set", "key=entry.states value=注销");
    history_add(history, "policy_set", "key=entry.states value=失效 decision=D-1");
    assert_string_equal(history_field(history, VIEW_POLICY, key, "key"), "entry.states");
    assert_string_equal(history_field(history, VIEW_POLICY, key, "value"), "失效");
    assert_string_equal(history_field(history, VIEW_POLICY, key, "decision"), "D-1");
    assert_string_equal(history_field(history, VIEW_POLICY, key, "event"), "2");
}

/* Every description that was ever set, in their order: documents of old ones are drawn by them. */
static void test_templates_keep_every_version(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_template(STR("certificate"));
    history_add(history, "template_set", "kind=certificate text=a sha256=0a decision=D-1");
    history->today += 5;
    history_add(history, "template_set", "kind=departure_proof text=b sha256=0b");
    history_add(history, "template_set", "kind=certificate text=c sha256=0c decision=D-3");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "kind"), "certificate");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.0.event"), "1");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.0.sha256"), "0a");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.0.decision"), "D-1");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.0.set_on"),
                        "2025-03-01");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.1.event"), "3");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.1.sha256"), "0c");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.1.decision"), "D-3");
    assert_string_equal(history_field(history, VIEW_TEMPLATE, key, "versions.1.set_on"),
                        "2025-03-06");
}

static void test_distrusted_root_loses_its_certificate(void **state)
{
    struct history *history = history_new(*state);
    struct view_key key = key_trust(bytes_of("\x0a\x0b", 2));
    history_refuse(history, "root_distrusted", "certificate_sha256=0a0b");
    history_add(history, "root_trusted", "certificate_sha256=0a0b certificate_der=30 subject=CA");
    assert_string_equal(history_field(history, VIEW_TRUST, key, "certificate_sha256"), "0a0b");
    assert_string_equal(history_field(history, VIEW_TRUST, key, "certificate_der"), "30");
    history_add(history, "root_distrusted", "certificate_sha256=0a0b");
    assert_string_equal(history_field(history, VIEW_TRUST, key, "certificate_der"), "");
    assert_string_equal(history_field(history, VIEW_TRUST, key, "subject"), "CA");
    history_add(history, "root_trusted", "certificate_sha256=0a0b certificate_der=30 subject=CA");
    assert_string_equal(history_field(history, VIEW_TRUST, key, "certificate_der"), "30");
}

static void check_registry(struct history *history, const char *field, const char *expected)
{
    assert_string_equal(history_field(history, VIEW_REGISTRY, key_registry(), field), expected);
}

static void test_registry_counts_serials_by_year(void **state)
{
    struct history *history = history_new(*state);
    history_add(history, "store_created",
                "authority_name=某委 authority_code=A origin=o clock_free=true");
    history_add(history, "certificate_issued", "certificate=沪建安B(2026)0000009");
    history_add(history, "certificate_issued", "certificate=沪建安A(2026)0000003");
    history_add(history, "national_recorded", "person_id=m1 record.certificate=" NATIONAL);
    history_add(history, "certificate_entered",
                "certificate=沪建安C1(2025)0000021 national_person_id=m1 "
                "original_certificate=" NATIONAL);
    history_add(history, "paper_registered", "certificate=沪建安C(2024)0000500 status=valid");
    history->today += 5;
    history_add(history, "file_processed", "kind=exams");
    check_registry(history, "authority_name", "某委");
    check_registry(history, "clock_free", "true");
    check_registry(history, "signatures_required", "");
    check_registry(history, "serials.0.year", "2025");
    check_registry(history, "serials.0.last", "21");
    check_registry(history, "serials.1.year", "2026");
    check_registry(history, "serials.1.last", "9");
    check_registry(history, "last_business_date", "2025-03-06");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_enterprise_keeps_former_names),
        TEST_WITH_ARENA(test_clerk_has_the_newest_row),
        TEST_WITH_ARENA(test_exam_stays_used),
        TEST_WITH_ARENA(test_exam_that_is_not_there_cannot_be_used),
        TEST_WITH_ARENA(test_exams_of_a_person_have_a_prefix),
        TEST_WITH_ARENA(test_insurance_has_a_record_a_month),
        TEST_WITH_ARENA(test_national_record_carries_its_own_person),
        TEST_WITH_ARENA(test_masked_national_record_keeps_its_mask),
        TEST_WITH_ARENA(test_national_record_stays_used),
        TEST_WITH_ARENA(test_national_begins_as_its_row),
        TEST_WITH_ARENA(test_policy_has_the_newest_value),
        TEST_WITH_ARENA(test_templates_keep_every_version),
        TEST_WITH_ARENA(test_distrusted_root_loses_its_certificate),
        TEST_WITH_ARENA(test_registry_counts_serials_by_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
