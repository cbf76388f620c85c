/* seen - see seen.h. */
#include "core/io/seen.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/file.h"

#define MAGIC "anzheng rows 1\n"

enum { BUFFER_BYTES = 1 << 18 };

_Static_assert(sizeof(struct seen_entry) == 96, "an entry is written as it is");

/* The first entry of the file. */
struct header {
    char magic[16]; /* MAGIC with its NUL */
    uint16_t order; /* of bytes: 1 */
    uint8_t unused[46];
    struct digest context;
};
_Static_assert(sizeof(struct header) == sizeof(struct seen_entry), "the header takes an entry");

struct seen {
    const struct seen_entry *map; /* the header first */
    size_t mapped;
    uint64_t count;
    uint32_t *index; /* open addressing by the digest: 0 free, else a place and 1 */
    uint64_t mask;
};

struct seen_writer {
    struct arena arena;
    const char *path;
    const char *made;
    FILE *file;
    uint64_t count;
};

static struct header header_of(const struct digest *context)
{
    struct header header = {.magic = MAGIC, .order = 1, .context = *context};
    return header;
}

/* --- reading ---------------------------------------------------------------------------------- */

static const struct seen_entry *map_file(const char *path, size_t *ret_size)
{
    struct stat status;
    void *map = MAP_FAILED;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        return NULL;
    }
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size > (off_t)sizeof(struct header)) {
        *ret_size = (size_t)status.st_size;
        map = mmap(NULL, *ret_size, PROT_READ, MAP_SHARED, file, 0);
    }
    (void)close(file); /* the map stays */
    return map != MAP_FAILED ? map : NULL;
}

static uint64_t slot_of(const struct seen *seen, const uint8_t *row)
{
    uint64_t slot;
    memcpy(&slot, row, sizeof slot); /* a digest: spread evenly */
    return slot & seen->mask;
}

static bool is_of(const struct seen_entry *entry, const uint8_t *row)
{
    return memcmp(entry->row, row, SEEN_DIGEST_SIZE) == 0 && entry->key_size > 0 &&
           entry->key_size <= SEEN_KEY_MAX;
}

static void make_index(struct seen *seen)
{
    seen->mask = 1;
    while (seen->mask < 2 * seen->count) {
        seen->mask = 2 * seen->mask + 1;
    }
    seen->index = calloc(seen->mask + 1, sizeof *seen->index);
    MEMORY_UNLESS(seen->index != NULL);
    for (uint64_t place = 0; place < seen->count; place++) {
        const struct seen_entry *entry = seen->map + 1 + place;
        uint64_t slot = slot_of(seen, entry->row);
        while (entry->key_size > 0 && seen->index[slot] != 0) {
            slot = (slot + 1) & seen->mask;
        }
        if (entry->key_size > 0) {
            seen->index[slot] = (uint32_t)place + 1;
        }
    }
}

struct seen *seen_open(const char *path, const struct digest *context)
{
    size_t size = 0;
    const struct header wanted = header_of(context);
    const struct seen_entry *map = map_file(path, &size);
    if (map == NULL) {
        return NULL;
    }
    uint64_t count = size / sizeof *map - 1;
    if (memcmp(map, &wanted, sizeof wanted) != 0 || count > SEEN_ENTRIES_MAX) {
        (void)munmap((void *)map, size); /* cannot fail on what mmap gave */
        return NULL;
    }
    struct seen *seen = calloc(1, sizeof *seen);
    MEMORY_UNLESS(seen != NULL);
    *seen = (struct seen){.map = map, .mapped = size, .count = count};
    make_index(seen);
    return seen;
}

void seen_close(struct seen *seen)
{
    if (seen != NULL) {
        (void)munmap((void *)seen->map, seen->mapped); /* as above */
        free(seen->index);
        free(seen);
    }
}

const struct seen_entry *seen_find(const struct seen *seen, const uint8_t row[SEEN_DIGEST_SIZE],
                                   uint64_t *place)
{
    if (*place < seen->count && is_of(seen->map + 1 + *place, row)) {
        return seen->map + ++*place;
    }
    uint64_t slot = slot_of(seen, row);
    for (; seen->index[slot] != 0; slot = (slot + 1) & seen->mask) {
        const struct seen_entry *entry = seen->map + seen->index[slot];
        if (is_of(entry, row)) {
            *place = seen->index[slot];
            return entry;
        }
    }
    return NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

struct seen_writer *seen_writer_open(const char *path, const struct digest *context)
{
    struct seen_writer *writer = calloc(1, sizeof *writer);
    struct error ignored; /* nothing is lost that must be told of */
    const struct header header = header_of(context);
    MEMORY_UNLESS(writer != NULL);
    arena_init(&writer->arena, 0);
    writer->path = arena_c_string(&writer->arena, str_of(path));
    writer->made = arena_format(&writer->arena, "%s.tmp", path).data;
    if (!file_remove(writer->made, &ignored).ok ||
        !file_create(writer->made, 0600, &writer->file, &ignored).ok) {
        arena_release(&writer->arena);
        free(writer);
        return NULL;
    }
    /* Else slower; without a buffer of ours the size is not looked at. */
    char *buffer = arena_buffer(&writer->arena, BUFFER_BYTES);
    (void)setvbuf(writer->file, buffer, _IOFBF, BUFFER_BYTES);
    (void)fwrite(&header, sizeof header, 1, writer->file); /* ferror tells at the end */
    return writer;
}

void seen_add(struct seen_writer *writer, const struct seen_entry *entry)
{
    static const struct seen_entry nothing;
    if (writer != NULL && writer->count < SEEN_ENTRIES_MAX) {
        (void)fwrite_unlocked(entry != NULL ? entry : &nothing, sizeof nothing, 1,
                              writer->file); /* as above */
        writer->count++;
    }
}

static bool is_worth_it(const struct seen_writer *writer)
{
    uint64_t size = 0;
    struct error ignored; /* there is none */
    bool found = file_size(writer->path, &size, &ignored).ok;
    return writer->count > 0 &&
           (!found || size / sizeof(struct seen_entry) <= 2 * writer->count + 1);
}

void seen_writer_close(struct seen_writer *writer, bool keep)
{
    struct error ignored; /* what stays behind is removed by the next writer */
    if (writer == NULL) {
        return;
    }
    bool whole = ferror(writer->file) == 0;
    whole &= fclose(writer->file) == 0;
    if (!whole || !keep || !is_worth_it(writer) || rename(writer->made, writer->path) != 0) {
        (void)file_remove(writer->made, &ignored).ok;
    }
    arena_release(&writer->arena);
    free(writer);
}
