/* pages - see pages.h.
 *
 * Layout of LMDB 0.9 on 64-bit little-endian machines, from mdb.c: a page starts with number u64,
 * pad u16, flags u16, lower u16 and upper u16 (an overflow page: its page count as u32 there), then
 * u16 node offsets. A node is low u16, high u16, flags u16, key size u16, key, data; low and high
 * make the data size, in a branch with flags the child's number. Metas are pages 0 and 1. */
#include "core/io/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/str.h"
#include "core/io/messages.h"
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

#define META_MAGIC      0xBEEFC0DEU
#define NO_PAGE         UINT64_MAX
#define FREE_LIST_LIMIT ((uint64_t)1 << 32)

struct table {
    uint16_t flags;
    uint16_t depth;
    uint64_t entries;
    uint64_t root;
};

enum table_kind { TABLE_FREE, TABLE_MAIN, TABLE_NAMED };

struct check {
    int fd;
    struct read_ahead reader;
    size_t page_size;
    uint64_t pages; /* that may be used: up to the last one of the meta */
    uint8_t *visited;
    uint8_t
        *buffers; /* one page a depth, twice: a named table's walk starts inside the main one's */
    struct pages_report report;
    /* the first damage */
    uint64_t bad_page;
    const char *what;
};

static uint16_t read_u16(const uint8_t *p)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint32_t read_u32(const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static uint64_t read_u64(const uint8_t *p)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

#define PAGES_BEHIND_MAX (UINT64_C(1) << 24)
#define SHORT_FILE       "the file is shorter than its last page"

/* Notes the damage; always false, for `return bad(..)`. */
static bool bad(struct check *check, uint64_t page, const char *what)
{
    check->bad_page = page;
    check->what = what;
    return false;
}

static struct table table_of(const uint8_t *p)
{
    return (struct table){read_u16(p + 4), read_u16(p + 6), read_u64(p + 32), read_u64(p + 40)};
}

/* Marks `count` pages from `page` on as reached. */
static bool visit(struct check *check, uint64_t page, uint64_t count)
{
    if (page < 2 || page >= check->pages || count == 0 || count > check->pages - page) {
        return bad(check, page, "a page number lies outside the file");
    }
    for (uint64_t i = page; i < page + count; i++) {
        uint8_t bit = (uint8_t)(1U << (i & 7));
        if ((check->visited[i >> 3] & bit) != 0) {
            return bad(check, i, "reached twice");
        }
        check->visited[i >> 3] |= bit;
    }
    check->report.reachable += count;
    return true;
}

static bool check_overflow(struct check *check, uint64_t page, size_t size)
{
    uint8_t header[HEADER_SIZE];
    if (page < 2 || page >= check->pages) {
        return bad(check, page, "a page number lies outside the file");
    }
    if (!read_ahead_at(&check->reader, page * check->page_size, header, sizeof header)) {
        return bad(check, page, "not readable");
    }
    uint64_t count = read_u32(header + 12);
    if (read_u64(header) != page || read_u16(header + 10) != FLAG_OVERFLOW) {
        return bad(check, page, "not the overflow page it should be");
    }
    if (count == 0 || count * check->page_size < size + HEADER_SIZE) {
        return bad(check, page, "an overflow run is too short");
    }
    if (count > check->report.pages || page > check->report.pages - count) {
        return bad(check, page, SHORT_FILE);
    }
    return visit(check, page, count);
}

/* One value of the free list: a count, then as many page numbers, none of them in use. */
static bool check_free_pages(struct check *check, uint64_t page, const uint8_t *list, size_t size)
{
    if (size < 8 || size % 8 != 0 || read_u64(list) != size / 8 - 1) {
        return bad(check, page, "a free list of the wrong size");
    }
    for (size_t i = 8; i < size; i += 8) {
        if (!visit(check, read_u64(list + i), 1)) {
            return false;
        }
        check->report.reachable--;
    }
    return true;
}

static bool check_free_value(struct check *check, uint64_t page, const uint8_t *node, size_t size)
{
    const uint8_t *data = node + NODE_SIZE + read_u16(node + 6);
    if ((read_u16(node + 4) & NODE_BIG) == 0) {
        return check_free_pages(check, page, data, size);
    }
    if (size > FREE_LIST_LIMIT) {
        return bad(check, page, "a free list of the wrong size");
    }
    uint64_t first = read_u64(data);
    uint8_t *list = malloc(size > 0 ? size : 1);
    if (list == NULL) {
        return bad(check, page, "a free list of the wrong size");
    }
    bool good = read_ahead_at(&check->reader, first * check->page_size + HEADER_SIZE, list, size)
                    ? check_free_pages(check, page, list, size)
                    : bad(check, first, "not readable");
    free(list);
    return good;
}

/* Where a walk is: the keys of a page lie in [low, high); data NULL means no bound. */
struct place {
    uint64_t page;
    unsigned depth; /* levels down to the leaves, 1 is a leaf */
    enum table_kind kind;
    bytes low;
    bytes high;
    uint64_t *entries;
    uint8_t *buffers; /* for this page and those below it */
};

static bool walk_page(struct check *check, struct place place);

static bool walk_table(struct check *check, struct table table, enum table_kind kind,
                       uint64_t from_page)
{
    uint64_t entries = 0;
    unsigned flags_wanted = kind == TABLE_FREE ? TABLE_INTEGER_KEY : 0;
    if ((table.flags & 0x7fU) != flags_wanted) {
        return bad(check, from_page, "a table's flags");
    }
    if (table.root == NO_PAGE) {
        return table.depth == 0 && table.entries == 0
                   ? true
                   : bad(check, from_page, "a table without pages has entries");
    }
    if (table.depth == 0 || table.depth > DEPTH_MAX) {
        return bad(check, from_page, "a table's depth");
    }
    uint8_t *buffers = check->buffers;
    if (kind == TABLE_NAMED) {
        buffers += DEPTH_MAX * check->page_size;
    }
    struct place place = {table.root, table.depth, kind, {NULL, 0}, {NULL, 0}, &entries, buffers};
    if (!walk_page(check, place)) {
        return false;
    }
    if (entries != table.entries) {
        return bad(check, from_page, "a table's number of entries");
    }
    check->report.entries += kind == TABLE_NAMED ? entries : 0;
    return true;
}

static int compare_keys(enum table_kind kind, bytes a, bytes b)
{
    if (kind == TABLE_FREE && a.size == 8 && b.size == 8) {
        uint64_t left = read_u64(a.data);
        uint64_t right = read_u64(b.data);
        return left < right ? -1 : left > right;
    }
    return bytes_compare(a, b);
}

static bytes node_key(const uint8_t *node)
{
    return (bytes){node + NODE_SIZE, read_u16(node + 6)};
}

static bool check_leaf_node(struct check *check, const struct place *place, const uint8_t *node)
{
    unsigned flags = read_u16(node + 4);
    size_t size = read_u16(node) | (size_t)read_u16(node + 2) << 16;
    const uint8_t *data = node + NODE_SIZE + read_u16(node + 6);
    *place->entries += 1;
    if ((flags & ~(unsigned)(NODE_BIG | NODE_TABLE)) != 0) {
        return bad(check, place->page, "a node's flags");
    }
    if ((flags & NODE_BIG) != 0 && !check_overflow(check, read_u64(data), size)) {
        return false;
    }
    if (place->kind == TABLE_FREE) {
        return flags <= NODE_BIG ? check_free_value(check, place->page, node, size)
                                 : bad(check, place->page, "a node's flags");
    }
    if ((flags & NODE_TABLE) != 0) {
        if (flags != NODE_TABLE || place->kind != TABLE_MAIN || size != DB_SIZE) {
            return bad(check, place->page, "a table's record");
        }
        return walk_table(check, table_of(data), TABLE_NAMED, place->page);
    }
    return true;
}

/* Offset, sizes and key of node `index`; *ret_room is what the node takes in the page. */
static bool check_node(struct check *check, const struct place *place, unsigned index,
                       size_t *ret_room)
{
    const uint8_t *page = place->buffers;
    size_t offset = read_u16(page + HEADER_SIZE + 2 * (size_t)index);
    if (offset < read_u16(page + 14) || offset + NODE_SIZE > check->page_size || offset % 2 != 0) {
        return bad(check, place->page, "a node's offset");
    }
    const uint8_t *node = page + offset;
    size_t key_size = read_u16(node + 6);
    size_t data_size = 0;
    if (place->depth == 1) {
        bool big = (read_u16(node + 4) & NODE_BIG) != 0;
        data_size = big ? 8 : (read_u16(node) | (size_t)read_u16(node + 2) << 16);
    }
    size_t room = NODE_SIZE + key_size + data_size;
    if (key_size > KEY_MAX || offset + room > check->page_size) {
        return bad(check, place->page, "a node's size");
    }
    if (place->kind == TABLE_FREE && key_size != 8 && (place->depth == 1 || index > 0)) {
        return bad(check, place->page, "a key's size");
    }
    *ret_room = (room + 1) & ~(size_t)1;
    return true;
}

/* Keys ascend, also against the bounds the parents set. A branch's first key is not looked at. */
static bool check_order(struct check *check, const struct place *place, unsigned count)
{
    const uint8_t *page = place->buffers;
    bytes previous = place->low;
    bool strict = false;
    for (unsigned i = place->depth == 1 ? 0 : 1; i < count; i++) {
        bytes key = node_key(page + read_u16(page + HEADER_SIZE + 2 * (size_t)i));
        if (key.size == 0) {
            return bad(check, place->page, "an empty key");
        }
        int order = previous.data != NULL ? compare_keys(place->kind, previous, key) : -1;
        if (order > 0 || (order == 0 && strict)) {
            return bad(check, place->page, "the order of keys");
        }
        if (place->high.data != NULL && compare_keys(place->kind, key, place->high) >= 0) {
            return bad(check, place->page, "the order of keys against other pages");
        }
        previous = key;
        strict = true;
    }
    return true;
}

static bool check_page_header(struct check *check, const struct place *place, unsigned *ret_count)
{
    const uint8_t *page = place->buffers;
    size_t lower = read_u16(page + 12);
    size_t upper = read_u16(page + 14);
    if (read_u64(page) != place->page) {
        return bad(check, place->page, "the page's own number");
    }
    if (read_u16(page + 10) != (place->depth == 1 ? FLAG_LEAF : FLAG_BRANCH)) {
        return bad(check, place->page, "the page's flags");
    }
    if (lower < HEADER_SIZE || lower > upper || upper > check->page_size || lower % 2 != 0) {
        return bad(check, place->page, "the page's bounds");
    }
    unsigned count = (unsigned)(lower - HEADER_SIZE) / 2;
    if (count < (place->depth == 1 ? 1U : 2U)) {
        return bad(check, place->page, "the page's number of nodes");
    }
    *ret_count = count;
    return true;
}

/* All nodes of the page in the first buffer, before anything below is visited. */
static bool check_nodes(struct check *check, const struct place *place, unsigned count)
{
    size_t used = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t room = 0;
        if (!check_node(check, place, i, &room)) {
            return false;
        }
        used += room;
    }
    if (used != check->page_size - read_u16(place->buffers + 14)) {
        return bad(check, place->page, "nodes overlap or leave gaps");
    }
    return check_order(check, place, count);
}

