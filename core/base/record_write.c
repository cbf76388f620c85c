/* record_write - a message to its bytes in one go, last field first; see record_parts.h.
 *
 * protobuf-c asks every message for its size before it writes it, and again for each message
 * around it. Written from the end, a size is known when it is due. */
#include <string.h>

#include <types.pb-c.h>

#include "core/base/record_parts.h"

enum wire { WIRE_VARINT = 0, WIRE_SIZED = 2 };

struct writing {
    const uint8_t *begin;
    uint8_t *at;                    /* what is written begins here */
    bool failed;                    /* no room, or nothing that is done here */
    const ProtobufCBinaryData *gap; /* the field whose bytes come later; may be NULL */
    uint8_t *gap_at;
};

static void write_message(struct writing *writing, const ProtobufCMessage *message);

static inline void write_bytes(struct writing *writing, const void *data, size_t size)
{
    if (writing->failed || size > (size_t)(writing->at - writing->begin)) {
        writing->failed = true;
        return;
    }
    writing->at -= size;
    memcpy(writing->at, data, size);
}

/* Nearly all are of one byte: tags, lengths, codes. */
static inline void write_varint(struct writing *writing, uint64_t value)
{
    if (value < 0x80 && writing->at > writing->begin) {
        *--writing->at = (uint8_t)value;
        return;
    }
    size_t count = (63U - (size_t)__builtin_clzll(value | 1)) / 7 + 1;
    if (writing->failed || count > (size_t)(writing->at - writing->begin)) {
        writing->failed = true;
        return;
    }
    uint8_t *at = writing->at -= count;
    for (; value >= 0x80; value >>= 7) {
        *at++ = (uint8_t)(value | 0x80);
    }
    *at = (uint8_t)value;
}

static inline void write_sized(struct writing *writing, const void *data, size_t size)
{
    if (size > 0) {
        write_bytes(writing, data, size);
    }
    write_varint(writing, size);
}

/* Room for bytes that are not there yet. */
static void leave_gap(struct writing *writing, size_t size)
{
    if (writing->failed || size > (size_t)(writing->at - writing->begin)) {
        writing->failed = true;
        return;
    }
    writing->at -= size;
    writing->gap_at = writing->at;
    write_varint(writing, size);
}

static uint64_t zigzag(int32_t value)
{
    return (uint32_t)value << 1 ^ (uint32_t)(value < 0 ? UINT32_MAX : 0);
}

/* Nearly every inner message is a day. */
static void write_inner(struct writing *writing, const ProtobufCMessage *message)
{
    const uint8_t *end = writing->at;
    const Date *date = (const Date *)(const void *)message;
    if (message != NULL &&
        (message->descriptor != &date__descriptor || message->n_unknown_fields > 0)) {
        write_message(writing, message);
    } else if (message != NULL && date->days != 0) {
        write_varint(writing, zigzag(date->days));
        write_varint(writing, 1 << 3 | WIRE_VARINT);
    }
    write_varint(writing, (uint64_t)(end - writing->at));
}

/* The value at `place`, without its tag. */
static void write_value(struct writing *writing, ProtobufCType type, const void *place)
{
    const ProtobufCBinaryData *binary = place;
    const char *text = NULL;
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_ENUM:
        write_varint(writing, (uint64_t)(int64_t) * (const int32_t *)place);
        return;
    case PROTOBUF_C_TYPE_SINT32: write_varint(writing, zigzag(*(const int32_t *)place)); return;
    case PROTOBUF_C_TYPE_UINT32: write_varint(writing, *(const uint32_t *)place); return;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64: write_varint(writing, *(const uint64_t *)place); return;
    case PROTOBUF_C_TYPE_BOOL:
        write_varint(writing, *(const protobuf_c_boolean *)place != 0 ? 1 : 0);
        return;
    case PROTOBUF_C_TYPE_STRING:
        text = record_pointer(place);
        write_sized(writing, text, text != NULL ? strlen(text) : 0);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        if (binary == writing->gap) {
            leave_gap(writing, binary->len);
        } else {
            write_sized(writing, binary->data, binary->len);
        }
        return;
    case PROTOBUF_C_TYPE_MESSAGE: write_inner(writing, record_pointer(place)); return;
    case PROTOBUF_C_TYPE_SINT64: /* not in the schema: these */
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE: break;
    }
    writing->failed = true;
}

