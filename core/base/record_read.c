/* record_read - unpacks bytes of the plain shape in one pass; see record_parts.h.
 *
 * protobuf-c lists the fields it finds before it stores any, and takes memory for each text. What
 * record_pack() writes needs neither: fields come in the order of their numbers, each once. Texts
 * stay where they are, in one copy of all the bytes: the NUL behind a text takes the place of the
 * tag that follows it, once that is read.
 *
 * Every reader here takes the position where it begins and the end of the enclosing message. It
 * returns the position behind what it read, or NULL when the bytes do not have the plain shape. */
#include <string.h>

#include <types.pb-c.h>

#include "core/base/date.h"
#include "core/base/record_parts.h"
#include "core/base/record_plan.h"

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

static uint8_t *read_message(const struct record_plan *plan, struct sized all,
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
static ALWAYS_INLINE struct varint read_varint(uint8_t *at)
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

/* `at` NULL when they do not end by `end`. */
static ALWAYS_INLINE struct sized read_sized(uint8_t *at, const uint8_t *end)
{
    struct varint size = read_varint(at);
    if (size.at == NULL || size.at > end || size.value > (size_t)(end - size.at)) {
        return (struct sized){NULL, NULL};
    }
    return (struct sized){size.at, size.at + size.value};
}

/* --- values ------------------------------------------------------------------------------------
 */

static inline int32_t from_zigzag(uint64_t value)
{
    uint32_t low = (uint32_t)value;
    return (int32_t)((low >> 1) ^ (0U - (low & 1U)));
}
_Static_assert(sizeof(protobuf_c_boolean) == sizeof(uint32_t), "a bool is stored like a number");

static inline size_t number_size(enum plan_kind kind)
{
    return kind == PLAN_WIDE ? sizeof(uint64_t) : sizeof(uint32_t);
}

static inline void store_number(void *place, enum plan_kind kind, uint64_t value)
{
    uint32_t low = kind == PLAN_SINT32 ? (uint32_t)from_zigzag(value)
                   : kind == PLAN_BOOL ? value != 0
                                       : (uint32_t)value;
    if (kind == PLAN_WIDE) {
        memcpy(place, &value, sizeof value);
    } else {
        memcpy(place, &low, sizeof low);
    }
}

/* Characters of one byte, no NUL among them? Up to seven bytes behind it are looked at and do not
 * count. */
static inline bool is_plain(struct sized value)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t high_bits = ones << 7;
    uint64_t word;
    const uint8_t *at = value.at;
    for (; value.end - at >= (ptrdiff_t)sizeof word; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        if (((word | (word - ones)) & high_bits) != 0) {
            return false;
        }
    }
    unsigned left = (unsigned)(value.end - at) * 8;
    memcpy(&word, at, sizeof word);
    uint64_t behind = ~UINT64_C(0) << left;
    word = (word & ~behind) | (ones & behind);
    return ((word | (word - ones)) & high_bits) == 0;
}

static __attribute__((noinline)) bool is_text(struct sized value)
{
    str ignored;
    return str_from_bytes(bytes_of(value.at, (size_t)(value.end - value.at)), &ignored);
}

static inline bool keep_text(struct sized value, struct shared *shared, void *place)
{
    if (shared->checks && !is_plain(value) && !is_text(value)) {
        return false;
    }
    shared->text_end = value.end;
    record_put_pointer(place, value.at);
    return true;
}

/* Every third message is a day, which is one number. */
static inline bool read_date(struct sized value, struct shared *shared, void *place)
{
    const uint8_t tag = 1 << 3 | PLAN_WIRE_VARINT;
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

static inline void store_bytes(struct sized value, void *place)
{
    size_t size = (size_t)(value.end - value.at);
    *(ProtobufCBinaryData *)place = (ProtobufCBinaryData){size, size > 0 ? value.at : NULL};
}

/* --- lists -------------------------------------------------------------------------------------
 */

static void keep_array(const struct plan_field *field, char *message, void *array, size_t count)
{
    memcpy(message + field->beside, &count, sizeof count);
    record_put_pointer(message + field->offset, array);
}

/* Numbers in one piece. */
static uint8_t *read_packed(const struct plan_field *field, struct sized numbers,
                            struct shared *shared, char *message)
{
    size_t size = number_size(field->kind);
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
        store_number(array + i * size, field->kind, number.value);
        at = number.at;
    }
    keep_array(field, message, array, count);
    return at == numbers.end ? at : NULL;
}

/* How many values of the field follow one another, from behind the first tag; 0 when they are not
 * plain. */
static size_t count_values(const struct plan_field *field, uint8_t *at, const uint8_t *end)
{
    struct varint tag = {at, field->tag};
    size_t count = 0;
    for (uint8_t *last = NULL; tag.value == field->tag && last != end; count++) {
        struct sized sized = read_sized(tag.at, end);
        if (sized.at == NULL) {
            return 0;
        }
        last = sized.end;
        if (last < end && ((tag = read_varint(last)).at == NULL || tag.at >= end)) {
            return 0;
        }
    }
    return count;
}

