/* history - see history.h. */
#include "tests/support/history.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "projections/messages.h"
#include "tests/support/test.h"

struct history *history_new(struct arena *arena)
{
    struct history *history = ARENA_NEW(arena, struct history);
    history->arena = arena;
    history->today = date_from_civil((struct civil){2025, 3, 1});
    memory_views_init(&history->views, arena);
    return history;
}

/* The value with every $ replaced by the event's sequence. */
static str value_of(str text, uint64_t sequence, struct arena *arena)
{
    str value = STR("");
    str rest = text;
    while (rest.data != NULL) {
        str part = str_cut(&rest, '$');
        bool more = rest.data != NULL;
        value = more ? arena_format(arena, "%.*s%.*s%llu", STR_ARGS(value), STR_ARGS(part),
                                    (unsigned long long)sequence)
                     : arena_format(arena, "%.*s%.*s", STR_ARGS(value), STR_ARGS(part));
    }
    return value;
}

static void set_field(Event *event, const char *body, str assignment, struct arena *arena)
{
    struct error err = {0};
    str rest = assignment;
    str name = str_cut(&rest, '=');
    str value = value_of(rest, event->sequence, arena);
    str field = str_equal_c(name, "cause") ? name /* the envelope's */
                                           : arena_format(arena, "%s.%.*s", body, STR_ARGS(name));
    outcome set = record_set(&event->base, field, value, arena, &err);
    if (!set.ok) {
        fail_msg("%.*s: %s %s", STR_ARGS(field), err.args[0].text, err.args[1].text);
    }
}

static bytes event_of(struct history *history, const char *body, const char *fields)
{
    struct arena *arena = history->arena;
    Event *event = RECORD_NEW(arena, Event, event);
    event->sequence = history->sequence + 1;
    event->business_date = RECORD_NEW(arena, Date, date);
    event->business_date->days = history->today;
    event->recorded_at_us = instant_of_date(history->today) + (int64_t)event->sequence;
    str rest = str_of(fields);
    while (rest.data != NULL && rest.size > 0) {
        str assignment = str_cut(&rest, ' ');
        if (!str_empty(assignment)) {
            set_field(event, body, assignment, arena);
        }
    }
    return record_pack(&event->base, arena);
}

outcome history_apply(struct memory_views *views, bytes packed, struct arena *arena,
                      struct error *err)
{
    ProtobufCMessage *event = NULL;
    struct view_store store = memory_views_store(views);
    TRY(record_unpack(&event__descriptor, packed, arena, &event, err));
    return views_apply(&store, (const Event *)event, arena, err);
}

uint64_t history_add(struct history *history, const char *body, const char *fields)
{
    struct error err = {0};
    assert_true(history->sequence < HISTORY_EVENTS_MAX);
    bytes packed = event_of(history, body, fields);
    outcome applied = history_apply(&history->views, packed, history->arena, &err);
    if (!applied.ok) {
        fail_msg("%s %s: %d %s", body, fields, err.code, err.args[1].text);
    }
    history->events[++history->sequence] = packed;
    return history->sequence;
}

void history_refuse(struct history *history, const char *body, const char *fields)
{
    struct error err = {0};
    bytes packed = event_of(history, body, fields);
    assert_false(history_apply(&history->views, packed, history->arena, &err).ok);
    assert_int_equal(err.class, ERROR_CORRUPT);
    assert_int_equal(err.code, MESSAGE_LOG_CONTRADICTS);
}

/* The member of a repeated message field, or the sub-message. */
static const ProtobufCMessage *enter(const ProtobufCMessage *message,
                                     const ProtobufCFieldDescriptor *field, str *rest)
{
    const char *base = (const char *)message;
    const void *slot = base + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        return *(ProtobufCMessage *const *)slot;
    }
    uint64_t index = 0;
    assert_true(str_to_uint64(str_cut(rest, '.'), &index));
    assert_true(index < *(const size_t *)(const void *)(base + field->quantifier_offset));
    return (*(ProtobufCMessage *const *const *)slot)[index];
}

const char *history_field(struct history *history, enum view_id view, struct view_key key,
                          const char *field)
{
    const ProtobufCMessage *message = memory_views_get(&history->views, view, key, history->arena);
    str rest = str_of(field);
    assert_non_null(message);
    for (;;) {
        const ProtobufCFieldDescriptor *found =
            record_find(message->descriptor, str_cut(&rest, '.'));
        assert_non_null(found);
        if (rest.data == NULL) {
            return arena_c_string(history->arena, record_get(message, found, history->arena));
        }
        message = enter(message, found, &rest);
        assert_non_null(message);
    }
}
