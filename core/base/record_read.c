/* record_read - a message's bytes of the plain shape, read in one go; see record_parts.h.
 *
 * protobuf-c lists the fields it finds before it stores any, and takes memory for each text. What
 * record_pack() writes needs neither: fields come in the order of their numbers, each once. Texts
 * stay where they are, in one copy of all the bytes: the NUL behind a text takes the place of the
 * tag that follows it, once that is read.
 *
 * Every reader here is given where it begins and where what it is part of ends, and says where it
 * ended: NULL when the bytes are not of the plain shape. */
#include <string.h>

#include <types.pb-c.h>

#include "core/base/date.h"
#include "core/base/record_parts.h"

enum wire { WIRE_VARINT = 0, WIRE_SIZED = 2 };

/* What all parts of a message share. */
struct shared {
    struct arena *arena;
    uint8_t *text_end; /* of the last text: its NUL goes here when the tag there is read */
    bool checks;
};

/* A number and where it ended. */
struct varint {
    uint8_t *at;
    uint64_t value;
};

/* Bytes with a size before them; `at` NULL when they do not fit. */
struct sized {
    uint8_t *at;
    uint8_t *end;
};

static uint8_t *read_message(const ProtobufCMessageDescriptor *descriptor, uint8_t *at,
                             uint8_t *end, struct shared *shared, ProtobufCMessage **ret);

/* A tenth byte holds one bit; what has more there is left to protobuf-c. */
static __attribute__((noinline)) struct varint read_long_varint(uint8_t *at, const uint8_t *end)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
        uint8_t byte = *at++;
        value |= (uint64_t)(byte & 0x7fU) << shift;
        if (byte < 0x80) {
            return (struct varint){shift < 63 || byte <= 1 ? at : NULL, value};
        }
    }
    return (struct varint){NULL, 0};
}

/* Up to eight bytes at once: those behind the last one are cut off, then the groups of seven bits
 * are moved together, two, four and eight at a time. `at` NULL when none of the eight is the last.
 */
static inline struct varint read_eight(uint8_t *at)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t word;
    memcpy(&word, at, sizeof word);
    uint64_t last = ~word & high_bits;
    if (last == 0) {
        return (struct varint){NULL, 0};
    }
    word &= (last ^ (last - 1)) & ~high_bits;
    word = (word & UINT64_C(0x7f007f007f007f00)) >> 1 | (word & UINT64_C(0x007f007f007f007f));
    word = (word & UINT64_C(0x3fff00003fff0000)) >> 2 | (word & UINT64_C(0x00003fff00003fff));
    word = (word & UINT64_C(0x0fffffff00000000)) >> 4 | (word & UINT64_C(0x000000000fffffff));
    return (struct varint){at + __builtin_ctzll(last) / 8 + 1, word};
}

/* Most have one byte, or two. */
static inline struct varint read_varint(uint8_t *at, const uint8_t *end)
{
    if (end - at >= 2) {
        if (at[0] < 0x80) {
            return (struct varint){at + 1, at[0]};
        }
        if (at[1] < 0x80) {
            return (struct varint){at + 2, (at[0] & 0x7fU) | (uint64_t)at[1] << 7};
        }
    }
    struct varint number = {NULL, 0};
    if (end - at >= (ptrdiff_t)sizeof(uint64_t)) {
        number = read_eight(at);
    }
    return number.at != NULL ? number : read_long_varint(at, end);
}

static inline struct sized read_sized(uint8_t *at, const uint8_t *end)
{
    struct varint size = read_varint(at, end);
    if (size.at == NULL || size.value > (size_t)(end - size.at)) {
        return (struct sized){NULL, NULL};
    }
    return (struct sized){size.at, size.at + size.value};
}

static inline uint8_t *read_tag(uint8_t *at, const uint8_t *end, const struct shared *shared,
                                uint32_t *ret_id, enum wire *ret_wire)
{
    struct varint tag = read_varint(at, end);
    if (tag.at == NULL || tag.value > UINT32_MAX) {
        return NULL;
    }
    *shared->text_end = 0;
    *ret_id = (uint32_t)(tag.value >> 3);
    *ret_wire = (enum wire)(tag.value & 7U);
    return tag.at;
}

