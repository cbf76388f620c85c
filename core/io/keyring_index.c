/* keyring_index - see keyring_index.h. */
#include "core/io/keyring_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

#define MAGIC     "anzheng index 1"
#define BOOT_PATH "/proc/sys/kernel/random/boot_id"

enum {
    HEAD_BYTES = 4096,
    CAPACITY_MIN = 4096,
    NUMBER_BITS = 32, /* lowest bits of a cell: the slot's number + 1; 0: the cell is free */
    TAG_BITS = 28,
    CHECK_BITS = 4, /* highest bits: they make the XOR of all sixteen half bytes 0 */
    BOOT_SIZE = 16,
};
_Static_assert(NUMBER_BITS + TAG_BITS + CHECK_BITS == 64, "a cell");

_Static_assert(sizeof(struct keyring_bond) == SLOT_BRANCH_SIZE + 16, "it is compared as a whole");

struct keyring_index_head {
    char magic[16]; /* MAGIC with its NUL */
    uint8_t boot[BOOT_SIZE];
    struct keyring_bond bond;
    uint64_t capacity;
    uint64_t slots;
    uint64_t used;
};

static uint64_t tag_of(const uint8_t id[SLOT_ID_SIZE])
{
    return slot_get_u64(id) >> (64 - TAG_BITS);
}

static uint64_t tag_in(uint64_t cell)
{
    return cell >> NUMBER_BITS & ((UINT64_C(1) << TAG_BITS) - 1);
}

static uint64_t sum_of(uint64_t cell)
{
    cell ^= cell >> 32;
    cell ^= cell >> 16;
    cell ^= cell >> 8;
    return (cell ^ cell >> 4) & 0xF;
}

static uint64_t cell_of(uint64_t tag, uint64_t number)
{
    uint64_t cell = tag << NUMBER_BITS | (number + 1);
    return cell | sum_of(cell) << (64 - CHECK_BITS);
}

static uint64_t look_at(const struct keyring_index *index, uint64_t place)
{
    return __atomic_load_n(&index->cells[place], __ATOMIC_RELAXED);
}

/* The place is the first bits of the tag, so a table twice as large has the same order of cells. */
static uint64_t place_of(const struct keyring_index *index, uint64_t tag)
{
    return tag >> (TAG_BITS - __builtin_ctzll(index->capacity));
}

static uint64_t capacity_for(uint64_t slots)
{
    uint64_t capacity = CAPACITY_MIN;
    while (capacity < 2 * slots) {
        capacity *= 2;
    }
    BUG_UNLESS(capacity <= UINT64_C(1) << TAG_BITS); /* room for 200 million persons */
    return capacity;
}

static size_t file_bytes(uint64_t capacity)
{
    return HEAD_BYTES + (size_t)capacity * sizeof(uint64_t);
}

/* Which start of the machine this is. False: unknown, so no index can be believed. */
static bool read_boot(uint8_t out[BOOT_SIZE])
{
    uint8_t text[64];
    int fd = open(BOOT_PATH, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd >= 0 ? read(fd, text, sizeof text) : -1;
    if (fd >= 0) {
        (void)close(fd); /* it was only read */
    }
    if (size <= 0) {
        memset(out, 0, BOOT_SIZE);
        return false;
    }
    struct digest digest = digest_sha256(bytes_of(text, (size_t)size));
    memcpy(out, digest.data, BOOT_SIZE);
    return true;
}

void keyring_index_make(struct keyring_index *index, uint64_t slots)
{
    uint64_t capacity = capacity_for(slots);
    *index = (struct keyring_index){calloc(capacity, sizeof(uint64_t)), capacity, 0, NULL};
    MEMORY_UNLESS(index->cells != NULL);
}

static bool map_file(struct keyring_index *index, int fd, uint64_t capacity, int protection)
{
    void *map = mmap(NULL, file_bytes(capacity), protection, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        return false;
    }
    (void)madvise(map, file_bytes(capacity), MADV_RANDOM); /* advice only */
    index->head = map;
    index->cells = (uint64_t *)map + HEAD_BYTES / sizeof(uint64_t);
    index->capacity = capacity;
    return true;
}

/* Allocates all blocks now, so that a full disk is an error here and not a signal later. */
FALLIBLE keyring_index_create(struct keyring_index *index, const char *path, uint64_t slots,
                              const struct keyring_bond *bond, struct error *err)
{
    char temporary[PATH_MAX];
    uint64_t capacity = capacity_for(slots);
    *index = (struct keyring_index){.cells = NULL};
    TRY(temporary_name_of(path, temporary, err));
    int fd = temporary_open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", temporary),
             ARG_ERRNO("why", errno));
    }
    int why = posix_fallocate(fd, 0, (off_t)file_bytes(capacity));
    if (why == 0 && !map_file(index, fd, capacity, PROT_READ | PROT_WRITE)) {
        why = errno;
    }
    (void)close(fd); /* the mapping stays */
    if (why != 0) {
        (void)unlink(temporary); /* the failure to report is the first one */
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    memcpy(index->head->magic, MAGIC, sizeof MAGIC);
    (void)read_boot(index->head->boot); /* if it is unknown, no program will believe the index */
    index->head->bond = *bond;
    index->head->capacity = capacity;
    return OK;
}

FALLIBLE keyring_index_place(const char *path, struct error *err)
{
    char temporary[PATH_MAX];
    TRY(temporary_name_of(path, temporary, err));
    return temporary_place(path, temporary, err);
}

void keyring_index_give_up(const char *path)
{
    char temporary[PATH_MAX];
    if (temporary_name(path, temporary)) {
        (void)unlink(temporary); /* if that fails, the next index overwrites it */
    }
}

