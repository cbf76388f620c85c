/* decision - how a rule says what happened: see decide.h. */
#include <string.h>

#include "core/base/record.h"
#include "events/rules.h"

enum { DECISION_FIRST_CAPACITY = 4 };

/* Room for one more element of `size` bytes behind `count`. */
static void *grown(void *items, size_t size, size_t count, size_t *capacity, struct arena *arena)
{
    if (count < *capacity) {
        return items;
    }
    size_t wanted = *capacity == 0 ? DECISION_FIRST_CAPACITY : *capacity * 2;
    void *larger = arena_new(arena, size * wanted);
    if (count > 0) {
        memcpy(larger, items, size * count);
    }
    *capacity = wanted;
    return larger;
}

Event *decision_add(struct decision *decision, struct arena *arena)
{
    decision->events =
        grown(decision->events, sizeof(Event *), decision->count, &decision->capacity, arena);
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
    void *message = record_new(field->descriptor, arena);
    event->body_case = body;
    /* All members of the oneof are pointers that share one place. */
    memcpy((uint8_t *)event + field->offset, &message, sizeof message);
    return message;
}

void decision_name_certificate(struct decision *decision, const char *number, struct arena *arena)
{
    decision->certificates =
        grown(decision->certificates, sizeof(const char *), decision->certificates_count,
              &decision->certificates_capacity, arena);
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
    str text = STR("");
    for (size_t i = 0; i < count; i++) {
        str longer = arena_format(arena, "%.*s%s%s", STR_ARGS(text), i == 0 ? "" : ",", numbers[i]);
        if (longer.size >= ERROR_ARG_SIZE) {
            break;
        }
        text = longer;
    }
    return ARG_STR(name, text);
}
