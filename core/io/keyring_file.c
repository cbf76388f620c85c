/* keyring_file - see keyring_file.h and docs/log-format.md.
 *
 * Readers look through a mapping, which costs no call a person. The writer reads by pread, for the
 * mapping of a large file would soon count as its memory as a whole; for a while it may read as
 * readers do (keyring_file_map). What it makes waits and is written by the megabyte: no event that
 * names the person is committed before. It writes by pwrite, which tells when the disk is full.
 *
 * Where a slot is, the index says (keyring_index.h). Whom it does not know has no key, says the
 * writer, who keeps it; a reader looks at all slots once before he says so. */
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

#define MAGIC        "anzheng keys 2\n"
#define MAGIC_HASHED "anzheng keys 1\n" /* slots at places by their ids, free ones between them */

enum {
    WAITING_MAX = 1 << 14, /* slots: a megabyte */
    SCAN_BLOCK = 1 << 10,  /* slots that are read at once */
    MAPPED_MORE = 1 << 14, /* slots that a mapping has room for behind the file, at least */
};

/* Slot 0 of the file. */
struct header {
    char magic[16];      /* MAGIC with its NUL */
    uint8_t capacity[8]; /* of MAGIC_HASHED only: slots behind the header */
    uint8_t used[8];     /* big-endian: so many slots, at least, are used */
    uint8_t branch[SLOT_BRANCH_SIZE];
    uint8_t checksum[SLOT_CHECKSUM_SIZE];
};
_Static_assert(sizeof(struct header) == SLOT_SIZE, "the header takes a slot");

static outcome damaged(const struct keyring *ring, const char *what, struct error *err)
{
    FAIL(CONFIG, MESSAGE_KEYRING_DAMAGED, ARG_TEXT("path", ring->path), ARG_TEXT("what", what));
}

static outcome not_writable(const struct keyring *ring, int why, struct error *err)
{
    FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", ring->path), ARG_ERRNO("why", why));
}

static outcome not_readable(const struct keyring *ring, int why, struct error *err)
{
    FAIL(RESOURCE, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", ring->path), ARG_ERRNO("why", why));
}

static off_t offset_of(uint64_t number)
{
    return (off_t)((number + 1) * SLOT_SIZE);
}

static bool read_at(int fd, void *out, size_t size, off_t offset)
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

static bool write_header(const struct keyring *ring)
{
    struct header header = {.magic = MAGIC};
    slot_put_u64(ring->at_least, header.used);
    memcpy(header.branch, ring->bond.branch, SLOT_BRANCH_SIZE);
    slot_checksum(&header, header.checksum);
    return write_at(ring->fd, &header, sizeof header, 0);
}

static bool flush_header(const struct keyring *ring)
{
    return write_header(ring) && fdatasync(ring->fd) == 0;
}

/* False when the slot is damaged. One that the writer is just filling looks so to a reader, for a
 * moment: he looks again. */
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
        } else if (!read_at(ring->fd, ret, sizeof *ret, offset_of(number))) {
            return false;
        }
        __atomic_signal_fence(__ATOMIC_SEQ_CST); /* each look is a new one */
        if (slot_has_checksum(ret)) {
            return true;
        }
    }
    return false;
}

enum sight { SIGHT_NOBODY, SIGHT_FOUND, SIGHT_DAMAGED, SIGHT_BROKEN_INDEX };

/* Slots that an index names and nobody has are those of a writer who is just making them, or was
 * killed before they were written. */
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

/* One that is damaged may be his whose id it shows, or somebody else's. */
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

