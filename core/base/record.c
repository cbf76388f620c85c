/* record - see record.h. The table of text forms is `forms`; all else is protobuf-c's reflection.
 */
#include "core/base/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <types.pb-c.h>

#include "core/base/date.h"
#include "core/base/messages.h"
#include "core/base/unicode.h"

/* How a value of one wire type reads and writes. `slot` points at the value in its message. */
struct text_form {
    ProtobufCType type;
    const ProtobufCMessageDescriptor *message; /* of PROTOBUF_C_TYPE_MESSAGE */
    size_t size;
    const char *expected; /* what MESSAGE_BAD_VALUE shows; an enum shows its values */
    bool (*parse)(str text, const ProtobufCFieldDescriptor *field, void *slot, struct arena *arena);
    str (*format)(const void *slot, const ProtobufCFieldDescriptor *field, struct arena *arena);
};

#define PARSE_ARGS  str text, const ProtobufCFieldDescriptor *field, void *slot, struct arena *arena
#define FORMAT_ARGS const void *slot, const ProtobufCFieldDescriptor *field, struct arena *arena

static bool parse_string(PARSE_ARGS)
{
    (void)field; /* a string is a string */
    record_put_pointer(slot, arena_c_string(arena, text));
    return true;
}

static str format_string(FORMAT_ARGS)
{
    (void)field; /* as above */
    (void)arena; /* the text is the message's own */
    return str_of(record_pointer(slot));
}

static bool parse_bool(PARSE_ARGS)
{
    (void)field; /* one form of bool */
    str lower = unicode_lower_ascii(text, arena);
    bool is_true =
        str_equal_c(lower, "true") || str_equal_c(lower, "yes") || str_equal_c(lower, "1");
    if (!is_true && !str_equal_c(lower, "false") && !str_equal_c(lower, "no") &&
        !str_equal_c(lower, "0")) {
        return false;
    }
    *(protobuf_c_boolean *)slot = is_true;
    return true;
}

static str format_bool(FORMAT_ARGS)
{
    (void)field; /* as above */
    (void)arena; /* literals */
    return *(const protobuf_c_boolean *)slot != 0 ? STR("true") : STR("false");
}

