/* tree_paths - inclusion proofs for many leaves of one tree: the same as tree_inclusion gives,
 * without reading and hashing the same tiles for each leaf.
 *
 * All inner nodes of the tiles used last are kept (16 KB each, 4 MB at most); the proof of a
 * neighbouring leaf is then only a copy of hashes. */
#pragma once

#include "core/base/arena.h"
#include "core/io/tree.h"

struct tree_paths;

/* `reader` as of tree_inclusion; it and what it reads must stay. `size` is the tree's. */
struct tree_paths *tree_paths_open(const struct tree_reader *reader, uint64_t size);
void tree_paths_close(struct tree_paths *paths);
/* The same tree, read from now on through another transaction. */
void tree_paths_read_with(struct tree_paths *paths, const struct tree_reader *reader);

/* Leaf `index` (from 0) below the size. fails as the reader */
FALLIBLE tree_paths_find(struct tree_paths *paths, uint64_t index, struct tree_proof *ret,
                         struct error *err);
