/* log_verify - log_verify() and log_check_...() of log.h: reads the log once, a chunk of 256 tiles
 * at a time, in several threads.
 *
 * Each event is hashed and compared with its stored leaf hash, so that damage is named with the
 * event; each subtree of 256^n leaves is compared with its stored hash when it is complete. Chunks
 * are handed out in the order of their events. When one is flawed, the earlier chunks are still
 * finished, so the lowest flawed event is reported whichever thread found it. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/digest_many.h"
#include "core/io/log_format.h"
#include "core/io/messages.h"
#include "core/io/threads.h"

enum { CHUNK_TILES = 256, CHUNK = TREE_TILE_WIDTH * CHUNK_TILES, CHUNK_LEVEL = 2 };

/* Of the first and the last event of a chunk. */
struct days {
    int64_t first;
    int64_t last;
};

/* What all threads share. What is not constant is under the lock. */
struct log_check {
    struct log_txn *txn; /* the calling thread's */
    struct log_progress progress;
    uint64_t size;
    uint64_t chunks;
    enum digest_way way;
    struct digest *roots;       /* of the chunks; each written by whoever has the chunk */
    log_head_reader *read_head; /* NULL: nothing is asked */
    struct days *days;          /* of the chunks, likewise */
    /* The frontier of the last, partial chunk. */
    struct tree last_tile;  /* leaves of the last, partial tile */
    struct tree last_chunk; /* tiles of the last, partial chunk */

    pthread_mutex_t lock;
    uint64_t next; /* chunk to be handed out */
    uint64_t done; /* events */
    uint64_t payload_bytes;
    uint64_t flawed; /* the lowest flawed chunk, `chunks` for none */
    struct error error;
};

/* One thread's. */
struct verifier {
    struct log_check *shared;
    struct log_txn *txn;
    uint64_t payload_bytes;
    struct days days; /* of the chunk so far */
};

static unsigned least(uint64_t left, unsigned most)
{
    return left < most ? (unsigned)left : most;
}

static outcome fail_at(unsigned level, uint64_t index, struct error *err)
{
    if (level == 0) {
        FAIL(CORRUPT, MESSAGE_LOG_EVENT_ALTERED, ARG_INT("event", index + 1));
    }
    FAIL(CORRUPT, MESSAGE_LOG_TILE_DAMAGED, ARG_INT("level", level),
         ARG_INT("event", (index << 8 * level) + 1));
}

/* Are `count` hashes of a level from `index` on, where a tile begins, those in the store? L6 */
static outcome check_tile(const struct verifier *verifier, unsigned level, uint64_t index,
                          const struct digest *hashes, unsigned count, struct error *err)
{
    struct tile tile = {level, index / TREE_TILE_WIDTH, count};
    uint64_t left = tree_level_count(verifier->txn->stored_size, level) - index;
    bytes stored;
    TRY(log_tile(verifier->txn, tile, &stored, err));
    if (stored.size != least(left, TREE_TILE_WIDTH) * (size_t)DIGEST_SIZE) {
        FAIL(CORRUPT, MESSAGE_LOG_TILE_DAMAGED, ARG_INT("level", level),
             ARG_INT("event", (index << 8 * level) + 1));
    }
    for (unsigned i = 0; i < count; i++) {
        if (memcmp(stored.data + i * (size_t)DIGEST_SIZE, hashes[i].data, DIGEST_SIZE) != 0) {
            return fail_at(level, index + i, err);
        }
    }
    return OK;
}

/* The root of the tree over the hashes; keeps its frontier when it is not a complete subtree. */
static struct digest root_of(enum digest_way way, struct digest *hashes, unsigned count,
                             struct tree *ret_partial)
{
    struct digest made[TREE_TILE_LEVELS];
    if (count == TREE_TILE_WIDTH) {
        return digest_subtree(way, hashes, count);
    }
    tree_init(ret_partial);
    for (unsigned i = 0; i < count; i++) {
        (void)tree_add(ret_partial, &hashes[i], made); /* only the frontier is needed */
    }
    return (struct digest){{0}};
}

