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
    PLACE_BITS = 40,           /* of a cell; a file of so many slots has 64 TB */
};

struct held_slot {
    uint64_t place;
    struct slot slot;
};

/* A slot's number + 1, and its place: what is passed by in the table is not looked at itself. */
static uint64_t cell_of(size_t number, uint64_t place)
{
    return (uint64_t)(number + 1) << PLACE_BITS | place;
}

static uint64_t place_in(uint64_t cell)
{
    return cell & ((UINT64_C(1) << PLACE_BITS) - 1);
}

static const struct held_slot *slot_in(const struct keyring_held *held, uint64_t cell)
{
    return &held->slots[(cell >> PLACE_BITS) - 1];
}

/* Neighbours are apart: a place is the low bits of a hash, and so is where it is looked for. */
static size_t begin_of(const struct keyring_held *held, uint64_t place)
{
    return (size_t)(place * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (held->table_size - 1);
}

/* Where the place's cell is, or would be. */
static size_t look_for(const struct keyring_held *held, uint64_t place)
{
    size_t at = begin_of(held, place);
    while (held->table[at] != 0 && place_in(held->table[at]) != place) {
        at = (at + 1) & (held->table_size - 1);
    }
    return at;
}

static void *grown(void *old, size_t old_size, size_t size)
{
    void *memory = calloc(1, size);
    MEMORY_UNLESS(memory != NULL);
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
    MEMORY_UNLESS(held->table != NULL);
    for (size_t i = 0; i < held->count; i++) {
        uint64_t place = held->slots[i].place;
        held->table[look_for(held, place)] = cell_of(i, place);
    }
}

void keyring_held_put(struct keyring_held *held, uint64_t place, const struct slot *slot)
{
    BUG_UNLESS(place_in(place) == place);
    if (held->count == held->capacity) {
        grow(held);
    }
    size_t at = look_for(held, place);
    if (held->table[at] == 0) {
        held->table[at] = cell_of(held->count++, place);
    }
    held->slots[(held->table[at] >> PLACE_BITS) - 1] = (struct held_slot){place, *slot};
}

void keyring_held_expect(const struct keyring_held *held, uint64_t place)
{
    if (held->table != NULL) {
        __builtin_prefetch(&held->table[begin_of(held, place)], 1);
    }
}

const struct slot *keyring_held_find(const struct keyring_held *held, uint64_t place)
{
    if (held->count == 0) {
        return NULL;
    }
    uint64_t cell = held->table[look_for(held, place)];
    return cell != 0 ? &slot_in(held, cell)->slot : NULL;
}

static bool is_whole(ssize_t count, size_t size)
{
    if (count >= 0 && (size_t)count < size) {
        errno = ENOSPC;
    }
    return count == (ssize_t)size;
}

static bool write_singly(const struct keyring_held *held, const uint32_t *numbers, size_t count,
                         int fd)
{
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        const struct held_slot *slot = &held->slots[numbers[i]];
        off_t at = (off_t)((slot->place + 1) * SLOT_SIZE);
        good = is_whole(pwrite(fd, &slot->slot, SLOT_SIZE, at), SLOT_SIZE);
    }
    return good;
}

/* From the first one's place to the last one's, with what the file has between them. Only this
 * process writes it, and what is written again is what a reader sees already. */
static bool write_window(const struct keyring_held *held, const uint32_t *numbers, size_t count,
                         int fd, struct slot *window)
{
    uint64_t first = UINT64_MAX;
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t place = held->slots[numbers[i]].place;
        first = place < first ? place : first;
        last = place > last ? place : last;
    }
    size_t size = (size_t)(last - first + 1) * SLOT_SIZE;
    off_t at = (off_t)((first + 1) * SLOT_SIZE);
    if (!is_whole(pread(fd, window, size, at), size)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct held_slot *slot = &held->slots[numbers[i]];
        window[slot->place - first] = slot->slot;
    }
    return is_whole(pwrite(fd, window, size, at), size);
}

/* The numbers of the slots of each window, one window after the other: ends[w] is where those of
 * window w end. Within a window no order is needed. */
static void sort_by_window(const struct keyring_held *held, uint32_t *numbers, size_t *ends,
                           size_t windows)
{
    size_t begin = 0;
    for (size_t i = 0; i < held->count; i++) {
        ends[held->slots[i].place / WINDOW_SLOTS]++;
    }
    for (size_t w = 0; w < windows; w++) {
        size_t count = ends[w];
        ends[w] = begin;
        begin += count;
    }
    for (size_t i = 0; i < held->count; i++) {
        numbers[ends[held->slots[i].place / WINDOW_SLOTS]++] = (uint32_t)i;
    }
}

static bool write_windows(const struct keyring_held *held, const uint32_t *numbers,
                          const size_t *ends, size_t windows, int fd)
{
    /* Aligned for the kernel's sake, as arena_buffer() says. */
    struct slot *window = aligned_alloc(ARENA_BUFFER_ALIGNMENT, WINDOW_SLOTS * sizeof *window);
    BUG_UNLESS(window != NULL);
    bool good = true;
    size_t begin = 0;
    for (size_t w = 0; good && w < windows; w++) {
        size_t count = ends[w] - begin;
        good = count < DENSE ? write_singly(held, numbers + begin, count, fd)
                             : write_window(held, numbers + begin, count, fd, window);
        begin = ends[w];
    }
    memory_wipe(window, WINDOW_SLOTS * sizeof *window);
    free(window);
    return good;
}

static void forget(struct keyring_held *held)
{
    memory_wipe(held->slots, held->count * sizeof *held->slots);
    memset(held->table, 0, held->table_size * sizeof *held->table);
    held->count = 0;
}

bool keyring_held_write(struct keyring_held *held, int fd)
{
    if (held->count == 0) {
        return true;
    }
    uint64_t last = 0;
    for (size_t i = 0; i < held->count; i++) {
        last = held->slots[i].place > last ? held->slots[i].place : last;
    }
    size_t windows = (size_t)(last / WINDOW_SLOTS + 1);
    size_t *ends = calloc(windows, sizeof *ends);
    uint32_t *numbers = calloc(held->count, sizeof *numbers);
    MEMORY_UNLESS(ends != NULL && numbers != NULL);
    sort_by_window(held, numbers, ends, windows);
    bool good = write_windows(held, numbers, ends, windows, fd);
    free(numbers);
    free(ends);
    if (good) { /* else they may have to stay */
        forget(held);
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
