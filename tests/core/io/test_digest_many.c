/* test_digest_many - both ways of hashing many give what hashing one by one gives. */
#include "core/io/digest_many.h"

#include <string.h>

#include "tests/support/test.h"

enum { LONGEST = 330, SUBTREE = 256 };

static uint8_t byte_of(size_t i)
{
    return (uint8_t)(i * 167 + i / 256 * 31 + 5);
}

static void fill(uint8_t *data, size_t size, size_t seed)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = byte_of(i + seed);
    }
}

/* Every length beside every other near it: padding begins at another place in each. */
static void check_lengths(enum digest_way way)
{
    uint8_t first[LONGEST];
    uint8_t second[LONGEST];
    fill(first, sizeof first, 1);
    fill(second, sizeof second, 2);
    for (size_t size = 0; size < LONGEST; size++) {
        for (size_t other = size % 7; other < LONGEST; other += 7) {
            bytes payloads[3] = {bytes_of(first, size), bytes_of(second, other),
                                 bytes_of(second, size)};
            struct digest made[3];
            digest_leaves(way, payloads, 3, made);
            for (size_t i = 0; i < 3; i++) {
                struct digest expected = digest_leaf(payloads[i]);
                assert_true(digest_equal(&made[i], &expected));
            }
        }
    }
}

static void test_digest_leaves_are_those_of_one_by_one(void **state)
{
    (void)state;
    check_lengths(DIGEST_ONE_BY_ONE);
    check_lengths(digest_best_way());
}

static void test_digest_leaves_differ_by_a_bit(void **state)
{
    (void)state;
    uint8_t data[LONGEST];
    uint8_t other[LONGEST];
    fill(data, sizeof data, 3);
    for (size_t bit = 0; bit < LONGEST * (size_t)8; bit += 5) {
        struct digest made[2];
        memcpy(other, data, sizeof data);
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bytes payloads[2] = {bytes_of(data, sizeof data), bytes_of(other, sizeof other)};
        digest_leaves(digest_best_way(), payloads, 2, made);
        assert_false(digest_equal(&made[0], &made[1]));
    }
}

static struct digest root_one_by_one(struct digest *hashes, size_t count)
{
    for (size_t left = count / 2; left > 0; left /= 2) {
        for (size_t i = 0; i < left; i++) {
            hashes[i] = digest_node(&hashes[2 * i], &hashes[2 * i + 1]);
        }
    }
    return hashes[0];
}

static void check_subtrees(enum digest_way way)
{
    for (size_t count = 1; count <= SUBTREE; count *= 2) {
        struct digest hashes[SUBTREE];
        struct digest same[SUBTREE];
        fill(hashes[0].data, sizeof hashes, count);
        memcpy(same, hashes, sizeof hashes);
        struct digest expected = root_one_by_one(same, count);
        struct digest root = digest_subtree(way, hashes, count);
        assert_true(digest_equal(&root, &expected));
    }
}

static void test_digest_subtree_is_that_of_one_by_one(void **state)
{
    (void)state;
    check_subtrees(DIGEST_ONE_BY_ONE);
    check_subtrees(digest_best_way());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest_leaves_are_those_of_one_by_one),
        cmocka_unit_test(test_digest_leaves_differ_by_a_bit),
        cmocka_unit_test(test_digest_subtree_is_that_of_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
