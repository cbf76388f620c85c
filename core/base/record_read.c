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

/* Bytes behind the last one that may be read: no number is longer, so that where it ends needs to
 * be looked at only when it is read. */
enum { ROOM_BEHIND = 16 };

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

static uint8_t *read_message(const ProtobufCMessageDescriptor *descriptor, struct sized value,
                             struct shared *shared, void *place);

/* A tenth byte holds one bit; what has more there is left to protobuf-c. */
static __attribute__((noinline)) struct varint read_long_varint(uint8_t *at)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = *at++;
        value |= (uint64_t)(byte & 0x7fU) << shift;
        if (byte < 0x80) {
            return (struct varint){shift < 63 || byte <= 1 ? at : NULL, value};
        }
    }
    return (struct varint){NULL, 0};
}

/* Up to eight bytes at once: those behind the last one are cut off, then the groups of seven bits
 * are moved together, two, four and eight at a time. */
static __attribute__((noinline)) struct varint read_eight(uint8_t *at)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t word;
    memcpy(&word, at, sizeof word);
    uint64_t last = ~word & high_bits;
    if (last == 0) {
        return read_long_varint(at);
    }
    word &= (last ^ (last - 1)) & ~high_bits;
    word = (word & UINT64_C(0x7f007f007f007f00)) >> 1 | (word & UINT64_C(0x007f007f007f007f));
    word = (word & UINT64_C(0x3fff00003fff0000)) >> 2 | (word & UINT64_C(0x00003fff00003fff));
    word = (word & UINT64_C(0x0fffffff00000000)) >> 4 | (word & UINT64_C(0x000000000fffffff));
    return (struct varint){at + __builtin_ctzll(last) / 8 + 1, word};
}

/* `at` NULL when it is none; it may end behind what it is part of. Most have one byte, or two. */
static inline struct varint read_varint(uint8_t *at)
{
    if (at[0] < 0x80) {
        return (struct varint){at + 1, at[0]};
    }
    if (at[1] < 0x80) {
        return (struct varint){at + 2, (at[0] & 0x7fU) | (uint32_t)at[1] << 7};
    }
    if (at[2] < 0x80) { /* days have three */
        uint32_t value = (at[0] & 0x7fU) | (at[1] & 0x7fU) << 7 | (uint32_t)at[2] << 14;
        return (struct varint){at + 3, value};
    }
    return read_eight(at);
}

/* Does it end before `end`, or there? NULL never does. */
static inline bool ends_within(const uint8_t *at, const uint8_t *end)
{
    return (uintptr_t)at - 1 < (uintptr_t)end;
}

static inline struct sized read_sized(uint8_t *at, uint8_t *end)
{
    struct varint size = read_varint(at);
    if (!ends_within(size.at, end) || size.value > (size_t)(end - size.at)) {
        return (struct sized){NULL, NULL};
    }
    return (struct sized){size.at, size.at + size.value};
}

/* The field of a number, at `next` or behind it; NULL when there is none. */
static __attribute__((noinline)) const ProtobufCFieldDescriptor *
search_field(const ProtobufCMessageDescriptor *descriptor, uint64_t id,
             const ProtobufCFieldDescriptor *next)
{
    const ProtobufCIntRange *ranges = descriptor->field_ranges;
    for (unsigned i = 0; i < descriptor->n_field_ranges; i++) {
        uint64_t place = id - (unsigned)ranges[i].start_value;
        if (place < ranges[i + 1].orig_index - ranges[i].orig_index) {
            const ProtobufCFieldDescriptor *field =
                &descriptor->fields[ranges[i].orig_index + place];
            return field >= next ? field : NULL;
        }
    }
    return NULL;
}

/* --- values ------------------------------------------------------------------------------------
 */

/* Bytes that a number of the type takes in a message; 0 for types that the schema does not use. */
static inline size_t number_size(ProtobufCType type)
{
    const unsigned large = 1U << PROTOBUF_C_TYPE_INT64 | 1U << PROTOBUF_C_TYPE_UINT64;
    const unsigned small = 1U << PROTOBUF_C_TYPE_INT32 | 1U << PROTOBUF_C_TYPE_UINT32 |
                           1U << PROTOBUF_C_TYPE_SINT32 | 1U << PROTOBUF_C_TYPE_ENUM |
                           1U << PROTOBUF_C_TYPE_BOOL;
    return (small >> type & 1U) != 0   ? sizeof(uint32_t)
           : (large >> type & 1U) != 0 ? sizeof(uint64_t)
                                       : 0;
}
_Static_assert(sizeof(protobuf_c_boolean) == sizeof(uint32_t), "a bool is stored like a number");

static inline int32_t from_zigzag(uint64_t value)
{
    uint32_t low = (uint32_t)value;
    return (int32_t)((low >> 1) ^ (0U - (low & 1U)));
}

static inline void store_number(void *place, ProtobufCType type, uint64_t value)
{
    if (type == PROTOBUF_C_TYPE_BOOL) {
        value = value != 0;
    } else if (type == PROTOBUF_C_TYPE_SINT32) {
        value = (uint32_t)from_zigzag(value);
    }
    if (number_size(type) == sizeof(uint64_t)) {
        memcpy(place, &value, sizeof value);
    } else {
        uint32_t low = (uint32_t)value;
        memcpy(place, &low, sizeof low);
    }
}

static __attribute__((noinline)) bool is_text(struct sized value)
{
    str ignored;
    return str_from_bytes(bytes_of(value.at, (size_t)(value.end - value.at)), &ignored);
}

static inline bool keep_text(struct sized value, struct shared *shared, void *place)
{
    if (shared->checks && !is_text(value)) {
        return false;
    }
    shared->text_end = value.end;
    record_put_pointer(place, value.at);
    return true;
}