static bool is_believed(const struct keyring_index_head *head, uint64_t capacity,
                        const struct keyring_bond *bond)
{
    uint8_t boot[BOOT_SIZE];
    return read_boot(boot) && memcmp(head->magic, MAGIC, sizeof MAGIC) == 0 &&
           memcmp(head->boot, boot, BOOT_SIZE) == 0 &&
           memcmp(&head->bond, bond, sizeof *bond) == 0 && head->capacity == capacity &&
           head->used < capacity;
}

/* Are all counted cells there? A file system that was remounted or restored without a start of the
 * machine may have lost pages of cells. A writer asks, because it takes absence from the index for
 * absence of a key. */
static bool is_whole(const struct keyring_index *index)
{
    uint64_t used = 0;
    for (uint64_t i = 0; i < index->capacity; i++) {
        used += index->cells[i] != 0 ? 1 : 0;
    }
    return used == index->head->used;
}

bool keyring_index_open(struct keyring_index *index, const char *path, bool writing,
                        const struct keyring_bond *bond, uint64_t *ret_slots)
{
    struct stat status;
    *index = (struct keyring_index){.cells = NULL};
    int fd = open(path, (writing ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return false;
    }
    uint64_t capacity = 0;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > HEAD_BYTES) {
        capacity = (uint64_t)(status.st_size - HEAD_BYTES) / sizeof(uint64_t);
    }
    bool is_one = capacity >= CAPACITY_MIN && capacity <= UINT64_C(1) << TAG_BITS &&
                  (capacity & (capacity - 1)) == 0 &&
                  file_bytes(capacity) == (size_t)status.st_size &&
                  map_file(index, fd, capacity, writing ? PROT_READ | PROT_WRITE : PROT_READ);
    (void)close(fd); /* the mapping stays */
    if (is_one && (!is_believed(index->head, capacity, bond) || (writing && !is_whole(index)))) {
        keyring_index_release(index);
        is_one = false;
    }
    *ret_slots = is_one ? index->head->slots : 0;
    index->used = is_one ? index->head->used : 0;
    return is_one;
}

void keyring_index_bind(struct keyring_index *index, const struct keyring_bond *bond)
{
    index->head->bond = *bond;
}

void keyring_index_release(struct keyring_index *index)
{
    if (index->head != NULL) {
        (void)munmap(index->head, file_bytes(index->capacity)); /* ours, whole */
    } else {
        free(index->cells);
    }
    *index = (struct keyring_index){.cells = NULL};
}

/* Full means three quarters used, which keeps walks short. */
bool keyring_index_is_full(const struct keyring_index *index)
{
    return index->used >= index->capacity / 4 * 3;
}

static void put(struct keyring_index *index, uint64_t cell)
{
    uint64_t place = place_of(index, tag_in(cell));
    for (uint64_t there = look_at(index, place); there != 0; there = look_at(index, place)) {
        if (there == cell) {
            return;
        }
        place = (place + 1) & (index->capacity - 1);
    }
    __atomic_store_n(&index->cells[place], cell, __ATOMIC_RELEASE); /* never half a cell */
    index->used++;
    BUG_UNLESS(index->used < index->capacity);
    if (index->head != NULL) {
        index->head->used = index->used;
    }
}

FALLIBLE keyring_index_grow(struct keyring_index *index, const char *path, struct error *err)
{
    struct keyring_index larger;
    if (index->head == NULL) {
        keyring_index_make(&larger, index->capacity);
    } else {
        TRY(keyring_index_create(&larger, path, index->capacity, &index->head->bond, err));
    }
    for (uint64_t i = 0; i < index->capacity; i++) {
        if (index->cells[i] != 0) {
            put(&larger, index->cells[i]);
        }
    }
    if (index->head != NULL) {
        larger.head->slots = index->head->slots;
        if (!keyring_index_place(path, err).ok) {
            keyring_index_release(&larger);
            return error_trace(err, HERE);
        }
    }
    keyring_index_release(index);
    *index = larger;
    return OK;
}

void keyring_index_add(struct keyring_index *index, const uint8_t id[SLOT_ID_SIZE], uint64_t number)
{
    BUG_UNLESS(number < UINT32_MAX);
    put(index, cell_of(tag_of(id), number));
}

void keyring_index_reach(struct keyring_index *index, uint64_t slots)
{
    if (index->head != NULL) {
        index->head->slots = slots;
    }
}

struct keyring_index_walk keyring_index_walk(const struct keyring_index *index,
                                             const uint8_t id[SLOT_ID_SIZE])
{
    uint64_t tag = tag_of(id);
    if (index->cells == NULL) {
        return (struct keyring_index_walk){.left = 0};
    }
    return (struct keyring_index_walk){place_of(index, tag), index->capacity, tag, false};
}

bool keyring_index_next(const struct keyring_index *index, struct keyring_index_walk *walk,
                        uint64_t *ret_number)
{
    while (walk->left > 0) {
        uint64_t cell = look_at(index, walk->place);
        if (cell == 0 || sum_of(cell) != 0) {
            walk->is_broken = cell != 0;
            walk->left = 0;
            return false;
        }
        walk->place = (walk->place + 1) & (index->capacity - 1);
        walk->left--;
        if (tag_in(cell) == walk->tag) {
            *ret_number = (cell & UINT32_MAX) - 1;
            return true;
        }
    }
    walk->is_broken = index->cells != NULL; /* a sound index has free cells, where a walk ends */
    return false;
}

void keyring_index_expect(const struct keyring_index *index, const uint8_t id[SLOT_ID_SIZE])
{
    if (index->cells != NULL) {
        __builtin_prefetch(&index->cells[place_of(index, tag_of(id))]);
    }
}

uint64_t keyring_index_bytes(const struct keyring_index *index)
{
    return index->capacity * sizeof(uint64_t);
}
