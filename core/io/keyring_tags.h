/* keyring_tags - what the writer remembers of the keyring's slots: one byte each, so that a person
 * who has no key yet is known to have none without a look into the file.
 *
 * A tag is 0 for a free slot, else a byte of the id in it: two ids of one tag are told apart by
 * reading the slot. Slots become known 64 at a time, when one of them was looked at a few times: a
 * night that meets few persons looks at most blocks once, and reading one costs as much as many
 * slots. A file that was just made is known as a whole. Memory: a byte a slot. Internal to
 * keyring_file.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KEYRING_TAGS_BLOCK = 64, /* slots: one page of the file */
    KEYRING_TAGS_LOOKS = 4,  /* so many slots of a block are read singly */
    KEYRING_TAGS_KNOWN = 255,
    KEYRING_TAG_FREE = 0,
    KEYRING_TAG_DAMAGED = 255, /* whoever comes to it has to look himself */
};

struct keyring_tags {
    uint8_t *tags;  /* one a slot */
    uint8_t *looks; /* one a block: how often it was looked at; KEYRING_TAGS_KNOWN: its tags are
                       those of the file, and of what waits to be written */
    size_t count;   /* slots, a multiple of KEYRING_TAGS_BLOCK */
};

/* For `slots` slots. `fresh`: they are all free, and known to be. */
void keyring_tags_init(struct keyring_tags *tags, uint64_t slots, bool fresh);
/* Zeros are fine. */
void keyring_tags_release(struct keyring_tags *tags);

/* The tag of this place, and whether it is known, come nearer. Zeros are fine. */
void keyring_tags_expect(const struct keyring_tags *tags, uint64_t place);

/* One more look at the slot of this place: is it by its block's tags? They are known, or it is
 * time to read them. */
bool keyring_tags_look(struct keyring_tags *tags, uint64_t place);

/* Neither KEYRING_TAG_FREE nor KEYRING_TAG_DAMAGED. */
uint8_t keyring_tag_of(const uint8_t *id, size_t size);