static bool walk_child(struct check *check, const struct place *place, unsigned index,
                       unsigned count)
{
    const uint8_t *page = place->buffers;
    const uint8_t *node = page + read_u16(page + HEADER_SIZE + 2 * (size_t)index);
    struct place child = *place;
    child.page =
        read_u16(node) | (uint64_t)read_u16(node + 2) << 16 | (uint64_t)read_u16(node + 4) << 32;
    child.depth--;
    child.buffers += check->page_size;
    if (index > 0) {
        child.low = node_key(node);
    }
    if (index + 1 < count) {
        child.high = node_key(page + read_u16(page + HEADER_SIZE + 2 * (size_t)(index + 1)));
    }
    return walk_page(check, child);
}

/* Depth is at most DEPTH_MAX, twice (a named table below the main one). */
static bool walk_page(struct check *check, struct place place)
{
    unsigned count = 0;
    if (!visit(check, place.page, 1)) {
        return false;
    }
    if (!read_ahead_at(&check->reader, place.page * check->page_size, place.buffers,
                       check->page_size)) {
        return bad(check, place.page,
                   place.page >= check->report.pages ? SHORT_FILE : "not readable");
    }
    if (!check_page_header(check, &place, &count) || !check_nodes(check, &place, count)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *node = place.buffers + read_u16(place.buffers + HEADER_SIZE + 2 * (size_t)i);
        bool good = place.depth == 1 ? check_leaf_node(check, &place, node)
                                     : walk_child(check, &place, i, count);
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool read_meta(struct check *check, unsigned number, uint8_t out[META_SIZE])
{
    uint8_t page[HEADER_SIZE + META_SIZE];
    if (!read_ahead_at(&check->reader, number * check->page_size, page, sizeof page)) {
        return bad(check, number, "the file is too short");
    }
    memcpy(out, page + HEADER_SIZE, META_SIZE);
    if (read_u64(page) != number || read_u16(page + 10) != FLAG_META ||
        read_u32(out) != META_MAGIC || read_u32(out + 4) != 1) {
        return bad(check, number, "not a meta page");
    }
    size_t page_size = read_u32(out + 24);
    if (page_size < PAGE_SIZE_MIN || page_size > PAGE_SIZE_MAX ||
        (page_size & (page_size - 1)) != 0 || (number > 0 && page_size != check->page_size)) {
        return bad(check, number, "the page size");
    }
    check->page_size = page_size;
    return true;
}

static bool check_metas(struct check *check, uint8_t newest[META_SIZE])
{
    uint8_t other[META_SIZE];
    struct stat status;
    if (!read_meta(check, 0, newest) || !read_meta(check, 1, other)) {
        return false;
    }
    unsigned number = read_u64(other + META_SIZE - 8) > read_u64(newest + META_SIZE - 8) ? 1 : 0;
    if (number == 1) {
        memcpy(newest, other, META_SIZE);
    }
    /* LMDB picks the newest meta page at opening, but later the one of the transaction's parity. */
    if (read_u64(newest + META_SIZE - 8) % 2 != number) {
        return bad(check, number, "a meta page of the wrong transaction");
    }
    uint64_t last = read_u64(newest + META_SIZE - 16);
    /* The size is asked after the meta was read: the file only grows. */
    if (fstat(check->fd, &status) != 0) {
        return bad(check, 0, "not readable");
    }
    check->report.pages = (uint64_t)status.st_size / check->page_size;
    /* Pages behind the end were taken and let go by one transaction: more than a transaction can
     * take (2^17 dirty pages, and what it spilled) are a damaged number. */
    if (last < 1 || (uint64_t)status.st_size < 2 * check->page_size ||
        last > check->report.pages + PAGES_BEHIND_MAX) {
        return bad(check, last, SHORT_FILE);
    }
    check->pages = last + 1;
    return true;
}

static bool check_full(struct check *check, const uint8_t meta[META_SIZE])
{
    check->visited = calloc(check->pages / 8 + 1, 1);
    check->buffers = malloc(2 * DEPTH_MAX * check->page_size);
    bool good = check->visited != NULL && check->buffers != NULL
                    ? walk_table(check, table_of(meta + 24 + DB_SIZE), TABLE_MAIN, 0) &&
                          walk_table(check, table_of(meta + 24), TABLE_FREE, 0)
                    : bad(check, 0, "no memory to check it");
    free(check->visited);
    free(check->buffers);
    return good;
}

FALLIBLE pages_check(const char *path, enum pages_depth depth, struct pages_report *ret,
                     struct error *err)
{
    uint8_t meta[META_SIZE];
    struct check check = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (check.fd < 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    read_ahead_init(&check.reader, check.fd);
    bool good = check_metas(&check, meta);
    /* LMDB does not write a page that one transaction took and let go again: the last pages may lie
     * behind the end of a sound file. Whether only such do, the walk tells. */
    bool walk = depth == PAGES_FULL || check.report.pages < check.pages;
    good = good && (!walk || check_full(&check, meta));
    read_ahead_release(&check.reader);
    (void)close(check.fd); /* read only: nothing to lose */
    if (!good) {
        FAIL(CORRUPT, MESSAGE_PAGES_DAMAGED, ARG_TEXT("path", path),
             ARG_INT("page", check.bad_page), ARG_TEXT("what", check.what));
    }
    *ret = check.report;
    return OK;
}