/* A decimal number with an optional sign, from `low` to `high`. */
static bool read_signed(str text, int64_t low, int64_t high, int64_t *ret)
{
    uint64_t magnitude = 0;
    bool negative = str_starts_with(text, STR("-"));
    if (!str_to_uint64(negative ? str_from(text, 1) : text, &magnitude)) {
        return false;
    }
    uint64_t magnitude_max = negative ? (uint64_t) - (low + 1) + 1 : (uint64_t)high;
    if (magnitude > magnitude_max) {
        return false;
    }
    *ret = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

static bool parse_int32(PARSE_ARGS)
{
    (void)field; /* the type says it all */
    (void)arena; /* no memory needed */
    int64_t value = 0;
    if (!read_signed(text, INT32_MIN, INT32_MAX, &value)) {
        return false;
    }
    *(int32_t *)slot = (int32_t)value;
    return true;
}

static str format_int32(FORMAT_ARGS)
{
    (void)field; /* the type says it all */
    return arena_format(arena, "%" PRId32, *(const int32_t *)slot);
}

static bool parse_int64(PARSE_ARGS)
{
    (void)field; /* the type says it all */
    (void)arena; /* no memory needed */
    return read_signed(text, INT64_MIN, INT64_MAX, slot);
}

static str format_int64(FORMAT_ARGS)
{
    (void)field; /* the type says it all */
    return arena_format(arena, "%" PRId64, *(const int64_t *)slot);
}

static bool parse_uint32(PARSE_ARGS)
{
    (void)field; /* the type says it all */
    (void)arena; /* no memory needed */
    uint64_t value = 0;
    if (!str_to_uint64(text, &value) || value > UINT32_MAX) {
        return false;
    }
    *(uint32_t *)slot = (uint32_t)value;
    return true;
}

static str format_uint32(FORMAT_ARGS)
{
    (void)field; /* the type says it all */
    return arena_format(arena, "%" PRIu32, *(const uint32_t *)slot);
}

static bool parse_uint64(PARSE_ARGS)
{
    (void)field; /* the type says it all */
    (void)arena; /* no memory needed */
    return str_to_uint64(text, slot);
}

static str format_uint64(FORMAT_ARGS)
{
    (void)field; /* the type says it all */
    return arena_format(arena, "%" PRIu64, *(const uint64_t *)slot);
}

static bool parse_enum(PARSE_ARGS)
{
    (void)arena; /* no memory needed */
    int value = record_enum_value(field->descriptor, text);
    if (value < 0) {
        return false;
    }
    *(int32_t *)slot = value;
    return true;
}

static str format_enum(FORMAT_ARGS)
{
    return record_enum_text(field->descriptor, *(const int32_t *)slot, arena);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool parse_bytes(PARSE_ARGS)
{
    (void)field; /* bytes are bytes */
    if (text.size % 2 != 0) {
        return false;
    }
    uint8_t *data = arena_new_raw(arena, text.size / 2);
    for (size_t i = 0; i < text.size / 2; i++) {
        int high = hex_digit(text.data[2 * i]);
        int low = hex_digit(text.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        data[i] = (uint8_t)(high * 16 + low);
    }
    *(ProtobufCBinaryData *)slot = (ProtobufCBinaryData){text.size / 2, data};
    return true;
}

static str format_bytes(FORMAT_ARGS)
{
    (void)field; /* bytes are bytes */
    const ProtobufCBinaryData *data = slot;
    char *text = arena_new_raw(arena, data->len * 2 + 1);
    for (size_t i = 0; i < data->len; i++) {
        text[2 * i] = "0123456789abcdef"[data->data[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[data->data[i] & 15];
    }
    text[data->len * 2] = 0;
    return (str){text, data->len * 2};
}

static bool parse_date(PARSE_ARGS)
{
    (void)field; /* a day is a day */
    int32_t days = 0;
    if (!date_parse(text, &days)) {
        return false;
    }
    Date *date = RECORD_NEW(arena, Date, date);
    date->days = days;
    record_put_pointer(slot, date);
    return true;
}

static str format_date(FORMAT_ARGS)
{
    (void)field; /* a day is a day */
    const Date *date = record_pointer(slot);
    char text[DATE_SIZE];
    date_format(date->days, text);
    return arena_str(arena, str_of(text));
}

/* A pair: a message of two texts, name and value (RecordField). */
static bool is_pair(const ProtobufCMessageDescriptor *descriptor)
{
    return descriptor->n_fields == 2 && strcmp(descriptor->fields[0].name, "name") == 0 &&
           strcmp(descriptor->fields[1].name, "value") == 0;
}

static bool parse_pair(PARSE_ARGS)
{
    struct error ignored;
    str value = text;
    str name = str_cut(&value, '=');
    ProtobufCMessage *pair = record_new(field->descriptor, arena);
    record_put_pointer(slot, pair);
    return value.data != NULL && !str_empty(name) &&
           record_set(pair, STR("name"), name, arena, &ignored).ok &&
           record_set(pair, STR("value"), value, arena, &ignored).ok;
}

static str format_pair(FORMAT_ARGS)
{
    const ProtobufCMessage *pair = record_pointer(slot);
    const ProtobufCFieldDescriptor *parts =
        ((const ProtobufCMessageDescriptor *)field->descriptor)->fields;
    str name = record_get(pair, &parts[0], arena);
    str value = record_get(pair, &parts[1], arena);
    return arena_format(arena, "%.*s=%.*s", STR_ARGS(name), STR_ARGS(value));
}

static const struct text_form pair_form = {
    PROTOBUF_C_TYPE_MESSAGE, NULL, sizeof(void *), "NAME=VALUE", parse_pair, format_pair};

static const struct text_form forms[] = {
    {PROTOBUF_C_TYPE_STRING, NULL, sizeof(char *), "text", parse_string, format_string},
    {PROTOBUF_C_TYPE_BOOL, NULL, sizeof(protobuf_c_boolean), "true|false", parse_bool, format_bool},
    {PROTOBUF_C_TYPE_INT32, NULL, 4, "-2147483648..2147483647", parse_int32, format_int32},
    {PROTOBUF_C_TYPE_SINT32, NULL, 4, "-2147483648..2147483647", parse_int32, format_int32},
    {PROTOBUF_C_TYPE_UINT32, NULL, 4, "a whole number from 0 to 4294967295", parse_uint32,
     format_uint32},
    {PROTOBUF_C_TYPE_INT64, NULL, 8, "-2^63..2^63-1", parse_int64, format_int64},
    {PROTOBUF_C_TYPE_SINT64, NULL, 8, "-2^63..2^63-1", parse_int64, format_int64},
    {PROTOBUF_C_TYPE_UINT64, NULL, 8, "a whole number from 0 on", parse_uint64, format_uint64},
    {PROTOBUF_C_TYPE_ENUM, NULL, 4, NULL, parse_enum, format_enum},
    {PROTOBUF_C_TYPE_BYTES, NULL, sizeof(ProtobufCBinaryData), "hex", parse_bytes, format_bytes},
    {PROTOBUF_C_TYPE_MESSAGE, &date__descriptor, sizeof(Date *), "YYYY-MM-DD", parse_date,
     format_date},
};

static const struct text_form *form_of(const ProtobufCFieldDescriptor *field)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i].type == field->type &&
            (forms[i].message == NULL || forms[i].message == field->descriptor)) {
            return &forms[i];
        }
    }
    bool message = field->type == PROTOBUF_C_TYPE_MESSAGE;
    return message && is_pair(field->descriptor) ? &pair_form : NULL;
}

bool record_takes_text(const ProtobufCFieldDescriptor *field)
{
    return form_of(field) != NULL;
}

ProtobufCMessage *record_new(const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    ProtobufCMessage *message = arena_new_raw(arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, message);
    return message;
}

const ProtobufCFieldDescriptor *record_find(const ProtobufCMessageDescriptor *descriptor, str name)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        if (str_equal_c(name, descriptor->fields[i].name)) {
            return &descriptor->fields[i];
        }
    }
    return NULL;
}

