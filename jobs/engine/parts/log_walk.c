/* log_walk - see log_walk.h. */
#include "jobs/engine/parts/log_walk.h"

#include "core/base/record.h"

FALLIBLE log_walk_open(struct log_txn *txn, uint64_t sequence, struct log_walk *ret,
                       struct error *err)
{
    TRY(log_cursor_open(txn, sequence, &ret->cursor, err));
    arena_init(&ret->item, 0);
    return log_walk_next(ret, err);
}

FALLIBLE log_walk_next(struct log_walk *walk, struct error *err)
{
    ProtobufCMessage *message = NULL;
    uint64_t sequence = 0;
    bool found = false;
    walk->event = NULL;
    TRY(log_cursor_next(walk->cursor, &found, &sequence, &walk->stored, err));
    arena_reset(&walk->item);
    if (found) {
        TRY(record_unpack(&event__descriptor, walk->stored, &walk->item, &message, err));
        walk->event = (Event *)(void *)message;
    }
    return OK;
}

void log_walk_close(struct log_walk *walk)
{
    if (walk->cursor != NULL) {
        log_cursor_close(walk->cursor);
        arena_release(&walk->item);
    }
    *walk = (struct log_walk){0};
}