/* The field of a number, at or behind the place `from`; NULL when there is none. */
static inline const ProtobufCFieldDescriptor *
find_field(const ProtobufCMessageDescriptor *descriptor, uint32_t id, unsigned *from)
{
    const ProtobufCFieldDescriptor *next = &descriptor->fields[*from];
    if (*from < descriptor->n_fields && next->id == id) { /* nothing was left out */
        (*from)++;
        return next;
    }
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

static inline bool keep_text(struct sized value, struct shared *shared, void *place)
{
    str ignored;
    if (shared->checks &&
        !str_from_bytes(bytes_of(value.at, (size_t)(value.end - value.at)), &ignored)) {
        return false;
    }
    shared->text_end = value.end;
    memcpy(place, &value.at, sizeof value.at);
    return true;
}

/* One sized value to its place. */
static inline bool store_sized(const ProtobufCFieldDescriptor *field, struct sized value,
                               struct shared *shared, void *place)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        return keep_text(value, shared, place);
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        size_t size = (size_t)(value.end - value.at);
        ProtobufCBinaryData kept = {size, size > 0 ? value.at : NULL};
        memcpy(place, &kept, sizeof kept);
        return true;
    }
    if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
        return false;
    }
    ProtobufCMessage *message = NULL;
    if (read_message(field->descriptor, value.at, value.end, shared, &message) == NULL) {
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

/* The value of a field whose tag is read. */
struct value {
    const ProtobufCFieldDescriptor *field;
    enum wire wire;
    uint8_t *at;
    uint8_t *end; /* of the message around it */
};

static inline uint8_t *read_single(struct value value, struct shared *shared, char *message)
{
    void *place = message + value.field->offset;
    if (!mark(value.field, message)) {
        return NULL;
    }
    if (value.wire == WIRE_SIZED) {
        struct sized sized = read_sized(value.at, value.end);
        bool good = sized.at != NULL && store_sized(value.field, sized, shared, place);
        return good ? sized.end : NULL;
    }
    if (value.wire != WIRE_VARINT || number_size(value.field->type) == 0) {
        return NULL;
    }
    struct varint number = read_varint(value.at, value.end);
    store_number(place, value.field->type, number.value);
    return number.at;
}

static void keep_array(const ProtobufCFieldDescriptor *field, char *message, void *array,
                       size_t count)
{
    memcpy(message + field->quantifier_offset, &count, sizeof count);
    memcpy(message + field->offset, &array, sizeof array);
}

/* Numbers in one piece. */
static uint8_t *read_packed(struct value value, struct shared *shared, char *message)
{
    struct sized numbers = read_sized(value.at, value.end);
    size_t size = number_size(value.field->type);
    size_t count = 0;
    if (numbers.at == numbers.end) { /* also when they do not fit */
        return NULL;
    }
    for (const uint8_t *p = numbers.at; p < numbers.end; p++) {
        count += *p < 0x80;
    }
    char *array = arena_new_raw(shared->arena, count * size);
    uint8_t *at = numbers.at;
    for (size_t i = 0; i < count; i++) {
        struct varint number = read_varint(at, numbers.end);
        if (number.at == NULL) {
            return NULL;
        }
        store_number(array + i * size, value.field->type, number.value);
        at = number.at;
    }
    keep_array(value.field, message, array, count);
    return at == numbers.end ? at : NULL;
}

/* How many values of the field follow one another; 0 when they are not plain. */
static size_t count_values(struct value value, const struct shared *shared)
{
    enum wire wire = WIRE_SIZED;
    uint32_t next = value.field->id;
    size_t count = 0;
    for (uint8_t *at = value.at; next == value.field->id; count++) {
        struct sized sized = read_sized(at, value.end);
        if (wire != WIRE_SIZED || sized.at == NULL) {
            return 0;
        }
        at = sized.end;
        if (at == value.end) {
            next = 0;
        } else if ((at = read_tag(at, value.end, shared, &next, &wire)) == NULL) {
            return 0;
        }
    }
    return count;
}

static uint8_t *read_repeated(struct value value, struct shared *shared, char *message)
{
    const ProtobufCFieldDescriptor *field = value.field;
    if (value.wire != WIRE_SIZED) {
        return NULL;
    }
    if (number_size(field->type) > 0) {
        return read_packed(value, shared, message);
    }
    size_t count = count_values(value, shared);
    size_t size =
        field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData) : sizeof(void *);
    char *array = arena_new_raw(shared->arena, count * size);
    uint8_t *at = value.at;
    for (size_t i = 0; i < count; i++) {
        uint32_t id = field->id;
        if (i > 0 && (at = read_tag(at, value.end, shared, &id, &value.wire)) == NULL) {
            return NULL;
        }
        struct sized sized = read_sized(at, value.end);
        if (sized.at == NULL || !store_sized(field, sized, shared, array + i * size)) {
            return NULL;
        }
        at = sized.end;
    }
    keep_array(field, message, array, count);
    return count > 0 ? at : NULL;
}

/* --- messages ----------------------------------------------------------------------------------
 */

static uint8_t *read_message(const ProtobufCMessageDescriptor *descriptor, uint8_t *at,
                             uint8_t *end, struct shared *shared, ProtobufCMessage **ret)
{
    unsigned from = 0;
    ProtobufCMessage *message = arena_new_raw(shared->arena, descriptor->sizeof_message);
    descriptor->message_init(message);
    while (at < end) {
        uint32_t id = 0;
        enum wire wire = WIRE_VARINT;
        at = read_tag(at, end, shared, &id, &wire);
        if (at == NULL) {
            return NULL;
        }
        const ProtobufCFieldDescriptor *field = find_field(descriptor, id, &from);
        if (field == NULL || field->label == PROTOBUF_C_LABEL_REQUIRED) {
            return NULL;
        }
        struct value value = {field, wire, at, end};
        at = field->label == PROTOBUF_C_LABEL_REPEATED
                 ? read_repeated(value, shared, (char *)message)
                 : read_single(value, shared, (char *)message);
        if (at == NULL) {
            return NULL;
        }
    }
    if (descriptor == &date__descriptor && shared->checks) {
        int32_t days = ((const Date *)(const void *)message)->days;
        if (days < DATE_DAYS_MIN || days > DATE_DAYS_MAX) {
            return NULL;
        }
    }
    *ret = message;
    return at;
}

bool record_read(const ProtobufCMessageDescriptor *descriptor, bytes b, bool checks,
                 struct arena *arena, ProtobufCMessage **ret)
{
    uint8_t *copy = arena_new_raw(arena, b.size + 1);
    memcpy(copy, b.data, b.size);
    struct shared shared = {arena, copy + b.size, checks};
    bool read = read_message(descriptor, copy, copy + b.size, &shared, ret) != NULL;
    *shared.text_end = 0;
    return read;
}
