/* seen - see seen.h. */
#include "core/io/seen.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/map.h"
#include "core/io/behind.h"
#include "core/io/file.h"

#define MAGIC "anzheng rows 3\n"

enum { WRITTEN_FIRST = 1024, CELLS_PER_MARK = 4 };

/* What is written at a time, whole pages; so many may be on their way. */
enum { BLOCKS = 4, ENTRIES_PER_BLOCK = 4096 };

_Static_assert(sizeof(struct seen_entry) == 80, "an entry is written as it is");

/* A record that a row wrote: what earlier rows said of the record is no longer true. */
struct written {
    uint64_t mark;
    uint64_t place; /* of that row, and 1; 0 in a free cell, the largest when it was later */
};

/* At the beginning, but written last. Behind it the entries, then what was written. */
struct header {
    char magic[16]; /* MAGIC with its NUL */
    uint64_t order; /* of bytes: 1 */
    uint64_t count;
    uint64_t written;
    uint64_t log_size;
    uint64_t file; /* a number of this file's own, which is in the check of each entry */
    struct digest log_root;
    struct digest context;
    struct digest check; /* of all before, and of what was written */
    uint8_t unused[8];
};
enum { HEADER_ENTRIES = 2 };
_Static_assert(sizeof(struct header) == HEADER_ENTRIES * sizeof(struct seen_entry),
               "and so is the header");

/* Part of the file. */
struct block {
    struct seen_entry *entries;
    unsigned count;
};

struct seen {
    const struct header *map;
    size_t mapped;
    const struct seen_entry *entries;
    uint64_t count;
    uint32_t *index; /* open addressing by the digest: 0 free, else a place and 1 */
    uint64_t mask;
    struct written *cells; /* likewise, by the mark: the last place of each */
    size_t cells_size;
    size_t cells_used;
};

/* Another thread writes the blocks and computes the checks of their entries. It alone uses `file`,
 * and of the header it only reads the file's number. */
struct seen_writer {
    struct arena arena;
    const char *path;
    const char *made;
    FILE *file;
    struct behind *behind;
    struct block blocks[BLOCKS];
    struct block *filling;
    struct header header;
    struct written *written;
    size_t written_size;
};

static struct header header_of(const struct digest *context)
{
    struct header header = {.magic = MAGIC, .order = 1, .context = *context};
    return header;
}

static struct digest check_of(const struct header *header, const struct written *written)
{
    struct digester digester;
    digester_init(&digester);
    digester_update(&digester, bytes_of(header, offsetof(struct header, check)));
    if (header->written > 0) {
        digester_update(&digester, bytes_of(written, header->written * sizeof *written));
    }
    struct digest check = digester_final(&digester);
    digester_release(&digester);
    return check;
}

/* After a power cut a disk may show blocks of an older file here. Their entries are sound, too, but
 * have the older file's number. */
static uint32_t check_of_entry(const struct header *header, const struct seen_entry *entry)
{
    struct seen_entry rest = *entry;
    rest.check = (uint32_t)header->file;
    return (uint32_t)map_hash(bytes_of(&rest, sizeof rest));
}

/* --- reading ---------------------------------------------------------------------------------- */

static const struct header *map_file(const char *path, size_t *ret_size)
{
    struct stat status;
    void *map = MAP_FAILED;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        return NULL;
    }
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size >= (off_t)sizeof(struct header)) {
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

static bool is_of(const struct seen *seen, const struct seen_entry *entry, const uint8_t *row)
{
    return memcmp(entry->row, row, SEEN_DIGEST_SIZE) == 0 && entry->key_size > 0 &&
           entry->key_size <= SEEN_KEY_MAX && entry->check == check_of_entry(seen->map, entry);
}

void seen_prepare(struct seen *seen)
{
    if (seen->index != NULL) {
        return;
    }
    seen->mask = 1;
    while (seen->mask < 2 * seen->count) {
        seen->mask = 2 * seen->mask + 1;
    }
    seen->index = calloc(seen->mask + 1, sizeof *seen->index);
    MEMORY_UNLESS(seen->index != NULL);
    for (uint64_t place = 0; place < seen->count; place++) {
        const struct seen_entry *entry = &seen->entries[place];
        uint64_t slot = slot_of(seen, entry->row);
        while (entry->key_size > 0 && seen->index[slot] != 0) {
            slot = (slot + 1) & seen->mask;
        }
        if (entry->key_size > 0) {
            seen->index[slot] = (uint32_t)place + 1;
        }
    }
}

static size_t cell_of(const struct seen *seen, uint64_t mark)
{
    size_t cell = (size_t)mark & (seen->cells_size - 1);
    while (seen->cells[cell].place != 0 && seen->cells[cell].mark != mark) {
        cell = (cell + 1) & (seen->cells_size - 1);
    }
    return cell;
}

static void put_written(struct seen *seen, const struct written *written)
{
    struct written *cell = &seen->cells[cell_of(seen, written->mark)];
    seen->cells_used += cell->place == 0;
    if (written->place > cell->place) {
        *cell = *written;
    }
}

static void make_cells(struct seen *seen, size_t marks)
{
    struct written *old = seen->cells;
    size_t old_size = seen->cells_size;
    seen->cells_size = 1;
    while (seen->cells_size < marks * CELLS_PER_MARK) {
        seen->cells_size *= 2;
    }
    seen->cells = calloc(seen->cells_size, sizeof *seen->cells);
    MEMORY_UNLESS(seen->cells != NULL);
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].place != 0) {
            *(&seen->cells[cell_of(seen, old[i].mark)]) = old[i];
        }
    }
    free(old);
}