static outcome out_of_place(uint64_t index, const char *what, struct error *err)
{
    FAIL(CORRUPT, MESSAGE_LOG_EVENT_OUT_OF_PLACE, ARG_INT("event", index + 1),
         ARG_TEXT("what", what));
}

/* Is the sequence inside the event its own number? L2 */
static outcome check_head(struct verifier *verifier, uint64_t index, bytes payload,
                          struct error *err)
{
    struct log_head head = {0};
    struct days *days = &verifier->days;
    if (!verifier->shared->read_head(payload, &head)) {
        return out_of_place(index, "number and day", err);
    }
    if (head.number != index + 1) {
        return out_of_place(index, "number", err);
    }
    days->first = index % CHUNK == 0 ? head.day : days->first;
    if (index % CHUNK != 0 && head.day < days->last) {
        return out_of_place(index, "day", err);
    }
    days->last = head.day;
    return OK;
}

/* Reads, hashes and compares the leaves of one tile; *ret_root when it is full. */
static outcome verify_tile(struct verifier *verifier, struct log_cursor *cursor, uint64_t index,
                           unsigned count, struct digest *ret_root, struct error *err)
{
    bytes payloads[TREE_TILE_WIDTH];
    struct digest leaves[TREE_TILE_WIDTH];
    for (unsigned i = 0; i < count; i++) {
        bool found = false;
        uint64_t sequence = 0;
        TRY(log_cursor_next(cursor, &found, &sequence, &payloads[i], err)); /* L1 */
        verifier->payload_bytes += payloads[i].size;
    }
    digest_leaves(verifier->shared->way, payloads, count, leaves); /* L4 */
    TRY(check_tile(verifier, 0, index, leaves, count, err));
    for (unsigned i = 0; verifier->shared->read_head != NULL && i < count; i++) {
        TRY(check_head(verifier, index + i, payloads[i], err));
    }
    *ret_root = root_of(verifier->shared->way, leaves, count, &verifier->shared->last_tile);
    return OK;
}

/* Nothing may lie behind the last event. L1 */
static outcome verify_end(struct log_cursor *cursor, struct error *err)
{
    bool found = false;
    uint64_t sequence = 0;
    bytes payload;
    TRY(log_cursor_next(cursor, &found, &sequence, &payload, err));
    BUG_UNLESS(!found); /* the cursor ends where the size does, or fails */
    return OK;
}

static outcome verify_in_chunk(struct verifier *verifier, struct log_cursor *cursor, uint64_t chunk,
                               struct error *err)
{
    struct log_check *shared = verifier->shared;
    struct digest roots[CHUNK_TILES];
    uint64_t first = chunk * CHUNK;
    unsigned events = least(shared->size - first, CHUNK);
    unsigned full = events / TREE_TILE_WIDTH;
    for (unsigned tile = 0; tile * TREE_TILE_WIDTH < events; tile++) {
        unsigned count = least(events - tile * TREE_TILE_WIDTH, TREE_TILE_WIDTH);
        TRY(verify_tile(verifier, cursor, first + tile * TREE_TILE_WIDTH, count, &roots[tile],
                        err));
    }
    if (full > 0) {
        TRY(check_tile(verifier, 1, chunk * CHUNK_TILES, roots, full, err));
    }
    shared->roots[chunk] = root_of(shared->way, roots, full, &shared->last_chunk);
    shared->days[chunk] = verifier->days;
    return OK;
}

static outcome verify_chunk(struct verifier *verifier, uint64_t chunk, struct error *err)
{
    struct log_cursor *cursor = NULL;
    TRY(log_cursor_open(verifier->txn, chunk * CHUNK + 1, &cursor, err));
    outcome result = verify_in_chunk(verifier, cursor, chunk, err);
    /* Another thread's transaction may see events that were appended since. */
    if (result.ok && chunk + 1 == verifier->shared->chunks &&
        verifier->txn->stored_size == verifier->shared->size) {
        result = verify_end(cursor, err);
    }
    log_cursor_close(cursor);
    return result;
}

/* --- threads -----------------------------------------------------------------------------------
 */

