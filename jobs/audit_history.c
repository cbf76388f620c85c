/* audit_history - who did what when, on whose signature, to a certificate, a person or an
 * enterprise: the events that its view names, oldest first. Nothing personal is shown. */
#include "core/base/date.h"
#include "core/base/record.h"
#include "jobs/record_json.h"
#include "jobs/report.h"
#include "jobs/subject.h"

/* The body of an event, and what kind it is: "certificate_issued". */
static const ProtobufCMessage *body_of(const Event *event, const char **ret_type)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    BUG_UNLESS(field != NULL);
    *ret_type = field->name;
    return *(const ProtobufCMessage *const *)(const void *)((const char *)event + field->offset);
}

static struct json *object_of_event(const Event *event, struct arena *arena)
{
    const char *type = NULL;
    const ProtobufCMessage *body = body_of(event, &type);
    struct json *record = json_new_record();
    char instant[INSTANT_SIZE];
    char day[DATE_SIZE] = "";
    instant_format(event->recorded_at_us, instant);
    if (event->business_date != NULL) {
        date_format(event->business_date->days, day);
    }
    json_put_number(record, "event", (int64_t)event->sequence);
    json_put_text(record, "type", str_of(type));
    json_put_text(record, "business_date", str_of(day));
    json_put_text(record, "recorded_at", str_of(instant));
    struct json *actor = json_put_record(record, "actor");
    if (event->actor != NULL) {
        json_put_text(
            actor, "kind",
            record_enum_text(&actor_kind__code__descriptor, (int)event->actor->kind, arena));
        json_put_text(actor, "id", str_of(event->actor->id));
    }
    json_put_text(record, "operator", str_of(event->operator_));
    json_put_text(record, "action_id", str_of(event->action_id));
    json_put_text(record, "signer", str_of(event->signer));
    json_put_text(record, "reason", str_of(event->reason));
    if (event->cause != 0) {
        json_put_number(record, "cause", (int64_t)event->cause);
    } else {
        json_put_null(record, "cause");
    }
    record_put_json(body, json_put_record(record, "details"), arena);
    return record;
}

static void events_of(const struct subject *subject, const uint64_t **ret, size_t *ret_count)
{
    switch (subject->kind) {
    case SUBJECT_CERTIFICATE:
        *ret = subject->certificate->events;
        *ret_count = subject->certificate->n_events;
        break;
    case SUBJECT_PERSON:
        *ret = subject->person->events;
        *ret_count = subject->person->n_events;
        break;
    case SUBJECT_ENTERPRISE:
        *ret = subject->enterprise->events;
        *ret_count = subject->enterprise->n_events;
        break;
    }
}

static FALLIBLE add_events(struct report_rows *rows, const uint64_t *events, size_t count,
                           struct error *err)
{
    struct session *session = rows->session;
    for (size_t i = 0; i < count; i++) {
        Event *event = NULL;
        TRY(engine_event(session->engine, events[i], &session->item_arena, &event, err));
        TRY(report_rows_add(rows, object_of_event(event, &session->item_arena), err));
        arena_reset(&session->item_arena);
    }
    return OK;
}

outcome job_audit_history(struct session *session, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "event", .right = true},
        {.path = "business_date"},
        {.path = "recorded_at"},
        {.path = "type"},
        {.path = "actor.id", .label = "ACTOR"},
        {.path = "operator"},
        {.path = "signer"},
        {.path = "action_id"},
    };
    const AuditHistoryOptions *options = SESSION_OPTIONS(session, AuditHistoryOptions);
    struct subject subject;
    struct report_rows rows;
    const uint64_t *events = NULL;
    size_t count = 0;
    TRY(subject_find(session, options->arguments[0], options->arguments[1], &session->run_arena,
                     &subject, err));
    events_of(&subject, &events, &count);
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns,
                         session->json ? TABLE_JSON : TABLE_PEOPLE, &rows, err));
    outcome added = add_events(&rows, events, count, err);
    struct error closing;
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}
