/* keyring_index - which slots of the keyring may belong to a person: a hash table of eight-byte
 * cells. A lookup touches one cache line, also for a person without a slot.
 *
 * A cell holds a slot's number and 28 bits of the person's id. The first of those bits give the
 * place of the cell; if that is taken, the next free cell behind it is used. The caller always
 * checks the slot itself: a cell is only a hint. A cell is written by one store instruction and
 * never changes, so readers need no lock.
 *
 * A writer maps its index from a file beside the keyring, so that the next run need not read every
 * slot. That file is a cache and no specified format. It is trusted only within the boot of the
 * machine that wrote it (a power cut may silently lose any of its pages) and only for the very file
 * of the keyring and its branch; otherwise the index is made anew. Internal to the keyring. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/io/keyring_slot.h"

struct keyring_index_head;

/* The keyring that an index is of. */
struct keyring_bond {
    uint8_t branch[SLOT_BRANCH_SIZE]; /* as its header says */
    uint64_t device, inode;           /* of its file: a copy has others */
};

struct keyring_index {
    uint64_t *cells;                 /* NULL: there is none */
    uint64_t capacity;               /* a power of two */
    uint64_t used;                   /* cells; of a writer */
    struct keyring_index_head *head; /* of one in a file; it lies before the cells */
};

/* For one person: the numbers of slots that may be his, one after the other. */
struct keyring_index_walk {
    uint64_t place;
    uint64_t left;
    uint64_t tag;
    bool is_broken; /* a cell is not what was put there: the index says nothing */
};

/* In memory, with room for so many slots and as many again. */
void keyring_index_make(struct keyring_index *index, uint64_t slots);
/* The same in a file beside `path`, which keyring_index_place() puts there or
 * keyring_index_give_up() removes. fails   CREATE FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE keyring_index_create(struct keyring_index *index, const char *path, uint64_t slots,
                              const struct keyring_bond *bond, struct error *err);
FALLIBLE keyring_index_place(const char *path, struct error *err);
void keyring_index_give_up(const char *path);
/* The one at `path`, to be read or written: false when none is there that can be believed. It has
 * all slots below *ret_slots, which may be more than the keyring has. */
bool keyring_index_open(struct keyring_index *index, const char *path, bool writing,
                        const struct keyring_bond *bond, uint64_t *ret_slots);
/* One in a file is of this keyring from now on. */
void keyring_index_bind(struct keyring_index *index, const struct keyring_bond *bond);
/* Zeros are fine. */
void keyring_index_release(struct keyring_index *index);

/* Is it to be made larger before the next one is added? In a file: a larger one takes its place.
 * fails   as keyring_index_create */
bool keyring_index_is_full(const struct keyring_index *index);
FALLIBLE keyring_index_grow(struct keyring_index *index, const char *path, struct error *err);

/* The slot of this number is that of `id`. What was added once may be added again. */
void keyring_index_add(struct keyring_index *index, const uint8_t id[SLOT_ID_SIZE],
                       uint64_t number);
/* All slots below this number are in it: for who opens it next. */
void keyring_index_reach(struct keyring_index *index, uint64_t slots);

struct keyring_index_walk keyring_index_walk(const struct keyring_index *index,
                                             const uint8_t id[SLOT_ID_SIZE]);
bool keyring_index_next(const struct keyring_index *index, struct keyring_index_walk *walk,
                        uint64_t *ret_number);
/* `id` will be looked for soon: its cells come nearer. */
void keyring_index_expect(const struct keyring_index *index, const uint8_t id[SLOT_ID_SIZE]);
uint64_t keyring_index_bytes(const struct keyring_index *index);