/* What was written, or NULL when the file was not finished, or in another context. */
static const struct written *written_in(const struct header *map, size_t size,
                                        const struct digest *context)
{
    const struct header wanted = header_of(context);
    size_t left = size - sizeof *map;
    if (memcmp(map->magic, wanted.magic, sizeof wanted.magic) != 0 || map->order != wanted.order ||
        memcmp(&map->context, context, sizeof *context) != 0 || map->count > SEEN_ENTRIES_MAX ||
        map->count * sizeof(struct seen_entry) > left) {
        return NULL;
    }
    left -= map->count * sizeof(struct seen_entry);
    const struct written *written =
        (const void *)((const struct seen_entry *)(map + 1) + map->count);
    if (left % sizeof *written != 0 || map->written != left / sizeof *written) {
        return NULL;
    }
    struct digest check = check_of(map, written);
    return memcmp(&check, &map->check, sizeof check) == 0 ? written : NULL;
}

struct seen *seen_open(const char *path, const struct digest *context)
{
    size_t size = 0;
    const struct header *map = map_file(path, &size);
    if (map == NULL) {
        return NULL;
    }
    const struct written *written = written_in(map, size, context);
    if (written == NULL) {
        (void)munmap((void *)map, size); /* cannot fail on what mmap gave */
        return NULL;
    }
    struct seen *seen = calloc(1, sizeof *seen);
    MEMORY_UNLESS(seen != NULL);
    *seen = (struct seen){
        .map = map, .mapped = size, .entries = (const void *)(map + 1), .count = map->count};
    make_cells(seen, map->written + 1);
    for (uint64_t i = 0; i < map->written; i++) {
        put_written(seen, &written[i]);
    }
    return seen;
}

void seen_close(struct seen *seen)
{
    if (seen != NULL) {
        (void)munmap((void *)seen->map, seen->mapped); /* as above */
        free(seen->index);
        free(seen->cells);
        free(seen);
    }
}

struct seen_moment seen_moment(const struct seen *seen)
{
    return (struct seen_moment){.size = seen->map->log_size, .root = seen->map->log_root};
}

uint64_t seen_count(const struct seen *seen)
{
    return seen->count;
}

const struct seen_entry *seen_find(const struct seen *seen, const uint8_t row[SEEN_DIGEST_SIZE],
                                   uint64_t *place)
{
    if (*place < seen->count && is_of(seen, &seen->entries[*place], row)) {
        return &seen->entries[(*place)++];
    }
    uint64_t slot = slot_of(seen, row);
    for (; seen->index[slot] != 0; slot = (slot + 1) & seen->mask) {
        const struct seen_entry *entry = &seen->entries[seen->index[slot] - 1];
        if (is_of(seen, entry, row)) {
            *place = seen->index[slot];
            return entry;
        }
    }
    return NULL;
}

void seen_forget(struct seen *seen, uint64_t mark)
{
    const struct written later = {.mark = mark, .place = UINT64_MAX};
    if ((seen->cells_used + 1) * 2 > seen->cells_size) {
        make_cells(seen, seen->cells_used + 1);
    }
    put_written(seen, &later);
}

