/* unpack_zip - the one file of a .zip; see unpack.h.
 *
 * The directory at the end of the archive says what is in it (APPNOTE 6.3.10, 4.3.12-16); the
 * header before a file is used only to find where its bytes begin. Every offset is checked against
 * the size of the archive before anything is read there. */
#include <string.h>

#include "core/io/messages.h"
#include "core/io/unpack_parts.h"

enum {
    END_SIZE = 22,
    END_SEARCH = END_SIZE + 0xffff, /* a comment may follow */
    END64_SIZE = 56,
    LOCATOR_SIZE = 20,
    ENTRY_SIZE = 46,
    LOCAL_SIZE = 30,
    NAME_MAX_SIZE = 0xffff,
    ENTRIES_MAX = 10000, /* more entries: not a register */
    STORED = 0,
    DEFLATED = 8,
    ENCRYPTED = 1,
    ZIP64_FIELD = 1,
    FULL16 = 0xffff,
    COPY = 1 << 16,
};
#define FULL32 UINT32_MAX

enum signature {
    END = 0x06054b50,
    END64 = 0x06064b50,
    LOCATOR = 0x07064b50,
    ENTRY = 0x02014b50,
    LOCAL = 0x04034b50,
};

struct entry {
    uint64_t packed;
    uint64_t size;
    uint64_t offset;
    uint32_t checksum;
    unsigned method;
    unsigned flags;
};

struct directory {
    uint64_t count;
    uint64_t offset;
    uint64_t file_size;
};

static unsigned u16(const uint8_t *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

static uint32_t u32(const uint8_t *at)
{
    return u16(at) | (uint32_t)u16(at + 2) << 16;
}

static uint64_t u64(const uint8_t *at)
{
    return u32(at) | (uint64_t)u32(at + 4) << 32;
}

/* All of it, or false. */
static bool read_at(const struct unpacking *unpacking, uint64_t offset, void *out, size_t size)
{
    return offset <= INT64_MAX && fseeko(unpacking->in, (off_t)offset, SEEK_SET) == 0 &&
           fread(out, 1, size, unpacking->in) == size;
}

/* The counts of Zip64, where the short ones are full. */
static bool read_end64(const struct unpacking *unpacking, uint64_t end, struct directory *ret)
{
    uint8_t locator[LOCATOR_SIZE];
    uint8_t end64[END64_SIZE];
    if (end < LOCATOR_SIZE || !read_at(unpacking, end - LOCATOR_SIZE, locator, sizeof locator) ||
        u32(locator) != LOCATOR || !read_at(unpacking, u64(locator + 8), end64, sizeof end64) ||
        u32(end64) != END64) {
        return false;
    }
    ret->count = u64(end64 + 32);
    ret->offset = u64(end64 + 48);
    return true;
}

static outcome find_directory(const struct unpacking *unpacking, struct arena *arena,
                              struct directory *ret, struct error *err)
{
    if (fseeko(unpacking->in, 0, SEEK_END) != 0 || ftello(unpacking->in) < END_SIZE) {
        return unpack_damaged(unpacking, err);
    }
    uint64_t size = (uint64_t)ftello(unpacking->in);
    size_t searched = size < END_SEARCH ? (size_t)size : END_SEARCH;
    uint8_t *tail = arena_new_raw(arena, searched);
    if (!read_at(unpacking, size - searched, tail, searched)) {
        return unpack_damaged(unpacking, err);
    }
    for (size_t at = searched - END_SIZE + 1; at > 0; at--) {
        const uint8_t *end = tail + at - 1;
        if (u32(end) != END || at - 1 + END_SIZE + u16(end + 20) != searched) {
            continue;
        }
        *ret = (struct directory){u16(end + 10), u32(end + 16), size};
        bool full = ret->count == FULL16 || ret->offset == FULL32;
        if (u16(end + 4) != u16(end + 6) ||
            (full && !read_end64(unpacking, size - searched + at - 1, ret))) {
            return unpack_damaged(unpacking, err);
        }
        return OK;
    }
    return unpack_damaged(unpacking, err);
}

/* Sizes of Zip64 stand in the extra field, in this order, each only when the short one is full. */
static bool read_extra(const uint8_t *extra, size_t size, struct entry *entry)
{
    uint64_t *const wide[] = {&entry->size, &entry->packed, &entry->offset};
    bool full = entry->size == FULL32 || entry->packed == FULL32 || entry->offset == FULL32;
    while (full && size >= 4 && size - 4 >= u16(extra + 2)) {
        size_t left = u16(extra + 2);
        const uint8_t *at = extra + 4;
        if (u16(extra) != ZIP64_FIELD) {
            extra += 4 + left;
            size -= 4 + left;
            continue;
        }
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
            if (*wide[i] != FULL32) {
                continue;
            }
            if (left < 8) {
                return false;
            }
            *wide[i] = u64(at);
            at += 8;
            left -= 8;
        }
        return true;
    }
    return !full;
}

/* Skips folders, and the files that macOS adds. The name is only compared, never used as a path. */
static bool is_file(str name)
{
    size_t base = name.size;
    while (base > 0 && name.data[base - 1] != '/') {
        base--;
    }
    return base < name.size && !str_starts_with(name, STR("__MACOSX/")) &&
           !str_equal(str_from(name, base), STR(".DS_Store"));
}

