/* keyring_file - see keyring_file.h and docs/log-format.md.
 *
 * Readers look through a mapping, which costs no call a person. The writer reads by pread, for the
 * mapping of a large file would soon count as its memory as a whole, and only what its tags do not
 * tell (keyring_tags.h); for a while it may read as readers do (keyring_file_map). It holds what it
 * makes until the flush (keyring_held.h) and writes in place by pwrite, which tells when the disk
 * is full. A larger file is made beside, exchanged with the old one, and the old bytes are
 * overwritten before they go. */
#include "core/io/keyring_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"
#include "core/io/wipe.h"

#define MAGIC "anzheng keys 1\n"

enum {
    PROBE_MAX = 1024, /* a file without a free slot in so many grows */
    CAPACITY_MIN = 1024,
    COPY_BLOCK = 1 << 10, /* slots that are read at once */
    COPY_HELD = 1 << 15,  /* so many are written together */
};

/* Slot 0 of the file. */
struct header {
    char magic[16];      /* MAGIC with its NUL */
    uint8_t capacity[8]; /* big-endian: slots behind the header, a power of two */
    uint8_t count[8];    /* used ones at the last flush: only says when to grow */
    uint8_t unused[16];
    uint8_t checksum[SLOT_CHECKSUM_SIZE];
};
_Static_assert(sizeof(struct header) == SLOT_SIZE, "the header takes a slot");

