/* keyring_copy - see keyring_copy.h. */
#include "core/io/keyring_copy.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/keyring_file.h"
#include "core/io/messages.h"

enum { TRIES = 100, LOOKS = 1000, MODE = 0600 };

static bool read_whole(int fd, uint8_t *out, size_t size, off_t at)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = pread(fd, out + done, size - done, at + (off_t)done);
        if (count <= 0) {
            return false;
        }
        done += (size_t)count;
    }
    return true;
}

/* One that the writer is just filling looks damaged for a moment. */
static bool make_sound(int fd, uint8_t *slot, size_t at)
{
    struct slot look;
    memcpy(&look, slot, sizeof look);
    for (int i = 0; i < LOOKS && !slot_is_free(&look) && !slot_has_checksum(&look); i++) {
        if (!read_whole(fd, slot, SLOT_SIZE, (off_t)at)) {
            return false;
        }
        memcpy(&look, slot, sizeof look);
    }
    return slot_is_free(&look) || slot_has_checksum(&look);
}

/* Slots are never given back, so some are used where the header counts some. How many says nothing:
 * both are flushed together, and a power cut may leave a header ahead of its slots, whose keys
 * sealed nothing yet (K3). */
static const char *what_is_wrong(const struct keyring *ring, uint8_t *data, size_t size)
{
    bool any = false;
    for (size_t at = 0; at < size; at += SLOT_SIZE) {
        if (!make_sound(ring->fd, data + at, at)) {
            return at == 0 ? "its header" : "a slot";
        }
        any = any || (at > 0 && data[at] != SLOT_FREE);
    }
    return !any && ring->count > 0 ? "no key is left in it" : NULL;
}

static FALLIBLE read_open(const struct keyring *ring, struct arena *arena, bytes *ret,
                          struct error *err)
{
    if (ring->fd < 0) {
        return OK;
    }
    size_t size = (size_t)(ring->capacity + 1) * SLOT_SIZE;
    uint8_t *data = arena_buffer(arena, size);
    const char *wrong = read_whole(ring->fd, data, size, 0) ? what_is_wrong(ring, data, size)
                                                            : "shorter than its header says";
    if (wrong != NULL) {
        FAIL(CONFIG, MESSAGE_KEYRING_DAMAGED, ARG_TEXT("path", ring->path),
             ARG_TEXT("what", wrong));
    }
    *ret = bytes_of(data, size);
    return OK;
}

/* The old file is overwritten only when another has its name: as long as it has it, what was read
 * is what there was. */
static FALLIBLE read_keyring(const char *path, struct arena *arena, bytes *ret, struct error *err)
{
    outcome result = OK;
    bool is_old = true;
    for (int i = 0; i < TRIES && is_old; i++) {
        struct keyring ring = {.fd = -1, .mode = STORE_READ};
        int size = snprintf(ring.path, sizeof ring.path, "%s", path);
        BUG_UNLESS(size > 0 && (size_t)size < sizeof ring.path);
        *ret = (bytes){0};
        result = keyring_file_open(&ring, err);
        result = result.ok ? read_open(&ring, arena, ret, err) : result;
        is_old = keyring_file_is_old(&ring);
        keyring_file_close(&ring);
    }
    if (result.ok && is_old) {
        FAIL(CONFIG, MESSAGE_KEYRING_DAMAGED, ARG_TEXT("path", path),
             ARG_TEXT("what", "replaced each time"));
    }
    return result;
}

static bool is_there(bytes ring, const uint8_t *wanted)
{
    uint64_t capacity = ring.size / SLOT_SIZE - 1;
    uint64_t place = slot_place(wanted + 1, capacity);
    for (uint64_t i = 0; i < capacity; i++) {
        const uint8_t *slot = ring.data + (place + 1) * SLOT_SIZE;
        if (slot[0] == SLOT_FREE) {
            return false;
        }
        if (memcmp(slot + 1, wanted + 1, SLOT_ID_SIZE) == 0) {
            return slot[0] == SLOT_DESTROYED || memcmp(slot, wanted, SLOT_SIZE) == 0;
        }
        place = (place + 1) & (capacity - 1);
    }
    return false;
}

/* Has the keyring each key that the copy has, or the mark of its end? */
static bool has_all(bytes ring, bytes copy)
{
    for (size_t at = SLOT_SIZE; at + SLOT_SIZE <= copy.size; at += SLOT_SIZE) {
        if (copy.data[at] == SLOT_PRESENT && slot_has_checksum(copy.data + at) &&
            !is_there(ring, copy.data + at)) {
            return false;
        }
    }
    return true;
}

FALLIBLE keyring_copy(const char *from, const char *to, struct arena *arena, struct error *err)
{
    bytes ring = {0};
    bytes copy = {0};
    TRY(read_keyring(from, arena, &ring, err));
    if (ring.data == NULL) {
        return OK;
    }
    if (file_exists(to)) {
        TRY(file_read(to, arena, SIZE_MAX / 2, &copy, err));
        if (bytes_equal(copy, ring)) {
            return OK;
        }
        if (!has_all(ring, copy)) {
            FAIL(CORRUPT, MESSAGE_KEYRING_COPY_HAS_MORE, ARG_TEXT("path", from),
                 ARG_TEXT("copy", to));
        }
    }
    return file_replace(to, ring, MODE, err);
}
