/* log_walk - walks over the events of the log; each is unpacked, and valid until the next.
 *
 *     LOG_WALK_AUTO walk = {0};
 *     TRY(log_walk_open(txn, 1, &walk, err));
 *     while (walk.event != NULL) {
 *         look_at(walk.event);
 *         TRY(log_walk_next(&walk, err));
 *     }
 *
 * Personal parts are still sealed, as in the log: people_open_event() opens them. Code that skips
 * most events without unpacking them (history_log, fold_scan) uses the log's own cursor. */
#pragma once

#include <event.pb-c.h>

#include "core/base/arena.h"
#include "core/io/log.h"

struct log_walk {
    struct log_cursor *cursor;
    struct arena item;
    Event *event; /* NULL: the end. Valid until the next step, as are the bytes it came from */
    bytes stored;
};

/* Closes itself where its block is left. */
#define LOG_WALK_AUTO __attribute__((cleanup(log_walk_close))) struct log_walk

/* Stands at event `sequence`, or at the end when there is none of that number yet. `ret` is zero
 * before, and `txn` outlives it.
 * fails   as log_cursor_next, record_unpack */
FALLIBLE log_walk_open(struct log_txn *txn, uint64_t sequence, struct log_walk *ret,
                       struct error *err);
FALLIBLE log_walk_next(struct log_walk *walk, struct error *err);
void log_walk_close(struct log_walk *walk);