/* Of those that write_value() knows. */
static size_t size_of(ProtobufCType type)
{
    if (type == PROTOBUF_C_TYPE_BYTES) {
        return sizeof(ProtobufCBinaryData);
    }
    if (type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_MESSAGE) {
        return sizeof(void *);
    }
    return type == PROTOBUF_C_TYPE_INT64 || type == PROTOBUF_C_TYPE_UINT64 ? sizeof(uint64_t)
                                                                           : sizeof(uint32_t);
}

static inline void write_tag(struct writing *writing, const ProtobufCFieldDescriptor *field,
                             bool sized)
{
    write_varint(writing, (uint64_t)field->id << 3 | (sized ? WIRE_SIZED : WIRE_VARINT));
}

static bool is_sized(ProtobufCType type)
{
    return type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_BYTES ||
           type == PROTOBUF_C_TYPE_MESSAGE;
}

static void write_list(struct writing *writing, const ProtobufCFieldDescriptor *field,
                       const char *message)
{
    size_t count = *(const size_t *)(const void *)(message + field->quantifier_offset);
    const char *items = record_pointer(message + field->offset);
    bool packed = (field->flags & PROTOBUF_C_FIELD_FLAG_PACKED) != 0;
    const uint8_t *end = writing->at;
    for (size_t i = count; i > 0 && !writing->failed; i--) {
        write_value(writing, field->type, items + (i - 1) * size_of(field->type));
        if (!packed) {
            write_tag(writing, field, is_sized(field->type));
        }
    }
    if (packed && count > 0) {
        write_varint(writing, (uint64_t)(end - writing->at));
        write_tag(writing, field, true);
    }
}

static inline bool is_choice(const ProtobufCFieldDescriptor *field)
{
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* Of what is no choice: is it not nothing? */
static inline bool is_there(const ProtobufCFieldDescriptor *field, const char *message)
{
    const void *place = message + field->offset;
    ProtobufCType type = field->type;
    if (type == PROTOBUF_C_TYPE_STRING) {
        const char *text = record_pointer(place);
        return text != NULL && *text != 0;
    }
    if (type == PROTOBUF_C_TYPE_MESSAGE) {
        return record_pointer(place) != NULL;
    }
    if (type == PROTOBUF_C_TYPE_BYTES) {
        return ((const ProtobufCBinaryData *)place)->len > 0;
    }
    return size_of(type) == sizeof(uint64_t) ? *(const uint64_t *)place != 0
                                             : *(const uint32_t *)place != 0;
}

/* The first member of the choice that `end` is the last one of. They stand together, and those of
 * an event's body are so many that passing by each takes as long as writing the rest. */
static const ProtobufCFieldDescriptor *first_of_choice(const ProtobufCFieldDescriptor *fields,
                                                       const ProtobufCFieldDescriptor *end)
{
    const ProtobufCFieldDescriptor *none = fields; /* what is before it is no member */
    while (none < end) {
        const ProtobufCFieldDescriptor *middle = none + (end - none) / 2;
        if (is_choice(middle) && middle->quantifier_offset == end->quantifier_offset) {
            end = middle;
        } else {
            none = middle + 1;
        }
    }
    return end;
}

/* *last moves on to the first member of the choice, and the chosen one is given, or NULL. */
static const ProtobufCFieldDescriptor *chosen(const ProtobufCMessageDescriptor *descriptor,
                                              unsigned *last, const char *message)
{
    const ProtobufCFieldDescriptor *fields = descriptor->fields;
    const ProtobufCFieldDescriptor *end = &fields[*last];
    const ProtobufCFieldDescriptor *begin = first_of_choice(fields, end);
    unsigned offset = end->quantifier_offset;
    *last = (unsigned)(begin - fields);
    uint32_t id = *(const uint32_t *)(const void *)(message + offset);
    const ProtobufCFieldDescriptor *field =
        id == 0 ? NULL : protobuf_c_message_descriptor_get_field(descriptor, id);
    if (field == NULL || field < begin || field > end) {
        return NULL;
    }
    if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->type == PROTOBUF_C_TYPE_STRING) {
        const void *inner = record_pointer(message + field->offset);
        return inner != NULL && inner != field->default_value ? field : NULL;
    }
    return field;
}