static void put_u64(uint64_t value, uint8_t out[8])
{
    for (int i = 7; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
}

static outcome damaged(const struct keyring *ring, const char *what, struct error *err)
{
    FAIL(CONFIG, MESSAGE_KEYRING_DAMAGED, ARG_TEXT("path", ring->path), ARG_TEXT("what", what));
}

static outcome not_writable(const struct keyring *ring, int why, struct error *err)
{
    FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", ring->path), ARG_ERRNO("why", why));
}

static bool read_at(int fd, void *out, size_t size, uint64_t offset)
{
    return pread(fd, out, size, (off_t)offset) == (ssize_t)size;
}

static bool write_at(int fd, const void *data, size_t size, uint64_t offset)
{
    ssize_t count = pwrite(fd, data, size, (off_t)offset);
    if (count >= 0 && (size_t)count < size) {
        errno = ENOSPC;
    }
    return count == (ssize_t)size;
}

static bool write_header(int fd, uint64_t capacity, uint64_t count)
{
    struct header header = {.magic = MAGIC};
    put_u64(capacity, header.capacity);
    put_u64(count, header.count);
    slot_checksum(&header, header.checksum);
    return write_at(fd, &header, sizeof header, 0);
}

/* False when the slot is damaged. One that the writer is just filling looks so to a reader, for a
 * moment: he looks again. */
static bool read_slot(const struct keyring *ring, uint64_t place, struct slot *ret)
{
    enum { LOOKS = 1000 };
    const struct slot *held = keyring_held_find(&ring->held, place);
    if (held != NULL) {
        *ret = *held;
        return true;
    }
    for (int i = 0; i < (ring->mode == STORE_READ ? LOOKS : 1); i++) {
        if (ring->slots != NULL) {
            memcpy(ret, (const void *)&ring->slots[place], sizeof *ret);
        } else if (!read_at(ring->fd, ret, sizeof *ret, (place + 1) * SLOT_SIZE)) {
            return false;
        }
        __atomic_signal_fence(__ATOMIC_SEQ_CST); /* each look is a new one */
        if (slot_is_free(ret) || slot_has_checksum(ret)) {
            return true;
        }
    }
    return false;
}

static uint8_t tag_of_slot(const struct slot *slot)
{
    return slot_is_free(slot)         ? KEYRING_TAG_FREE
           : !slot_has_checksum(slot) ? KEYRING_TAG_DAMAGED
                                      : keyring_tag_of(slot->id, SLOT_ID_SIZE);
}

static bool know_block(struct keyring *ring, uint64_t place)
{
    uint64_t block = place / KEYRING_TAGS_BLOCK;
    uint64_t first = block * KEYRING_TAGS_BLOCK;
    struct slot slots[KEYRING_TAGS_BLOCK];
    if (ring->tags.looks[block] == KEYRING_TAGS_KNOWN) {
        return true;
    }
    if (!read_at(ring->fd, slots, sizeof slots, (first + 1) * SLOT_SIZE)) {
        return false;
    }
    for (int i = 0; i < KEYRING_TAGS_BLOCK; i++) {
        ring->tags.tags[first + (uint64_t)i] = tag_of_slot(&slots[i]);
    }
    memory_wipe(slots, sizeof slots);
    ring->tags.looks[block] = KEYRING_TAGS_KNOWN;
    return true;
}

/* Is this slot the one, or free, or to be passed by? Where nothing is mapped, tags answer for most.
 */
static bool look_at(struct keyring *ring, uint64_t place, const uint8_t id[SLOT_ID_SIZE],
                    struct slot *ret, bool *ret_end)
{
    memset(ret, 0, sizeof *ret);
    *ret_end = true;
    if (ring->slots == NULL && keyring_tags_look(&ring->tags, place)) {
        if (!know_block(ring, place)) {
            return false;
        }
        uint8_t tag = ring->tags.tags[place];
        if (tag == KEYRING_TAG_FREE) {
            return true;
        }
        if (tag != KEYRING_TAG_DAMAGED && tag != keyring_tag_of(id, SLOT_ID_SIZE)) {
            *ret_end = false;
            return true;
        }
    }
    bool good = read_slot(ring, place, ret);
    *ret_end = good && (slot_is_free(ret) || memcmp(ret->id, id, SLOT_ID_SIZE) == 0);
    return good;
}

void keyring_file_expect(const struct keyring *ring, const uint8_t id[SLOT_ID_SIZE])
{
    uint64_t place = slot_place(id, ring->capacity);
    keyring_tags_expect(&ring->tags, place);
    keyring_held_expect(&ring->held, place);
}

FALLIBLE keyring_file_probe(struct keyring *ring, const uint8_t id[SLOT_ID_SIZE], struct slot *ret,
                            uint64_t *ret_place, struct error *err)
{
    uint64_t place = slot_place(id, ring->capacity);
    for (unsigned i = 0; i < PROBE_MAX && i < ring->capacity; i++) {
        bool end = false;
        if (!look_at(ring, place, id, ret, &end)) {
            return damaged(ring, "a slot", err);
        }
        if (end) {
            *ret_place = place;
            return OK;
        }
        place = (place + 1) & (ring->capacity - 1);
    }
    memset(ret, 0, sizeof *ret);
    *ret_place = PLACE_NONE;
    return OK;
}

static outcome read_header(struct keyring *ring, struct error *err)
{
    struct header header;
    struct stat status;
    if (!read_at(ring->fd, &header, sizeof header, 0) || !slot_has_checksum(&header)) {
        return damaged(ring, "its header", err);
    }
    if (memcmp(header.magic, MAGIC, sizeof header.magic) != 0) { /* whole, and not ours to judge */
        FAIL(CONFIG, MESSAGE_KEYRING_FORMAT, ARG_TEXT("path", ring->path));
    }
    uint64_t capacity = slot_get_u64(header.capacity);
    if (fstat(ring->fd, &status) != 0 || capacity < KEYRING_TAGS_BLOCK ||
        (capacity & (capacity - 1)) != 0 || (uint64_t)status.st_size / SLOT_SIZE - 1 != capacity) {
        return damaged(ring, "shorter than its header says", err);
    }
    ring->capacity = capacity;
    ring->count = slot_get_u64(header.count);
    return OK;
}

/* A hash of persons is read here and there: what lies beside a slot is not needed next. */
FALLIBLE keyring_file_map(struct keyring *ring, struct error *err)
{
    size_t size = (size_t)(ring->capacity + 1) * SLOT_SIZE;
    if (ring->slots != NULL) {
        return OK;
    }
    (void)posix_fadvise(ring->fd, 0, 0, POSIX_FADV_RANDOM); /* advice only */
    struct slot *map = mmap(NULL, size, PROT_READ, MAP_SHARED, ring->fd, 0);
    if (map == MAP_FAILED) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", ring->path),
             ARG_ERRNO("why", errno));
    }
    (void)madvise(map, size, MADV_RANDOM); /* advice only */
    ring->slots = map + 1;                 /* behind the header */
    return OK;
}