/* Every third message is a day, which is one number. */
static inline bool read_date(struct sized value, struct shared *shared, void *place)
{
    const uint8_t tag = 1 << 3 | WIRE_VARINT;
    Date *date = arena_new_raw(shared->arena, sizeof *date);
    *date = (Date)DATE__INIT;
    if (value.at < value.end) {
        struct varint days = read_varint(value.at + 1);
        if (*value.at != tag || days.at != value.end) {
            return false;
        }
        date->days = from_zigzag(days.value);
    }
    if (shared->checks && (date->days < DATE_DAYS_MIN || date->days > DATE_DAYS_MAX)) {
        return false;
    }
    record_put_pointer(place, date);
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
        *(ProtobufCBinaryData *)place = (ProtobufCBinaryData){size, size > 0 ? value.at : NULL};
        return true;
    }
    if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
        return false;
    }
    if (field->descriptor == &date__descriptor) {
        return read_date(value, shared, place);
    }
    return read_message(field->descriptor, value, shared, place) != NULL;
}

/* --- fields ------------------------------------------------------------------------------------
 */

/* The value of a field whose tag is read. */
struct value {
    const ProtobufCFieldDescriptor *field;
    enum wire wire;
    uint8_t *at;
    uint8_t *end; /* of the message around it */
};

/* Says that the field is there; false when another of its choice is there already. */
static inline bool mark(const ProtobufCFieldDescriptor *field, char *message)
{
    uint32_t *quantifier = (uint32_t *)(void *)(message + field->quantifier_offset);
    if (field->quantifier_offset == 0) {
        return true; /* whatever is not nothing is there */
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0) {
        *quantifier = 1;
        return true;
    }
    bool is_first = *quantifier == 0;
    *quantifier = field->id;
    return is_first;
}

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
    struct varint number = read_varint(value.at);
    store_number(place, value.field->type, number.value);
    return ends_within(number.at, value.end) ? number.at : NULL;
}

static void keep_array(const ProtobufCFieldDescriptor *field, char *message, void *array,
                       size_t count)
{
    memcpy(message + field->quantifier_offset, &count, sizeof count);
    record_put_pointer(message + field->offset, array);
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
        struct varint number = read_varint(at);
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
static size_t count_values(struct value value)
{
    uint64_t same = (uint64_t)value.field->id << 3 | WIRE_SIZED;
    struct varint tag = {value.at, same};
    size_t count = 0;
    for (uint8_t *end = NULL; tag.value == same && end != value.end; count++) {
        struct sized sized = read_sized(tag.at, value.end);
        if (sized.at == NULL) {
            return 0;
        }
        end = sized.end;
        if (end < value.end && ((tag = read_varint(end)).at == NULL || tag.at >= value.end)) {
            return 0;
        }
    }
    return count;
}

static __attribute__((noinline)) uint8_t *read_repeated(struct value value, struct shared *shared,
                                                        char *message)
{
    const ProtobufCFieldDescriptor *field = value.field;
    if (value.wire != WIRE_SIZED) {
        return NULL;
    }
    if (number_size(field->type) > 0) {
        return read_packed(value, shared, message);
    }
    size_t count = count_values(value);
    size_t size =
        field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData) : sizeof(void *);
    char *array = arena_new_raw(shared->arena, count * size);
    uint8_t *at = value.at;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            at = read_varint(at).at; /* the same tag */
            *shared->text_end = 0;
        }
        struct sized sized = read_sized(at, value.end);
        if (!store_sized(field, sized, shared, array + i * size)) {
            return NULL;
        }
        at = sized.end;
    }
    keep_array(field, message, array, count);
    return count > 0 ? at : NULL;
}

/* --- messages ----------------------------------------------------------------------------------
 */

static uint8_t *read_message(const ProtobufCMessageDescriptor *descriptor, struct sized all,
                             struct shared *shared, void *place)
{
    const ProtobufCFieldDescriptor *next = descriptor->fields;
    const ProtobufCFieldDescriptor *end = next + descriptor->n_fields;
    char *message = arena_new_raw(shared->arena, descriptor->sizeof_message);
    descriptor->message_init((ProtobufCMessage *)(void *)message);
    uint8_t *at = all.at;
    while (at < all.end) {
        struct varint tag = read_varint(at);
        *shared->text_end = 0;
        if (!ends_within(tag.at, all.end)) {
            return NULL;
        }
        const ProtobufCFieldDescriptor *field = next;
        if (next == end || next->id != tag.value >> 3) { /* some were left out */
            field = search_field(descriptor, tag.value >> 3, next);
        }
        if (field == NULL || field->label == PROTOBUF_C_LABEL_REQUIRED) {
            return NULL;
        }
        next = field + 1;
        struct value value = {field, (enum wire)(tag.value & 7U), tag.at, all.end};
        at = field->label == PROTOBUF_C_LABEL_REPEATED ? read_repeated(value, shared, message)
                                                       : read_single(value, shared, message);
        if (at == NULL) {
            return NULL;
        }
    }
    record_put_pointer(place, message);
    return at;
}

bool record_read(const ProtobufCMessageDescriptor *descriptor, bytes b, bool checks,
                 struct arena *arena, ProtobufCMessage **ret)
{
    uint8_t *copy = arena_new_raw(arena, b.size + ROOM_BEHIND);
    struct sized all = {copy, copy + b.size};
    memcpy(copy, b.data, b.size);
    memset(all.end, 0, ROOM_BEHIND);
    struct shared shared = {arena, all.end, checks};
    bool read = descriptor == &date__descriptor
                    ? read_date(all, &shared, ret)
                    : read_message(descriptor, all, &shared, ret) != NULL;
    *shared.text_end = 0;
    return read;
}
