/* test_record - text forms and bytes of messages. */
#include <event.pb-c.h>
#include <string.h>
#include <view.pb-c.h>

#include "core/base/date.h"
#include "core/base/messages.h"
#include "core/base/record.h"
#include "tests/support/fixture.h"
#include "tests/support/test.h"

static str field_text(const ProtobufCMessage *message, const char *name, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field = record_find(message->descriptor, str_of(name));
    assert_non_null(field);
    return record_get(message, field, arena);
}

static void check(const char *name, const char *text, const char *expected, struct arena *arena)
{
    struct error err = {0};
    ExamView *exam = RECORD_NEW(arena, ExamView, exam_view);
    assert_true(record_set(&exam->base, str_of(name), str_of(text), arena, &err).ok);
    str got = field_text(&exam->base, name, arena);
    assert_int_equal(got.size, strlen(expected));
    assert_memory_equal(got.data, expected, got.size);
}

static void test_record_set_reads_what_record_get_writes(void **state)
{
    struct arena *arena = *state;
    check("ticket", "K-001", "K-001", arena);
    check("passed", "YES", "true", arena);
    check("passed", "True", "true", arena);
    check("passed", "1", "true", arena);
    check("passed", "0", "", arena);
    check("used_by_event", "18446744073709551615", "18446744073709551615", arena);
    check("category", "c1", "c1", arena);
    check("kind", "EXTENSION", "extension", arena);
    check("exam_date", "2025年3月1日", "2025-03-01", arena);
    check("exam_date", "20250301", "2025-03-01", arena);
}

static void refuse(const char *name, const char *text, int code, struct arena *arena)
{
    struct error err = {0};
    CertificateView *view = RECORD_NEW(arena, CertificateView, certificate_view);
    assert_false(record_set(&view->base, str_of(name), str_of(text), arena, &err).ok);
    assert_int_equal(err.class, ERROR_INVALID);
    assert_int_equal(err.code, code);
}

static void test_record_set_refuses_what_has_another_form(void **state)
{
    struct arena *arena = *state;
    refuse("legal_representative", "maybe", MESSAGE_BAD_VALUE, arena);
    refuse("version", "4294967296", MESSAGE_BAD_VALUE, arena);
    refuse("version", "-1", MESSAGE_BAD_VALUE, arena);
    refuse("version", "", MESSAGE_BAD_VALUE, arena);
    refuse("category", "E", MESSAGE_BAD_VALUE, arena);
    refuse("issued", "2025-02-29", MESSAGE_BAD_VALUE, arena);
    refuse("colour", "red", MESSAGE_NO_SUCH_FIELD, arena);
    refuse("certificate.x", "red", MESSAGE_NO_SUCH_FIELD, arena);
    refuse("paper.colour", "red", MESSAGE_NO_SUCH_FIELD, arena);
    refuse("paper", "red", MESSAGE_NO_SUCH_FIELD, arena);
}

static void test_record_set_names_an_enums_values(void **state)
{
    struct error err = {0};
    ExamView *exam = RECORD_NEW((struct arena *)*state, ExamView, exam_view);
    assert_false(record_set(&exam->base, STR("kind"), STR("x"), *state, &err).ok);
    assert_string_equal(err.args[2].text, "first|extension");
}

static void test_record_set_bounds_signed_numbers(void **state)
{
    struct arena *arena = *state;
    struct error err = {0};
    InsuranceView *view = RECORD_NEW(arena, InsuranceView, insurance_view);
    assert_true(record_set(&view->base, STR("month"), STR("-2147483648"), arena, &err).ok);
    assert_int_equal(view->month, INT32_MIN);
    assert_false(record_set(&view->base, STR("month"), STR("-2147483649"), arena, &err).ok);
    assert_false(record_set(&view->base, STR("month"), STR("2147483648"), arena, &err).ok);
    assert_int_equal(view->month, INT32_MIN);
    DocumentView *document = RECORD_NEW(arena, DocumentView, document_view);
    assert_true(
        record_set(&document->base, STR("ordered_at_us"), STR("-9223372036854775808"), arena, &err)
            .ok);
    assert_true(document->ordered_at_us == INT64_MIN);
}

