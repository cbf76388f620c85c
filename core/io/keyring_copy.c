/* keyring_copy - see keyring_copy.h. */
#include "core/io/keyring_copy.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/keyring_file.h"
#include "core/io/keyring_header.h"
#include "core/io/messages.h"

enum { LOOKS = 1000, MODE = 0600 };

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

/* Reads a damaged slot again: one that the writer is filling looks damaged for a moment. */
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

/* Slots are never removed: there are at least as many as the header says. */
static const char *what_is_wrong(const struct keyring *ring, uint8_t *data, size_t size)
{
    uint64_t used = 0;
    for (size_t at = SLOT_SIZE; at < size; at += SLOT_SIZE) {
        if (!make_sound(ring->fd, data + at, at)) {
            return "a slot";
        }
        used += data[at] != SLOT_FREE ? 1 : 0;
    }
    return used < ring->at_least ? "keys are missing in it" : NULL;
}

/* Reads the header before the slots: a header written after they were read could count more of
 * them. A header of form 1 says how many slots there were. */
static const char *read_data(const struct keyring *ring, struct arena *arena, bytes *ret)
{
    struct keyring_header header;
    struct stat status;
    if (!keyring_header_read(ring->fd, &header) || fstat(ring->fd, &status) != 0) {
        return "its header";
    }
    uint64_t slots = (uint64_t)status.st_size / SLOT_SIZE;
    if (keyring_header_form(&header) == KEYRING_HASHED) {
        uint64_t had = slot_get_u64(header.capacity) + 1;
        slots = had < slots ? had : slots;
    }
    size_t size = (size_t)slots * SLOT_SIZE;
    uint8_t *data = arena_buffer(arena, size);
    if (size < sizeof header || !read_whole(ring->fd, data, size, 0)) {
        return "shorter than its header says";
    }
    memcpy(data, &header, sizeof header);
    *ret = bytes_of(data, size);
    return what_is_wrong(ring, data, size);
}

static FALLIBLE read_open(const struct keyring *ring, struct arena *arena, bytes *ret,
                          struct error *err)
{
    bytes data = {0};
    if (ring->fd < 0) {
        return OK;
    }
    const char *wrong = read_data(ring, arena, &data);
    if (wrong != NULL) {
        FAIL(CONFIG, MESSAGE_KEYRING_DAMAGED, ARG_TEXT("path", ring->path),
             ARG_TEXT("what", wrong));
    }
    *ret = data;
    return OK;
}

static FALLIBLE read_keyring(const char *path, struct arena *arena, bytes *ret, struct error *err)
{
    struct keyring ring = {.fd = -1, .mode = STORE_READ};
    int size = snprintf(ring.path, sizeof ring.path, "%s", path);
    BUG_UNLESS(size > 0 && (size_t)size < sizeof ring.path);
    outcome result = keyring_file_open(&ring, err);
    result = result.ok ? read_open(&ring, arena, ret, err) : result;
    keyring_file_close(&ring);
    return result;
}

static bool is_there(bytes ring, const struct keyring_index *index, const uint8_t *wanted)
{
    uint64_t number = 0;
    struct keyring_index_walk walk = keyring_index_walk(index, wanted + 1);
    while (keyring_index_next(index, &walk, &number)) {
        const uint8_t *slot = ring.data + (number + 1) * SLOT_SIZE;
        if (memcmp(slot + 1, wanted + 1, SLOT_ID_SIZE) == 0) {
            return slot[0] == SLOT_DESTROYED || memcmp(slot, wanted, SLOT_SIZE) == 0;
        }
    }
    return false;
}

static bool has_all_of(bytes ring, const struct keyring_index *index, bytes copy)
{
    for (size_t at = SLOT_SIZE; at + SLOT_SIZE <= copy.size; at += SLOT_SIZE) {
        if (copy.data[at] == SLOT_PRESENT && slot_has_checksum(copy.data + at) &&
            !is_there(ring, index, copy.data + at)) {
            return false;
        }
    }
    return true;
}

/* Does the keyring have, for each key of the copy, that key or the mark that it was destroyed? */
static bool has_all(bytes ring, bytes copy)
{
    struct keyring_index index;
    keyring_index_make(&index, ring.size / SLOT_SIZE);
    for (size_t at = SLOT_SIZE; at < ring.size; at += SLOT_SIZE) {
        if (ring.data[at] != SLOT_FREE) {
            keyring_index_add(&index, ring.data + at + 1, at / SLOT_SIZE - 1);
        }
    }
    bool all = has_all_of(ring, &index, copy);
    keyring_index_release(&index);
    return all;
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
