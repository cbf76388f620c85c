/* record_read - a message's bytes of the plain shape, read in one go; see record_parts.h.
 *
 * protobuf-c lists the fields it finds before it stores any, and takes memory for each text. What
 * record_pack() writes needs neither: fields come in the order of their numbers, each once. All
 * texts together are no longer than the bytes they come from, so one block holds them. */
#include <string.h>

#include <types.pb-c.h>

#include "core/base/date.h"
#include "core/base/record_parts.h"

enum wire { WIRE_VARINT = 0, WIRE_SIZED = 2 };

/* What is still to be read of a message, and what all its parts share. */
struct reading {
    const uint8_t *at;
    const uint8_t *end;
    struct shared {
        struct arena *arena;
        uint8_t *text; /* room for texts */
        bool checks;
    } * shared;
};

static bool read_message(const ProtobufCMessageDescriptor *descriptor, struct reading *reading,
                         ProtobufCMessage **ret);

/* A tenth byte holds one bit; what has more there is left to protobuf-c. */
static bool read_long_varint(struct reading *reading, uint64_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && reading->at < reading->end; shift += 7) {
        uint8_t byte = *reading->at++;
        value |= (uint64_t)(byte & 0x7fU) << shift;
        if (byte < 0x80) {
            *ret = value;
            return shift < 63 || byte <= 1;
        }
    }
    return false;
}

/* Most have one byte, or two. */
static inline bool read_varint(struct reading *reading, uint64_t *ret)
{
    const uint8_t *at = reading->at;
    if (reading->end - at >= 2) {
        if (at[0] < 0x80) {
            *ret = at[0];
            reading->at = at + 1;
            return true;
        }
        if (at[1] < 0x80) {
            *ret = (at[0] & 0x7fU) | (uint64_t)at[1] << 7;
            reading->at = at + 2;
            return true;
        }
    }
    return read_long_varint(reading, ret);
}

/* A size and so many bytes behind it, which are then a reading of their own. */
static inline bool read_sized(struct reading *reading, struct reading *ret)
{
    uint64_t size = 0;
    if (!read_varint(reading, &size) || size > (size_t)(reading->end - reading->at)) {
        return false;
    }
    *ret = (struct reading){reading->at, reading->at + size, reading->shared};
    reading->at += size;
    return true;
}

static inline bool read_tag(struct reading *reading, uint32_t *ret_id, enum wire *ret_wire)
{
    uint64_t tag = 0;
    if (!read_varint(reading, &tag) || tag > UINT32_MAX) {
        return false;
    }
    *ret_id = (uint32_t)(tag >> 3);
    *ret_wire = (enum wire)(tag & 7U);
    return true;
}

/* The field of a number, at or behind the place `from`; NULL when there is none. */
static inline const ProtobufCFieldDescriptor *
find_field(const ProtobufCMessageDescriptor *descriptor, uint32_t id, unsigned *from)
{
    const ProtobufCIntRange *ranges = descriptor->field_ranges;
    for (unsigned i = 0; i < descriptor->n_field_ranges; i++) {
        uint32_t first = (uint32_t)ranges[i].start_value;
        uint32_t count = ranges[i + 1].orig_index - ranges[i].orig_index;
        if (id >= first && id - first < count) {
            unsigned place = ranges[i].orig_index + (id - first);
            if (place < *from) {
                return NULL;
            }
            *from = place + 1;
            return &descriptor->fields[place];
        }
    }
    return NULL;
}

/* --- values ------------------------------------------------------------------------------------
 */

/* Bytes that a number of the type takes in a message; 0 for types that the schema does not use. */
static inline size_t number_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM: return sizeof(int32_t);
    case PROTOBUF_C_TYPE_SINT32: return sizeof(int32_t);
    case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64: return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: break;
    }
    return 0;
}

static inline void store_number(void *place, ProtobufCType type, uint64_t value)
{
    size_t size = number_size(type);
    if (type == PROTOBUF_C_TYPE_BOOL) {
        value = value != 0;
    } else if (type == PROTOBUF_C_TYPE_SINT32) {
        uint32_t low = (uint32_t)value;
        value = (low >> 1) ^ (0U - (low & 1U));
    }
    if (size == sizeof(uint64_t)) {
        memcpy(place, &value, sizeof value);
    } else {
        uint32_t low = (uint32_t)value;
        memcpy(place, &low, sizeof low);
    }
}
_Static_assert(sizeof(protobuf_c_boolean) == sizeof(uint32_t), "a bool is stored like a number");

static inline char *keep_text(struct reading *value)
{
    struct shared *shared = value->shared;
    size_t size = (size_t)(value->end - value->at);
    char *text = (char *)shared->text;
    str ignored;
    if (shared->checks && !str_from_bytes(bytes_of(value->at, size), &ignored)) {
        return NULL;
    }
    memcpy(text, value->at, size);
    text[size] = 0;
    shared->text += size + 1;
    return text;
}

static inline ProtobufCBinaryData keep_bytes(struct reading *value)
{
    size_t size = (size_t)(value->end - value->at);
    ProtobufCBinaryData kept = {size, NULL};
    if (size > 0) {
        kept.data = value->shared->text;
        memcpy(kept.data, value->at, size);
        value->shared->text += size;
    }
    return kept;
}