static void test_record_set_appends_to_a_repeated_field(void **state)
{
    struct arena *arena = *state;
    struct error err = {0};
    CertificateIssued *issued = RECORD_NEW(arena, CertificateIssued, certificate_issued);
    assert_true(record_set(&issued->base, STR("held"), STR("x"), arena, &err).ok);
    assert_true(record_set(&issued->base, STR("held"), STR("y"), arena, &err).ok);
    assert_true(record_set(&issued->base, STR("insurance_months"), STR("24300"), arena, &err).ok);
    assert_int_equal(issued->n_held, 2);
    assert_true(str_equal_c(field_text(&issued->base, "held", arena), "x,y"));
    assert_true(str_equal_c(field_text(&issued->base, "insurance_months", arena), "24300"));
}

/* Fields of a personnel file: label and value, however many signs of equality the value has. */
static void test_record_set_reads_pairs(void **state)
{
    struct arena *arena = *state;
    struct error err = {0};
    FileRecordView *view = RECORD_NEW(arena, FileRecordView, file_record_view);
    assert_true(record_set(&view->base, STR("fields"), STR("学历=本科"), arena, &err).ok);
    assert_true(record_set(&view->base, STR("fields"), STR("规模=a=b"), arena, &err).ok);
    assert_true(record_set(&view->base, STR("fields"), STR("学制="), arena, &err).ok);
    assert_int_equal(view->n_fields, 3);
    assert_string_equal(view->fields[1]->value, "a=b");
    assert_true(str_equal_c(field_text(&view->base, "fields", arena), "学历=本科,规模=a=b,学制="));
    assert_false(record_set(&view->base, STR("fields"), STR("学历"), arena, &err).ok);
    assert_int_equal(err.code, MESSAGE_BAD_VALUE);
    assert_false(record_set(&view->base, STR("fields"), STR("=本科"), arena, &err).ok);
    assert_int_equal(view->n_fields, 3);
    assert_false(record_takes_text(record_find(&file_record_view__descriptor, STR("scans"))));
}

static void test_record_set_selects_the_member_of_a_oneof(void **state)
{
    struct arena *arena = *state;
    struct error err = {0};
    Event *event = RECORD_NEW(arena, Event, event);
    assert_true(record_set(&event->base, STR("policy_set.key"), STR("k"), arena, &err).ok);
    assert_int_equal(event->body_case, EVENT__BODY_POLICY_SET);
    assert_true(
        record_set(&event->base, STR("exam_recorded.exam_date"), STR("2025-03-01"), arena, &err)
            .ok);
    assert_int_equal(event->body_case, EVENT__BODY_EXAM_RECORDED);
    assert_false(record_has(&event->base, record_find(&event__descriptor, STR("policy_set"))));
    assert_true(record_has(&event->base, record_find(&event__descriptor, STR("exam_recorded"))));
}

/* Of a choice only the selected one is there, though all members share one place. */
static void test_record_inner_is_that_of_the_selected_member(void **state)
{
    const ProtobufCFieldDescriptor *issued =
        record_find(&event__descriptor, STR("certificate_issued"));
    const ProtobufCFieldDescriptor *entered =
        record_find(&event__descriptor, STR("certificate_entered"));
    const ProtobufCFieldDescriptor *day = record_find(&event__descriptor, STR("business_date"));
    Event *event = RECORD_NEW(*state, Event, event);
    assert_null(record_inner(&event->base, issued));
    assert_null(record_inner(&event->base, day));
    ProtobufCMessage *made = record_new_inner(&event->base, issued, *state);
    assert_int_equal(event->body_case, EVENT__BODY_CERTIFICATE_ISSUED);
    assert_ptr_equal(event->certificate_issued, made);
    assert_ptr_equal(record_inner(&event->base, issued), made);
    assert_null(record_inner(&event->base, entered));
    made = record_new_inner(&event->base, day, *state);
    assert_ptr_equal(event->business_date, made);
    assert_ptr_equal(record_inner(&event->base, day), event->business_date);
    assert_non_null(record_inner(&event->base, issued));
}

