/* keyring_file - the file below the keyring: slots, probing, growth. Internal to keyring.c. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/io/digest.h"
#include "core/io/keyring_held.h"
#include "core/io/keyring_slot.h"
#include "core/io/keyring_tags.h"

#define PLACE_NONE UINT64_MAX

struct keyring {
    char path[PATH_MAX - 16];
    enum store_mode mode;
    int fd;             /* -1: there is no file yet (reading) */
    struct slot *slots; /* the mapped file, behind its header; NULL when it is not */
    uint64_t capacity;
    uint64_t count;
    bool is_dirty;
    struct keyring_tags tags;  /* of a writer */
    struct keyring_held held;  /* likewise: made and not in the file yet */
    struct random_pool random; /* for new keys */
};

/* Opens ring->path; when writing, makes it when absent and clears what a crash left behind. */
FALLIBLE keyring_file_open(struct keyring *ring, struct error *err);
void keyring_file_close(struct keyring *ring);
/* Slots are read through a mapping from now on, also by a writer, until unmapped or grown. */
FALLIBLE keyring_file_map(struct keyring *ring, struct error *err);
void keyring_file_unmap(struct keyring *ring);
/* Was the file replaced by a larger one (by the writer) since it was opened? */
bool keyring_file_is_old(const struct keyring *ring);

/* `id` will be looked for soon. */
void keyring_file_expect(const struct keyring *ring, const uint8_t id[SLOT_ID_SIZE]);
/* Looks for `id` from its place on. *ret_place is its slot, or the free one it would take (state
 * SLOT_FREE), or PLACE_NONE when neither is near: grow. */
FALLIBLE keyring_file_probe(struct keyring *ring, const uint8_t id[SLOT_ID_SIZE], struct slot *ret,
                            uint64_t *ret_place, struct error *err);
/* Sets the checksum and holds the slot for the file, which has it after the next flush at the
 * latest. */
FALLIBLE keyring_file_write(struct keyring *ring, uint64_t place, struct slot *slot,
                            struct error *err);
/* Header and slots to disk. */
FALLIBLE keyring_file_flush(struct keyring *ring, struct error *err);
/* Twice the slots, durably; the old bytes are overwritten. */
FALLIBLE keyring_file_grow(struct keyring *ring, struct error *err);
