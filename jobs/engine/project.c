/* project - see project.h. Writing and comparing is in project_views.c. */
#include "jobs/engine/project.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/engine/erasure.h"
#include "jobs/engine/fold/fold.h"
#include "jobs/messages.h"

enum { CATCH_UP_BATCH = 10000 };

static outcome fail_at_event(uint64_t sequence, struct error *err)
{
    /* The views name the contradiction; only this place knows its event. */
    if (err->class == ERROR_CORRUPT && err->args_count < ERROR_ARGS_MAX) {
        err->args[err->args_count++] = ARG_INT("event", sequence);
    }
    return error_trace(err, HERE);
}

/* Applies at most `limit` events from `first` on to a store. It ends at an erasure, because views
 * that hold the erased data must not be kept. */
static outcome apply_events(struct engine *engine, uint64_t first, uint64_t limit,
                            struct arena *item, bool *ret_erasure, struct error *err)
{
    const struct view_store store = views_store(engine_views(engine));
    struct log_cursor *cursor = NULL;
    bool found = true;
    outcome result = log_cursor_open(engine_log_txn(engine), first, &cursor, err);
    TRY(result);
    for (uint64_t i = 0; i < limit && result.ok && found; i++) {
        uint64_t sequence = 0;
        bytes stored = {0};
        Event *event = NULL;
        result = log_cursor_next(cursor, &found, &sequence, &stored, err);
        if (!result.ok || !found) {
            break;
        }
        result = people_open_event(engine_people(engine), stored, item, &event, err);
        *ret_erasure = result.ok && event->body_case == EVENT__BODY_PERSON_ERASED;
        if (*ret_erasure) {
            break;
        }
        if (result.ok) {
            result = views_apply(&store, event, item, err);
        }
        if (!result.ok) {
            result = fail_at_event(sequence, err);
        }
        arena_reset(item);
    }
    log_cursor_close(cursor);
    return result;
}

FALLIBLE project_catch_up(struct engine *engine, struct error *err)
{
    struct arena item;
    outcome result = OK;
    bool behind = true;
    bool erasure = false;
    arena_init(&item, 0);
    while (behind && !erasure) {
        result = engine_begin(engine, err);
        if (!result.ok) {
            break;
        }
        uint64_t applied = views_applied(engine_views(engine));
        uint64_t size = engine_last_sequence(engine);
        behind = applied < size;
        if (applied > size) {
            result = ERROR_SET(err, CORRUPT, MESSAGE_VIEWS_AHEAD, ARG_INT("views", applied),
                               ARG_INT("log", size));
        } else if (behind) {
            uint64_t count = size - applied < CATCH_UP_BATCH ? size - applied : CATCH_UP_BATCH;
            result = apply_events(engine, applied + 1, count, &item, &erasure, err);
            if (result.ok && !erasure) {
                result = views_set_applied(engine_views(engine), applied + count, err);
            }
            if (result.ok && !erasure) {
                result = views_commit(engine_views(engine), err);
            }
        }
        engine_abort(engine); /* the log was only read */
        if (result.ok && erasure) {
            result = erasure_carry_out(engine, applied, err);
        }
        if (!result.ok) {
            break;
        }
    }
    arena_release(&item);
    return result;
}

FALLIBLE project_each(struct engine *engine, const struct fold_options *options,
                      const struct fold_sink *sink, uint64_t *ret_last, struct error *err)
{
    const struct fold_source fold = {engine_log_txn(engine), engine_people(engine), options};
    return fold_run(&fold, sink, ret_last, err);
}
