/* keyring_slot - see keyring_slot.h. */
#include "core/io/keyring_slot.h"

#include <string.h>

#include "core/io/digest.h"

_Static_assert(sizeof(struct slot) == SLOT_SIZE, "a slot is written as it is");

void slot_checksum(const void *data, uint8_t out[SLOT_CHECKSUM_SIZE])
{
    struct digest digest = digest_sha256(bytes_of(data, SLOT_SIZE - SLOT_CHECKSUM_SIZE));
    memcpy(out, digest.data, SLOT_CHECKSUM_SIZE);
}

bool slot_has_checksum(const void *data)
{
    uint8_t checksum[SLOT_CHECKSUM_SIZE];
    slot_checksum(data, checksum);
    return memcmp((const uint8_t *)data + SLOT_SIZE - SLOT_CHECKSUM_SIZE, checksum,
                  SLOT_CHECKSUM_SIZE) == 0;
}

bool slot_is_free(const struct slot *slot)
{
    static const struct slot nothing = {0};
    return memcmp(slot, &nothing, sizeof nothing) == 0;
}

uint64_t slot_get_u64(const uint8_t *in)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | in[i];
    }
    return value;
}

void slot_put_u64(uint64_t value, uint8_t out[8])
{
    for (int i = 7; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
}
