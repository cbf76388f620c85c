/* source_since - see source_since.h. */
#include "jobs/registers/source_since.h"

#include <string.h>

#include "jobs/engine/parts/log_walk.h"

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
    LOG_WALK_AUTO walk = {0};
    *ret = true;
    if (event > log_size(txn)) {
        return OK; /* the log is another than it was */
    }
    TRY(log_walk_open(txn, event + 1, &walk, err));
    while (walk.event != NULL && !is_of(walk.event, kind)) {
        TRY(log_walk_next(&walk, err));
    }
    *ret = walk.event != NULL;
    return OK;
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