static void *member(ProtobufCMessage *message, unsigned offset)
{
    return (char *)message + offset;
}

static const void *member_const(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

/* Is the field a member of a oneof that is not the selected one? */
static bool is_unselected(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0) {
        return false;
    }
    const uint32_t *selected = member_const(message, field->quantifier_offset);
    return *selected != field->id;
}

/* Selects the field when it is a member of a oneof, so that its slot holds nothing of another. */
static void select_member(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                          size_t size)
{
    if (is_unselected(message, field)) {
        *(uint32_t *)member(message, field->quantifier_offset) = field->id;
        memset(member(message, field->offset), 0, size);
    }
}

/* The place of a new last value of a repeated field. */
static void *append_slot(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                         size_t size, struct arena *arena)
{
    size_t *count = member(message, field->quantifier_offset);
    void *items = member(message, field->offset);
    char *grown = arena_new(arena, (*count + 1) * size);
    if (*count > 0) {
        memcpy(grown, record_pointer(items), *count * size);
    }
    record_put_pointer(items, grown);
    return grown + (*count)++ * size;
}

/* Expected text of an enum: its values, "A|B|C1". */
static str enum_values(const ProtobufCEnumDescriptor *descriptor, struct arena *arena)
{
    str all = STR("");
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        if (descriptor->values[i].value != 0) {
            str text = record_enum_text(descriptor, descriptor->values[i].value, arena);
            all = arena_format(arena, "%.*s%s%.*s", STR_ARGS(all), str_empty(all) ? "" : "|",
                               STR_ARGS(text));
        }
    }
    return all;
}

static outcome bad_value(const ProtobufCFieldDescriptor *field, const struct text_form *form,
                         str text, struct arena *arena, struct error *err)
{
    str expected =
        form->expected != NULL ? str_of(form->expected) : enum_values(field->descriptor, arena);
    FAIL(INVALID, MESSAGE_BAD_VALUE, ARG_TEXT("field", field->name), ARG_STR("value", text),
         ARG_STR("expected", expected));
}

