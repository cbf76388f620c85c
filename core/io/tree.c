/* tree - see tree.h.
 *
 * A subtree is [start, start + 2^k); its root comes from the reader's hashes: those of tile level
 * k / 8, folded k % 8 times. Proofs follow RFC 6962, 2.1.1 and 2.1.2, without recursion deeper than
 * the tree (64); their verification follows RFC 9162, 2.1.3.2 and 2.1.4.2. */
#include "core/io/tree.h"

#include <stdio.h>
#include <string.h>

#include "core/io/messages.h"

void tree_init(struct tree *tree)
{
    memset(tree, 0, sizeof *tree);
}

unsigned tree_add(struct tree *tree, const struct digest *leaf,
                  struct digest ret_made[TREE_TILE_LEVELS])
{
    struct digest hash = *leaf;
    unsigned level = 0;
    unsigned made = 0;
    BUG_UNLESS(tree->size < (uint64_t)1 << 62);
    ret_made[made++] = hash;
    for (uint64_t size = tree->size; (size & 1) != 0; size >>= 1) {
        hash = digest_node(&tree->level[level], &hash);
        level++;
        if (level % 8 == 0) {
            ret_made[made++] = hash;
        }
    }
    tree->level[level] = hash;
    tree->size++;
    return made;
}

struct digest tree_root(const struct tree *tree)
{
    struct digest root = {{0}};
    bool started = false;
    if (tree->size == 0) {
        return digest_sha256((bytes){NULL, 0});
    }
    for (unsigned level = 0; level < 64; level++) {
        if ((tree->size >> level & 1) == 0) {
            continue;
        }
        root = started ? digest_node(&tree->level[level], &root) : tree->level[level];
        started = true;
    }
    return root;
}

