/* digest_many - see digest_many.h. */
#include "core/io/digest_many.h"

#include "core/base/error.h"
#include "core/io/sha256_pair.h"

enum { SUBTREE_MAX = 256 };

enum digest_way digest_best_way(void)
{
    return sha256_pair_is_there() ? DIGEST_IN_PAIRS : DIGEST_ONE_BY_ONE;
}

void digest_leaves(enum digest_way way, const bytes *payloads, size_t count, struct digest *ret)
{
    size_t i = 0;
    for (; way == DIGEST_IN_PAIRS && i + 2 <= count; i += 2) {
        sha256_pair(0, payloads[i], payloads[i + 1], &ret[i], &ret[i + 1]);
    }
    for (; i < count; i++) {
        ret[i] = digest_leaf(payloads[i]);
    }
}

/* hashes[i] = digest_node(hashes[2 i], hashes[2 i + 1]), in place: each hash is read once. */
static void fold_level(enum digest_way way, struct digest *hashes, size_t count)
{
    size_t i = 0;
    for (; way == DIGEST_IN_PAIRS && i + 2 <= count; i += 2) {
        bytes first = bytes_of(&hashes[2 * i], 2 * sizeof hashes[0]);
        bytes second = bytes_of(&hashes[2 * i + 2], 2 * sizeof hashes[0]);
        struct digest made[2];
        sha256_pair(1, first, second, &made[0], &made[1]);
        hashes[i] = made[0];
        hashes[i + 1] = made[1];
    }
    for (; i < count; i++) {
        hashes[i] = digest_node(&hashes[2 * i], &hashes[2 * i + 1]);
    }
}

struct digest digest_subtree(enum digest_way way, struct digest *hashes, size_t count)
{
    BUG_UNLESS(count > 0 && count <= SUBTREE_MAX && (count & (count - 1)) == 0);
    for (size_t left = count / 2; left > 0; left /= 2) {
        fold_level(way, hashes, left);
    }
    return hashes[0];
}
