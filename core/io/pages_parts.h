/* pages_parts - what the parts of the page checker share: LMDB's layout, and the state of a check.
 *
 * Layout of LMDB 0.9 on 64-bit little-endian machines, from mdb.c: a page starts with number u64,
 * pad u16, flags u16, lower u16 and upper u16 (an overflow page: its page count as u32 there), then
 * u16 node offsets. A node is low u16, high u16, flags u16, key size u16, key, data; low and high
 * make the data size, in a branch with flags the child's number. Metas are pages 0 and 1. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/io/pages.h"
#include "core/io/read_ahead.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(size_t) == 8, "LMDB's layout");

enum {
    HEADER_SIZE = 16,
    NODE_SIZE = 8,
    DB_SIZE = 48,
    META_SIZE = 24 + 2 * DB_SIZE + 16,
    KEY_MAX = 511,
    DEPTH_MAX = 32,
    PAGE_SIZE_MIN = 512,
    PAGE_SIZE_MAX = 32768,
    FLAG_BRANCH = 1,
    FLAG_LEAF = 2,
    FLAG_OVERFLOW = 4,
    FLAG_META = 8,
    NODE_BIG = 1,
    NODE_TABLE = 2,
    TABLE_INTEGER_KEY = 8,
};

/* The pages of a table are counted by what they are. */
enum { COUNT_BRANCH, COUNT_LEAF, COUNT_OVERFLOW, TABLE_PAGE_KINDS };

#define META_MAGIC      0xBEEFC0DEU
#define NO_PAGE         UINT64_MAX
#define FREE_LIST_LIMIT ((uint64_t)1 << 32)

struct table {
    uint32_t pad;
    uint16_t flags;
    uint16_t depth;
    uint64_t pages[TABLE_PAGE_KINDS];
    uint64_t entries;
    uint64_t root;
};

struct check {
    int fd;
    struct read_ahead reader;
    size_t page_size;
    uint64_t pages; /* that may be used: up to the last one of the meta */
    uint8_t *visited;
    uint8_t
        *buffers; /* one page a depth, twice: a named table's walk starts inside the main one's */
    struct pages_report report;
    uint64_t free_pages; /* of the free list */
    /* the first damage */
    uint64_t bad_page;
    const char *what;
};

static inline uint16_t read_u16(const uint8_t *p)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static inline uint32_t read_u32(const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static inline uint64_t read_u64(const uint8_t *p)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

#define SHORT_FILE "the file is shorter than its last page"

/* Notes the damage; always false, for `return bad(..)`. */
static inline bool bad(struct check *check, uint64_t page, const char *what)
{
    check->bad_page = page;
    check->what = what;
    return false;
}

static inline struct table table_of(const uint8_t *p)
{
    return (struct table){read_u32(p),      read_u16(p + 4),
                          read_u16(p + 6),  {read_u64(p + 8), read_u64(p + 16), read_u64(p + 24)},
                          read_u64(p + 32), read_u64(p + 40)};
}

/* Both metas; the newest is left in the buffer. In `strict` the other must be the one just before
 * it: only what nobody writes to meanwhile can be asked that. */
bool pages_metas(struct check *check, bool strict, uint8_t newest[META_SIZE]);
