/* keyring_file - the file of the keyring: one slot per person, in the order in which the persons
 * came, and how to find a person's slot (keyring_look.c). Internal to the keyring.
 *
 * Slots never move: a new one is appended behind the last, and destroying a key overwrites its slot
 * in place. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/io/digest.h"
#include "core/io/keyring_index.h"
#include "core/io/keyring_slot.h"

#define SLOT_NONE UINT64_MAX

struct keyring {
    char path[PATH_MAX - 16];
    char index_path[PATH_MAX - 16];
    enum store_mode mode;
    int fd;                   /* -1: there is no file yet (reading) */
    struct keyring_bond bond; /* what its index must be of */
    uint64_t at_least;        /* used slots that the file has for certain */
    uint64_t in_file;         /* slots of the file, free ones among them */
    bool is_dirty;
    bool is_late;       /* the file's header says less than `at_least` */
    bool is_unsure;     /* a slot is damaged: who is not found may be in it */
    bool is_own_branch; /* of a writer: its branch began with it */

    const struct slot *slots; /* the mapped file, behind its header; NULL when it is not */
    uint64_t mapped;          /* slots that the mapping has room for, in the file or not */

    struct slot *waiting; /* of a writer: new slots, behind those of the file */
    uint64_t waiting_count;

    struct keyring_index index; /* of the file beside; of a reader perhaps none, or not all of it */
    struct keyring_index own;   /* of a reader who did not find somebody: */
    uint64_t own_slots;         /* of so many slots */
    struct random_pool random;  /* for new keys */
};

/* Opens ring->path; when writing, makes it when absent. Where its index cannot be believed a writer
 * has one in memory, until keyring_file_add() makes its file. */
FALLIBLE keyring_file_open(struct keyring *ring, struct error *err);
/* What waits is not written. */
void keyring_file_close(struct keyring *ring);
/* Slots are read through a mapping from now on, also by a writer, until unmapped. What waits is
 * written, not flushed. */
FALLIBLE keyring_file_map(struct keyring *ring, struct error *err);
void keyring_file_unmap(struct keyring *ring);
/* Was another file put in its place since it was opened? */
bool keyring_file_is_old(const struct keyring *ring);

/* Looks for `id`: *ret_number is the number of its slot, or SLOT_NONE.
 * fails   CONFIG KEYRING_DAMAGED, FILE_NOT_READABLE */
FALLIBLE keyring_file_find(struct keyring *ring, const uint8_t id[SLOT_ID_SIZE], struct slot *ret,
                           uint64_t *ret_number, struct error *err);
/* The same, changing nothing: false when that does not say. */
bool keyring_file_glance(const struct keyring *ring, const uint8_t id[SLOT_ID_SIZE],
                         struct slot *ret);
/* `id` will be looked for soon. */
void keyring_file_expect(const struct keyring *ring, const uint8_t id[SLOT_ID_SIZE]);

/* Sets the checksum and holds the slot for the file, which has it after the next flush at the
 * latest: a new one, or one that is there, in its place. */
FALLIBLE keyring_file_add(struct keyring *ring, struct slot *slot, struct error *err);
FALLIBLE keyring_file_change(struct keyring *ring, uint64_t number, struct slot *slot,
                             struct error *err);
/* Header and slots to disk. */
FALLIBLE keyring_file_flush(struct keyring *ring, struct error *err);
