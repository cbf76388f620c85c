/* keyring_held - see keyring_held.h. */
#include "core/io/keyring_held.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/io/digest.h"

enum {
    CAPACITY_FIRST = 64,
    WINDOW_SLOTS = 1 << 14,    /* what is read and written at once: a megabyte */
    DENSE = WINDOW_SLOTS / 64, /* fewer slots in a window are written one by one */
};

struct held_slot {
    uint64_t place;
    struct slot slot;
};

/* Neighbours are apart: a place is the low bits of a hash, and so is where it is looked for. */
static size_t begin_of(const struct keyring_held *held, uint64_t place)
{
    return (size_t)(place * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (held->table_size - 1);
}

/* Where the place's number is, or would be. */
static size_t look_for(const struct keyring_held *held, uint64_t place)
{
    size_t at = begin_of(held, place);
    while (held->table[at] != 0 && held->slots[held->table[at] - 1].place != place) {
        at = (at + 1) & (held->table_size - 1);
    }
    return at;
}

static void *grown(void *old, size_t old_size, size_t size)
{
    void *memory = calloc(1, size);
    BUG_UNLESS(memory != NULL);
    if (old != NULL) {
        memcpy(memory, old, old_size);
        memory_wipe(old, old_size);
        free(old);
    }
    return memory;
}

static void grow(struct keyring_held *held)
{
    size_t capacity = held->capacity == 0 ? CAPACITY_FIRST : held->capacity * 2;
    held->slots =
        grown(held->slots, held->capacity * sizeof *held->slots, capacity * sizeof *held->slots);
    held->capacity = capacity;
    free(held->table);
    held->table_size = capacity * 2;
    held->table = calloc(held->table_size, sizeof *held->table);
    BUG_UNLESS(held->table != NULL);
    for (size_t i = 0; i < held->count; i++) {
        held->table[look_for(held, held->slots[i].place)] = (uint32_t)(i + 1);
    }
}

void keyring_held_put(struct keyring_held *held, uint64_t place, const struct slot *slot)
{
    if (held->count == held->capacity) {
        grow(held);
    }
    size_t at = look_for(held, place);
    if (held->table[at] == 0) {
        held->table[at] = (uint32_t)++held->count;
    }
    held->slots[held->table[at] - 1] = (struct held_slot){place, *slot};
}

const struct slot *keyring_held_find(const struct keyring_held *held, uint64_t place)
{
    if (held->count == 0) {
        return NULL;
    }
    size_t at = look_for(held, place);
    return held->table[at] != 0 ? &held->slots[held->table[at] - 1].slot : NULL;
}

static int by_place(const void *left, const void *right)
{
    uint64_t a = ((const struct held_slot *)left)->place;
    uint64_t b = ((const struct held_slot *)right)->place;
    return (a > b) - (a < b);
}

static bool is_whole(ssize_t count, size_t size)
{
    if (count >= 0 && (size_t)count < size) {
        errno = ENOSPC;
    }
    return count == (ssize_t)size;
}

static bool write_singly(const struct held_slot *slots, size_t count, int fd)
{
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        off_t at = (off_t)((slots[i].place + 1) * SLOT_SIZE);
        good = is_whole(pwrite(fd, &slots[i].slot, SLOT_SIZE, at), SLOT_SIZE);
    }
    return good;
}

/* From the first one's place to the last one's, with what the file has between them. Only this
 * process writes it, and what is written again is what a reader sees already. */
static bool write_window(const struct held_slot *slots, size_t count, int fd, struct slot *window)
{
    uint64_t first = slots[0].place;
    size_t size = (size_t)(slots[count - 1].place - first + 1) * SLOT_SIZE;
    off_t at = (off_t)((first + 1) * SLOT_SIZE);
    if (!is_whole(pread(fd, window, size, at), size)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        window[slots[i].place - first] = slots[i].slot;
    }
    return is_whole(pwrite(fd, window, size, at), size);
}

static size_t count_in_window(const struct held_slot *slots, size_t count)
{
    size_t in = 1;
    while (in < count && slots[in].place / WINDOW_SLOTS == slots[0].place / WINDOW_SLOTS) {
        in++;
    }
    return in;
}

bool keyring_held_write(struct keyring_held *held, int fd)
{
    if (held->count == 0) {
        return true;
    }
    struct slot *window = calloc(WINDOW_SLOTS, sizeof *window);
    BUG_UNLESS(window != NULL);
    qsort(held->slots, held->count, sizeof *held->slots, by_place);
    memset(held->table, 0, held->table_size * sizeof *held->table);
    for (size_t i = 0; i < held->count; i++) { /* they may have to stay */
        held->table[look_for(held, held->slots[i].place)] = (uint32_t)(i + 1);
    }
    bool good = true;
    for (size_t i = 0; good && i < held->count;) {
        size_t in = count_in_window(held->slots + i, held->count - i);
        good = in < DENSE ? write_singly(held->slots + i, in, fd)
                          : write_window(held->slots + i, in, fd, window);
        i += in;
    }
    memory_wipe(window, WINDOW_SLOTS * sizeof *window);
    free(window);
    if (good) {
        memory_wipe(held->slots, held->count * sizeof *held->slots);
        memset(held->table, 0, held->table_size * sizeof *held->table);
        held->count = 0;
    }
    return good;
}

void keyring_held_release(struct keyring_held *held)
{
    if (held->slots != NULL) {
        memory_wipe(held->slots, held->capacity * sizeof *held->slots);
    }
    free(held->slots);
    free(held->table);
    *held = (struct keyring_held){.count = 0};
}
