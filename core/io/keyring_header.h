/* keyring_header - what the keyring's file says of itself, in the place of its first slot, byte for
 * byte as in docs/log-format.md. Internal to the keyring. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/io/keyring_slot.h"

struct keyring_header {
    char magic[16];      /* with its NUL */
    uint8_t capacity[8]; /* of KEYRING_HASHED only: slots behind the header */
    uint8_t used[8];     /* big-endian: so many slots, at least, are used */
    uint8_t branch[SLOT_BRANCH_SIZE];
    uint8_t checksum[SLOT_CHECKSUM_SIZE];
};

enum keyring_form {
    KEYRING_UNKNOWN, /* of a later program */
    KEYRING_HASHED,  /* slots at places by their ids, free ones between them */
    KEYRING_IN_ORDER,
};

/* False when it is damaged. One that the writer is just writing looks so for a moment: it is looked
 * at for a tenth of a second. */
bool keyring_header_read(int fd, struct keyring_header *ret);
enum keyring_form keyring_header_form(const struct keyring_header *header);
/* One of KEYRING_IN_ORDER, not flushed. errno when false. */
bool keyring_header_write(int fd, uint64_t used, const uint8_t branch[SLOT_BRANCH_SIZE]);