/* The slots of the file from this one on, and those that wait, into an index that has room. */
static outcome take_slots(struct keyring *ring, struct keyring_index *index, uint64_t from,
                          struct error *err)
{
    struct slot block[SCAN_BLOCK];
    outcome taken = OK;
    while (taken.ok && from < ring->in_file) {
        uint64_t left = ring->in_file - from;
        size_t count = left < SCAN_BLOCK ? (size_t)left : SCAN_BLOCK;
        if (read_at(ring->fd, block, count * SLOT_SIZE, offset_of(from))) {
            take_block(ring, index, from, block, count);
            from += count;
        } else {
            taken = not_readable(ring, errno, err);
        }
    }
    memory_wipe(block, sizeof block);
    for (uint64_t i = 0; i < ring->waiting_count; i++) {
        keyring_index_add(index, ring->waiting[i].id, ring->in_file + i);
    }
    return taken;
}

/* A file that has fewer slots than were flushed once has lost keys. */
static outcome check_used(const struct keyring *ring, const struct keyring_index *index,
                          struct error *err)
{
    return index->used < ring->at_least ? damaged(ring, "keys are missing in it", err) : OK;
}

static outcome fill_index(struct keyring *ring, struct error *err)
{
    uint64_t slots = ring->in_file + ring->waiting_count;
    TRY(keyring_index_create(&ring->index, ring->index_path, slots, &ring->bond, err));
    TRY(take_slots(ring, &ring->index, 0, err));
    TRY(check_used(ring, &ring->index, err));
    keyring_index_reach(&ring->index, slots);
    if (ring->is_unsure) { /* the next run is to look itself */
        keyring_index_give_up(ring->index_path);
        return OK;
    }
    return keyring_index_place(ring->index_path, err);
}

/* Under a new branch: one that lies about, of a copy of the keyring perhaps, fits it no more. One
 * that could not be made says nothing of whom it does not know. */
static outcome make_index(struct keyring *ring, struct error *err)
{
    random_bytes(ring->bond.branch, sizeof ring->bond.branch);
    keyring_index_release(&ring->index);
    if (!fill_index(ring, err).ok) {
        keyring_index_give_up(ring->index_path);
        ring->is_unsure = true;
        return error_trace(err, HERE);
    }
    return flush_header(ring) ? OK : not_writable(ring, errno, err);
}

static void note_size(struct keyring *ring)
{
    struct stat status;
    if (fstat(ring->fd, &status) == 0 && status.st_size >= SLOT_SIZE) {
        ring->in_file = (uint64_t)status.st_size / SLOT_SIZE - 1;
        ring->bond.device = (uint64_t)status.st_dev;
        ring->bond.inode = (uint64_t)status.st_ino;
    }
}

/* A reader's own index, of the slots that there are now. */
static outcome look_at_all(struct keyring *ring, struct error *err)
{
    note_size(ring);
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
        return damaged(ring, "a slot", err);
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

static outcome write_waiting(struct keyring *ring, struct error *err)
{
    size_t size = (size_t)ring->waiting_count * SLOT_SIZE;
    if (size > 0 && !write_at(ring->fd, ring->waiting, size, offset_of(ring->in_file))) {
        return not_writable(ring, errno, err);
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
    if (ring->index.head == NULL) {
        TRY(make_index(ring, err));
    }
    if (keyring_index_is_full(&ring->index)) {
        TRY(keyring_index_grow(&ring->index, ring->index_path, err));
    }
    uint64_t number = ring->in_file + ring->waiting_count;
    slot_checksum(slot, slot->checksum);
    ring->waiting[ring->waiting_count++] = *slot;
    keyring_index_reach(&ring->index, number + 1);     /* first: who is killed in between */
    keyring_index_add(&ring->index, slot->id, number); /* leaves one that is not believed */
    ring->is_dirty = true;
    return ring->slots != NULL ? write_waiting(ring, err) : OK; /* a glance is to find it */
}

FALLIBLE keyring_file_change(struct keyring *ring, uint64_t number, struct slot *slot,
                             struct error *err)
{
    slot_checksum(slot, slot->checksum);
    ring->is_dirty = true;
    if (number >= ring->in_file) {
        ring->waiting[number - ring->in_file] = *slot;
    } else if (!write_at(ring->fd, slot, sizeof *slot, offset_of(number))) {
        return not_writable(ring, errno, err);
    }
    return OK;
}

/* The header tells of what the flush before this one has put on the disk, or all when the writer
 * closes: after a power cut it is never ahead of the slots. */
FALLIBLE keyring_file_flush(struct keyring *ring, struct error *err)
{
    TRY(write_waiting(ring, err));
    if (!flush_header(ring)) {
        return not_writable(ring, errno, err);
    }
    ring->is_late = ring->at_least != ring->index.used;
    ring->at_least = ring->index.used;
    ring->is_dirty = false;
    return OK;
}

/* Slots are read here and there: what lies beside one is not needed next. */
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
        return not_readable(ring, errno, err);
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
    BUG_UNLESS(temporary_name(ring->path, temporary)); /* the ring keeps room for it */
    ring->fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (ring->fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", temporary),
             ARG_ERRNO("why", errno));
    }
    if (!flush_header(ring) || rename(temporary, ring->path) != 0) {
        return not_writable(ring, errno, err);
    }
    temporary_parent(ring->path, parent);
    TRY(directory_sync(parent, err));
    return OK;
}