static bool take(struct log_check *shared, uint64_t *ret_chunk)
{
    (void)pthread_mutex_lock(&shared->lock); /* cannot fail on an initialised mutex */
    bool more = shared->next < shared->chunks && shared->flawed == shared->chunks;
    *ret_chunk = more ? shared->next++ : 0;
    (void)pthread_mutex_unlock(&shared->lock); /* as above */
    return more;
}

/* Notes the flaw of the lowest chunk. A stop counts as a flaw of the chunks not yet handed out. */
static void note(struct log_check *shared, uint64_t chunk, outcome result,
                 const struct error *error)
{
    (void)pthread_mutex_lock(&shared->lock); /* as above */
    if (!result.ok && chunk < shared->flawed) {
        shared->flawed = chunk;
        shared->error = *error;
    }
    shared->done += result.ok ? least(shared->size - chunk * CHUNK, CHUNK) : 0;
    (void)pthread_mutex_unlock(&shared->lock); /* as above */
}

static uint64_t done_by_all(struct log_check *shared)
{
    (void)pthread_mutex_lock(&shared->lock); /* as above */
    uint64_t done = shared->done;
    (void)pthread_mutex_unlock(&shared->lock); /* as above */
    return done;
}

static outcome tell(struct log_check *shared, struct error *err)
{
    uint64_t done = done_by_all(shared);
    if (shared->progress.tell != NULL &&
        !shared->progress.tell(shared->progress.context, done, shared->size)) {
        FAIL(BUSY, MESSAGE_LOG_STOPPED, ARG_INT("event", done), ARG_INT("events", shared->size));
    }
    return OK;
}

bool log_check_some(struct log_check *check, struct log_txn *txn)
{
    struct verifier verifier = {.shared = check, .txn = txn};
    struct error error = {0};
    uint64_t chunk = 0;
    if (!take(check, &chunk)) {
        return false;
    }
    outcome result = verify_chunk(&verifier, chunk, &error);
    note(check, chunk, result, &error);
    (void)pthread_mutex_lock(&check->lock); /* as above */
    check->payload_bytes += verifier.payload_bytes;
    (void)pthread_mutex_unlock(&check->lock); /* as above */
    return true;
}

/* The calling thread reports the progress of all. */
static void verify_and_tell(struct log_check *shared)
{
    do {
        struct error error = {0};
        outcome result = tell(shared, &error);
        if (!result.ok) {
            note(shared, shared->chunks - 1, result, &error);
        }
    } while (log_check_some(shared, shared->txn));
}

static void work(void *state, unsigned number)
{
    struct log_check *shared = state;
    struct log_txn *txn = NULL;
    struct error ignored;
    if (number == 0) {
        verify_and_tell(shared);
    } else if (log_begin_beside(shared->txn, &txn, &ignored).ok) {
        while (log_check_some(shared, txn)) { /* else the others do it all */
        }
        log_abort(txn);
    }
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* The levels above the chunks, and the tree's own frontier. */
static outcome check_upper(const struct log_check *shared, struct tree *ret, struct error *err)
{
    const struct verifier verifier = {.txn = shared->txn};
    struct digest tile[TREE_TILE_LEVELS][TREE_TILE_WIDTH];
    struct digest made[TREE_TILE_LEVELS];
    struct tree upper;
    tree_init(&upper);
    for (uint64_t i = 0; i < shared->size / CHUNK; i++) {
        unsigned count = tree_add(&upper, &shared->roots[i], made);
        for (unsigned n = 0; n < count; n++) {
            uint64_t index = tree_level_count(upper.size, n) - 1;
            uint64_t total = tree_level_count(shared->size, CHUNK_LEVEL + n);
            unsigned at = (unsigned)(index % TREE_TILE_WIDTH);
            tile[n][at] = made[n];
            if (at + 1 == TREE_TILE_WIDTH || index + 1 == total) {
                TRY(check_tile(&verifier, CHUNK_LEVEL + n, index - at, tile[n], at + 1, err));
            }
        }
    }
    tree_init(ret);
    ret->size = shared->size;
    for (unsigned level = 0; level < 64; level++) {
        ret->level[level] = level < 8    ? shared->last_tile.level[level]
                            : level < 16 ? shared->last_chunk.level[level - 8]
                                         : upper.level[level - 16];
    }
    return OK;
}

/* L7: there are no tiles beyond those for this size. */
static outcome check_tile_count(const struct log_check *shared, struct error *err)
{
    uint64_t wanted = 0;
    uint64_t stored = 0;
    for (unsigned level = 0; level < TREE_TILE_LEVELS; level++) {
        uint64_t count = tree_level_count(shared->size, level);
        wanted += (count + TREE_TILE_WIDTH - 1) / TREE_TILE_WIDTH;
    }
    TRY(store_entries(shared->txn->store, shared->txn->tiles, &stored, err));
    if (stored != wanted) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "number of tiles"));
    }
    return OK;
}

