/* pages - see pages.h. Layout: pages_parts.h. */
#include "core/io/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/str.h"
#include "core/io/messages.h"
#include "core/io/pages_parts.h"
#include "core/io/threads.h"

enum { WORTH_THREADS = 1024 /* leaf pages */ };

enum table_kind { TABLE_FREE, TABLE_MAIN, TABLE_NAMED };

/* Marks `count` pages from `page` on as reached. */
static bool visit(struct check *check, uint64_t page, uint64_t count)
{
    if (page < 2 || page >= check->pages || count == 0 || count > check->pages - page) {
        return bad(check, page, "a page number lies outside the file");
    }
    for (uint64_t i = page; i < page + count; i++) {
        uint8_t bit = (uint8_t)(1U << (i & 7)); /* its byte may be another thread's, too */
        if ((__atomic_fetch_or(&check->visited[i >> 3], bit, __ATOMIC_RELAXED) & bit) != 0) {
            return bad(check, i, "reached twice");
        }
    }
    check->report.reachable += count;
    return true;
}

static bool check_overflow(struct check *check, uint64_t page, size_t size, uint64_t *pages)
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
    *pages += count;
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
        check->free_pages++;
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
    struct table *found; /* entries and pages so far */
    uint8_t *buffers;    /* for this page and those below it */
    bool in_threads;     /* what is below it */
    const uint8_t *data; /* of the page: in the first buffer, or in the reader's window */
};

/* Copies the page into a buffer of its own, so that another page can be read. */
static void keep_page(const struct check *check, struct place *place)
{
    if (place->data != place->buffers) {
        memcpy(place->buffers, place->data, check->page_size);
        place->data = place->buffers;
    }
}

static bool walk_page(struct check *check, struct place place);

