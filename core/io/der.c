/* der - writes DER from its end to its front; see der.h. */
#include "core/io/der.h"

#include <openssl/objects.h>
#include <string.h>

#include "core/base/error.h"

struct der der_new(struct arena *arena, size_t room)
{
    uint8_t *start = arena_new_raw(arena, room);
    return (struct der){start, start + room, start + room};
}

size_t der_size(const struct der *der)
{
    return (size_t)(der->end - der->at);
}

bytes der_bytes(const struct der *der)
{
    return bytes_of(der->at, der_size(der));
}

void der_put(struct der *der, bytes value)
{
    BUG_UNLESS(value.size <= (size_t)(der->at - der->start));
    if (value.size != 0) {
        der->at -= value.size;
        memcpy(der->at, value.data, value.size);
    }
}

void der_put_byte(struct der *der, uint8_t byte)
{
    der_put(der, bytes_of(&byte, 1));
}

void der_wrap(struct der *der, uint8_t tag, size_t since)
{
    BUG_UNLESS(since <= der_size(der));
    size_t size = der_size(der) - since;
    BUG_UNLESS(size <= UINT32_MAX);
    if (size < 128) {
        der_put_byte(der, (uint8_t)size);
    } else {
        uint8_t count = 0;
        for (size_t rest = size; rest != 0; rest >>= 8) {
            der_put_byte(der, (uint8_t)(rest & 0xFF));
            count++;
        }
        der_put_byte(der, (uint8_t)(0x80 | count));
    }
    der_put_byte(der, tag);
}

void der_put_oid(struct der *der, int nid)
{
    uint8_t buffer[64];
    uint8_t *end = buffer;
    int size = i2d_ASN1_OBJECT(OBJ_nid2obj(nid), NULL);
    BUG_UNLESS(size > 0 && (size_t)size <= sizeof(buffer));
    (void)i2d_ASN1_OBJECT(OBJ_nid2obj(nid), &end);
    der_put(der, bytes_of(buffer, (size_t)size));
}

void der_put_version(struct der *der)
{
    static const uint8_t version[] = {DER_INTEGER, 1, 1};
    der_put(der, bytes_of(version, sizeof(version)));
}
