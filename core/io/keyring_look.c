/* keyring_look - where a person's slot is in the keyring's file, see keyring_file.h.
 *
 * The index says which slots to look at (keyring_index.h). The writer keeps the index, so for it a
 * person who is not in the index has no key. A reader first reads all slots once. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/keyring_header.h"
#include "core/io/keyring_parts.h"
#include "core/io/messages.h"
#include "core/io/wipe.h"

enum { SCAN_BLOCK = 1 << 10 }; /* slots that are read at once */

/* False when the slot is damaged. To a reader, a slot that the writer is filling looks damaged for
 * a moment: so a reader tries several times. */
static bool read_slot(const struct keyring *ring, uint64_t number, struct slot *ret)
{
    enum { LOOKS = 1000 };
    if (number >= ring->in_file) {
        *ret = ring->waiting[number - ring->in_file];
        return true;
    }
    for (int i = 0; i < (ring->mode == STORE_READ ? LOOKS : 1); i++) {
        if (number < ring->mapped) {
            memcpy(ret, (const void *)&ring->slots[number], sizeof *ret);
        } else if (!keyring_read_at(ring->fd, ret, sizeof *ret, keyring_offset_of(number))) {
            return false;
        }
        __atomic_signal_fence(__ATOMIC_SEQ_CST); /* each time, read the memory anew */
        if (slot_has_checksum(ret)) {
            return true;
        }
    }
    return false;
}

enum sight { SIGHT_NOBODY, SIGHT_FOUND, SIGHT_DAMAGED, SIGHT_BROKEN_INDEX };

/* The index may name slots beyond the end of the file: a writer is just making them, or was killed
 * before it wrote them. */
static enum sight look_in(const struct keyring *ring, const struct keyring_index *index,
                          const uint8_t id[SLOT_ID_SIZE], struct slot *ret, uint64_t *ret_number)
{
    uint64_t number = 0;
    struct keyring_index_walk walk = keyring_index_walk(index, id);
    while (keyring_index_next(index, &walk, &number)) {
        if (number >= ring->in_file + ring->waiting_count) {
            continue;
        }
        if (!read_slot(ring, number, ret)) {
            return SIGHT_DAMAGED;
        }
        if (memcmp(ret->id, id, SLOT_ID_SIZE) == 0) {
            *ret_number = number;
            return SIGHT_FOUND;
        }
    }
    memset(ret, 0, sizeof *ret);
    *ret_number = SLOT_NONE;
    return walk.is_broken ? SIGHT_BROKEN_INDEX : SIGHT_NOBODY;
}

/* A damaged slot may belong to the person whose id it shows, or to anybody else: from then on the
 * ring is unsure of persons whom it does not find. */
static void take_block(struct keyring *ring, struct keyring_index *index, uint64_t from,
                       struct slot *block, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_sound = slot_is_free(&block[i]) || slot_has_checksum(&block[i]);
        if (!is_sound) {
            is_sound = read_slot(ring, from + i, &block[i]);
            ring->is_unsure = ring->is_unsure || !is_sound;
        }
        if (!slot_is_free(&block[i])) {
            keyring_index_add(index, block[i].id, from + i);
        }
    }
}

/* Enters the slots of the file from `from` on, and the waiting ones, in an index that has room. */
static outcome take_slots(struct keyring *ring, struct keyring_index *index, uint64_t from,
                          struct error *err)
{
    struct slot block[SCAN_BLOCK];
    outcome taken = OK;
    while (taken.ok && from < ring->in_file) {
        uint64_t left = ring->in_file - from;
        size_t count = left < SCAN_BLOCK ? (size_t)left : SCAN_BLOCK;
        if (keyring_read_at(ring->fd, block, count * SLOT_SIZE, keyring_offset_of(from))) {
            take_block(ring, index, from, block, count);
            from += count;
        } else {
            taken = keyring_not_readable(ring, errno, err);
        }
    }
    memory_wipe(block, sizeof block);
    for (uint64_t i = 0; i < ring->waiting_count; i++) {
        keyring_index_add(index, ring->waiting[i].id, ring->in_file + i);
    }
    return taken;
}

/* A file with fewer used slots than were flushed before has lost keys. */
static outcome check_used(const struct keyring *ring, const struct keyring_index *index,
                          struct error *err)
{
    return index->used < ring->at_least ? keyring_damaged(ring, "keys are missing in it", err) : OK;
}

