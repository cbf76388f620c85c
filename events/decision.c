/* decision - how a rule says what happened: see decide.h. */
#include <string.h>

#include "core/base/record.h"
#include "events/rules.h"

Event *decision_add(struct decision *decision, struct arena *arena)
{
    ARENA_GROW(arena, decision->events, decision->count, &decision->capacity);
    Event *event = RECORD_NEW(arena, Event, event);
    decision->events[decision->count++] = event;
    return event;
}

void *decision_event(struct decision *decision, Event__BodyCase body, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, (unsigned)body);
    BUG_UNLESS(field != NULL);
    BUG_UNLESS(field->type == PROTOBUF_C_TYPE_MESSAGE);
    Event *event = decision_add(decision, arena);
    return record_new_inner(&event->base, field, arena);
}

void decision_name_certificate(struct decision *decision, const char *number, struct arena *arena)
{
    ARENA_GROW(arena, decision->certificates, decision->certificates_count,
               &decision->certificates_capacity);
    decision->certificates[decision->certificates_count++] = arena_c_string(arena, str_of(number));
}

void decision_warn(struct decision *decision, int message_code)
{
    const int most = (int)(sizeof decision->warnings / sizeof decision->warnings[0]);
    BUG_UNLESS(decision->warnings_count < most);
    decision->warnings[decision->warnings_count++] = message_code;
}

void decision_detail(struct decision *decision, struct error_arg detail)
{
    BUG_UNLESS(detail.name != NULL);
    BUG_UNLESS(decision->details_count < ERROR_ARGS_MAX);
    decision->details[decision->details_count++] = detail;
}

struct error_arg pointer_to_download(void)
{
    return ARG_TEXT("see", "电子证书查询及下载");
}

struct error_arg numbers_detail(const char *name, const char *const *numbers, size_t count,
                                struct arena *arena)
{
    static const char more[] = ",…";
    str text = STR("");
    for (size_t i = 0; i < count; i++) {
        str longer = arena_format(arena, "%.*s%s%s", STR_ARGS(text), i == 0 ? "" : ",", numbers[i]);
        size_t room = i + 1 < count ? sizeof more - 1 : 0;
        if (longer.size + room >= ERROR_ARG_SIZE) {
            text = arena_format(arena, "%.*s%s", STR_ARGS(text), more);
            break;
        }
        text = longer;
    }
    return ARG_STR(name, text);
}
