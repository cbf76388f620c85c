/* test_feeds - where each kind of event goes, and that it is taken there. */
#include <string.h>

#include "./jobs/engine/engine.h"
#include "core/base/record.h"
#include "projections/feeds.h"
#include "tests/support/fixture.h"
#include "tests/support/history.h"
#include "tests/support/test.h"

#define CERTIFICATE "沪建安B(2025)0000001"

/* What the events of the test may be about. */
static struct history *small_city(struct arena *arena)
{
    struct history *history = history_new(arena);
    history_add(history, "person_recorded", "person_id=p1 personal.name=张三");
    history_add(history, "exam_recorded", "person_id=p1 category=B kind=first");
    history_add(history, "certificate_issued", "certificate=" CERTIFICATE " person_id=p1");
    history_add(history, "record_added", "person_id=p1 record=R1 kind=education");
    history_add(history, "application_opened", "application=A1");
    history_add(history, "wave_opened", "count=9");
    return history;
}

/* A new one for who makes it, else the one that is there. */
static const char *subject_of(const char *body, const char *field)
{
    bool is_proof = strstr(body, "_proof_ordered") != NULL;
    bool is_made = strcmp(body, "paper_registered") == 0 ||
                   strcmp(body, "certificate_issued") == 0 ||
                   strcmp(body, "certificate_entered") == 0;
    if (strcmp(field, "certificate") == 0) {
        return is_made ? "沪建安B(2025)0000002" : CERTIFICATE;
    }
    if (strcmp(field, "document") == 0) {
        return is_proof ? "proof-1" : CERTIFICATE;
    }
    return strcmp(field, "person_id") == 0     ? "p1"
           : strcmp(field, "record") == 0      ? "R1"
           : strcmp(field, "application") == 0 ? "A1"
                                               : NULL;
}

static Event *new_event(Event__BodyCase body, struct arena *arena)
{
    struct decision decision = {0};
    (void)decision_event(&decision, body, arena); /* the event is wanted, not its message */
    return decision.events[0];
}

static Event *event_about(const ProtobufCFieldDescriptor *body, struct arena *arena)
{
    const ProtobufCMessageDescriptor *message = body->descriptor;
    struct error err = {0};
    Event *event = new_event((Event__BodyCase)body->id, arena);
    event->sequence = 100;
    event->cause = 6; /* the wave */
    event->business_date = RECORD_NEW(arena, Date, date);
    for (unsigned i = 0; i < message->n_fields; i++) {
        const char *text = message->fields[i].type == PROTOBUF_C_TYPE_STRING
                               ? subject_of(body->name, message->fields[i].name)
                               : NULL;
        if (text != NULL) {
            str path = arena_format(arena, "%s.%s", body->name, message->fields[i].name);
            assert_true(record_set(&event->base, path, str_of(text), arena, &err).ok);
        }
    }
    return event;
}

static bool is_body(const ProtobufCFieldDescriptor *field)
{
    return field->id >= EVENT__BODY_STORE_CREATED;
}

/* A view that an event is sent to knows what to do with it: it says so by not aborting. What cannot
 * follow what is there may be refused. */
static void test_feeds_every_kind_is_taken_by_its_views(void **state)
{
    struct arena *arena = *state;
    struct history *history = small_city(arena);
    for (unsigned i = 0; i < event__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *body = &event__descriptor.fields[i];
        if (is_body(body)) {
            struct memory_views views = {0};
            struct error err = {0};
            memory_views_init(&views, arena);
            for (uint64_t k = 1; k <= history->sequence; k++) {
                assert_true(history_apply(&views, history->events[k], arena, &err).ok);
            }
            bytes packed = record_pack(&event_about(body, arena)->base, arena);
            outcome applied = history_apply(&views, packed, arena, &err);
            assert_true(applied.ok || err.class == ERROR_CORRUPT);
        }
    }
}

/* The records that an event touches are of the views that its kind feeds, and the store's own. */
static void test_feeds_says_what_is_touched(void **state)
{
    unsigned touched[VIEW_COUNT] = {0};
    for (unsigned i = 0; i < event__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *body = &event__descriptor.fields[i];
        if (is_body(body)) {
            struct view_touch touches[VIEW_COUNT];
            const Event *event = event_about(body, *state);
            int32_t day = DAY_UNKNOWN;
            size_t count = views_touched(event, &day, touches);
            assert_true(count > 0);
            for (size_t k = 0; k < count; k++) {
                touched[touches[k].view]++;
                assert_true(touches[k].view == VIEW_REGISTRY || feeds(event, touches[k].view));
                assert_true(k == 0 || touches[k - 1].view < touches[k].view);
            }
            count = views_touched(event, &day, touches); /* the day is known now */
            for (size_t k = 0; k < count; k++) {
                assert_true(feeds(event, touches[k].view));
            }
        }
    }
    assert_int_equal(touched[VIEW_CERTIFICATE], 22);
    assert_int_equal(touched[VIEW_RECORD], 8);
    assert_int_equal(touched[VIEW_FILE_RECORD], 12);
    assert_int_equal(touched[VIEW_PERSON], 10);
    assert_int_equal(touched[VIEW_TRAIL], 0); /* the driver's alone */
}

static void test_event_subject_is_its_own_text(void **state)
{
    Event *issued = new_event(EVENT__BODY_CERTIFICATE_ISSUED, *state);
    Event *rendered = new_event(EVENT__BODY_DOCUMENT_RENDERED, *state);
    Event *insured = new_event(EVENT__BODY_INSURANCE_RECORDED, *state);
    Event *nothing = RECORD_NEW(*state, Event, event);
    issued->certificate_issued->certificate = (char *)(uintptr_t)CERTIFICATE;
    rendered->document_rendered->document = (char *)(uintptr_t)CERTIFICATE;
    assert_string_equal(event_subject(issued), CERTIFICATE);
    assert_string_equal(event_certificate(issued), CERTIFICATE);
    assert_string_equal(event_subject(rendered), CERTIFICATE);
    assert_null(event_certificate(rendered));
    assert_null(event_subject(insured));
    assert_null(event_subject(nothing));
    assert_int_equal(feeds_of(EVENT__BODY__NOT_SET), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_ARENA(test_feeds_every_kind_is_taken_by_its_views),
        TEST_WITH_ARENA(test_feeds_says_what_is_touched),
        TEST_WITH_ARENA(test_event_subject_is_its_own_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
