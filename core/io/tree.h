/* tree - the Merkle tree of RFC 6962 over leaf hashes: frontier, tiles, proofs.
 *
 * Pure arithmetic over digests; hashes that are stored come through a reader. A tile (C2SP
 * tlog-tiles) at level L holds up to 256 hashes, each the root of a complete subtree of 256^L
 * leaves; hash number `index` of level L is number index % 256 of tile index / 256. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/io/digest.h"

enum {
    TREE_TILE_WIDTH = 256,
    TREE_TILE_LEVELS = 8, /* 256^8 leaves are enough */
    TREE_PROOF_MAX = 128, /* hashes of the longest proof */
    TILE_PATH_SIZE = 64,
};

/* The roots of the complete subtrees a tree of `size` leaves consists of: level[n] counts when bit
 * n of size is set. */
struct tree {
    uint64_t size;
    struct digest level[64];
};

void tree_init(struct tree *tree);
/* Adds a leaf hash. Writes the hashes that became complete into ret_made[0..], one a tile level
 * (ret_made[0] is the leaf), and returns how many: each belongs at the end of its level. */
unsigned tree_add(struct tree *tree, const struct digest *leaf,
                  struct digest ret_made[TREE_TILE_LEVELS]);
/* SHA-256("") for an empty tree. */
struct digest tree_root(const struct tree *tree);

struct tile {
    unsigned level;
    uint64_t index;
    unsigned width; /* 1..256; less than 256 is partial */
};

/* "tile/1/x001/x234/067" or with ".p/17" behind; "tile/entries/067.p/3" for the entries. */
void tile_path(struct tile tile, char out[TILE_PATH_SIZE]);
void tile_entries_path(struct tile tile, char out[TILE_PATH_SIZE]);
/* Number of hashes at a level of a tree of `size` leaves. */
uint64_t tree_level_count(uint64_t size, unsigned level);

/* Gives hash number `index` of a tile level. */
struct tree_reader {
    outcome (*read)(void *context, unsigned level, uint64_t index, struct digest *ret,
                    struct error *err);
    void *context;
};

struct tree_proof {
    unsigned count;
    struct digest hashes[TREE_PROOF_MAX];
};

/* The frontier and root of the first `size` leaves of a tree that is at least that large. */
FALLIBLE tree_at(const struct tree_reader *reader, uint64_t size, struct tree *ret,
                 struct error *err);
/* Leaf `index` (from 0) is in the tree of `size` leaves; index < size. */
FALLIBLE tree_inclusion(const struct tree_reader *reader, uint64_t index, uint64_t size,
                        struct tree_proof *ret, struct error *err);
/* The tree of `old_size` is a beginning of that of `size`; old_size <= size. */
FALLIBLE tree_consistency(const struct tree_reader *reader, uint64_t old_size, uint64_t size,
                          struct tree_proof *ret, struct error *err);

bool tree_verify_inclusion(const struct digest *leaf, uint64_t index, uint64_t size,
                           const struct tree_proof *proof, const struct digest *root);
bool tree_verify_consistency(uint64_t old_size, const struct digest *old_root, uint64_t size,
                             const struct digest *root, const struct tree_proof *proof);
