/* keyring_file - see keyring_file.h and docs/log-format.md: the file is opened, mapped and written.
 *
 * Readers use a mapping, which needs no system call per person. The writer reads by pread, because
 * the pages of a large mapping would soon all count as its memory; for a limited time it may map as
 * readers do (keyring_file_map). New slots are collected and written by the megabyte, before any
 * event that names their persons is committed. The writer uses pwrite, which reports a full disk.
 */
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
#include "core/io/keyring_header.h"
#include "core/io/keyring_parts.h"
#include "core/io/messages.h"
#include "core/io/wipe.h"

enum {
    WAITING_MAX = 1 << 14, /* slots: a megabyte */
    MAPPED_MORE = 1 << 14, /* slots that a mapping has room for behind the file, at least */
};

outcome keyring_damaged(const struct keyring *ring, const char *what, struct error *err)
{
    FAIL(CONFIG, MESSAGE_KEYRING_DAMAGED, ARG_TEXT("path", ring->path), ARG_TEXT("what", what));
}

outcome keyring_not_writable(const struct keyring *ring, int why, struct error *err)
{
    FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", ring->path), ARG_ERRNO("why", why));
}

outcome keyring_not_readable(const struct keyring *ring, int why, struct error *err)
{
    FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", ring->path), ARG_ERRNO("why", why));
}

off_t keyring_offset_of(uint64_t number)
{
    return (off_t)((number + 1) * SLOT_SIZE);
}

bool keyring_read_at(int fd, void *out, size_t size, off_t offset)
{
    return pread(fd, out, size, offset) == (ssize_t)size;
}

static bool write_at(int fd, const void *data, size_t size, off_t offset)
{
    ssize_t count = pwrite(fd, data, size, offset);
    if (count >= 0 && (size_t)count < size) {
        errno = ENOSPC;
    }
    return count == (ssize_t)size;
}

void keyring_note_size(struct keyring *ring)
{
    struct stat status;
    if (fstat(ring->fd, &status) == 0) {
        uint64_t slots = (uint64_t)status.st_size / SLOT_SIZE;
        ring->in_file = slots > 0 ? slots - 1 : 0;
        ring->bond.device = (uint64_t)status.st_dev;
        ring->bond.inode = (uint64_t)status.st_ino;
    }
}

bool keyring_flush_header(const struct keyring *ring)
{
    return keyring_header_write(ring->fd, ring->at_least, ring->bond.branch) &&
           fdatasync(ring->fd) == 0;
}

static outcome write_waiting(struct keyring *ring, struct error *err)
{
    size_t size = (size_t)ring->waiting_count * SLOT_SIZE;
    if (size > 0 && !write_at(ring->fd, ring->waiting, size, keyring_offset_of(ring->in_file))) {
        return keyring_not_writable(ring, errno, err);
    }
    if (size > 0) {
        memory_wipe(ring->waiting, size);
    }
    ring->in_file += ring->waiting_count;
    ring->waiting_count = 0;
    return OK;
}

FALLIBLE keyring_file_add(struct keyring *ring, struct slot *slot, struct error *err)
{
    if (ring->waiting == NULL) { /* aligned for the kernel's sake, as arena_buffer() says */
        ring->waiting = aligned_alloc(ARENA_BUFFER_ALIGNMENT, WAITING_MAX * SLOT_SIZE);
        MEMORY_UNLESS(ring->waiting != NULL);
    }
    if (ring->waiting_count == WAITING_MAX) {
        TRY(write_waiting(ring, err));
    }
    TRY(keyring_look_ready(ring, err));
    uint64_t number = ring->in_file + ring->waiting_count;
    slot_checksum(slot, slot->checksum);
    ring->waiting[ring->waiting_count++] = *slot;
    keyring_index_reach(&ring->index, number + 1);     /* first: a writer killed in between */
    keyring_index_add(&ring->index, slot->id, number); /* leaves an index that is not believed */
    ring->is_dirty = true;
    return ring->slots != NULL ? write_waiting(ring, err) : OK; /* keyring_glance() must find it */
}

FALLIBLE keyring_file_change(struct keyring *ring, uint64_t number, struct slot *slot,
                             struct error *err)
{
    slot_checksum(slot, slot->checksum);
    ring->is_dirty = true;
    if (number >= ring->in_file) {
        ring->waiting[number - ring->in_file] = *slot;
    } else if (!write_at(ring->fd, slot, sizeof *slot, keyring_offset_of(number))) {
        return keyring_not_writable(ring, errno, err);
    }
    return OK;
}

/* The header counts the slots that the flush before this one put on the disk (at close, all of
 * them). So after a power cut it never counts slots that are not there. */
FALLIBLE keyring_file_flush(struct keyring *ring, struct error *err)
{
    TRY(write_waiting(ring, err));
    if (!keyring_flush_header(ring)) {
        return keyring_not_writable(ring, errno, err);
    }
    ring->is_late = ring->at_least != ring->index.used;
    ring->at_least = ring->index.used;
    ring->is_dirty = false;
    return OK;
}

/* Slots are read at random: the kernel is advised not to read ahead. */
FALLIBLE keyring_file_map(struct keyring *ring, struct error *err)
{
    if (ring->slots != NULL) {
        return OK;
    }
    TRY(write_waiting(ring, err));
    uint64_t more = ring->in_file / 4 > MAPPED_MORE ? ring->in_file / 4 : MAPPED_MORE;
    size_t size = (size_t)(ring->in_file + more + 1) * SLOT_SIZE;
    const struct slot *map = mmap(NULL, size, PROT_READ, MAP_SHARED, ring->fd, 0);
    if (map == MAP_FAILED) {
        return keyring_not_readable(ring, errno, err);
    }
    (void)posix_fadvise(ring->fd, 0, 0, POSIX_FADV_RANDOM);   /* advice only */
    (void)madvise((void *)(uintptr_t)map, size, MADV_RANDOM); /* likewise */
    ring->slots = map + 1;                                    /* behind the header */
    ring->mapped = ring->in_file + more;
    return OK;
}