static outcome check_root(const struct log_check *shared, struct error *err)
{
    struct tree tree;
    TRY(check_upper(shared, &tree, err));
    struct digest root = tree_root(&tree);
    if (!digest_equal(&root, &shared->txn->root)) {
        FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "root"));
    }
    for (unsigned level = 0; level < 64; level++) {
        bool is_used = (tree.size >> level & 1) != 0;
        if (is_used && !digest_equal(&tree.level[level], &shared->txn->tree.level[level])) {
            FAIL(CORRUPT, MESSAGE_LOG_HEAD_DAMAGED, ARG_TEXT("what", "frontier"));
        }
    }
    return OK;
}

/* Days must not go back between two chunks; within the chunks this was checked. */
static outcome check_days(const struct log_check *shared, struct error *err)
{
    for (uint64_t i = 1; i < shared->chunks; i++) {
        if (shared->days[i].first < shared->days[i - 1].last) {
            return out_of_place(i * CHUNK, "day", err);
        }
    }
    return OK;
}

/* An empty log has no chunk, but its table may still have entries, which are a flaw. */
static outcome verify_all(struct log_check *shared, struct error *err)
{
    struct log_cursor *cursor = NULL;
    if (shared->size == 0) {
        TRY(log_cursor_open(shared->txn, 1, &cursor, err));
        outcome ended = verify_end(cursor, err);
        log_cursor_close(cursor);
        TRY(ended);
    } else {
        threads_run(least(shared->chunks, threads_available()), work, shared);
    }
    if (shared->flawed < shared->chunks) {
        *err = shared->error;
        return error_trace(err, HERE);
    }
    TRY(check_days(shared, err));
    TRY(check_root(shared, err));
    return check_tile_count(shared, err);
}

struct log_check *log_check_start(struct log_txn *txn, struct log_progress progress)
{
    uint64_t size = txn->stored_size;
    uint64_t chunks = (size + CHUNK - 1) / CHUNK;
    BUG_UNLESS(txn->tree.size == size);
    struct log_check *check = calloc(1, sizeof *check);
    MEMORY_UNLESS(check != NULL);
    *check = (struct log_check){.txn = txn,
                                .progress = progress,
                                .size = size,
                                .chunks = chunks,
                                .way = digest_best_way(),
                                .flawed = chunks,
                                .roots = calloc(chunks + 1, sizeof(struct digest)),
                                .days = calloc(chunks + 1, sizeof(struct days))};
    MEMORY_UNLESS(check->roots != NULL && check->days != NULL);
    (void)pthread_mutex_init(&check->lock, NULL); /* default attributes: cannot fail */
    return check;
}

void log_check_heads(struct log_check *check, log_head_reader *read)
{
    check->read_head = read;
}

FALLIBLE log_check_finish(struct log_check *check, struct log_report *ret, struct error *err)
{
    outcome verified = ret != NULL ? verify_all(check, err) : OK;
    if (verified.ok && ret != NULL) {
        *ret = (struct log_report){check->size, check->payload_bytes, check->txn->root};
    }
    (void)pthread_mutex_destroy(&check->lock); /* no thread is left */
    free(check->roots);
    free(check->days);
    free(check);
    return verified;
}

FALLIBLE log_verify(struct log_txn *txn, struct log_progress progress, struct log_report *ret,
                    struct error *err)
{
    return log_check_finish(log_check_start(txn, progress), ret, err);
}