static outcome fill_index(struct keyring *ring, struct error *err)
{
    uint64_t slots = ring->in_file + ring->waiting_count;
    TRY(keyring_index_create(&ring->index, ring->index_path, slots, &ring->bond, err));
    TRY(take_slots(ring, &ring->index, 0, err));
    TRY(check_used(ring, &ring->index, err));
    keyring_index_reach(&ring->index, slots);
    if (ring->is_unsure) { /* place no index: the next run must read the slots itself */
        keyring_index_give_up(ring->index_path);
        return OK;
    }
    return keyring_index_place(ring->index_path, err);
}

/* Makes the index under a new branch, so that an older index file (of a copy of the keyring, say)
 * no longer fits. If that fails, the ring is unsure of persons whom it does not find. */
static outcome make_index(struct keyring *ring, struct error *err)
{
    random_bytes(ring->bond.branch, sizeof ring->bond.branch);
    keyring_index_release(&ring->index);
    if (!fill_index(ring, err).ok) {
        keyring_index_give_up(ring->index_path);
        ring->is_unsure = true;
        return error_trace(err, HERE);
    }
    return keyring_flush_header(ring) ? OK : keyring_not_writable(ring, errno, err);
}

FALLIBLE keyring_look_at_file(struct keyring *ring, struct error *err)
{
    keyring_index_release(&ring->index);
    keyring_index_make(&ring->index, ring->in_file);
    TRY(take_slots(ring, &ring->index, 0, err));
    return check_used(ring, &ring->index, err);
}

/* Brings a reader's own index up to the slots that are in the file now. */
static outcome look_at_all(struct keyring *ring, struct error *err)
{
    keyring_note_size(ring);
    if (ring->in_file < ring->own_slots || ring->in_file < ring->at_least) {
        return keyring_damaged(ring, "shorter than it was", err);
    }
    if (ring->slots != NULL && ring->in_file > ring->mapped) {
        keyring_file_unmap(ring);
        TRY(keyring_file_map(ring, err));
    }
    if (ring->own.cells == NULL) {
        keyring_index_make(&ring->own, ring->in_file);
    }
    while (ring->own.used + (ring->in_file - ring->own_slots) >= ring->own.capacity / 4 * 3) {
        TRY(keyring_index_grow(&ring->own, NULL, err));
    }
    TRY(take_slots(ring, &ring->own, ring->own_slots, err));
    ring->own_slots = ring->in_file;
    return check_used(ring, &ring->own, err);
}

FALLIBLE keyring_file_find(struct keyring *ring, const uint8_t id[SLOT_ID_SIZE], struct slot *ret,
                           uint64_t *ret_number, struct error *err)
{
    enum sight sight = look_in(ring, &ring->index, id, ret, ret_number);
    if (sight == SIGHT_BROKEN_INDEX && ring->mode == STORE_WRITE) {
        TRY(make_index(ring, err));
        sight = look_in(ring, &ring->index, id, ret, ret_number);
    }
    if (ring->mode == STORE_READ && sight != SIGHT_FOUND && sight != SIGHT_DAMAGED) {
        TRY(look_at_all(ring, err));
        sight = look_in(ring, &ring->own, id, ret, ret_number);
    }
    if (sight == SIGHT_DAMAGED || (sight == SIGHT_NOBODY && ring->is_unsure)) {
        return keyring_damaged(ring, "a slot", err);
    }
    return OK;
}

bool keyring_file_glance(const struct keyring *ring, const uint8_t id[SLOT_ID_SIZE],
                         struct slot *ret)
{
    uint64_t number = 0;
    return ring->slots != NULL && (look_in(ring, &ring->index, id, ret, &number) == SIGHT_FOUND ||
                                   look_in(ring, &ring->own, id, ret, &number) == SIGHT_FOUND);
}

void keyring_file_expect(const struct keyring *ring, const uint8_t id[SLOT_ID_SIZE])
{
    keyring_index_expect(&ring->index, id);
}

/* A writer's first new slot begins a new branch. If the keyring is put back later and gets other
 * slots, the index of this branch does not fit it. */
static outcome begin_branch(struct keyring *ring, struct error *err)
{
    if (ring->index.head == NULL) {
        return make_index(ring, err);
    }
    random_bytes(ring->bond.branch, sizeof ring->bond.branch);
    keyring_index_bind(&ring->index, &ring->bond);
    return keyring_header_write(ring->fd, ring->at_least, ring->bond.branch)
               ? OK
               : keyring_not_writable(ring, errno, err);
}

FALLIBLE keyring_look_ready(struct keyring *ring, struct error *err)
{
    if (!ring->is_own_branch || ring->index.head == NULL) {
        TRY(begin_branch(ring, err));
        ring->is_own_branch = true;
    }
    return keyring_index_is_full(&ring->index)
               ? keyring_index_grow(&ring->index, ring->index_path, err)
               : OK;
}