static void test_record_set_reads_bytes_as_hex(void **state)
{
    struct arena *arena = *state;
    struct error err = {0};
    TrustView *trust = RECORD_NEW(arena, TrustView, trust_view);
    str field = STR("certificate_sha256");
    assert_true(record_set(&trust->base, field, STR("00fFa1"), arena, &err).ok);
    assert_int_equal(trust->certificate_sha256.len, 3);
    assert_true(str_equal_c(field_text(&trust->base, "certificate_sha256", arena), "00ffa1"));
    assert_false(record_set(&trust->base, field, STR("0"), arena, &err).ok);
    assert_false(record_set(&trust->base, field, STR("0g"), arena, &err).ok);
}

static Event *sample(struct arena *arena)
{
    struct error err = {0};
    Event *event = RECORD_NEW(arena, Event, event);
    event->sequence = 7;
    assert_true(record_set(&event->base, STR("certificate_issued.certificate"),
                           STR("沪建安B(2018)0001234"), arena, &err)
                    .ok);
    assert_true(
        record_set(&event->base, STR("certificate_issued.issued"), STR("2018-06-14"), arena, &err)
            .ok);
    return event;
}

static void test_record_unpack_gives_what_was_packed(void **state)
{
    struct arena *arena = *state;
    struct error err = {0};
    Event *event = sample(arena);
    ProtobufCMessage *back = NULL;
    assert_true(
        record_unpack(&event__descriptor, record_pack(&event->base, arena), arena, &back, &err).ok);
    assert_true(record_equal(&event->base, back, arena));
    ((Event *)back)->sequence = 8;
    assert_false(record_equal(&event->base, back, arena));
    assert_true(record_equal(&event->base, record_copy(&event->base, arena), arena));
}

static void refuse_bytes(bytes b, int code, struct arena *arena)
{
    struct error err = {0};
    ProtobufCMessage *back = NULL;
    assert_false(record_unpack(&event__descriptor, b, arena, &back, &err).ok);
    assert_int_equal(err.class, ERROR_CORRUPT);
    assert_int_equal(err.code, code);
    assert_null(back);
}

static void test_record_unpack_refuses_damage_and_unknown_fields(void **state)
{
    struct arena *arena = *state;
    static const uint8_t unknown[] = {0x08, 0x01, 0xa8, 0x7d, 0x01};   /* field 2005 */
    static const uint8_t inside[] = {0x1a, 0x04, 0x08, 0x02, 0x50, 1}; /* field 10 of a Date */
    static const uint8_t known[] = {0x1a, 0x02, 0x08, 0x02};
    bytes packed = record_pack(&sample(arena)->base, arena);
    ProtobufCMessage *back = NULL;
    struct error err = {0};
    refuse_bytes((bytes){packed.data, packed.size - 1}, MESSAGE_BAD_RECORD, arena);
    refuse_bytes(bytes_of(unknown, sizeof unknown), MESSAGE_RECORD_IS_NEWER, arena);
    refuse_bytes(bytes_of(inside, sizeof inside), MESSAGE_RECORD_IS_NEWER, arena);
    assert_true(
        record_unpack(&event__descriptor, bytes_of(known, sizeof known), arena, &back, &err).ok);
}

