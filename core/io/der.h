/* der - writes DER from its end to its front.
 *
 * When a header is written, the length of its content is known, so nothing is moved and no length
 * is guessed:
 *
 *     der_put(&der, value);            what stands last comes first
 *     der_wrap(&der, DER_SEQUENCE, 0); a header around all that was put since 0 bytes were there
 *
 * The caller gives the room at the beginning; writing beyond it is a BUG. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum {
    DER_INTEGER = 0x02,
    DER_OCTETS = 0x04,
    DER_NULL = 0x05,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT_0 = 0xA0,
    DER_CONTEXT_1 = 0xA1,
    DER_HEADER_SIZE_MAX = 6, /* tag, and a length below 2^32 */
};

struct der {
    uint8_t *start;
    uint8_t *at; /* the first byte written so far */
    uint8_t *end;
};

struct der der_new(struct arena *arena, size_t room);
size_t der_size(const struct der *der);
/* What was written; it stays where it is, in the arena. */
bytes der_bytes(const struct der *der);
void der_put(struct der *der, bytes value);
void der_put_byte(struct der *der, uint8_t byte);
/* An object identifier, by OpenSSL's number for it. */
void der_put_oid(struct der *der, int nid);
/* INTEGER 1: the version of CMS structures. */
void der_put_version(struct der *der);
/* Puts tag and length before what was written since there were `since` bytes. */
void der_wrap(struct der *der, uint8_t tag, size_t since);
