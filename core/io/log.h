/* log - the append-only log of events: their bytes, numbers and hashes. The log does not know what
 * an event means.
 *
 * Events are numbered from 1 without a gap; event n is leaf n - 1 of the tree. One transaction
 * appends the event, its leaf hash, the tiles, the frontier, size and root, and the ids. The
 * format, exact to the byte, and the invariants L1.. are in docs/log-format.md. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/io/digest.h"
#include "core/io/store.h"
#include "core/io/tree.h"

enum { LOG_PAYLOAD_MAX = 65535 };

struct log;
struct log_txn;
struct log_cursor;

/* Opens DIR/log (`dir` is that directory); in write mode makes it when absent.
 * fails   as store_open; CORRUPT LOG_FORMAT for another format version */
FALLIBLE log_open(const char *dir, enum store_mode mode, struct log **ret, struct error *err);
void log_close(struct log *log);
/* The path of the data file, for pages_check. */
const char *log_data_path(const struct log *log);

FALLIBLE log_begin(struct log *log, enum store_mode mode, struct log_txn **ret, struct error *err);
/* A further read transaction, for another thread: it sees what `txn` sees, and what was committed
 * since. `txn` must not have appended anything.
 * fails   RESOURCE, as store_begin */
FALLIBLE log_begin_beside(const struct log_txn *txn, struct log_txn **ret, struct error *err);
/* Durable on return; the transaction is gone either way. fails RESOURCE, as store_commit */
FALLIBLE log_commit(struct log_txn *txn, struct error *err);
void log_abort(struct log_txn *txn);

/* fails   RESOURCE as store_put; INVALID LOG_TOO_LARGE beyond LOG_PAYLOAD_MAX bytes */
FALLIBLE log_append(struct log_txn *txn, bytes payload, uint64_t *ret_sequence, struct error *err);
/* Number of events, in this transaction's sight. */
uint64_t log_size(const struct log_txn *txn);
struct digest log_root(const struct log_txn *txn);
/* Approximate size of the data file. */
uint64_t log_bytes(const struct log_txn *txn);
/* fails   CORRUPT LOG_EVENT_MISSING; sequence must be 1..log_size */
FALLIBLE log_get(struct log_txn *txn, uint64_t sequence, bytes *ret, struct error *err);

/* Walks from `sequence` to the end. A long walk releases the memory of the pages that it has passed
 * (mapped.h). *ret_found false: the end, at exactly log_size.
 * fails   CORRUPT LOG_EVENT_MISSING when a number is left out */
FALLIBLE log_cursor_open(struct log_txn *txn, uint64_t sequence, struct log_cursor **ret,
                         struct error *err);
FALLIBLE log_cursor_next(struct log_cursor *cursor, bool *ret_found, uint64_t *ret_sequence,
                         bytes *ret_payload, struct error *err);
void log_cursor_close(struct log_cursor *cursor);

/* What an accepted wish left in the log: its first and last event, and the digest of its content.
 */
struct log_id {
    struct digest content;
    uint64_t first;
    uint64_t last;
};

/* key     1..STORE_KEY_MAX bytes: actor and action id, as the engine joins them */
FALLIBLE log_id_find(struct log_txn *txn, bytes key, struct log_id *ret, bool *ret_found,
                     struct error *err);
FALLIBLE log_id_put(struct log_txn *txn, bytes key, const struct log_id *id, struct error *err);

/* Small named values beside the log's own ("format" and "head" are taken). Absent: data NULL. */
FALLIBLE log_meta_get(struct log_txn *txn, const char *name, bytes *ret, struct error *err);
FALLIBLE log_meta_put(struct log_txn *txn, const char *name, bytes value, struct error *err);
FALLIBLE log_meta_delete(struct log_txn *txn, const char *name, struct error *err);

/* Reads the stored tiles of committed events; valid while the transaction is. For tree_inclusion
 * and the like, up to log_size. In a write transaction, only before the first append. */
struct tree_reader log_tree_reader(struct log_txn *txn);
/* The hashes of a tile as they are stored, at least `tile.width` of them.
 * fails   CORRUPT LOG_TILE_DAMAGED */
FALLIBLE log_tile(struct log_txn *txn, struct tile tile, bytes *ret, struct error *err);
/* The root of the first `size` events; size <= log_size. */
FALLIBLE log_root_at(struct log_txn *txn, uint64_t size, struct digest *ret, struct error *err);

struct log_report {
    uint64_t events;
    uint64_t payload_bytes;
    struct digest root;
};

/* Called before anything and about every 65 536 events, in the caller's thread; false stops with
 * BUSY LOG_STOPPED. May be NULL in `progress`. */
struct log_progress {
    bool (*tell)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/* Verifies everything, in one thread per processor: numbers without a gap, every leaf hash against
 * its tile, tiles against the tiles above them, frontier and root. Does not look at pages
 * (pages_check) or checkpoints.
 * fails   CORRUPT LOG_EVENT_MISSING, LOG_EVENT_ALTERED, LOG_TILE_DAMAGED (event number),
 *         LOG_HEAD_DAMAGED; of several flaws the one of the lowest event */
FALLIBLE log_verify(struct log_txn *txn, struct log_progress progress, struct log_report *ret,
                    struct error *err);

/* Verifies only the events behind the first `size`, whose root the caller has verified already:
 * their hashes, and that the log's root follows from that root and from them. Does not look at the
 * rest of what is stored, as log_verify() does.
 * fails   CORRUPT, BUSY, as log_verify() */
FALLIBLE log_verify_since(struct log_txn *txn, uint64_t size, struct log_progress progress,
                          struct error *err);

/* What an event says about its own place in the log: its number and its day. Days never decrease
 * from one event to the next. The log cannot read events; the caller supplies a function that can.
 */
struct log_head {
    uint64_t number;
    int64_t day;
};
/* False when the payload has no such values. Called in several threads. */
typedef bool log_head_reader(bytes payload, struct log_head *ret);

/* log_verify() in pieces, for a caller with other work to do: threads that would otherwise wait
 * each verify a piece. */
struct log_check;
struct log_check *log_check_start(struct log_txn *txn, struct log_progress progress);
/* Also checks numbers and days, read by `read`; call it before any piece is verified.
 * log_check_finish() may then also fail with CORRUPT LOG_EVENT_OUT_OF_PLACE. */
void log_check_heads(struct log_check *check, log_head_reader *read);
/* One piece, about 65 536 events, in the calling thread and by its own transaction; false when
 * there is none left. What it finds is told by log_check_finish(). */
bool log_check_some(struct log_check *check, struct log_txn *txn);
/* All the rest, as log_verify(); the check is over. `ret` NULL: only frees it. */
FALLIBLE log_check_finish(struct log_check *check, struct log_report *ret, struct error *err);

/* Every id: its numbers, and its own check where it has one (older programs wrote none).
 * fails   CORRUPT LOG_ID_ALTERED (event), LOG_HEAD_DAMAGED when there is no table of them */
FALLIBLE log_verify_ids(struct log_txn *txn, struct error *err);