void keyring_file_unmap(struct keyring *ring)
{
    if (ring->slots != NULL) {
        void *map = (void *)(uintptr_t)(ring->slots - 1);
        (void)munmap(map, (size_t)(ring->mapped + 1) * SLOT_SIZE); /* ours, whole */
        ring->slots = NULL;
        ring->mapped = 0;
    }
}

static outcome create(struct keyring *ring, struct error *err)
{
    char temporary[PATH_MAX];
    char parent[PATH_MAX];
    BUG_UNLESS(temporary_name(ring->path, temporary)); /* ring->path leaves room for the suffix */
    ring->fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (ring->fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", temporary),
             ARG_ERRNO("why", errno));
    }
    if (!keyring_flush_header(ring) || rename(temporary, ring->path) != 0) {
        return keyring_not_writable(ring, errno, err);
    }
    temporary_parent(ring->path, parent);
    TRY(directory_sync(parent, err));
    return OK;
}

/* A file of form 1 is taken as it is: its slots are the same, with free ones among them. */
static outcome take_hashed(struct keyring *ring, const struct keyring_header *header,
                           struct error *err)
{
    if (slot_get_u64(header->capacity) != ring->in_file) {
        return keyring_damaged(ring, "shorter than its header says", err);
    }
    ring->at_least = slot_get_u64(header->used) > 0; /* `used` may be too high there (K4) */
    memset(ring->bond.branch, 0, sizeof ring->bond.branch);
    if (ring->mode == STORE_WRITE && !keyring_flush_header(ring)) {
        return keyring_not_writable(ring, errno, err);
    }
    return OK;
}

/* A writer puts the new header before the slots of a file of form 1, and only then may the file
 * grow. A reader that saw the old header and then a longer file reads the header again. */
static bool look_at_header(struct keyring *ring, struct keyring_header *ret)
{
    bool is_sound = true;
    for (int i = 0; i < 2; i++) {
        is_sound = keyring_header_read(ring->fd, ret);
        keyring_note_size(ring);
        if (!is_sound || keyring_header_form(ret) != KEYRING_HASHED ||
            ring->in_file <= slot_get_u64(ret->capacity)) {
            break;
        }
    }
    return is_sound;
}

static outcome read_header(struct keyring *ring, struct error *err)
{
    struct keyring_header header;
    if (!look_at_header(ring, &header)) {
        return keyring_damaged(ring, "its header", err);
    }
    enum keyring_form form = keyring_header_form(&header);
    if (form == KEYRING_HASHED) {
        return take_hashed(ring, &header, err);
    }
    if (form != KEYRING_IN_ORDER) { /* sound, but of a newer program */
        FAIL(CONFIG, MESSAGE_KEYRING_FORMAT, ARG_TEXT("path", ring->path));
    }
    ring->at_least = slot_get_u64(header.used);
    memcpy(ring->bond.branch, header.branch, sizeof ring->bond.branch);
    return ring->in_file < ring->at_least
               ? keyring_damaged(ring, "shorter than its header says", err)
               : OK;
}

static outcome open_index(struct keyring *ring, struct error *err)
{
    bool writing = ring->mode == STORE_WRITE;
    uint64_t has = 0;
    bool is_there = keyring_index_open(&ring->index, ring->index_path, writing, &ring->bond, &has);
    if (!writing) {
        return OK;
    }
    if (!is_there || has != ring->in_file) { /* the index file is made with the next new slot */
        TRY(keyring_look_at_file(ring, err));
    }
    /* Slots that a killed writer wrote and did not flush are flushed before any event uses them. */
    ring->is_dirty = ring->index.used > ring->at_least;
    return OK;
}

FALLIBLE keyring_file_open(struct keyring *ring, struct error *err)
{
    int flags = ring->mode == STORE_WRITE ? O_RDWR : O_RDONLY;
    char temporary[PATH_MAX];
    BUG_UNLESS(temporary_name(ring->path, temporary)); /* ring->path leaves room for the suffix */
    if (ring->mode == STORE_WRITE) {
        TRY(file_wipe(temporary, err)); /* left by a killed first run, or by a growing form 1 */
    }
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
    TRY(open_index(ring, err));
    return ring->mode == STORE_READ ? keyring_file_map(ring, err) : OK;
}

void keyring_file_close(struct keyring *ring)
{
    if (ring->is_late) {
        /* Not flushed: if it is lost, the header before it is still true. */
        (void)keyring_header_write(ring->fd, ring->at_least, ring->bond.branch);
        ring->is_late = false;
    }
    keyring_file_unmap(ring);
    keyring_index_release(&ring->index);
    keyring_index_release(&ring->own);
    ring->own_slots = 0;
    if (ring->waiting != NULL) {
        memory_wipe(ring->waiting, (size_t)ring->waiting_count * SLOT_SIZE);
        free(ring->waiting);
        ring->waiting = NULL;
    }
    ring->waiting_count = 0;
    ring->in_file = 0;
    ring->is_unsure = false;
    ring->is_own_branch = false;
    if (ring->fd >= 0) {
        (void)close(ring->fd); /* everything that matters was flushed */
        ring->fd = -1;
    }
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
