/* test_tree - roots, tile paths and proofs of the Merkle tree, against a plain recursion. */
#include "core/io/tree.h"

#include <stdio.h>
#include <string.h>

#include "core/io/tree_paths.h"
#include "tests/support/test.h"

enum { LEAVES = 700 };

struct stored {
    struct digest hashes[2][LEAVES];
};

static struct digest leaf_of(uint64_t n)
{
    return digest_leaf(bytes_of(&n, sizeof n));
}

/* RFC 6962, 2.1, as it is written. */
static struct digest plain_root(uint64_t start, uint64_t end)
{
    if (end - start == 1) {
        return leaf_of(start);
    }
    uint64_t split = 1;
    while (split * 2 < end - start) {
        split *= 2;
    }
    struct digest left = plain_root(start, start + split);
    struct digest right = plain_root(start + split, end);
    return digest_node(&left, &right);
}

static outcome read_stored(void *context, unsigned level, uint64_t index, struct digest *ret,
                           struct error *err)
{
    struct stored *stored = context;
    (void)err; /* never fails */
    assert_true(level < 2 && index < LEAVES);
    *ret = stored->hashes[level][index];
    return OK;
}

static void fill(struct stored *stored)
{
    struct tree tree;
    uint64_t counts[TREE_TILE_LEVELS] = {0};
    tree_init(&tree);
    for (uint64_t i = 0; i < LEAVES; i++) {
        struct digest made[TREE_TILE_LEVELS];
        struct digest leaf = leaf_of(i);
        unsigned count = tree_add(&tree, &leaf, made);
        for (unsigned level = 0; level < count; level++) {
            stored->hashes[level][counts[level]++] = made[level];
        }
    }
    assert_int_equal(counts[0], LEAVES);
    assert_int_equal(counts[1], LEAVES / 256);
    assert_int_equal(tree_level_count(LEAVES, 1), LEAVES / 256);
}