static bool walk_table(struct check *check, struct table table, enum table_kind kind,
                       uint64_t from_page)
{
    struct table found = {0};
    unsigned flags_wanted = kind == TABLE_FREE ? TABLE_INTEGER_KEY : 0;
    if (table.flags != flags_wanted || (kind != TABLE_FREE && table.pad != 0)) {
        return bad(check, from_page, "a table's flags");
    }
    if (table.root == NO_PAGE) {
        const uint64_t *pages = table.pages;
        bool empty = table.depth == 0 && table.entries == 0 && pages[COUNT_BRANCH] == 0 &&
                     pages[COUNT_LEAF] == 0 && pages[COUNT_OVERFLOW] == 0;
        return empty ? true : bad(check, from_page, "a table without pages has entries");
    }
    if (table.depth == 0 || table.depth > DEPTH_MAX) {
        return bad(check, from_page, "a table's depth");
    }
    uint8_t *buffers = check->buffers;
    if (kind == TABLE_NAMED) {
        buffers += DEPTH_MAX * check->page_size;
    }
    bool in_threads = kind == TABLE_NAMED && table.pages[COUNT_LEAF] >= WORTH_THREADS;
    struct place place = {table.root, table.depth, kind,       {NULL, 0}, {NULL, 0},
                          &found,     buffers,     in_threads, NULL};
    if (!walk_page(check, place)) {
        return false;
    }
    if (found.entries != table.entries) {
        return bad(check, from_page, "a table's number of entries");
    }
    if (memcmp(found.pages, table.pages, sizeof found.pages) != 0) {
        return bad(check, from_page, "a table's number of pages");
    }
    check->report.entries += kind == TABLE_NAMED ? found.entries : 0;
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

static const uint8_t *node_at(const struct place *place, unsigned index)
{
    return place->data + read_u16(place->data + HEADER_SIZE + 2 * (size_t)index);
}

static bool check_leaf_node(struct check *check, struct place *place, unsigned index)
{
    const uint8_t *node = node_at(place, index);
    unsigned flags = read_u16(node + 4);
    if (flags != 0) {
        keep_page(check, place);
        node = node_at(place, index);
    }
    size_t size = read_u16(node) | (size_t)read_u16(node + 2) << 16;
    const uint8_t *data = node + NODE_SIZE + read_u16(node + 6);
    place->found->entries++;
    if ((flags & ~(unsigned)(NODE_BIG | NODE_TABLE)) != 0) {
        return bad(check, place->page, "a node's flags");
    }
    if ((flags & NODE_BIG) != 0 &&
        !check_overflow(check, read_u64(data), size, &place->found->pages[COUNT_OVERFLOW])) {
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
    const uint8_t *page = place->data;
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

/* Keys must ascend and lie within the parents' bounds: the first is compared with the lower bound,
 * the last with the upper one. The first key of a branch page is ignored. */
static bool check_order(struct check *check, const struct place *place, unsigned count)
{
    bytes previous = place->low;
    bool strict = false;
    for (unsigned i = place->depth == 1 ? 0 : 1; i < count; i++) {
        bytes key = node_key(node_at(place, i));
        if (key.size == 0) {
            return bad(check, place->page, "an empty key");
        }
        int order = previous.data != NULL ? compare_keys(place->kind, previous, key) : -1;
        if (order > 0 || (order == 0 && strict)) {
            return bad(check, place->page, "the order of keys");
        }
        previous = key;
        strict = true;
    }
    if (place->high.data != NULL && compare_keys(place->kind, previous, place->high) >= 0) {
        return bad(check, place->page, "the order of keys against other pages");
    }
    return true;
}

static bool check_page_header(struct check *check, const struct place *place, unsigned *ret_count)
{
    const uint8_t *page = place->data;
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

/* Checks all nodes of the page before visiting the pages below. */
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
    if (used != check->page_size - read_u16(place->data + 14)) {
        return bad(check, place->page, "nodes overlap or leave gaps");
    }
    return check_order(check, place, count);
}

static struct place child_of(const struct place *place, unsigned index, unsigned count,
                             uint8_t *buffers)
{
    const uint8_t *node = node_at(place, index);
    struct place child = *place;
    child.page =
        read_u16(node) | (uint64_t)read_u16(node + 2) << 16 | (uint64_t)read_u16(node + 4) << 32;
    child.depth--;
    child.in_threads = false;
    child.buffers = buffers;
    if (index > 0) {
        child.low = node_key(node);
    }
    if (index + 1 < count) {
        child.high = node_key(node_at(place, index + 1));
    }
    return child;
}

/* --- a large table's root: what is below it, in a thread for each processor ---------------------
 */

struct walk {
    const struct place *root;
    unsigned count; /* children */
    unsigned next;  /* to be handed out; atomic */
    struct walker {
        struct check check;
        struct table found;
        unsigned failed; /* child; `count` for none */
    } walkers[THREADS_MAX];
};

/* Children are handed out in order, so when one is flawed, those before it get finished: the same
 * first flaw is reported, whichever thread found it. */
static void walk_some(void *state, unsigned number)
{
    struct walk *walk = state;
    struct walker *walker = &walk->walkers[number];
    struct place place = *walk->root;
    size_t page_size = walker->check.page_size;
    uint8_t *buffers = malloc(DEPTH_MAX * page_size);
    place.found = &walker->found;
    for (;;) {
        unsigned child = __atomic_fetch_add(&walk->next, 1, __ATOMIC_RELAXED);
        if (child >= walk->count) {
            break;
        }
        bool good = buffers != NULL
                        ? walk_page(&walker->check, child_of(&place, child, walk->count, buffers))
                        : bad(&walker->check, place.page, "no memory to check it");
        if (!good) {
            walker->failed = child;
            __atomic_store_n(&walk->next, walk->count, __ATOMIC_RELAXED);
            break;
        }
    }
    free(buffers);
}

/* What the threads found becomes part of the whole. */
static bool join(struct check *check, const struct place *root, const struct walk *walk,
                 unsigned threads)
{
    const struct walker *failed = NULL;
    for (unsigned i = 0; i < threads; i++) {
        const struct walker *walker = &walk->walkers[i];
        check->report.reachable += walker->check.report.reachable;
        root->found->entries += walker->found.entries;
        for (size_t k = 0; k < sizeof walker->found.pages / sizeof *walker->found.pages; k++) {
            root->found->pages[k] += walker->found.pages[k];
        }
        bool first = failed == NULL || walker->failed < failed->failed;
        failed = walker->failed < walk->count && first ? walker : failed;
    }
    return failed == NULL ? true : bad(check, failed->check.bad_page, failed->check.what);
}

static bool walk_in_threads(struct check *check, const struct place *root, unsigned count)
{
    struct walk walk = {.root = root, .count = count};
    unsigned threads = threads_available();
    for (unsigned i = 0; i < threads; i++) {
        walk.walkers[i] = (struct walker){.check = *check, .failed = count};
        walk.walkers[i].check.report.reachable = 0;
        read_ahead_init(&walk.walkers[i].check.reader, check->fd);
    }
    threads_run(threads, walk_some, &walk);
    for (unsigned i = 0; i < threads; i++) {
        read_ahead_release(&walk.walkers[i].check.reader);
    }
    return join(check, root, &walk, threads);
}

/* Depth is at most DEPTH_MAX, twice (a named table below the main one). */
static bool walk_page(struct check *check, struct place place)
{
    unsigned count = 0;
    if (!visit(check, place.page, 1)) {
        return false;
    }
    place.data = read_ahead_view(&check->reader, place.page * check->page_size, place.buffers,
                                 check->page_size);
    if (place.data == NULL) {
        return bad(check, place.page,
                   place.page >= check->report.pages ? SHORT_FILE : "not readable");
    }
    if (!check_page_header(check, &place, &count) || !check_nodes(check, &place, count)) {
        return false;
    }
    place.found->pages[place.depth == 1 ? COUNT_LEAF : COUNT_BRANCH]++;
    if (place.depth > 1) {
        keep_page(check, &place);
    }
    if (place.in_threads && place.depth > 1) {
        return walk_in_threads(check, &place, count);
    }
    for (unsigned i = 0; i < count; i++) {
        bool good =
            place.depth == 1
                ? check_leaf_node(check, &place, i)
                : walk_page(check, child_of(&place, i, count, place.buffers + check->page_size));
        if (!good) {
            return false;
        }
    }
    return true;
}

/* Every page must be in use or free: a page that is neither was lost by a damaged number. */
static bool check_cover(struct check *check)
{
    uint64_t seen = 2 + check->report.reachable + check->free_pages;
    for (uint64_t page = 2; seen != check->pages && page < check->pages; page++) {
        if ((check->visited[page >> 3] >> (page & 7) & 1) == 0) {
            return bad(check, page, "neither in use nor free");
        }
    }
    return true;
}

static bool check_full(struct check *check, const uint8_t meta[META_SIZE])
{
    check->visited = calloc(check->pages / 8 + 1, 1);
    check->buffers = malloc(2 * DEPTH_MAX * check->page_size);
    bool good = check->visited != NULL && check->buffers != NULL
                    ? walk_table(check, table_of(meta + 24 + DB_SIZE), TABLE_MAIN, 0) &&
                          walk_table(check, table_of(meta + 24), TABLE_FREE, 0) &&
                          check_cover(check)
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
    bool good = pages_metas(&check, depth == PAGES_FULL, meta);
    /* LMDB never writes a page that one transaction took and freed again: so the last pages of a
     * sound file may be behind its end. The walk finds out whether only such pages are. */
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