static outcome set_value(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, str text,
                         struct arena *arena, struct error *err)
{
    union {
        void *pointer;
        int64_t number;
        protobuf_c_boolean truth;
        ProtobufCBinaryData data;
    } value = {.data = {0, NULL}};
    const struct text_form *form = form_of(field);
    if (form == NULL) {
        FAIL(INVALID, MESSAGE_NO_SUCH_FIELD, ARG_TEXT("field", field->name));
    }
    if (!form->parse(text, field, &value, arena)) {
        return bad_value(field, form, text, arena, err);
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        memcpy(append_slot(message, field, form->size, arena), &value, form->size);
        return OK;
    }
    select_member(message, field, form->size);
    memcpy(member(message, field->offset), &value, form->size);
    return OK;
}

ProtobufCMessage *record_inner(const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field)
{
    return is_unselected(message, field) ? NULL
                                         : record_pointer(member_const(message, field->offset));
}

ProtobufCMessage *record_new_inner(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                                   struct arena *arena)
{
    ProtobufCMessage *inner = record_new(field->descriptor, arena);
    select_member(message, field, sizeof inner);
    record_put_pointer(member(message, field->offset), inner);
    return inner;
}

/* The sub-message of a field, made when it is not there. */
static ProtobufCMessage *enter(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                               struct arena *arena)
{
    ProtobufCMessage *inner = record_inner(message, field);
    return inner != NULL ? inner : record_new_inner(message, field, arena);
}

FALLIBLE record_set(ProtobufCMessage *message, str field, str text, struct arena *arena,
                    struct error *err)
{
    str rest = field;
    str name = str_cut(&rest, '.');
    const ProtobufCFieldDescriptor *found = record_find(message->descriptor, name);
    while (found != NULL && rest.data != NULL) {
        if (found->type != PROTOBUF_C_TYPE_MESSAGE || found->label == PROTOBUF_C_LABEL_REPEATED) {
            FAIL(INVALID, MESSAGE_NO_SUCH_FIELD, ARG_STR("field", field));
        }
        name = str_cut(&rest, '.');
        const ProtobufCFieldDescriptor *inner = record_find(found->descriptor, name);
        if (inner != NULL) {
            message = enter(message, found, arena);
        }
        found = inner;
    }
    if (found == NULL) {
        FAIL(INVALID, MESSAGE_NO_SUCH_FIELD, ARG_STR("field", field));
    }
    TRY(set_value(message, found, text, arena, err));
    return OK;
}

bool record_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *slot = member_const(message, field->offset);
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return *(const size_t *)member_const(message, field->quantifier_offset) > 0;
    }
    if (is_unselected(message, field)) {
        return false;
    }
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: return !str_empty(str_of(record_pointer(slot)));
    case PROTOBUF_C_TYPE_BYTES: return ((const ProtobufCBinaryData *)slot)->len > 0;
    case PROTOBUF_C_TYPE_MESSAGE: return record_pointer(slot) != NULL;
    case PROTOBUF_C_TYPE_BOOL: return *(const protobuf_c_boolean *)slot != 0;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_FLOAT: return *(const uint32_t *)slot != 0;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return *(const uint64_t *)slot != 0;
    }
    return false;
}

str record_get(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
               struct arena *arena)
{
    const struct text_form *form = form_of(field);
    if (form == NULL || !record_has(message, field)) {
        return STR("");
    }
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        return form->format(member_const(message, field->offset), field, arena);
    }
    size_t count = *(const size_t *)member_const(message, field->quantifier_offset);
    const char *items = record_pointer(member_const(message, field->offset));
    str all = form->format(items, field, arena);
    for (size_t i = 1; i < count; i++) {
        str next = form->format(items + i * form->size, field, arena);
        all = arena_format(arena, "%.*s,%.*s", STR_ARGS(all), STR_ARGS(next));
    }
    return all;
}
