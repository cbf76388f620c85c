/* record_pack - see record.h: messages to bytes and back. Bytes that do not have the plain shape
 * (record_parts.h) are unpacked by protobuf-c, straight into the arena. A message with unknown
 * fields is never accepted: they come from damage or from a newer program. */
#include <string.h>

#include <types.pb-c.h>

#include "core/base/date.h"
#include "core/base/messages.h"
#include "core/base/record_parts.h"

bytes record_pack(const ProtobufCMessage *message, struct arena *arena)
{
    uint8_t room[2048]; /* nearly all records and events are shorter */
    bytes packed = {0};
    if (record_write(message, room, sizeof room, &packed)) {
        return arena_bytes(arena, packed);
    }
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_new_raw(arena, size);
    size_t written = protobuf_c_message_pack(message, data);
    BUG_UNLESS(written == size);
    return (bytes){data, size};
}

bytes record_pack_around(const ProtobufCMessage *message, const ProtobufCBinaryData *gap,
                         struct arena *arena, uint8_t **ret_gap)
{
    uint8_t room[2048];
    uint8_t *at = NULL;
    bytes packed = {0};
    BUG_UNLESS(gap->len > 0);
    if (record_write_around(message, gap, room, sizeof room, &packed, &at) && at != NULL) {
        size_t before = (size_t)(at - packed.data);
        uint8_t *data = arena_new_raw(arena, packed.size);
        memcpy(data, packed.data, before);
        memcpy(data + before + gap->len, at + gap->len, packed.size - before - gap->len);
        *ret_gap = data + before;
        return bytes_of(data, packed.size);
    }
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_new_raw(arena, size + RECORD_WRITE_MORE);
    BUG_UNLESS(record_write_around(message, gap, data, size + RECORD_WRITE_MORE, &packed, ret_gap));
    BUG_UNLESS(packed.size == size && *ret_gap != NULL);
    return packed;
}

bool record_fits(const ProtobufCMessage *message, size_t limit)
{
    return record_size_most(message) <= limit ||
           protobuf_c_message_get_packed_size(message) <= limit;
}

enum flaw { FLAW_NONE, FLAW_UNKNOWN_FIELD, FLAW_BAD_DAY, FLAW_BAD_TEXT };

static enum flaw flaw_of(const ProtobufCMessage *message);

/* The first flaw of a field's sub-messages. */
static enum flaw flaw_of_members(const ProtobufCMessage *message,
                                 const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    enum flaw flaw = FLAW_NONE;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
        const char *items = record_pointer(base + field->offset);
        for (size_t i = 0; flaw == FLAW_NONE && i < count; i++) {
            flaw = flaw_of(record_pointer(items + i * sizeof(void *)));
        }
        return flaw;
    }
    const ProtobufCMessage *inner = record_inner(message, field);
    return inner == NULL ? FLAW_NONE : flaw_of(inner);
}

static bool is_text(const char *text)
{
    str ignored;
    return *text == 0 || str_from_bytes(bytes_of(text, strlen(text)), &ignored);
}

/* protobuf-c does not look whether strings are UTF-8. */
static enum flaw flaw_of_text(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
        char *const *items = record_pointer(base + field->offset);
        for (size_t i = 0; i < count; i++) {
            if (!is_text(items[i])) {
                return FLAW_BAD_TEXT;
            }
        }
        return FLAW_NONE;
    }
    return is_text(record_pointer(base + field->offset)) ? FLAW_NONE : FLAW_BAD_TEXT;
}

/* Nothing may be unknown, text must be UTF-8, and every day must be one of the calendar: what is
 * printed later must be printable. The depth is that of the schema, which has no recursive
 * messages. */
static enum flaw flaw_of(const ProtobufCMessage *message)
{
    if (message->n_unknown_fields > 0) {
        return FLAW_UNKNOWN_FIELD;
    }
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    if (descriptor == &date__descriptor) {
        int32_t days = ((const Date *)(const void *)message)->days;
        return days >= DATE_DAYS_MIN && days <= DATE_DAYS_MAX ? FLAW_NONE : FLAW_BAD_DAY;
    }
    enum flaw flaw = FLAW_NONE;
    for (unsigned i = 0; flaw == FLAW_NONE && i < descriptor->n_fields; i++) {
        if (descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE) {
            flaw = flaw_of_members(message, &descriptor->fields[i]);
        } else if (descriptor->fields[i].type == PROTOBUF_C_TYPE_STRING) {
            flaw = flaw_of_text(message, &descriptor->fields[i]);
        }
    }
    return flaw;
}

FALLIBLE record_unpack(const ProtobufCMessageDescriptor *descriptor, bytes b, struct arena *arena,
                       ProtobufCMessage **ret, struct error *err)
{
    const uint8_t *data = b.data != NULL ? b.data : (const uint8_t *)"";
    if (record_read(descriptor, bytes_of(data, b.size), true, arena, ret)) {
        return OK;
    }
    ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, arena_protobuf(arena), b.size, data);
    enum flaw flaw = message == NULL ? FLAW_NONE : flaw_of(message);
    if (flaw == FLAW_UNKNOWN_FIELD) {
        FAIL(CORRUPT, MESSAGE_RECORD_IS_NEWER, ARG_TEXT("record", descriptor->short_name));
    }
    if (message == NULL || flaw != FLAW_NONE) {
        FAIL(CORRUPT, MESSAGE_BAD_RECORD, ARG_TEXT("record", descriptor->short_name));
    }
    *ret = message;
    return OK;
}

ProtobufCMessage *record_unpack_again(const ProtobufCMessageDescriptor *descriptor, bytes b,
                                      struct arena *arena)
{
    const uint8_t *data = b.data != NULL ? b.data : (const uint8_t *)"";
    ProtobufCMessage *message = NULL;
    if (record_read(descriptor, bytes_of(data, b.size), false, arena, &message)) {
        return message;
    }
    message = protobuf_c_message_unpack(descriptor, arena_protobuf(arena), b.size, data);
    BUG_UNLESS(message != NULL);
    return message;
}

ProtobufCBinaryData record_binary(bytes b, struct arena *arena)
{
    uint8_t *kept = arena_new_raw(arena, b.size);
    if (b.size > 0) {
        memcpy(kept, b.data, b.size);
    }
    return (ProtobufCBinaryData){b.size, kept};
}

ProtobufCMessage *record_copy(const ProtobufCMessage *message, struct arena *arena)
{
    return record_unpack_again(message->descriptor, record_pack(message, arena), arena);
}

bool record_equal(const ProtobufCMessage *a, const ProtobufCMessage *b, struct arena *arena)
{
    return a->descriptor == b->descriptor &&
           bytes_equal(record_pack(a, arena), record_pack(b, arena));
}
