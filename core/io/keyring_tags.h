/* keyring_tags - what the writer remembers of the keyring's slots: one byte each, so that a person
 * who has no key yet is known to have none without a look into the file.
 *
 * A tag is 0 for a free slot, else a byte of the id in it: two ids of one tag are told apart by
 * reading the slot. Slots become known 64 at a time, as they are first looked at; a file that was
 * just made is known as a whole. Memory: a byte a slot. Internal to keyring_file.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KEYRING_TAGS_BLOCK = 64, /* slots: one page of the file */
    KEYRING_TAG_FREE = 0,
    KEYRING_TAG_DAMAGED = 255, /* whoever comes to it has to look himself */
};

struct keyring_tags {
    uint8_t *tags;  /* one a slot */
    uint8_t *known; /* one a block: 1 when its tags are those of the file */
    size_t count;   /* slots, a multiple of KEYRING_TAGS_BLOCK */
};

/* For `slots` slots. `fresh`: they are all free, and known to be. */
void keyring_tags_init(struct keyring_tags *tags, uint64_t slots, bool fresh);
/* Zeros are fine. */
void keyring_tags_release(struct keyring_tags *tags);

/* Neither KEYRING_TAG_FREE nor KEYRING_TAG_DAMAGED. */
uint8_t keyring_tag_of(const uint8_t *id, size_t size);
