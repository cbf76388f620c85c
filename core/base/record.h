/* record - text to message and message to text, by protobuf-c's reflection.
 *
 * One table of text forms (record.c) says how each field type reads and writes as text; CSV cells,
 * flags, configuration keys, scenario lines, tables and JSON all use it. Forms: string; bool
 * (true/false, yes/no, 1/0); int32, uint32, int64, uint64; enum (the value's name, any case);
 * bytes (hex); message Date (every spelling of date_parse; written YYYY-MM-DD); a message of two
 * texts, name and value (name=value). A repeated field is appended to. A sub-message field is named
 * with a dot: person.name. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* An initialised message with every field absent. */
ProtobufCMessage *record_new(const ProtobufCMessageDescriptor *descriptor, struct arena *arena);
#define RECORD_NEW(arena, type, prefix) ((type *)(void *)record_new(&prefix##__descriptor, (arena)))

/* Has the field's type a text form? */
bool record_takes_text(const ProtobufCFieldDescriptor *field);

/* The field of that name, or NULL. */
const ProtobufCFieldDescriptor *record_find(const ProtobufCMessageDescriptor *descriptor, str name);

/* Sets `field` ("name" or "person.name") from text; copies into the arena. Setting a member of a
 * oneof selects it.
 * fails   INVALID MESSAGE_NO_SUCH_FIELD, MESSAGE_BAD_VALUE (field, text, expected form) */
FALLIBLE record_set(ProtobufCMessage *message, str field, str text, struct arena *arena,
                    struct error *err);

/* The text of a field; repeated values joined by a comma; absent is empty. */
str record_get(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
               struct arena *arena);

/* Is the field there: a non-default scalar, a non-empty string or list, a sub-message? */
bool record_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Serialised bytes, in the arena. */
bytes record_pack(const ProtobufCMessage *message, struct arena *arena);

/* The same with a gap, for a field whose length is known and whose content is not yet: the caller
 * writes the content to *ret_gap, which lies inside the returned bytes. The field must be in the
 * message and not empty. */
bytes record_pack_around(const ProtobufCMessage *message, const ProtobufCBinaryData *gap,
                         struct arena *arena, uint8_t **ret_gap);

/* Does it pack to at most so many bytes? */
bool record_fits(const ProtobufCMessage *message, size_t limit);

/* fails   CORRUPT MESSAGE_BAD_RECORD when the bytes are no such message or hold days that no
 *         calendar has, MESSAGE_RECORD_IS_NEWER when a field is unknown: a newer program wrote it
 */
FALLIBLE record_unpack(const ProtobufCMessageDescriptor *descriptor, bytes b, struct arena *arena,
                       ProtobufCMessage **ret, struct error *err);

/* The same for bytes that record_unpack has taken before: they are not looked through again. */
ProtobufCMessage *record_unpack_again(const ProtobufCMessageDescriptor *descriptor, bytes b,
                                      struct arena *arena);

/* Bytes as a field holds them, copied into the arena. */
ProtobufCBinaryData record_binary(bytes b, struct arena *arena);

/* A deep copy, through its bytes. */
ProtobufCMessage *record_copy(const ProtobufCMessage *message, struct arena *arena);

/* Equal by content: the packed bytes are equal. */
bool record_equal(const ProtobufCMessage *a, const ProtobufCMessage *b, struct arena *arena);

/* Lower-case name of an enum value ("cancelled"), and back by any case; -1 when there is none. */
str record_enum_text(const ProtobufCEnumDescriptor *descriptor, int value, struct arena *arena);
int record_enum_value(const ProtobufCEnumDescriptor *descriptor, str text);

/* --- fields by their descriptors ---------------------------------------------------------------
 *
 * A struct member that holds a pointer (a text, a sub-message, the first item of a list) has the
 * type that the schema gave it. Code that knows the member only by its descriptor reads and writes
 * it through these two functions: accessing it as `void *` would break the compiler's aliasing
 * rules. */
static inline void *record_pointer(const void *place)
{
    void *pointer;
    memcpy(&pointer, place, sizeof pointer);
    return pointer;
}

static inline void record_put_pointer(void *place, const void *pointer)
{
    memcpy(place, &pointer, sizeof pointer);
}

/* The sub-message of a field that is no list; NULL when it is absent, or when another member of its
 * oneof is selected. */
ProtobufCMessage *record_inner(const ProtobufCMessage *message,
                               const ProtobufCFieldDescriptor *field);
/* A new one in its place; it is selected when it is a member of a oneof. */
ProtobufCMessage *record_new_inner(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                                   struct arena *arena);
