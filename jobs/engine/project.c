/* project - see project.h. Writing and comparing folded views is in folded.c. */
#include "jobs/engine/project.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "jobs/engine/erasure.h"
#include "jobs/engine/folded.h"
#include "jobs/messages.h"

enum { CATCH_UP_BATCH = 10000, PROGRESS_EVERY = 4096 };

static outcome fail_at_event(uint64_t sequence, struct error *err)
{
    /* The views name what contradicts; only here is it known where. */
    if (err->class == ERROR_CORRUPT && err->args_count < ERROR_ARGS_MAX) {
        err->args[err->args_count++] = ARG_INT("event", sequence);
    }
    return error_trace(err, HERE);
}

/* Applies the events from `first` on, at most `limit` of them, to a store. An erasure ends it:
 * views that know what came before it are not to be kept. */
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
            result = error_set(
                err, CORRUPT, HERE, MESSAGE_VIEWS_AHEAD, 2,
                (const struct error_arg[]){{0}, ARG_INT("views", applied), ARG_INT("log", size)});
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
    TRY(result);
    return OK;
}

/* Is the event past the end that was asked for? */
static bool is_past(const Event *event, uint64_t until, int32_t as_of)
{
    return (until != 0 && event->sequence > until) ||
           (event->business_date != NULL && event->business_date->days > as_of);
}

/* An older keyring was put back: what the person's key opened so far is not to be seen. */
static outcome forget(struct engine *engine, const Event *event, bool *again, struct error *err)
{
    bool found = false;
    if (engine_people(engine) == NULL || event->body_case != EVENT__BODY_PERSON_ERASED) {
        return OK;
    }
    const PersonErased *erased = event->person_erased;
    TRY(people_forget(engine_people(engine), str_of(erased->person_id), &found, err));
    *again |= found;
    for (size_t i = 0; i < erased->n_further_ids; i++) {
        TRY(people_forget(engine_people(engine), str_of(erased->further_ids[i]), &found, err));
        *again |= found;
    }
    return OK;
}

static outcome fold_events(struct engine *engine, uint64_t until, int32_t as_of,
                           const struct project_progress *progress, struct folded *folded,
                           bool *again, struct error *err)
{
    struct log_cursor *cursor = NULL;
    struct view_store store = folded_store(folded);
    struct arena *item = folded_item_arena(folded);
    uint64_t total = engine_last_sequence(engine);
    outcome result = log_cursor_open(engine_log_txn(engine), 1, &cursor, err);
    TRY(result);
    while (result.ok) {
        uint64_t sequence = 0;
        bytes stored = {0};
        Event *event = NULL;
        bool found = false;
        result = log_cursor_next(cursor, &found, &sequence, &stored, err);
        if (!result.ok || !found) {
            break;
        }
        result = people_open_event(engine_people(engine), stored, item, &event, err);
        if (result.ok && is_past(event, until, as_of)) {
            break;
        }
        if (result.ok) {
            result = forget(engine, event, again, err);
        }
        if (result.ok) {
            result = views_apply(&store, event, item, err);
        }
        if (!result.ok) {
            result = fail_at_event(sequence, err);
            break;
        }
        folded_set_last(folded, sequence);
        arena_reset(item);
        if (progress != NULL && sequence % PROGRESS_EVERY == 0) {
            progress->step(progress->state, sequence, total);
        }
    }
    log_cursor_close(cursor);
    return result;
}

FALLIBLE project_fold(struct engine *engine, uint64_t until, int32_t as_of,
                      const struct project_progress *progress, struct folded **ret,
                      struct error *err)
{
    struct folded *folded = NULL;
    for (bool again = true; again;) {
        folded_close(folded);
        folded = folded_open();
        again = false;
        if (!fold_events(engine, until, as_of, progress, folded, &again, err).ok) {
            folded_close(folded);
            return error_trace(err, HERE);
        }
    }
    *ret = folded;
    return OK;
}
