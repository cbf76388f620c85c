/* record_write - packs a message in one pass, last field first; see record_parts.h.
 *
 * protobuf-c computes the size of every message before writing it, and again for each enclosing
 * message. Writing from the end to the front, the size of a message is known when its length has to
 * be written.
 *
 * Every writer here takes the position where its output ends and returns the position where it
 * begins, or NULL when there is no room or the message has something that is not written here. */
#include <string.h>

#include <types.pb-c.h>

#include "core/base/record_parts.h"
#include "core/base/record_plan.h"

struct writing {
    const uint8_t *begin;
    const ProtobufCBinaryData *gap; /* the field whose bytes come later; may be NULL */
    uint8_t *gap_at;
};

static uint8_t *write_message(struct writing *writing, const struct record_plan *plan,
                              const ProtobufCMessage *message, uint8_t *at);

/* Room for so many bytes and what stands before them: looked for once for each value. */
static inline bool has_room(const struct writing *writing, const uint8_t *at, size_t size)
{
    return (size_t)(at - writing->begin) >= size + RECORD_WRITE_MORE;
}

static __attribute__((noinline)) uint8_t *write_long_varint(uint8_t *at, uint64_t value)
{
    at -= (63U - (size_t)__builtin_clzll(value)) / 7 + 1;
    uint8_t *next = at;
    for (; value >= 0x80; value >>= 7) {
        *next++ = (uint8_t)(value | 0x80);
    }
    *next = (uint8_t)value;
    return at;
}

/* Nearly all are of one byte: tags, lengths, codes. Days have three. */
static ALWAYS_INLINE uint8_t *write_varint(uint8_t *at, uint64_t value)
{
    if (value < 0x80) {
        *--at = (uint8_t)value;
        return at;
    }
    if (value >> 14 != 0 && value >> 21 == 0) {
        *--at = (uint8_t)(value >> 14);
        *--at = (uint8_t)(value >> 7 | 0x80);
        *--at = (uint8_t)(value | 0x80);
        return at;
    }
    return write_long_varint(at, value);
}

static inline uint8_t *write_sized(struct writing *writing, uint8_t *at, const void *data,
                                   size_t size)
{
    if (!has_room(writing, at, size)) {
        return NULL;
    }
    at -= size;
    if (size > 0) {
        memcpy(at, data, size);
    }
    return write_varint(at, size);
}

/* The bytes of one field may come later: then only their room is left. */
static uint8_t *write_bytes(struct writing *writing, uint8_t *at, const ProtobufCBinaryData *data)
{
    if (data != writing->gap) {
        return write_sized(writing, at, data->data, data->len);
    }
    if (!has_room(writing, at, data->len)) {
        return NULL;
    }
    writing->gap_at = at - data->len;
    return write_varint(writing->gap_at, data->len);
}

static inline uint64_t zigzag(int32_t value)
{
    return (uint32_t)value << 1 ^ (uint32_t)(value < 0 ? UINT32_MAX : 0);
}

static inline uint8_t *write_day(const struct writing *writing, uint8_t *at, const Date *date)
{
    const uint8_t *end = at;
    if (!has_room(writing, at, 0) || (date != NULL && date->base.n_unknown_fields > 0)) {
        return NULL;
    }
    if (date != NULL && date->days != 0) {
        at = write_varint(at, zigzag(date->days));
        at = write_varint(at, 1 << 3 | PLAN_WIRE_VARINT);
    }
    return write_varint(at, (uint64_t)(end - at));
}

static uint8_t *write_inner(struct writing *writing, uint8_t *at, const struct plan_field *field,
                            const ProtobufCMessage *message)
{
    const uint8_t *end = at;
    if (message != NULL) {
        at = write_message(writing, &record_plans[field->inner], message, at);
    }
    return at != NULL && has_room(writing, at, 0) ? write_varint(at, (uint64_t)(end - at)) : NULL;
}

/* What is written of a number; 0 when it is not there. */
static inline uint64_t number_at(enum plan_kind kind, const void *place)
{
    const int32_t *narrow = place;
    return kind == PLAN_WIDE     ? *(const uint64_t *)place
           : kind == PLAN_UINT32 ? *(const uint32_t *)place
           : kind == PLAN_SINT32 ? zigzag(*narrow)
           : kind == PLAN_BOOL   ? *narrow != 0
                                 : (uint64_t)(int64_t)*narrow;
}

