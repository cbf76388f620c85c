/* keyring_slot - a slot of the keyring's file, byte for byte as in docs/log-format.md. Internal to
 * the keyring. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/io/seal.h"

enum {
    SLOT_SIZE = 64,
    SLOT_ID_SIZE = 15,
    SLOT_CHECKSUM_SIZE = 16,
    SLOT_BRANCH_SIZE = 16, /* of the header */
    SLOT_FREE = 0,
    SLOT_PRESENT = 1,
    SLOT_DESTROYED = 2,
};

/* A slot that is free is all zeros. */
struct slot {
    uint8_t state;
    uint8_t id[SLOT_ID_SIZE];
    uint8_t key[SEAL_KEY_SIZE];
    uint8_t checksum[SLOT_CHECKSUM_SIZE]; /* first bytes of the SHA-256 of what is before */
};

/* Of SLOT_SIZE bytes, a slot or the header: computes the checksum; is the one they end with it? */
void slot_checksum(const void *data, uint8_t out[SLOT_CHECKSUM_SIZE]);
bool slot_has_checksum(const void *data);
bool slot_is_free(const struct slot *slot);

/* Eight bytes, big-endian. */
uint64_t slot_get_u64(const uint8_t *in);
void slot_put_u64(uint64_t value, uint8_t out[8]);