/* One value, which has a size, to its place. */
static bool store_item(const struct plan_field *field, struct sized value, struct shared *shared,
                       void *place)
{
    if (field->kind == PLAN_TEXT) {
        return keep_text(value, shared, place);
    }
    if (field->kind == PLAN_DAY) {
        return read_date(value, shared, place);
    }
    if (field->kind == PLAN_MESSAGE) {
        return read_message(&record_plans[field->inner], value, shared, place) != NULL;
    }
    store_bytes(value, place);
    return true;
}

static __attribute__((noinline)) uint8_t *
read_list(const struct plan_field *field, struct sized rest, struct shared *shared, char *message)
{
    uint8_t *at = rest.at;
    if (plan_is_number(field->kind)) {
        return read_packed(field, read_sized(at, rest.end), shared, message);
    }
    size_t count = count_values(field, at, rest.end);
    size_t size = field->kind == PLAN_BYTES ? sizeof(ProtobufCBinaryData) : sizeof(void *);
    char *array = arena_new_raw(shared->arena, count * size);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            at = read_varint(at).at; /* the same tag */
            *shared->text_end = 0;
        }
        struct sized sized = read_sized(at, rest.end);
        if (!store_item(field, sized, shared, array + i * size)) {
            return NULL;
        }
        at = sized.end;
    }
    keep_array(field, message, array, count);
    return count > 0 ? at : NULL;
}

/* --- messages ----------------------------------------------------------------------------------
 */

/* A number from behind its tag; where it ended may lie behind the message. */
static ALWAYS_INLINE uint8_t *read_number(enum plan_kind kind, uint8_t *at, void *place)
{
    struct varint number = read_varint(at);
    store_number(place, kind, number.value);
    return number.at;
}

/* Says which member of the choice is there; false when another one is there already. */
static inline bool choose(const struct plan_field *field, char *message)
{
    uint32_t *chosen = (uint32_t *)(void *)(message + field->beside);
    bool is_first = *chosen == 0;
    *chosen = field->tag >> 3;
    return is_first;
}

static inline uint8_t *read_inner(const struct plan_field *field, struct sized value,
                                  struct shared *shared, char *message)
{
    if (field->shape == PLAN_CHOICE && !choose(field, message)) {
        return NULL;
    }
    return read_message(&record_plans[field->inner], value, shared, message + field->offset);
}

/* A field from behind its tag. */
static ALWAYS_INLINE uint8_t *read_field(const struct plan_field *field, struct sized rest,
                                         struct shared *shared, char *message)
{
    void *place = message + field->offset;
    struct sized value;
    if (field->shape == PLAN_LIST) {
        return read_list(field, rest, shared, message);
    }
    switch ((enum plan_kind)field->kind) {
    case PLAN_TEXT:
        value = read_sized(rest.at, rest.end);
        return value.at != NULL && keep_text(value, shared, place) ? value.end : NULL;
    case PLAN_BYTES:
        value = read_sized(rest.at, rest.end);
        store_bytes(value, place);
        return value.end;
    case PLAN_DAY:
        value = read_sized(rest.at, rest.end);
        return value.at != NULL && read_date(value, shared, place) ? value.end : NULL;
    case PLAN_MESSAGE:
        value = read_sized(rest.at, rest.end);
        return value.at != NULL ? read_inner(field, value, shared, message) : NULL;
    case PLAN_INT32:
    case PLAN_UINT32: return read_number(PLAN_UINT32, rest.at, place);
    case PLAN_SINT32: return read_number(PLAN_SINT32, rest.at, place);
    case PLAN_BOOL: return read_number(PLAN_BOOL, rest.at, place);
    case PLAN_WIDE: return read_number(PLAN_WIDE, rest.at, place);
    case PLAN_NONE: break;
    }
    return NULL;
}

static uint8_t *read_message(const struct record_plan *plan, struct sized all,
                             struct shared *shared, void *place)
{
    char *message = arena_new_raw(shared->arena, plan->size);
    plan->descriptor->message_init((ProtobufCMessage *)(void *)message);
    unsigned before = 0; /* the number of the field before */
    uint8_t *at = all.at;
    while (at < all.end) {
        unsigned tag = *at++;
        if (tag >= 0x80) { /* what is longer than two bytes is no tag of ours */
            tag = (tag & 0x7fU) | (unsigned)*at++ << 7;
        }
        *shared->text_end = 0;
        unsigned number = tag >> 3;
        if (number <= before || number > plan->last || plan->fields[number].tag != tag) {
            return NULL;
        }
        before = number;
        at = read_field(&plan->fields[number], (struct sized){at, all.end}, shared, message);
        if (at == NULL) {
            return NULL;
        }
    }
    record_put_pointer(place, message);
    return at == all.end ? at : NULL;
}

bool record_read(const ProtobufCMessageDescriptor *descriptor, bytes b, bool checks,
                 struct arena *arena, ProtobufCMessage **ret)
{
    const struct record_plan *plan = record_plan_of(descriptor);
    if (plan == NULL) {
        return false;
    }
    uint8_t *copy = arena_new_raw(arena, b.size + ROOM_BEHIND);
    struct sized all = {copy, copy + b.size};
    memcpy(copy, b.data, b.size);
    memset(all.end, 0, ROOM_BEHIND);
    struct shared shared = {arena, all.end, checks};
    bool read = descriptor == &date__descriptor ? read_date(all, &shared, ret)
                                                : read_message(plan, all, &shared, ret) != NULL;
    *shared.text_end = 0;
    return read;
}