/* One sized value to its place. */
static bool store_sized(const ProtobufCFieldDescriptor *field, struct reading *value, void *place)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        char *text = keep_text(value);
        memcpy(place, &text, sizeof text);
        return text != NULL;
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData kept = keep_bytes(value);
        memcpy(place, &kept, sizeof kept);
        return true;
    }
    if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
        return false;
    }
    ProtobufCMessage *message = NULL;
    if (!read_message(field->descriptor, value, &message)) {
        return false;
    }
    memcpy(place, &message, sizeof message);
    return true;
}

/* --- fields ------------------------------------------------------------------------------------
 */

/* Says that the field is there; false when another of its choice is there already. */
static inline bool mark(const ProtobufCFieldDescriptor *field, char *message)
{
    uint32_t *quantifier = (uint32_t *)(void *)(message + field->quantifier_offset);
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        if (*quantifier != 0) {
            return false;
        }
        *quantifier = field->id;
    } else if (field->quantifier_offset != 0) {
        *quantifier = 1;
    }
    return true;
}

static inline bool read_single(const ProtobufCFieldDescriptor *field, enum wire wire,
                               struct reading *reading, char *message)
{
    void *place = message + field->offset;
    if (!mark(field, message)) {
        return false;
    }
    if (wire == WIRE_VARINT && number_size(field->type) > 0) {
        uint64_t value = 0;
        if (!read_varint(reading, &value)) {
            return false;
        }
        store_number(place, field->type, value);
        return true;
    }
    struct reading value;
    return wire == WIRE_SIZED && read_sized(reading, &value) && store_sized(field, &value, place);
}

static void keep_array(const ProtobufCFieldDescriptor *field, char *message, void *array,
                       size_t count)
{
    memcpy(message + field->quantifier_offset, &count, sizeof count);
    memcpy(message + field->offset, &array, sizeof array);
}

/* Numbers in one piece. */
static bool read_packed(const ProtobufCFieldDescriptor *field, struct reading *reading,
                        char *message)
{
    struct reading numbers;
    size_t size = number_size(field->type);
    size_t count = 0;
    if (!read_sized(reading, &numbers) || numbers.at == numbers.end) {
        return false;
    }
    for (const uint8_t *p = numbers.at; p < numbers.end; p++) {
        count += *p < 0x80;
    }
    char *array = arena_new_raw(reading->shared->arena, count * size);
    for (size_t i = 0; i < count; i++) {
        uint64_t value = 0;
        if (!read_varint(&numbers, &value)) {
            return false;
        }
        store_number(array + i * size, field->type, value);
    }
    keep_array(field, message, array, count);
    return numbers.at == numbers.end;
}

/* How many values of the field follow one another; the first one's tag is read. */
static bool count_values(uint32_t id, struct reading reading, size_t *ret)
{
    struct reading ignored;
    enum wire wire = WIRE_SIZED;
    uint32_t next = id;
    for (*ret = 0; next == id; (*ret)++) {
        if (wire != WIRE_SIZED || !read_sized(&reading, &ignored)) {
            return false;
        }
        if (reading.at == reading.end) {
            next = 0;
        } else if (!read_tag(&reading, &next, &wire)) {
            return false;
        }
    }
    return true;
}

static bool read_repeated(const ProtobufCFieldDescriptor *field, enum wire wire,
                          struct reading *reading, char *message)
{
    size_t count = 0;
    if (wire != WIRE_SIZED) {
        return false;
    }
    if (number_size(field->type) > 0) {
        return read_packed(field, reading, message);
    }
    if (!count_values(field->id, *reading, &count)) {
        return false;
    }
    size_t size =
        field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData) : sizeof(void *);
    char *array = arena_new_raw(reading->shared->arena, count * size);
    for (size_t i = 0; i < count; i++) {
        struct reading value;
        uint32_t id = field->id;
        if ((i > 0 && !read_tag(reading, &id, &wire)) || !read_sized(reading, &value) ||
            !store_sized(field, &value, array + i * size)) {
            return false;
        }
    }
    keep_array(field, message, array, count);
    return true;
}

/* --- messages ----------------------------------------------------------------------------------
 */

static bool read_message(const ProtobufCMessageDescriptor *descriptor, struct reading *reading,
                         ProtobufCMessage **ret)
{
    unsigned from = 0;
    ProtobufCMessage *message = arena_new_raw(reading->shared->arena, descriptor->sizeof_message);
    descriptor->message_init(message);
    while (reading->at < reading->end) {
        uint32_t id = 0;
        enum wire wire = WIRE_VARINT;
        if (!read_tag(reading, &id, &wire)) {
            return false;
        }
        const ProtobufCFieldDescriptor *field = find_field(descriptor, id, &from);
        if (field == NULL || field->label == PROTOBUF_C_LABEL_REQUIRED) {
            return false;
        }
        bool read = field->label == PROTOBUF_C_LABEL_REPEATED
                        ? read_repeated(field, wire, reading, (char *)message)
                        : read_single(field, wire, reading, (char *)message);
        if (!read) {
            return false;
        }
    }
    if (descriptor == &date__descriptor && reading->shared->checks) {
        int32_t days = ((const Date *)(const void *)message)->days;
        if (days < DATE_DAYS_MIN || days > DATE_DAYS_MAX) {
            return false;
        }
    }
    *ret = message;
    return true;
}

bool record_read(const ProtobufCMessageDescriptor *descriptor, bytes b, bool checks,
                 struct arena *arena, ProtobufCMessage **ret)
{
    struct shared shared = {arena, arena_new_raw(arena, b.size), checks};
    struct reading reading = {b.data, b.data + b.size, &shared};
    return read_message(descriptor, &reading, ret);
}
