/* record_parts - what record_pack.c, record_read.c and record_write.c share; see record.h. */
#pragma once

#include "core/base/record.h"

/* What is so small, and in so hot a place, that each use has one of its own. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Bytes as record_pack() writes them: every field known, of its wire type, in the order of the
 * numbers and once, lists of numbers packed. The message is then the one that
 * protobuf_c_message_unpack() gives, only sooner. With `checks` also: texts are UTF-8 without NUL
 * and days are of the calendar.
 * Returns false for everything else, sound or not, and leaves *ret alone: ask protobuf-c. What it
 * took of the arena until then stays taken. b.data must not be NULL. */
bool record_read(const ProtobufCMessageDescriptor *descriptor, bytes b, bool checks,
                 struct arena *arena, ProtobufCMessage **ret);

/* The bytes that protobuf_c_message_pack() writes, at the end of `room`, only sooner. Returns false
 * when they leave less than RECORD_WRITE_MORE bytes of room, or when the message has what our
 * schema has not (unknown fields, fields that may be absent): ask protobuf-c. */
enum { RECORD_WRITE_MORE = 16 };
bool record_write(const ProtobufCMessage *message, uint8_t *room, size_t size, bytes *ret);
/* No fewer bytes than the message packs to, found sooner than how many they are. */
size_t record_size_most(const ProtobufCMessage *message);
/* The same as record_write, but that the bytes of one field, which has a length, are not written:
 * *ret_gap is their place, NULL when the field is not in the message. */
bool record_write_around(const ProtobufCMessage *message, const ProtobufCBinaryData *gap,
                         uint8_t *room, size_t size, bytes *ret, uint8_t **ret_gap);