/* Groups of three digits, all but the last with an x before: x001/x234/067. */
static void index_path(uint64_t index, char out[32])
{
    char groups[32];
    size_t used = 0;
    unsigned parts[7];
    unsigned count = 0;
    do {
        parts[count++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0);
    while (count > 0) {
        count--;
        int size = snprintf(groups + used, sizeof groups - used, count > 0 ? "x%03u/" : "%03u",
                            parts[count]);
        BUG_UNLESS(size > 0 && (size_t)size < sizeof groups - used);
        used += (size_t)size;
    }
    memcpy(out, groups, used + 1);
}

static void path_format(const char *kind, struct tile tile, char out[TILE_PATH_SIZE])
{
    char index[32];
    char partial[16] = "";
    BUG_UNLESS(tile.width >= 1 && tile.width <= TREE_TILE_WIDTH);
    BUG_UNLESS(tile.index < (uint64_t)1 << 54);
    index_path(tile.index, index);
    if (tile.width < TREE_TILE_WIDTH) {
        (void)snprintf(partial, sizeof partial, ".p/%u", tile.width); /* fits */
    }
    int size = snprintf(out, TILE_PATH_SIZE, "tile/%s/%s%s", kind, index, partial);
    BUG_UNLESS(size > 0 && size < TILE_PATH_SIZE);
}

void tile_path(struct tile tile, char out[TILE_PATH_SIZE])
{
    char level[12];
    (void)snprintf(level, sizeof level, "%u", tile.level); /* fits */
    path_format(level, tile, out);
}

void tile_entries_path(struct tile tile, char out[TILE_PATH_SIZE])
{
    path_format("entries", tile, out);
}

uint64_t tree_level_count(uint64_t size, unsigned level)
{
    return level < TREE_TILE_LEVELS ? size >> 8 * level : 0;
}

/* The root of the complete subtree number `index` of 2^height leaves. */
static outcome subtree_root(const struct tree_reader *reader, unsigned height, uint64_t index,
                            struct digest *ret, struct error *err)
{
    struct digest hashes[128];
    unsigned level = height / 8;
    size_t count = (size_t)1 << height % 8;
    BUG_UNLESS(level < TREE_TILE_LEVELS);
    for (size_t i = 0; i < count; i++) {
        TRY(reader->read(reader->context, level, index * count + i, &hashes[i], err));
    }
    for (; count > 1; count /= 2) {
        for (size_t i = 0; i < count / 2; i++) {
            hashes[i] = digest_node(&hashes[2 * i], &hashes[2 * i + 1]);
        }
    }
    *ret = hashes[0];
    return OK;
}

/* The root of leaves [start, end), start a multiple of the largest power of two that is needed. */
static outcome range_root(const struct tree_reader *reader, uint64_t start, uint64_t end,
                          struct digest *ret, struct error *err)
{
    struct tree part;
    tree_init(&part);
    part.size = end - start;
    uint64_t position = start;
    for (unsigned height = 64; height-- > 0;) {
        if ((part.size >> height & 1) != 0) {
            TRY(subtree_root(reader, height, position >> height, &part.level[height], err));
            position += (uint64_t)1 << height;
        }
    }
    *ret = tree_root(&part);
    return OK;
}

FALLIBLE tree_at(const struct tree_reader *reader, uint64_t size, struct tree *ret,
                 struct error *err)
{
    struct tree tree;
    tree_init(&tree);
    tree.size = size;
    uint64_t position = 0;
    for (unsigned height = 64; height-- > 0;) {
        if ((size >> height & 1) != 0) {
            TRY(subtree_root(reader, height, position >> height, &tree.level[height], err));
            position += (uint64_t)1 << height;
        }
    }
    *ret = tree;
    return OK;
}

/* The largest power of two below `count`, count > 1. */
static uint64_t split_of(uint64_t count)
{
    uint64_t split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    return split;
}

/* The hashes come from the root down; a proof lists them from the leaf up. */
static void proof_reverse(struct tree_proof *proof)
{
    for (unsigned i = 0; i < proof->count / 2; i++) {
        struct digest other = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = other;
    }
}

FALLIBLE tree_inclusion(const struct tree_reader *reader, uint64_t index, uint64_t size,
                        struct tree_proof *ret, struct error *err)
{
    struct tree_proof proof = {0};
    uint64_t start = 0;
    uint64_t end = size;
    BUG_UNLESS(index < size);
    while (end - start > 1) {
        uint64_t middle = start + split_of(end - start);
        bool left = index < middle;
        TRY(range_root(reader, left ? middle : start, left ? end : middle,
                       &proof.hashes[proof.count++], err));
        start = left ? start : middle;
        end = left ? middle : end;
    }
    proof_reverse(&proof);
    *ret = proof;
    return OK;
}

FALLIBLE tree_consistency(const struct tree_reader *reader, uint64_t old_size, uint64_t size,
                          struct tree_proof *ret, struct error *err)
{
    struct tree_proof proof = {0};
    uint64_t start = 0;
    uint64_t end = size;
    BUG_UNLESS(old_size <= size);
    if (old_size == 0 || old_size == size) {
        *ret = proof;
        return OK;
    }
    while (old_size != end) {
        uint64_t middle = start + split_of(end - start);
        bool left = old_size <= middle;
        TRY(range_root(reader, left ? middle : start, left ? end : middle,
                       &proof.hashes[proof.count++], err));
        start = left ? start : middle;
        end = left ? middle : end;
    }
    if (start > 0) { /* the caller knows the old root itself */
        TRY(range_root(reader, start, end, &proof.hashes[proof.count++], err));
    }
    proof_reverse(&proof);
    *ret = proof;
    return OK;
}

bool tree_verify_inclusion(const struct digest *leaf, uint64_t index, uint64_t size,
                           const struct tree_proof *proof, const struct digest *root)
{
    if (index >= size || proof->count > TREE_PROOF_MAX) {
        return false;
    }
    struct digest hash = *leaf;
    uint64_t node = index;
    uint64_t last = size - 1;
    for (unsigned i = 0; i < proof->count; i++) {
        if (last == 0) {
            return false;
        }
        if ((node & 1) != 0 || node == last) {
            hash = digest_node(&proof->hashes[i], &hash);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = digest_node(&hash, &proof->hashes[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&hash, root);
}

bool tree_verify_consistency(uint64_t old_size, const struct digest *old_root, uint64_t size,
                             const struct digest *root, const struct tree_proof *proof)
{
    if (old_size > size || proof->count > TREE_PROOF_MAX) {
        return false;
    }
    if (old_size == size) {
        return proof->count == 0 && digest_equal(old_root, root);
    }
    if (old_size == 0) {
        struct digest empty = digest_sha256((bytes){NULL, 0});
        return proof->count == 0 && digest_equal(old_root, &empty);
    }
    uint64_t node = old_size - 1;
    uint64_t last = size - 1;
    while ((node & 1) != 0) {
        node >>= 1;
        last >>= 1;
    }
    unsigned next = 0;
    if (node != 0 && proof->count == 0) {
        return false;
    }
    struct digest old_hash = node != 0 ? proof->hashes[next++] : *old_root;
    struct digest hash = old_hash;
    for (; next < proof->count; next++) {
        if (last == 0) {
            return false;
        }
        if ((node & 1) != 0 || node == last) {
            old_hash = digest_node(&proof->hashes[next], &old_hash);
            hash = digest_node(&proof->hashes[next], &hash);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = digest_node(&hash, &proof->hashes[next]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&old_hash, old_root) && digest_equal(&hash, root);
}