void keyring_file_unmap(struct keyring *ring)
{
    if (ring->slots != NULL) {
        (void)munmap(ring->slots - 1, (size_t)(ring->capacity + 1) * SLOT_SIZE); /* ours, whole */
        ring->slots = NULL;
    }
}

static outcome sync_parent(const struct keyring *ring, struct error *err)
{
    char parent[PATH_MAX];
    temporary_parent(ring->path, parent);
    TRY(directory_sync(parent, err));
    return OK;
}

static void temporary_path(const struct keyring *ring, char out[PATH_MAX])
{
    BUG_UNLESS(temporary_name(ring->path, out)); /* the ring keeps room for it */
}

/* An empty file of `capacity` slots beside the real one. */
static outcome make_file(const struct keyring *ring, uint64_t capacity, int *ret_fd,
                         struct error *err)
{
    char temporary[PATH_MAX];
    temporary_path(ring, temporary);
    int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", temporary),
             ARG_ERRNO("why", errno));
    }
    /* The blocks are taken now: a full disk then shows here, not at some later slot. */
    int why = posix_fallocate(fd, 0, (off_t)((capacity + 1) * SLOT_SIZE));
    if (why == 0 && !write_header(fd, capacity, 0)) {
        why = errno;
    }
    if (why != 0) {
        (void)close(fd);         /* the failure to report is the first one */
        (void)unlink(temporary); /* likewise */
        return not_writable(ring, why, err);
    }
    *ret_fd = fd;
    return OK;
}

/* What grew out of its file left one that holds keys: overwritten before it goes. So is what an
 * interrupted growth left behind. */
static outcome wipe_leftover(const struct keyring *ring, struct error *err)
{
    char temporary[PATH_MAX];
    temporary_path(ring, temporary);
    TRY(file_wipe(temporary, err));
    return OK;
}

static outcome write_held(struct keyring *ring, struct error *err)
{
    if (!keyring_held_write(&ring->held, ring->fd)) {
        return not_writable(ring, errno, err);
    }
    return OK;
}

/* The used slots, each to its new place: the old order gives two runs in the new file. */
static outcome copy_block(const struct slot *slots, size_t count, struct keyring *target,
                          struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (slot_is_free(&slots[i])) {
            continue;
        }
        if (!slot_has_checksum(&slots[i])) {
            return damaged(target, "a slot", err);
        }
        uint64_t place = slot_place(slots[i].id, target->capacity);
        while (target->tags.tags[place] != KEYRING_TAG_FREE) {
            place = (place + 1) & (target->capacity - 1);
        }
        keyring_held_put(&target->held, place, &slots[i]);
        target->tags.tags[place] = keyring_tag_of(slots[i].id, SLOT_ID_SIZE);
        target->count++;
    }
    return target->held.count + COPY_BLOCK > COPY_HELD ? write_held(target, err) : OK;
}

static outcome copy_slots(const struct keyring *ring, struct keyring *target, struct error *err)
{
    struct slot block[COPY_BLOCK];
    size_t count = ring->capacity < COPY_BLOCK ? (size_t)ring->capacity : COPY_BLOCK;
    outcome copied = OK;
    for (uint64_t from = 0; copied.ok && from < ring->capacity; from += count) {
        copied = read_at(ring->fd, block, count * sizeof *block, (from + 1) * SLOT_SIZE)
                     ? copy_block(block, count, target, err)
                     : damaged(ring, "a slot", err);
    }
    copied = copied.ok ? write_held(target, err) : copied;
    memory_wipe(block, sizeof block);
    keyring_held_release(&target->held);
    return copied;
}

/* The new file takes the name; the old one, now at the temporary name, is overwritten. */
static outcome exchange(struct keyring *ring, struct keyring *target, struct error *err)
{
    char temporary[PATH_MAX];
    temporary_path(ring, temporary);
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, ring->path, RENAME_EXCHANGE) != 0) {
        int why = errno;
        keyring_file_close(target);
        return not_writable(ring, why, err);
    }
    (void)close(ring->fd); /* what it had to say is in the new one */
    keyring_tags_release(&ring->tags);
    ring->tags = target->tags;
    ring->fd = target->fd;
    ring->capacity = target->capacity;
    ring->count = target->count;
    ring->is_dirty = false;
    TRY(sync_parent(ring, err));
    TRY(wipe_leftover(ring, err));
    return OK;
}