/* A file of before is taken as it is: its slots are slots, free ones among them. */
static outcome take_hashed(struct keyring *ring, const struct header *header, struct error *err)
{
    if (slot_get_u64(header->capacity) != ring->in_file) {
        return damaged(ring, "shorter than its header says", err);
    }
    ring->at_least = slot_get_u64(header->used) > 0; /* it may be ahead of the slots */
    memset(ring->bond.branch, 0, sizeof ring->bond.branch);
    if (ring->mode == STORE_WRITE && !flush_header(ring)) {
        return not_writable(ring, errno, err);
    }
    return OK;
}

static outcome read_header(struct keyring *ring, struct error *err)
{
    struct header header;
    if (!read_at(ring->fd, &header, sizeof header, 0) || !slot_has_checksum(&header)) {
        return damaged(ring, "its header", err);
    }
    note_size(ring);
    if (memcmp(header.magic, MAGIC_HASHED, sizeof header.magic) == 0) {
        return take_hashed(ring, &header, err);
    }
    if (memcmp(header.magic, MAGIC, sizeof header.magic) != 0) { /* whole, and not ours to judge */
        FAIL(CONFIG, MESSAGE_KEYRING_FORMAT, ARG_TEXT("path", ring->path));
    }
    ring->at_least = slot_get_u64(header.used);
    memcpy(ring->bond.branch, header.branch, sizeof ring->bond.branch);
    return ring->in_file < ring->at_least ? damaged(ring, "shorter than its header says", err) : OK;
}

static outcome open_index(struct keyring *ring, struct error *err)
{
    bool writing = ring->mode == STORE_WRITE;
    uint64_t has = 0;
    bool is_there = keyring_index_open(&ring->index, ring->index_path, writing, &ring->bond, &has);
    if (!writing) {
        return OK;
    }
    if (!is_there || has != ring->in_file) { /* its file is made when there is a new slot */
        keyring_index_release(&ring->index);
        keyring_index_make(&ring->index, ring->in_file);
        TRY(take_slots(ring, &ring->index, 0, err));
        TRY(check_used(ring, &ring->index, err));
    }
    /* what a killed writer wrote and did not flush is flushed before anybody relies on it */
    ring->is_dirty = ring->index.used > ring->at_least;
    return OK;
}

FALLIBLE keyring_file_open(struct keyring *ring, struct error *err)
{
    int flags = ring->mode == STORE_WRITE ? O_RDWR : O_RDONLY;
    char temporary[PATH_MAX];
    BUG_UNLESS(temporary_name(ring->path, temporary)); /* the ring keeps room for it */
    if (ring->mode == STORE_WRITE) {
        TRY(file_wipe(temporary,
                      err)); /* what a growth of before, or a first run, left of itself */
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
        (void)write_header(ring); /* not flushed: the one before is true, too */
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
    if (ring->fd >= 0) {
        (void)close(ring->fd); /* what matters was flushed */
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