bool seen_holds(const struct seen *seen, const struct seen_entry *entry, uint64_t mark)
{
    uint64_t place = (uint64_t)(entry - seen->entries) + 1;
    return seen->cells[cell_of(seen, mark)].place <= place;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void write_block(void *state, unsigned slot)
{
    struct seen_writer *writer = state;
    struct block *block = &writer->blocks[slot];
    for (unsigned i = 0; i < block->count; i++) {
        if (block->entries[i].key_size > 0) {
            block->entries[i].check = check_of_entry(&writer->header, &block->entries[i]);
        }
    }
    (void)fwrite(block->entries, sizeof *block->entries, block->count,
                 writer->file); /* ferror tells */
}

static void begin_block(struct seen_writer *writer)
{
    writer->filling = &writer->blocks[behind_free(writer->behind)];
    writer->filling->count = 0;
}

static void begin_blocks(struct seen_writer *writer)
{
    for (unsigned i = 0; i < BLOCKS; i++) {
        writer->blocks[i].entries =
            arena_buffer(&writer->arena, ENTRIES_PER_BLOCK * sizeof *writer->blocks[i].entries);
    }
    writer->behind = behind_start(BLOCKS, write_block, writer);
    begin_block(writer);
    memset(writer->filling->entries, 0, sizeof writer->header); /* comes last */
    writer->filling->count = HEADER_ENTRIES;
}

struct seen_writer *seen_writer_open(const char *path, const struct digest *context)
{
    struct seen_writer *writer = calloc(1, sizeof *writer);
    struct error ignored; /* a failure loses nothing that must be reported */
    MEMORY_UNLESS(writer != NULL);
    arena_init(&writer->arena, 0);
    writer->header = header_of(context);
    BUG_UNLESS(getentropy(&writer->header.file, sizeof writer->header.file) == 0);
    writer->path = arena_c_string(&writer->arena, str_of(path));
    writer->made = arena_format(&writer->arena, "%s.tmp", path).data;
    if (!file_remove(writer->made, &ignored).ok ||
        !file_create(writer->made, 0600, &writer->file, &ignored).ok) {
        arena_release(&writer->arena);
        free(writer);
        return NULL;
    }
    begin_blocks(writer);
    return writer;
}

void seen_add(struct seen_writer *writer, const struct seen_entry *entry)
{
    if (writer == NULL || writer->header.count == SEEN_ENTRIES_MAX) {
        return;
    }
    if (writer->filling->count == ENTRIES_PER_BLOCK) {
        behind_put(writer->behind);
        begin_block(writer);
    }
    struct seen_entry *added = &writer->filling->entries[writer->filling->count++];
    if (entry != NULL) {
        *added = *entry;
    } else {
        memset(added, 0, sizeof *added);
    }
    writer->header.count++;
}

void seen_add_written(struct seen_writer *writer, uint64_t mark)
{
    if (writer == NULL) {
        return;
    }
    if (writer->header.written == writer->written_size) {
        size_t size = writer->written_size == 0 ? WRITTEN_FIRST : writer->written_size * 2;
        struct written *grown = calloc(size, sizeof *grown);
        MEMORY_UNLESS(grown != NULL);
        if (writer->written != NULL) {
            memcpy(grown, writer->written, writer->written_size * sizeof *grown);
        }
        free(writer->written);
        writer->written = grown;
        writer->written_size = size;
    }
    writer->written[writer->header.written++] =
        (struct written){.mark = mark, .place = writer->header.count + 1};
}

/* How many entries the file has that is there, of whatever context. */
static uint64_t count_of(const char *path)
{
    size_t size = 0;
    const struct header *map = map_file(path, &size);
    if (map == NULL) {
        return 0;
    }
    uint64_t count = memcmp(map->magic, MAGIC, sizeof map->magic) == 0 ? map->count : 0;
    (void)munmap((void *)map, size); /* cannot fail on what mmap gave */
    return count;
}

static bool finish(struct seen_writer *writer, const struct seen_moment *moment)
{
    struct header *header = &writer->header;
    behind_put(writer->behind);
    behind_wait(writer->behind);
    header->log_size = moment->size;
    header->log_root = moment->root;
    header->check = check_of(header, writer->written);
    if (header->written > 0) {
        (void)fwrite(writer->written, sizeof *writer->written, header->written, writer->file);
    }
    return ferror(writer->file) == 0 && fseek(writer->file, 0, SEEK_SET) == 0 &&
           fwrite(header, sizeof *header, 1, writer->file) == 1;
}

void seen_writer_close(struct seen_writer *writer, const struct seen_moment *moment)
{
    struct error ignored; /* on failure the next writer removes it */
    if (writer == NULL) {
        return;
    }
    bool kept = moment != NULL && writer->header.count > 0 &&
                count_of(writer->path) <= 2 * writer->header.count && finish(writer, moment);
    behind_stop(writer->behind);
    kept &= fclose(writer->file) == 0;
    if (!kept || rename(writer->made, writer->path) != 0) {
        (void)file_remove(writer->made, &ignored).ok;
    }
    free(writer->written);
    arena_release(&writer->arena);
    free(writer);
}
