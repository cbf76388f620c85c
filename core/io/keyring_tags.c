/* keyring_tags - see keyring_tags.h. */
#include "core/io/keyring_tags.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

void keyring_tags_init(struct keyring_tags *tags, uint64_t slots, bool fresh)
{
    size_t count = (size_t)slots;
    size_t blocks = count / KEYRING_TAGS_BLOCK;
    BUG_UNLESS(count == slots && count % KEYRING_TAGS_BLOCK == 0);
    *tags = (struct keyring_tags){calloc(count, 1), calloc(blocks, 1), count};
    MEMORY_UNLESS(tags->tags != NULL && tags->looks != NULL);
    if (fresh) {
        memset(tags->looks, KEYRING_TAGS_KNOWN, blocks);
    }
}

void keyring_tags_release(struct keyring_tags *tags)
{
    free(tags->tags);
    free(tags->looks);
    *tags = (struct keyring_tags){.count = 0};
}

void keyring_tags_expect(const struct keyring_tags *tags, uint64_t place)
{
    if (tags->count > 0) {
        __builtin_prefetch(&tags->tags[place], 1);
        __builtin_prefetch(&tags->looks[place / KEYRING_TAGS_BLOCK], 1);
    }
}

bool keyring_tags_look(struct keyring_tags *tags, uint64_t place)
{
    uint8_t *looks = &tags->looks[place / KEYRING_TAGS_BLOCK];
    if (*looks >= KEYRING_TAGS_LOOKS) {
        return true;
    }
    ++*looks;
    return false;
}

/* The last byte: the first ones are the place, and those of neighbours are alike. */
uint8_t keyring_tag_of(const uint8_t *id, size_t size)
{
    return (uint8_t)(1 + id[size - 1] % (KEYRING_TAG_DAMAGED - 1));
}