static void test_tree_root_of_known_sizes(void **state)
{
    (void)state;
    struct tree tree;
    struct digest made[TREE_TILE_LEVELS];
    char hex[DIGEST_HEX_SIZE];
    tree_init(&tree);
    struct digest root = tree_root(&tree);
    digest_hex(&root, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    /* Two leaves of the test vectors of Certificate Transparency: "" and 0x00. */
    struct digest leaf = digest_leaf((bytes){NULL, 0});
    assert_int_equal(tree_add(&tree, &leaf, made), 1);
    root = tree_root(&tree);
    digest_hex(&root, hex);
    assert_string_equal(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    leaf = digest_leaf(bytes_of("\x00", 1));
    assert_int_equal(tree_add(&tree, &leaf, made), 1);
    root = tree_root(&tree);
    digest_hex(&root, hex);
    assert_string_equal(hex, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

static void test_tree_at_equals_the_plain_root(void **state)
{
    (void)state;
    static struct stored stored;
    fill(&stored);
    struct tree_reader reader = {read_stored, &stored};
    for (uint64_t size = 1; size <= LEAVES; size++) {
        struct error err = {0};
        struct tree tree;
        assert_true(tree_at(&reader, size, &tree, &err).ok);
        struct digest root = tree_root(&tree);
        struct digest plain = plain_root(0, size);
        assert_true(digest_equal(&root, &plain));
    }
}

static void test_tree_inclusion_proves_only_its_leaf(void **state)
{
    (void)state;
    static struct stored stored;
    fill(&stored);
    struct tree_reader reader = {read_stored, &stored};
    for (uint64_t size = 1; size <= LEAVES; size += size < 20 ? 1 : 37) {
        struct digest root = plain_root(0, size);
        for (uint64_t index = 0; index < size; index += size < 20 ? 1 : 13) {
            struct error err = {0};
            struct tree_proof proof;
            struct digest leaf = leaf_of(index);
            struct digest other = leaf_of(index + 1);
            assert_true(tree_inclusion(&reader, index, size, &proof, &err).ok);
            assert_true(tree_verify_inclusion(&leaf, index, size, &proof, &root));
            assert_false(tree_verify_inclusion(&other, index, size, &proof, &root));
            assert_false(tree_verify_inclusion(&leaf, index + 1, size, &proof, &root));
            assert_false(tree_verify_inclusion(&leaf, index, size, &proof, &leaf) && size > 1);
            if (proof.count > 0) {
                proof.hashes[proof.count / 2].data[7] ^= 1;
                assert_false(tree_verify_inclusion(&leaf, index, size, &proof, &root));
                proof.hashes[proof.count / 2].data[7] ^= 1;
                proof.count--;
                assert_false(tree_verify_inclusion(&leaf, index, size, &proof, &root));
            }
        }
    }
}

static void test_tree_consistency_proves_only_a_beginning(void **state)
{
    (void)state;
    static struct stored stored;
    fill(&stored);
    struct tree_reader reader = {read_stored, &stored};
    for (uint64_t size = 1; size <= LEAVES; size += size < 20 ? 1 : 41) {
        struct digest root = plain_root(0, size);
        for (uint64_t old = 1; old <= size; old += size < 20 ? 1 : 17) {
            struct error err = {0};
            struct tree_proof proof;
            struct digest old_root = plain_root(0, old);
            struct digest other = plain_root(0, old + 1);
            assert_true(tree_consistency(&reader, old, size, &proof, &err).ok);
            assert_true(tree_verify_consistency(old, &old_root, size, &root, &proof));
            assert_false(tree_verify_consistency(old, &other, size, &root, &proof));
            if (proof.count > 0) {
                proof.hashes[0].data[0] ^= 1;
                assert_false(tree_verify_consistency(old, &old_root, size, &root, &proof));
                proof.hashes[0].data[0] ^= 1;
                proof.count--;
                assert_false(tree_verify_consistency(old, &old_root, size, &root, &proof));
            }
        }
    }
}

static void test_tile_path_follows_the_spec(void **state)
{
    (void)state;
    char path[TILE_PATH_SIZE];
    tile_path((struct tile){0, 1234067, 256}, path);
    assert_string_equal(path, "tile/0/x001/x234/067");
    tile_path((struct tile){1, 0, 17}, path);
    assert_string_equal(path, "tile/1/000.p/17");
    tile_entries_path((struct tile){0, 273, 112}, path);
    assert_string_equal(path, "tile/entries/273.p/112");
    tile_entries_path((struct tile){0, 1000, 256}, path);
    assert_string_equal(path, "tile/entries/x001/000");
}

static void test_tree_paths_find_gives_what_tree_inclusion_gives(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {1, 2, 3, 5, 8, 255, 256, 257, 300, 511, 512, 513, 699};
    static struct stored stored;
    const struct tree_reader reader = {read_stored, &stored};
    struct error err;
    fill(&stored);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct tree_paths *paths = tree_paths_open(&reader, sizes[i]);
        for (uint64_t n = 0; n < sizes[i]; n++) {
            uint64_t index = n * 401 % sizes[i]; /* in no order */
            struct tree_proof plain, quick;
            assert_true(tree_inclusion(&reader, index, sizes[i], &plain, &err).ok);
            assert_true(tree_paths_find(paths, index, &quick, &err).ok);
            assert_int_equal(quick.count, plain.count);
            assert_memory_equal(quick.hashes, plain.hashes, plain.count * sizeof *plain.hashes);
        }
        tree_paths_close(paths);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_root_of_known_sizes),
        cmocka_unit_test(test_tree_at_equals_the_plain_root),
        cmocka_unit_test(test_tree_inclusion_proves_only_its_leaf),
        cmocka_unit_test(test_tree_paths_find_gives_what_tree_inclusion_gives),
        cmocka_unit_test(test_tree_consistency_proves_only_a_beginning),
        cmocka_unit_test(test_tile_path_follows_the_spec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