static outcome read_entry(const struct unpacking *unpacking, uint64_t *at, uint8_t *room,
                          struct entry *ret, bool *ret_is_file, struct error *err)
{
    uint8_t head[ENTRY_SIZE];
    if (!read_at(unpacking, *at, head, sizeof head) || u32(head) != ENTRY) {
        return unpack_damaged(unpacking, err);
    }
    size_t name = u16(head + 28);
    size_t extra = u16(head + 30);
    if (fread(room, 1, name + extra, unpacking->in) != name + extra) {
        return unpack_damaged(unpacking, err);
    }
    *ret = (struct entry){.packed = u32(head + 20),
                          .size = u32(head + 24),
                          .offset = u32(head + 42),
                          .checksum = u32(head + 16),
                          .method = u16(head + 10),
                          .flags = u16(head + 8)};
    if (!read_extra(room + name, extra, ret)) {
        return unpack_damaged(unpacking, err);
    }
    *ret_is_file = is_file((str){(const char *)room, name});
    *at += ENTRY_SIZE + name + extra + u16(head + 32);
    return OK;
}

/* The one file. */
static outcome choose(const struct unpacking *unpacking, const struct directory *directory,
                      struct arena *arena, struct entry *ret, struct error *err)
{
    uint8_t *room = arena_new_raw(arena, (size_t)2 * NAME_MAX_SIZE);
    uint64_t at = directory->offset;
    uint64_t files = 0;
    if (directory->count > ENTRIES_MAX || directory->offset > directory->file_size) {
        return unpack_damaged(unpacking, err);
    }
    for (uint64_t i = 0; i < directory->count; i++) {
        struct entry entry;
        bool counts = false;
        TRY(read_entry(unpacking, &at, room, &entry, &counts, err));
        if (counts) {
            files++;
            *ret = entry;
        }
    }
    if (files != 1) {
        FAIL(MALFORMED, MESSAGE_UNPACK_SEVERAL, ARG_TEXT("file", unpacking->path),
             ARG_INT("count", files));
    }
    return OK;
}

static outcome check_kind(const struct unpacking *unpacking, const struct entry *entry,
                          struct error *err)
{
    if ((entry->flags & ENCRYPTED) != 0) {
        FAIL(MALFORMED, MESSAGE_UNPACK_ENCRYPTED, ARG_TEXT("file", unpacking->path));
    }
    if (entry->method != STORED && entry->method != DEFLATED) {
        FAIL(MALFORMED, MESSAGE_UNPACK_METHOD, ARG_TEXT("file", unpacking->path));
    }
    if (entry->size > unpacking->bytes_max) { /* it says so itself */
        FAIL(MALFORMED, MESSAGE_UNPACK_TOO_LARGE, ARG_TEXT("file", unpacking->path),
             ARG_INT("limit", unpacking->bytes_max));
    }
    return OK;
}

static outcome copy_stored(struct unpacking *unpacking, uint64_t left, struct arena *arena,
                           struct error *err)
{
    uint8_t *block = arena_new_raw(arena, COPY);
    while (left > 0) {
        size_t wanted = left < COPY ? (size_t)left : COPY;
        if (fread(block, 1, wanted, unpacking->in) != wanted) {
            return unpack_damaged(unpacking, err);
        }
        TRY(unpack_write(unpacking, bytes_of(block, wanted), err));
        left -= wanted;
    }
    return OK;
}

static outcome extract(struct unpacking *unpacking, const struct directory *directory,
                       const struct entry *entry, struct arena *arena, struct error *err)
{
    uint8_t local[LOCAL_SIZE];
    uint64_t used = entry->packed;
    if (!read_at(unpacking, entry->offset, local, sizeof local) || u32(local) != LOCAL) {
        return unpack_damaged(unpacking, err);
    }
    uint64_t begin = entry->offset + LOCAL_SIZE + u16(local + 26) + u16(local + 28);
    if (begin > directory->offset || entry->packed > directory->offset - begin ||
        fseeko(unpacking->in, (off_t)begin, SEEK_SET) != 0) {
        return unpack_damaged(unpacking, err);
    }
    if (entry->method == STORED) {
        TRY(copy_stored(unpacking, entry->packed, arena, err));
    } else {
        TRY(unpack_inflate(unpacking, false, entry->packed, &used, err));
    }
    if (used != entry->packed || unpacking->bytes != entry->size ||
        unpacking->checksum != entry->checksum) {
        return unpack_damaged(unpacking, err);
    }
    return OK;
}

FALLIBLE unpack_zip(struct unpacking *unpacking, struct error *err)
{
    struct arena arena;
    struct directory directory = {0};
    struct entry entry = {0};
    arena_init(&arena, 0);
    outcome done = find_directory(unpacking, &arena, &directory, err);
    done = done.ok ? choose(unpacking, &directory, &arena, &entry, err) : done;
    done = done.ok ? check_kind(unpacking, &entry, err) : done;
    done = done.ok ? extract(unpacking, &directory, &entry, &arena, err) : done;
    arena_release(&arena);
    return done;
}
