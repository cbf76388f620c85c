/* live_map - see live_map.h. LMDB's layout: core/io/pages_parts.h tells it, mdb.c defines it. */
#include "tests/damage/live_map.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 16,
    NODE = 8,
    RECORD = 48,
    META_BYTES = 24 + 2 * RECORD + 16,
    AT_ADDRESS = 8,
    AT_MAP_SIZE = 16,
    AT_FREE = 24,
    AT_MAIN = 24 + RECORD,
    AT_LAST = 24 + 2 * RECORD,
    AT_TXN = AT_LAST + 8,
    IN_RECORD_DEPTH = 6,
    IN_RECORD_ROOT = 40,
    BIG = 1,
    TABLE = 2,
};

struct map {
    const uint8_t *file;
    size_t size;
    size_t page_size;
    uint8_t *kinds;
};

static uint64_t number(const uint8_t *p, unsigned bytes)
{
    uint64_t value = 0;
    memcpy(&value, p, bytes);
    return value;
}

static void mark(struct map *map, const uint8_t *from, size_t size, enum byte_kind kind)
{
    size_t at = (size_t)(from - map->file);
    if (at > map->size || size > map->size - at) {
        (void)fprintf(stderr, "live_map: the file is not sound at byte %zu\n", at);
        exit(2);
    }
    memset(map->kinds + at, (int)kind, size);
}

static const uint8_t *page_at(struct map *map, uint64_t page)
{
    const uint8_t *p = map->file + page * map->page_size;
    mark(map, p, 8, BYTE_LIVE);      /* its number */
    mark(map, p + 10, 2, BYTE_LIVE); /* flags */
    mark(map, p + 12, 4, BYTE_LIVE); /* bounds, or the length of a run */
    return p;
}

static void map_overflow(struct map *map, uint64_t page, size_t size)
{
    mark(map, page_at(map, page) + HEADER, size, BYTE_LIVE);
}

static void map_table(struct map *map, const uint8_t *record, bool is_free_list);

static void map_leaf_node(struct map *map, const uint8_t *node, bool is_free_list)
{
    unsigned flags = (unsigned)number(node + 4, 2);
    size_t key_size = number(node + 6, 2);
    size_t size = number(node, 2) | number(node + 2, 2) << 16;
    const uint8_t *data = node + NODE + key_size;
    mark(map, node, NODE, BYTE_LIVE);
    mark(map, node + NODE, key_size, is_free_list ? BYTE_EITHER : BYTE_LIVE);
    if ((flags & BIG) != 0) {
        mark(map, data, 8, BYTE_LIVE);
        map_overflow(map, number(data, 8), size);
        return;
    }
    mark(map, data, size, BYTE_LIVE);
    if ((flags & TABLE) != 0) {
        map_table(map, data, false);
    }
}

static void map_page(struct map *map, uint64_t page, unsigned depth, bool is_free_list)
{
    const uint8_t *p = page_at(map, page);
    size_t count = (number(p + 12, 2) - HEADER) / 2;
    mark(map, p + HEADER, 2 * count, BYTE_LIVE);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *node = p + number(p + HEADER + 2 * i, 2);
        if (depth == 1) {
            map_leaf_node(map, node, is_free_list);
            continue;
        }
        mark(map, node, 6, BYTE_LIVE); /* the child's number */
        mark(map, node + 6, 2 + number(node + 6, 2), BYTE_EITHER);
        map_page(map, number(node, 6), depth - 1, is_free_list);
    }
}

static void map_table(struct map *map, const uint8_t *record, bool is_free_list)
{
    uint64_t root = number(record + IN_RECORD_ROOT, 8);
    mark(map, record, RECORD, BYTE_LIVE);
    if (root != UINT64_MAX) {
        map_page(map, root, (unsigned)number(record + IN_RECORD_DEPTH, 2), is_free_list);
    }
}

void live_map(const uint8_t *file, size_t size, uint8_t *kinds)
{
    struct map map = {file, size, number(file + HEADER + AT_FREE, 4), kinds};
    const uint8_t *metas[2] = {file + HEADER, file + map.page_size + HEADER};
    memset(kinds, BYTE_FREE, size);
    for (int i = 0; i < 2; i++) {
        mark(&map, metas[i] - HEADER, 8, BYTE_LIVE);
        mark(&map, metas[i] - 6, 2, BYTE_LIVE); /* flags */
        mark(&map, metas[i], AT_MAP_SIZE, BYTE_LIVE);
        mark(&map, metas[i] + AT_MAP_SIZE, 8, BYTE_EITHER);
        mark(&map, metas[i] + AT_FREE, 4, BYTE_LIVE); /* the page size */
        mark(&map, metas[i] + AT_TXN, 8, BYTE_LIVE);
    }
    const uint8_t *newest =
        metas[number(metas[1] + AT_TXN, 8) > number(metas[0] + AT_TXN, 8) ? 1 : 0];
    mark(&map, newest + AT_LAST, 8, BYTE_LIVE);
    map_table(&map, newest + AT_FREE, true);
    map_table(&map, newest + AT_MAIN, false);
}
