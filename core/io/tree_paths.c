/* tree_paths - see tree_paths.h. A range of leaves in a proof is either a complete subtree, whose
 * root is a node within one tile, or it ends where the tree ends. Of the latter there are at most
 * 64, the same for every leaf. */
#include "core/io/tree_paths.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_TILES = 256, /* by level and index modulo this */
    NODES = 2 * TREE_TILE_WIDTH,
    EDGES_MAX = 64,
};

/* nodes[1] is the root of a full tile, nodes[n] has the children 2n and 2n + 1; the hashes
 * themselves are nodes[256..]. Of a tile that is not full only complete nodes are filled in. */
struct kept_tile {
    unsigned level;
    unsigned width; /* 0: nothing is kept here */
    uint64_t index;
    struct digest nodes[NODES];
};

struct edge {
    uint64_t start;
    struct digest root; /* of [start, size) */
};

struct tree_paths {
    struct tree_reader reader;
    uint64_t size;
    struct edge edges[EDGES_MAX];
    size_t edges_count;
    struct kept_tile *tiles[KEPT_TILES];
};

struct tree_paths *tree_paths_open(const struct tree_reader *reader, uint64_t size)
{
    struct tree_paths *paths = calloc(1, sizeof *paths);
    MEMORY_UNLESS(paths != NULL);
    paths->reader = *reader;
    paths->size = size;
    return paths;
}

void tree_paths_close(struct tree_paths *paths)
{
    for (size_t i = 0; paths != NULL && i < KEPT_TILES; i++) {
        free(paths->tiles[i]);
    }
    free(paths);
}

void tree_paths_read_with(struct tree_paths *paths, const struct tree_reader *reader)
{
    paths->reader = *reader;
}

static FALLIBLE fill(struct tree_paths *paths, struct kept_tile *tile, struct error *err)
{
    struct digest *leaves = tile->nodes + TREE_TILE_WIDTH;
    uint64_t start = tile->index * TREE_TILE_WIDTH;
    uint64_t there = tree_level_count(paths->size, tile->level) - start;
    unsigned width = there < TREE_TILE_WIDTH ? (unsigned)there : TREE_TILE_WIDTH;
    tile->width = 0; /* should reading fail */
    for (unsigned i = 0; i < width; i++) {
        TRY(paths->reader.read(paths->reader.context, tile->level, start + i, &leaves[i], err));
    }
    for (unsigned below = TREE_TILE_WIDTH, count = width; below > 1; below /= 2, count /= 2) {
        for (unsigned i = 0; i < count / 2; i++) {
            tile->nodes[below / 2 + i] =
                digest_node(&tile->nodes[below + 2 * i], &tile->nodes[below + 2 * i + 1]);
        }
    }
    tile->width = width;
    return OK;
}

/* The root of the complete subtree number `index` of 2^height leaves. */
static FALLIBLE find_node(struct tree_paths *paths, unsigned height, uint64_t index,
                          struct digest *ret, struct error *err)
{
    unsigned level = height / 8, up = height % 8;
    uint64_t number = index << up; /* of its first hash at that level */
    uint64_t tile_index = number / TREE_TILE_WIDTH;
    struct kept_tile **slot = &paths->tiles[(tile_index + level * 97) % KEPT_TILES];
    if (*slot == NULL) {
        *slot = calloc(1, sizeof **slot);
        MEMORY_UNLESS(*slot != NULL);
    }
    struct kept_tile *tile = *slot;
    if (tile->width == 0 || tile->level != level || tile->index != tile_index) {
        tile->level = level;
        tile->index = tile_index;
        TRY(fill(paths, tile, err));
    }
    unsigned within = (unsigned)(number % TREE_TILE_WIDTH);
    *ret = tile->nodes[(TREE_TILE_WIDTH + within) >> up];
    return OK;
}

/* The root of [start, size), which is not complete or it would have been found as a node. */
static FALLIBLE find_edge(struct tree_paths *paths, uint64_t start, struct digest *ret,
                          struct error *err)
{
    for (size_t i = 0; i < paths->edges_count; i++) {
        if (paths->edges[i].start == start) {
            *ret = paths->edges[i].root;
            return OK;
        }
    }
    struct tree part;
    tree_init(&part);
    part.size = paths->size - start;
    uint64_t position = start;
    for (unsigned height = 64; height-- > 0;) {
        if ((part.size >> height & 1) != 0) {
            TRY(find_node(paths, height, position >> height, &part.level[height], err));
            position += (uint64_t)1 << height;
        }
    }
    *ret = tree_root(&part);
    BUG_UNLESS(paths->edges_count < EDGES_MAX);
    paths->edges[paths->edges_count++] = (struct edge){start, *ret};
    return OK;
}

static FALLIBLE find_range(struct tree_paths *paths, uint64_t start, uint64_t end,
                           struct digest *ret, struct error *err)
{
    uint64_t count = end - start;
    if ((count & (count - 1)) != 0) {
        return find_edge(paths, start, ret, err);
    }
    return find_node(paths, (unsigned)__builtin_ctzll(count), start / count, ret, err);
}

/* The height of the largest power of two below `count`, count > 1. */
static unsigned split_height(uint64_t count)
{
    return 63U - (unsigned)__builtin_clzll(count - 1);
}

FALLIBLE tree_paths_find(struct tree_paths *paths, uint64_t index, struct tree_proof *ret,
                         struct error *err)
{
    struct digest down[EDGES_MAX]; /* from the root */
    unsigned count = 0;
    uint64_t start = 0, end = paths->size;
    BUG_UNLESS(index < paths->size);
    while (end - start > 1) {
        uint64_t middle = start + ((uint64_t)1 << split_height(end - start));
        bool left = index < middle;
        TRY(find_range(paths, left ? middle : start, left ? end : middle, &down[count], err));
        count++;
        start = left ? start : middle;
        end = left ? middle : end;
    }
    ret->count = count;
    for (unsigned i = 0; i < count; i++) {
        ret->hashes[i] = down[count - 1 - i];
    }
    return OK;
}