static void write_message(struct writing *writing, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const char *base = (const char *)message;
    if (message->n_unknown_fields > 0) {
        writing->failed = true;
    }
    for (unsigned i = descriptor->n_fields; i-- > 0 && !writing->failed;) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        bool there = false;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            write_list(writing, field, base);
        } else if (field->label != PROTOBUF_C_LABEL_NONE) {
            writing->failed = true; /* not in the schema */
        } else if (is_choice(field)) {
            field = chosen(descriptor, &i, base);
            there = field != NULL;
        } else {
            there = is_there(field, base);
        }
        if (there) {
            write_value(writing, field->type, base + field->offset);
            write_tag(writing, field, is_sized(field->type));
        }
    }
}

bool record_write_around(const ProtobufCMessage *message, const ProtobufCBinaryData *gap,
                         uint8_t *room, size_t size, bytes *ret, uint8_t **ret_gap)
{
    struct writing writing = {.begin = room, .at = room + size, .gap = gap};
    write_message(&writing, message);
    if (!writing.failed) {
        *ret = bytes_of(writing.at, (size_t)(room + size - writing.at));
        *ret_gap = writing.gap_at;
    }
    return !writing.failed;
}

bool record_write(const ProtobufCMessage *message, uint8_t *room, size_t size, bytes *ret)
{
    uint8_t *none = NULL;
    return record_write_around(message, NULL, room, size, ret, &none);
}

/* --- how large at most -------------------------------------------------------------------------
 */

enum { NUMBER_MOST = 10, TAG_MOST = 5, DATE_MOST = NUMBER_MOST + TAG_MOST + NUMBER_MOST };

static size_t most_of_inner(const ProtobufCMessage *inner)
{
    if (inner == NULL) {
        return NUMBER_MOST;
    }
    bool is_date = inner->descriptor == &date__descriptor && inner->n_unknown_fields == 0;
    return is_date ? DATE_MOST : NUMBER_MOST + record_size_most(inner);
}

static size_t most_of_value(ProtobufCType type, const void *place)
{
    if (type == PROTOBUF_C_TYPE_STRING) {
        const char *text = record_pointer(place);
        return NUMBER_MOST + (text != NULL && *text != 0 ? strlen(text) : 0);
    }
    if (type == PROTOBUF_C_TYPE_BYTES) {
        return NUMBER_MOST + ((const ProtobufCBinaryData *)place)->len;
    }
    return type == PROTOBUF_C_TYPE_MESSAGE ? most_of_inner(record_pointer(place)) : NUMBER_MOST;
}

static size_t most_of_list(const ProtobufCFieldDescriptor *field, const char *message)
{
    size_t count = *(const size_t *)(const void *)(message + field->quantifier_offset);
    const char *items = record_pointer(message + field->offset);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += TAG_MOST + most_of_value(field->type, items + i * size_of(field->type));
    }
    return size;
}

size_t record_size_most(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const char *base = (const char *)message;
    size_t size = 0;
    for (unsigned i = descriptor->n_fields; i-- > 0;) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size += most_of_list(field, base);
        } else if (is_choice(field)) {
            field = chosen(descriptor, &i, base);
            size += field != NULL ? TAG_MOST + most_of_value(field->type, base + field->offset) : 0;
        } else { /* there or not: asking takes longer than it saves */
            size += TAG_MOST + most_of_value(field->type, base + field->offset);
        }
    }
    return size + (message->n_unknown_fields > 0 ? SIZE_MAX / 4 : 0); /* not in the schema */
}
