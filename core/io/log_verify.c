/* log_verify - log_verify() of log.h: reads the log once, from the first event to the last.
 *
 * Each event is hashed and compared with its stored leaf hash, so that damage is named with the
 * event; each subtree of 256^n leaves is compared with its stored hash when it is complete. */
#include <string.h>

#include "core/io/log_format.h"
#include "core/io/messages.h"

enum { PROGRESS_STEP = 65536 };

struct verification {
    struct log_txn *txn;
    struct tree tree;
    bytes tiles[TREE_TILE_LEVELS]; /* the stored tile each level is at */
    struct log_report report;
};

/* Hash number `index` of a level is `hash` in the store too. L6 */
static outcome check_hash(struct verification *check, unsigned level, uint64_t index,
                          const struct digest *hash, struct error *err)
{
    unsigned at = (unsigned)(index % TREE_TILE_WIDTH);
    if (at == 0) {
        uint64_t count = tree_level_count(check->txn->stored_size, level);
        uint64_t left = count - index;
        unsigned width = left < TREE_TILE_WIDTH ? (unsigned)left : TREE_TILE_WIDTH;
        struct tile tile = {level, index / TREE_TILE_WIDTH, width};
        bytes stored;
        TRY(log_tile(check->txn, tile, &stored, err));
        if (stored.size != width * (size_t)DIGEST_SIZE) {
            FAIL(CORRUPT, MESSAGE_LOG_TILE_DAMAGED, ARG_INT("level", level),
                 ARG_INT("event", (index << 8 * level) + 1));
        }
        check->tiles[level] = stored;
    }
    if (memcmp(check->tiles[level].data + at * (size_t)DIGEST_SIZE, hash->data, DIGEST_SIZE) == 0) {
        return OK;
    }
    if (level == 0) {
        FAIL(CORRUPT, MESSAGE_LOG_EVENT_ALTERED, ARG_INT("event", index + 1));
    }
    FAIL(CORRUPT, MESSAGE_LOG_TILE_DAMAGED, ARG_INT("level", level),
         ARG_INT("event", (index << 8 * level) + 1));
}

static outcome check_event(struct verification *check, bytes payload, struct error *err)
{
    struct digest made[TREE_TILE_LEVELS];
    struct digest leaf = digest_leaf(payload); /* L4 */
    unsigned count = tree_add(&check->tree, &leaf, made);
    for (unsigned level = 0; level < count; level++) {
        uint64_t index = tree_level_count(check->tree.size, level) - 1;
        TRY(check_hash(check, level, index, &made[level], err));
    }
    check->report.events++;
    check->report.payload_bytes += payload.size;
    return OK;
}

static outcome tell(const struct verification *check, struct log_progress progress,
                    struct error *err)
{
    uint64_t done = check->report.events;
    uint64_t total = check->txn->stored_size;
    if (progress.tell != NULL && !progress.tell(progress.context, done, total)) {
        FAIL(BUSY, MESSAGE_LOG_STOPPED, ARG_INT("done", done), ARG_INT("total", total));
    }
    return OK;
}

static outcome check_events(struct verification *check, struct log_cursor *cursor,
                            struct log_progress progress, struct error *err)
{
    for (;;) {
        bool found = false;
        uint64_t sequence = 0;
        bytes payload = {NULL, 0};
        TRY(log_cursor_next(cursor, &found, &sequence, &payload, err)); /* L1 */
        if (!found) {
            return OK;
        }
        TRY(check_event(check, payload, err));
        if (sequence % PROGRESS_STEP == 0) {
            TRY(tell(check, progress, err));
        }
    }
}

/* L7: no tile but those the size calls for. */
static outcome check_tile_count(const struct verification *check, struct error *err)
{
    uint64_t wanted = 0;
    uint64_t stored = 0;
    for (unsigned level = 0; level < TREE_TILE_LEVELS; level++) {
        uint64_t count = tree_level_count(check->txn->stored_size, level);
        wanted += (count + TREE_TILE_WIDTH - 1) / TREE_TILE_WIDTH;
    }
    TRY(store_entries(check->txn->store, check->txn->tiles, &stored, err));
    if (stored != wanted) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "number of tiles"));
    }
    return OK;
}

static outcome check_head(const struct verification *check, struct error *err)
{
    struct digest root = tree_root(&check->tree);
    if (check->tree.size != check->txn->stored_size || !digest_equal(&root, &check->txn->root)) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "root"));
    }
    for (unsigned level = 0; level < 64; level++) {
        bool is_used = (check->tree.size >> level & 1) != 0;
        if (is_used && !digest_equal(&check->tree.level[level], &check->txn->tree.level[level])) {
            FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "frontier"));
        }
    }
    return OK;
}

FALLIBLE log_verify(struct log_txn *txn, struct log_progress progress, struct log_report *ret,
                    struct error *err)
{
    struct verification check = {.txn = txn};
    struct log_cursor *cursor = NULL;
    BUG_UNLESS(txn->tree.size == txn->stored_size);
    TRY(log_cursor_open(txn, 1, &cursor, err));
    outcome result = check_events(&check, cursor, progress, err);
    log_cursor_close(cursor);
    TRY(result);
    TRY(check_head(&check, err));
    TRY(check_tile_count(&check, err));
    check.report.root = txn->root;
    *ret = check.report;
    return OK;
}
