/* log_since - log_verify_since() of log.h: verifies only the events that came after a tree which is
 * known to be good. They are read and hashed, and the root is computed from that tree's frontier
 * and their hashes. */
#include <string.h>

#include "core/io/digest_many.h"
#include "core/io/log_format.h"
#include "core/io/messages.h"

enum { TELL_EVERY = 65536 };

struct since {
    struct log_txn *txn;
    struct log_progress progress;
    struct tree tree; /* of what was read */
    enum digest_way way;
};

static outcome tell(const struct since *since, struct error *err)
{
    const struct log_progress *progress = &since->progress;
    uint64_t done = since->tree.size, total = since->txn->stored_size;
    if (progress->tell != NULL && !progress->tell(progress->context, done, total)) {
        FAIL(BUSY, MESSAGE_LOG_STOPPED, ARG_INT("event", done), ARG_INT("events", total));
    }
    return OK;
}

/* Verifies events up to the end of a tile. The stored leaf hashes are compared only to name a wrong
 * event: the root would show the fault as well. */
static outcome verify_some(struct since *since, struct log_cursor *cursor, struct error *err)
{
    bytes payloads[TREE_TILE_WIDTH];
    bytes stored;
    struct digest leaves[TREE_TILE_WIDTH];
    struct digest made[TREE_TILE_LEVELS];
    unsigned at = (unsigned)(since->tree.size % TREE_TILE_WIDTH);
    uint64_t left = since->txn->stored_size - since->tree.size;
    unsigned count = left < TREE_TILE_WIDTH - at ? (unsigned)left : TREE_TILE_WIDTH - at;
    for (unsigned i = 0; i < count; i++) {
        bool found = false;
        uint64_t sequence = 0;
        TRY(log_cursor_next(cursor, &found, &sequence, &payloads[i], err)); /* L1 */
        BUG_UNLESS(found);
    }
    digest_leaves(since->way, payloads, count, leaves); /* L4 */
    struct tile tile = {0, since->tree.size / TREE_TILE_WIDTH, at + count};
    TRY(log_tile(since->txn, tile, &stored, err));
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *leaf = stored.data + (at + i) * (size_t)DIGEST_SIZE;
        if (memcmp(leaf, leaves[i].data, DIGEST_SIZE) != 0) {
            FAIL(CORRUPT, MESSAGE_LOG_EVENT_ALTERED, ARG_INT("event", since->tree.size + 1));
        }
        (void)tree_add(&since->tree, &leaves[i], made); /* only the frontier is needed */
    }
    return OK;
}

static outcome verify_rest(struct since *since, struct log_cursor *cursor, struct error *err)
{
    while (since->tree.size < since->txn->stored_size) {
        if (since->tree.size % TELL_EVERY < TREE_TILE_WIDTH) {
            TRY(tell(since, err));
        }
        TRY(verify_some(since, cursor, err));
    }
    struct digest root = tree_root(&since->tree);
    if (!digest_equal(&root, &since->txn->root)) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "root"));
    }
    return OK;
}

FALLIBLE log_verify_since(struct log_txn *txn, uint64_t size, struct log_progress progress,
                          struct error *err)
{
    struct since since = {.txn = txn, .progress = progress, .way = digest_best_way()};
    struct tree_reader reader = log_tree_reader(txn);
    struct log_cursor *cursor = NULL;
    struct log_report ignored;
    BUG_UNLESS(size <= txn->stored_size && txn->tree.size == txn->stored_size);
    if (size < txn->stored_size / 2) { /* all of it in several threads is as fast */
        TRY(log_verify(txn, progress, &ignored, err));
        return OK;
    }
    TRY(tree_at(&reader, size, &since.tree, err));
    TRY(log_cursor_open(txn, size + 1, &cursor, err));
    outcome verified = verify_rest(&since, cursor, err);
    log_cursor_close(cursor);
    TRY(verified);
    return OK;
}