/* --- lists -------------------------------------------------------------------------------------
 */

static size_t size_of(enum plan_kind kind)
{
    return kind == PLAN_BYTES ? sizeof(ProtobufCBinaryData)
           : kind == PLAN_TEXT || kind == PLAN_DAY || kind == PLAN_MESSAGE ? sizeof(void *)
           : kind == PLAN_WIDE                                             ? sizeof(uint64_t)
                                                                           : sizeof(uint32_t);
}

/* One value, without its tag. */
static uint8_t *write_item(struct writing *writing, uint8_t *at, const struct plan_field *field,
                           const void *place)
{
    if (field->kind == PLAN_TEXT) {
        const char *text = record_pointer(place);
        return write_sized(writing, at, text, text != NULL ? strlen(text) : 0);
    }
    if (field->kind == PLAN_BYTES) {
        return write_bytes(writing, at, place);
    }
    if (field->kind == PLAN_DAY) {
        return write_day(writing, at, record_pointer(place));
    }
    if (field->kind == PLAN_MESSAGE) {
        return write_inner(writing, at, field, record_pointer(place));
    }
    return has_room(writing, at, 0) ? write_varint(at, number_at(field->kind, place)) : NULL;
}

static uint8_t *write_list(struct writing *writing, uint8_t *at, const struct plan_field *field,
                           const char *message)
{
    size_t count = *(const size_t *)(const void *)(message + field->beside);
    const char *items = record_pointer(message + field->offset);
    bool is_packed = plan_is_number(field->kind);
    const uint8_t *end = at;
    for (size_t i = count; i > 0 && at != NULL; i--) {
        at = write_item(writing, at, field, items + (i - 1) * size_of(field->kind));
        if (at != NULL && !is_packed) {
            at = write_varint(at, field->tag);
        }
    }
    if (is_packed && count > 0 && at != NULL && has_room(writing, at, 0)) {
        at = write_varint(at, (uint64_t)(end - at));
        return write_varint(at, field->tag);
    }
    return is_packed && count > 0 ? NULL : at;
}

/* --- messages ----------------------------------------------------------------------------------
 */

static inline uint8_t *write_number(const struct writing *writing, uint8_t *at, unsigned tag,
                                    uint64_t value)
{
    if (value == 0) {
        return at;
    }
    return has_room(writing, at, 0) ? write_varint(write_varint(at, value), tag) : NULL;
}

/* A field that is no list with its tag, or nothing when it is not there. */
static ALWAYS_INLINE uint8_t *write_field(struct writing *writing, uint8_t *at,
                                          const struct plan_field *field, const char *message)
{
    const void *place = message + field->offset;
    const char *text = NULL;
    unsigned tag = field->tag;
    switch ((enum plan_kind)field->kind) {
    case PLAN_TEXT:
        text = record_pointer(place);
        if (text == NULL || *text == 0) {
            return at;
        }
        at = write_sized(writing, at, text, strlen(text));
        break;
    case PLAN_BYTES:
        if (((const ProtobufCBinaryData *)place)->len == 0) {
            return at;
        }
        at = write_bytes(writing, at, place);
        break;
    case PLAN_DAY:
        if (record_pointer(place) == NULL) {
            return at;
        }
        at = write_day(writing, at, record_pointer(place));
        break;
    case PLAN_MESSAGE:
        if (record_pointer(place) == NULL) {
            return at;
        }
        at = write_inner(writing, at, field, record_pointer(place));
        break;
    case PLAN_INT32: return write_number(writing, at, tag, number_at(PLAN_INT32, place));
    case PLAN_UINT32: return write_number(writing, at, tag, number_at(PLAN_UINT32, place));
    case PLAN_SINT32: return write_number(writing, at, tag, number_at(PLAN_SINT32, place));
    case PLAN_BOOL: return write_number(writing, at, tag, number_at(PLAN_BOOL, place));
    case PLAN_WIDE: return write_number(writing, at, tag, number_at(PLAN_WIDE, place));
    case PLAN_NONE: return at;
    }
    return at != NULL ? write_varint(at, tag) : NULL;
}

