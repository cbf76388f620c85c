/* digest_many - the hashes of RFC 6962 for many leaves or nodes at once, for code that reads the
 * whole log.
 *
 * Gives the same digests as digest_leaf and digest_node, faster where the processor can hash two
 * messages side by side (sha256_pair.h). No shared state. */
#pragma once

#include "core/io/digest.h"

enum digest_way { DIGEST_ONE_BY_ONE, DIGEST_IN_PAIRS };

/* The best way here. Asking takes long on a virtual machine: ask once. */
enum digest_way digest_best_way(void);
/* ret[i] = digest_leaf(payloads[i]). */
void digest_leaves(enum digest_way way, const bytes *payloads, size_t count, struct digest *ret);
/* The root of `count` hashes, a power of two and at most 256; they are overwritten. */
struct digest digest_subtree(enum digest_way way, struct digest *hashes, size_t count);
