/* record_json - see record_json.h. */
#include "jobs/objects/record_json.h"

#include <event.pb-c.h>
#include <string.h>
#include <types.pb-c.h>

#include "core/base/date.h"
#include "events/terms/category.h"

enum { BYTES_SHOWN_MAX = 64 };

static bool is_private(const ProtobufCFieldDescriptor *field)
{
    return field->descriptor == (const void *)&personal__descriptor ||
           strcmp(field->name, "sealed") == 0;
}

static const void *element_of(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field, size_t index, size_t size)
{
    const char *list = record_pointer((const char *)message + field->offset);
    return list + index * size;
}

static size_t count_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
}

/* The fields of a record of a personnel file: one object, as wishes have it. */
static void put_pairs(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                      struct json *record)
{
    struct json *pairs = json_put_record(record, field->name);
    for (size_t i = 0; i < count_of(message, field); i++) {
        const RecordField *const *pair = element_of(message, field, i, sizeof(RecordField *));
        json_put_text(pairs, (*pair)->name, str_of((*pair)->value));
    }
}

/* Months are kept as year * 12 + month - 1. */
static bool is_month(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_INT32 &&
           (strcmp(field->name, "month") == 0 || strcmp(field->name, "insurance_months") == 0);
}

static str month_text(int32_t month, struct arena *arena)
{
    return arena_format(arena, "%04d-%02d", month / 12, month % 12 + 1);
}

/* Lists of texts, numbers and messages: all that events have. */
static void put_list(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                     struct json *record, struct arena *arena)
{
    if (field->descriptor == (const void *)&record_field__descriptor) {
        put_pairs(message, field, record);
        return;
    }
    struct json *list = json_put_list(record, field->name);
    for (size_t i = 0; i < count_of(message, field); i++) {
        if (field->type == PROTOBUF_C_TYPE_STRING) {
            json_add_text(list,
                          str_of(record_pointer(element_of(message, field, i, sizeof(char *)))));
        } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            const ProtobufCMessage *part =
                record_pointer(element_of(message, field, i, sizeof(ProtobufCMessage *)));
            record_put_json(part, json_add_record(list), arena);
        } else if (is_month(field)) {
            json_add_text(
                list, month_text(*(const int32_t *)element_of(message, field, i, sizeof(int32_t)),
                                 arena));
        } else if (field->type == PROTOBUF_C_TYPE_INT32) {
            json_add_number(list, *(const int32_t *)element_of(message, field, i, sizeof(int32_t)));
        } else if (field->type == PROTOBUF_C_TYPE_UINT64) {
            json_add_number(list, (int64_t) * (const uint64_t *)element_of(message, field, i,
                                                                           sizeof(uint64_t)));
        }
    }
}

static void put_message(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        struct json *record, struct arena *arena)
{
    const ProtobufCMessage *part = record_inner(message, field);
    if (part->descriptor == &date__descriptor) {
        char text[DATE_SIZE];
        date_format(((const Date *)(const void *)part)->days, text);
        json_put_text(record, field->name, str_of(text));
    } else {
        record_put_json(part, json_put_record(record, field->name), arena);
    }
}

str record_shown(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                 struct arena *arena)
{
    if (field->descriptor == (const void *)&category__code__descriptor) {
        const char *member = (const char *)message + field->offset;
        return category_text(*(const Category__Code *)(const void *)member);
    }
    return record_get(message, field, arena);
}

static void put_scalar(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                       struct json *record, struct arena *arena)
{
    str text = record_shown(message, field, arena);
    bool is_number = field->type == PROTOBUF_C_TYPE_INT32 || field->type == PROTOBUF_C_TYPE_INT64 ||
                     field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_UINT64;
    uint64_t number = 0;
    if (field->type == PROTOBUF_C_TYPE_BOOL) {
        json_put_bool(record, field->name, str_equal_c(text, "true"));
    } else if (is_month(field)) {
        json_put_text(
            record, field->name,
            month_text(*(const int32_t *)(const void *)((const char *)message + field->offset),
                       arena));
    } else if (is_number && str_to_uint64(text, &number) && number <= INT64_MAX) {
        json_put_number(record, field->name, (int64_t)number);
    } else if (field->type != PROTOBUF_C_TYPE_BYTES || text.size <= BYTES_SHOWN_MAX) {
        json_put_text(record, field->name, text);
    }
}

void record_put_json(const ProtobufCMessage *message, struct json *record, struct arena *arena)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!record_has(message, field) || is_private(field)) {
            continue;
        }
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            put_list(message, field, record, arena);
        } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            put_message(message, field, record, arena);
        } else {
            put_scalar(message, field, record, arena);
        }
    }
}
