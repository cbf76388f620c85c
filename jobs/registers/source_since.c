/* source_since - see source_since.h. */
#include "jobs/registers/source_since.h"

#include <string.h>

#include "core/base/record.h"

/* A row of the register, or the file's own event. */
static bool is_of(const Event *event, const char *kind)
{
    bool row = event->actor != NULL && event->actor->kind == ACTOR_KIND__CODE__IMPORT &&
               strcmp(event->actor->id, kind) == 0;
    return row || (event->body_case == EVENT__BODY_FILE_PROCESSED &&
                   strcmp(event->file_processed->kind, kind) == 0);
}

static outcome look(struct log_txn *txn, uint64_t event, const char *kind, bool *ret,
                    struct error *err)
{
    struct arena item;
    struct log_cursor *cursor = NULL;
    bool found = event <= log_size(txn);
    *ret = !found; /* the log is another than it was */
    if (!found) {
        return OK;
    }
    TRY(log_cursor_open(txn, event + 1, &cursor, err));
    arena_init(&item, 0);
    outcome result = OK;
    while (result.ok && found && !*ret) {
        uint64_t sequence = 0;
        bytes stored = {0};
        ProtobufCMessage *message = NULL;
        result = log_cursor_next(cursor, &found, &sequence, &stored, err);
        if (result.ok && found) {
            result = record_unpack(&event__descriptor, stored, &item, &message, err);
        }
        *ret = result.ok && found && is_of((const Event *)(const void *)message, kind);
        arena_reset(&item);
    }
    arena_release(&item);
    log_cursor_close(cursor);
    return result;
}

FALLIBLE source_since(struct engine *engine, uint64_t event, const char *kind, bool *ret,
                      struct error *err)
{
    struct log_txn *txn = NULL;
    TRY(log_begin(engine_log(engine), STORE_READ, &txn, err));
    outcome looked = look(txn, event, kind, ret, err);
    log_abort(txn);
    return looked.ok ? looked : error_trace(err, HERE);
}

FALLIBLE source_last_event(struct engine *engine, uint64_t *ret, struct error *err)
{
    struct log_txn *txn = NULL;
    TRY(log_begin(engine_log(engine), STORE_READ, &txn, err));
    *ret = log_size(txn);
    log_abort(txn);
    return OK;
}