static void test_record_unpack_refuses_days_that_no_calendar_has(void **state)
{
    struct arena *arena = *state;
    static const uint8_t first_day[] = {0x1a, 0x04, 0x08, 0x95, 0xca, 0x07};
    static const uint8_t last_day[] = {0x1a, 0x05, 0x08, 0xc0, 0x82, 0xe6, 0x02};
    static const uint8_t before[] = {0x1a, 0x04, 0x08, 0x97, 0xca, 0x07};
    static const uint8_t behind[] = {0x1a, 0x05, 0x08, 0xc2, 0x82, 0xe6, 0x02};
    ProtobufCMessage *back = NULL;
    struct error err = {0};
    refuse_bytes(bytes_of(before, sizeof before), MESSAGE_BAD_RECORD, arena);
    refuse_bytes(bytes_of(behind, sizeof behind), MESSAGE_BAD_RECORD, arena);
    assert_true(
        record_unpack(&event__descriptor, bytes_of(first_day, sizeof first_day), arena, &back, &err)
            .ok);
    assert_true(
        record_unpack(&event__descriptor, bytes_of(last_day, sizeof last_day), arena, &back, &err)
            .ok);
    assert_int_equal(((Event *)(void *)back)->business_date->days, DATE_DAYS_MAX);
}

static void test_record_unpack_refuses_text_that_is_not_utf8(void **state)
{
    struct arena *arena = *state;
    static const uint8_t whole[] = {0x2a, 0x03, 0xe5, 0xae, 0x89};         /* operator: 安 */
    static const uint8_t flipped[] = {0x2a, 0x03, 0xe5, 0x2e, 0x89};       /* one bit of it */
    static const uint8_t in_list[] = {0x92, 0x07, 0x03, 0x12, 0x01, 0xff}; /* a number of a proof */
    ProtobufCMessage *back = NULL;
    struct error err = {0};
    refuse_bytes(bytes_of(flipped, sizeof flipped), MESSAGE_BAD_RECORD, arena);
    refuse_bytes(bytes_of(in_list, sizeof in_list), MESSAGE_BAD_RECORD, arena);
    assert_true(
        record_unpack(&event__descriptor, bytes_of(whole, sizeof whole), arena, &back, &err).ok);
}

static void test_record_enum_value_takes_any_case(void **state)
{
    struct arena *arena = *state;
    assert_int_equal(record_enum_value(&status__code__descriptor, STR("Cancelled")), 4);
    assert_int_equal(record_enum_value(&status__code__descriptor, STR("cancel")), -1);
    assert_int_equal(record_enum_value(&status__code__descriptor, STR("cancelledd")), -1);
    assert_int_equal(record_enum_value(&status__code__descriptor, STR("")), -1);
    assert_true(str_equal_c(record_enum_text(&status__code__descriptor, 4, arena), "cancelled"));
    assert_true(str_equal_c(record_enum_text(&status__code__descriptor, 88, arena), "88"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_record_set_reads_what_record_get_writes),
        TEST_WITH_ARENA(test_record_set_refuses_what_has_another_form),
        TEST_WITH_ARENA(test_record_set_names_an_enums_values),
        TEST_WITH_ARENA(test_record_set_bounds_signed_numbers),
        TEST_WITH_ARENA(test_record_set_appends_to_a_repeated_field),
        TEST_WITH_ARENA(test_record_set_reads_pairs),
        TEST_WITH_ARENA(test_record_set_selects_the_member_of_a_oneof),
        TEST_WITH_ARENA(test_record_inner_is_that_of_the_selected_member),
        TEST_WITH_ARENA(test_record_set_reads_bytes_as_hex),
        TEST_WITH_ARENA(test_record_unpack_gives_what_was_packed),
        TEST_WITH_ARENA(test_record_unpack_refuses_damage_and_unknown_fields),
        TEST_WITH_ARENA(test_record_unpack_refuses_days_that_no_calendar_has),
        TEST_WITH_ARENA(test_record_unpack_refuses_text_that_is_not_utf8),
        TEST_WITH_ARENA(test_record_enum_value_takes_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