FALLIBLE keyring_file_grow(struct keyring *ring, struct error *err)
{
    TRY(write_held(ring, err));
    struct keyring target = {.mode = ring->mode, .fd = -1, .capacity = ring->capacity * 2};
    memcpy(target.path, ring->path, sizeof target.path);
    TRY(wipe_leftover(ring, err));
    TRY(make_file(ring, target.capacity, &target.fd, err));
    keyring_tags_init(&target.tags, target.capacity, true);
    keyring_file_unmap(ring);
    outcome result = copy_slots(ring, &target, err);
    if (result.ok &&
        (!write_header(target.fd, target.capacity, target.count) || fdatasync(target.fd) != 0)) {
        result = not_writable(ring, errno, err);
    }
    if (!result.ok) {
        keyring_file_close(&target); /* the leftover is overwritten at the next open */
        return error_trace(err, HERE);
    }
    TRY(exchange(ring, &target, err));
    return OK;
}

static outcome create(struct keyring *ring, struct error *err)
{
    char temporary[PATH_MAX];
    temporary_path(ring, temporary);
    TRY(make_file(ring, CAPACITY_MIN, &ring->fd, err));
    if (fdatasync(ring->fd) != 0 || rename(temporary, ring->path) != 0) {
        return not_writable(ring, errno, err);
    }
    TRY(sync_parent(ring, err));
    return OK;
}

static outcome open_file(struct keyring *ring, struct error *err)
{
    int flags = ring->mode == STORE_WRITE ? O_RDWR : O_RDONLY;
    ring->fd = open(ring->path, flags | O_CLOEXEC | O_NOFOLLOW);
    if (ring->fd < 0 && errno == ENOENT) {
        if (ring->mode == STORE_READ) {
            return OK;
        }
        TRY(create(ring, err));
    }
    if (ring->fd < 0) {
        FAIL(CONFIG, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", ring->path),
             ARG_ERRNO("why", errno));
    }
    TRY(read_header(ring, err));
    if (ring->mode == STORE_WRITE) {
        keyring_tags_init(&ring->tags, ring->capacity, false);
    }
    return ring->mode == STORE_READ ? keyring_file_map(ring, err) : OK;
}

void keyring_file_close(struct keyring *ring)
{
    keyring_file_unmap(ring);
    keyring_tags_release(&ring->tags);
    keyring_held_release(&ring->held);
    if (ring->fd >= 0) {
        (void)close(ring->fd); /* what matters was flushed */
        ring->fd = -1;
    }
}

FALLIBLE keyring_file_open(struct keyring *ring, struct error *err)
{
    if (ring->mode == STORE_WRITE) {
        TRY(wipe_leftover(ring, err));
    }
    TRY(open_file(ring, err));
    return OK;
}

bool keyring_file_is_old(const struct keyring *ring)
{
    struct stat ours;
    struct stat current;
    if (stat(ring->path, &current) != 0) {
        return false;
    }
    return ring->fd < 0 || (fstat(ring->fd, &ours) == 0 &&
                            (ours.st_ino != current.st_ino || ours.st_dev != current.st_dev));
}

FALLIBLE keyring_file_write(struct keyring *ring, uint64_t place, struct slot *slot,
                            struct error *err)
{
    bool knows_no_tags = ring->slots != NULL; /* they come from the file when they are asked for */
    if (!knows_no_tags && !know_block(ring, place)) { /* later it would be known without the slot */
        return damaged(ring, "a slot", err);
    }
    slot_checksum(slot, slot->checksum);
    keyring_held_put(&ring->held, place, slot);
    ring->tags.tags[place] = keyring_tag_of(slot->id, SLOT_ID_SIZE);
    ring->is_dirty = true;
    if (knows_no_tags || ring->held.count == KEYRING_HELD_MAX) {
        TRY(write_held(ring, err));
    }
    return OK;
}

FALLIBLE keyring_file_flush(struct keyring *ring, struct error *err)
{
    TRY(write_held(ring, err));
    if (!write_header(ring->fd, ring->capacity, ring->count) || fdatasync(ring->fd) != 0) {
        return not_writable(ring, errno, err);
    }
    ring->is_dirty = false;
    return OK;
}