/* The member that is there; when none is, what is of no field. */
static inline const struct plan_field *chosen(const struct record_plan *plan, const char *message)
{
    const struct plan_field *any = &plan->fields[plan->choice_last];
    uint32_t number = *(const uint32_t *)(const void *)(message + any->beside);
    bool is_member = number >= plan->choice_first && number <= plan->choice_last;
    return &plan->fields[is_member ? number : 0];
}

static uint8_t *write_message(struct writing *writing, const struct record_plan *plan,
                              const ProtobufCMessage *message, uint8_t *at)
{
    const char *base = (const char *)message;
    if (message->n_unknown_fields > 0) {
        return NULL;
    }
    const struct plan_field *none = plan->fields;
    for (const struct plan_field *field = none + plan->last; field > none; field--) {
        const struct plan_field *there = field;
        if (field->shape == PLAN_CHOICE) { /* its last member: the others are before it */
            there = chosen(plan, base);
            field = none + plan->choice_first;
        }
        at = there->shape == PLAN_LIST ? write_list(writing, at, there, base)
                                       : write_field(writing, at, there, base);
        if (at == NULL) {
            return NULL;
        }
    }
    return at;
}

bool record_write_around(const ProtobufCMessage *message, const ProtobufCBinaryData *gap,
                         uint8_t *room, size_t size, bytes *ret, uint8_t **ret_gap)
{
    const struct record_plan *plan = record_plan_of(message->descriptor);
    struct writing writing = {.begin = room, .gap = gap};
    uint8_t *at = plan != NULL ? write_message(&writing, plan, message, room + size) : NULL;
    if (at != NULL) {
        *ret = bytes_of(at, (size_t)(room + size - at));
        *ret_gap = writing.gap_at;
    }
    return at != NULL;
}

bool record_write(const ProtobufCMessage *message, uint8_t *room, size_t size, bytes *ret)
{
    uint8_t *none = NULL;
    return record_write_around(message, NULL, room, size, ret, &none);
}

/* --- how large at most -------------------------------------------------------------------------
 */

static size_t most_of_message(const struct record_plan *plan, const ProtobufCMessage *message);

/* What a value takes besides PLAN_VALUE_MOST. */
static inline size_t most_of_value(const struct plan_field *field, const void *place)
{
    if (field->kind == PLAN_TEXT) {
        const char *text = record_pointer(place);
        return text != NULL && *text != 0 ? strlen(text) : 0;
    }
    if (field->kind == PLAN_BYTES) {
        return ((const ProtobufCBinaryData *)place)->len;
    }
    const ProtobufCMessage *inner = field->kind == PLAN_MESSAGE ? record_pointer(place) : NULL;
    return inner != NULL ? most_of_message(&record_plans[field->inner], inner) : 0;
}

static size_t most_of_list(const struct plan_field *field, const char *message)
{
    size_t count = *(const size_t *)(const void *)(message + field->beside);
    const char *items = record_pointer(message + field->offset);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += PLAN_VALUE_MOST + most_of_value(field, items + i * size_of(field->kind));
    }
    return size;
}

static size_t most_of_message(const struct record_plan *plan, const ProtobufCMessage *message)
{
    const char *base = (const char *)message;
    size_t size = plan->last * (size_t)PLAN_VALUE_MOST; /* whatever of it is there */
    const struct plan_field *none = plan->fields;
    for (const struct plan_field *field = none + plan->last; field > none; field--) {
        if (field->shape == PLAN_LIST) {
            size += most_of_list(field, base);
        } else if (field->shape == PLAN_CHOICE) {
            const struct plan_field *member = chosen(plan, base);
            size += most_of_value(member, base + member->offset);
            field = none + plan->choice_first;
        } else {
            size += most_of_value(field, base + field->offset);
        }
    }
    return size + (message->n_unknown_fields > 0 ? SIZE_MAX / 4 : 0); /* not in the schema */
}

size_t record_size_most(const ProtobufCMessage *message)
{
    const struct record_plan *plan = record_plan_of(message->descriptor);
    return plan != NULL ? most_of_message(plan, message) : SIZE_MAX;
}
