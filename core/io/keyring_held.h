/* keyring_held - slots of the keyring that were made and are not in its file yet.
 *
 * A new person's slot may be anywhere in the file. Held until the flush and then written a megabyte
 * of the file at a time, they cost a read and a write a megabyte, not a call each. Readers need
 * none of them before: no event that names the person is committed. Memory: about 100 bytes a slot,
 * up to KEYRING_HELD_MAX of them; wiped when they are written or let go of. Internal to
 * keyring_file.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/io/keyring_slot.h"

struct held_slot;

enum { KEYRING_HELD_MAX = 1 << 18 };

struct keyring_held {
    struct held_slot *slots; /* in the order they came */
    size_t count;
    size_t capacity;
    uint64_t *table; /* number + 1 and place of a slot, by place; 0: none */
    size_t table_size;
};

/* Takes a copy, in the stead of the one that is held for the same place. */
void keyring_held_put(struct keyring_held *held, uint64_t place, const struct slot *slot);
/* What a put or find of this place will look at comes nearer. */
void keyring_held_expect(const struct keyring_held *held, uint64_t place);
/* The slot held for this place, until the next put or write; or NULL. */
const struct slot *keyring_held_find(const struct keyring_held *held, uint64_t place);
/* Writes all of them to the file, not flushed, and holds none any more. False: errno says why, and
 * they are still held. */
bool keyring_held_write(struct keyring_held *held, int fd);
/* Zeros are fine. */
void keyring_held_release(struct keyring_held *held);
