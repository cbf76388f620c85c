/* history_event - see history_event.h. */
#include "jobs/audit/history_event.h"

#include "core/base/date.h"
#include "core/base/record.h"
#include "jobs/engine/engine.h"
#include "jobs/objects/record_json.h"

struct json *history_envelope(const Event *event, str type, struct arena *arena)
{
    struct json *record = json_new_record();
    char instant[INSTANT_SIZE];
    char day[DATE_SIZE] = "";
    instant_format(event->recorded_at_us, instant);
    if (event->business_date != NULL) {
        date_format(event->business_date->days, day);
    }
    json_put_number(record, "event", (int64_t)event->sequence);
    json_put_text(record, "type", type);
    json_put_text(record, "business_date", arena_str(arena, str_of(day)));
    json_put_text(record, "recorded_at", arena_str(arena, str_of(instant)));
    return record;
}

struct json *history_event(const Event *event, struct arena *arena)
{
    const char *type = NULL;
    const ProtobufCMessage *body = event_body(event, &type);
    BUG_UNLESS(body != NULL);
    struct json *record = history_envelope(event, str_of(type), arena);
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
