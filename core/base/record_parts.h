/* record_parts - what record_pack.c, record_read.c and record_write.c share; see record.h. */
#pragma once

#include "core/base/record.h"

/* For functions that are small and on a hot path. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Unpacks bytes of the plain shape, faster than protobuf_c_message_unpack() and with the same
 * result. The plain shape is what record_pack() writes: every field known, with its own wire type,
 * once, in ascending order of numbers; lists of numbers packed. With `checks`, texts must also be
 * UTF-8 without NUL and days must exist in the calendar. Returns false and leaves *ret alone for
 * any other bytes, sound or not: the caller then uses protobuf-c. Memory taken from the arena until
 * then stays taken. b.data must not be NULL. */
bool record_read(const ProtobufCMessageDescriptor *descriptor, bytes b, bool checks,
                 struct arena *arena, ProtobufCMessage **ret);

/* Packs a message to the end of `room`: the same bytes as protobuf_c_message_pack(), faster.
 * Returns false when fewer than RECORD_WRITE_MORE bytes of room would be left, or when the message
 * has something that our schema never has (unknown fields, optional fields): the caller then uses
 * protobuf-c. */
enum { RECORD_WRITE_MORE = 16 };
bool record_write(const ProtobufCMessage *message, uint8_t *room, size_t size, bytes *ret);
/* An upper bound of the packed size, cheaper to find than the exact size. */
size_t record_size_most(const ProtobufCMessage *message);
/* The same as record_write, but leaves out the content of one length-delimited field: *ret_gap is
 * where it belongs, or NULL when the message does not have the field. */
bool record_write_around(const ProtobufCMessage *message, const ProtobufCBinaryData *gap,
                         uint8_t *room, size_t size, bytes *ret, uint8_t **ret_gap);
