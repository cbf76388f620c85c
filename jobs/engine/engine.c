/* engine - see engine.h. */
#include "jobs/engine/engine.h"

#include <stdlib.h>

#include "core/io/file.h"
#include "jobs/engine/engine_parts.h"
#include "jobs/engine/erasure.h"
#include "jobs/engine/parts/soundness.h"
#include "jobs/engine/parts/store_here.h"
#include "jobs/engine/project.h"
#include "jobs/engine/templates.h"
#include "jobs/engine/views_switch.h"
#include "jobs/messages.h"

/* The most events that may wait in the views' transaction. A page that many batches touch is then
 * written once, and the transaction's memory stays below 100 MB. */
enum { VIEWS_HELD_MAX = 10000 };

const char *engine_path(const struct engine *engine, struct arena *arena, const char *name)
{
    return arena_format(arena, "%s/%s", engine->options.dir, name).data;
}

outcome engine_own_file(outcome read, struct error *err)
{
    if (!read.ok && err->class == ERROR_MISSING) {
        const struct error_arg path = err->args[0];
        if (file_exists(path.text) || file_is_hidden(path.text)) {
            err->class = ERROR_CONFIG; /* rights, a failing disk: the error says which */
            return error_trace(err, HERE);
        }
        FAIL(CONFIG, MESSAGE_STORE_FILE_MISSING, path);
    }
    return read;
}

struct templates *engine_templates(struct engine *engine)
{
    return engine->templates;
}

const char *engine_dir(const struct engine *engine)
{
    return engine->options.dir;
}

/* Keys of erased persons are there only when an older keyring was put back. */
static outcome forget_erased(struct engine *engine, struct error *err)
{
    bool found = false;
    TRY(engine_begin(engine, err));
    outcome result = erasure_forget(engine, &found, err);
    engine_abort(engine);
    TRY(result);
    return found && engine->options.mode == STORE_WRITE ? erasure_carry_out(engine, 0, err) : OK;
}

/* A writer makes missing views: a rebuild may have been killed between its renames. */
static outcome open_views(struct engine *engine, struct error *err)
{
    const char *dir = engine_path(engine, &engine->arena, "views");
    bool writes = engine->options.mode == STORE_WRITE;
    const char *data = engine_path(engine, &engine->arena, "views/data.mdb");
    if (!writes && !file_exists(data) && !file_is_hidden(data)) {
        FAIL(CORRUPT, MESSAGE_VIEWS_MISSING, ARG_TEXT("path", dir));
    }
    TRY(views_open(dir, engine->options.mode, &engine->views, err));
    if (writes) {
        TRY(project_catch_up(engine, err));
        TRY(views_remove_old(engine, err));
    }
    return engine->people != NULL ? forget_erased(engine, err) : OK;
}

static outcome open_parts(struct engine *engine, struct error *err)
{
    const struct engine_options *options = &engine->options;
    if (options->mode == STORE_WRITE) {
        TRY(store_is_ours(options->dir, err));
        if (!options->holds_lock) {
            TRY(store_lock(options->dir, options->verb, options->wait_seconds, &engine->lock, err));
        }
        TRY(blob_batch_open(engine->blobs_dir, &engine->blobs, err));
    }
    if (options->whole_log) {
        const struct soundness_options pages = {options->dir, options->verb, options->wait_seconds,
                                                options->mode == STORE_WRITE ||
                                                    options->holds_lock};
        TRY(soundness_check(&pages, "log", err));
    }
    TRY(log_open(engine_path(engine, &engine->arena, "log"), options->mode, &engine->log, err));
    if (!options->without_keys) {
        TRY(people_open(engine_path(engine, &engine->arena, "keys"), options->mode, &engine->people,
                        err));
    }
    if (options->without_views) {
        return OK;
    }
    return open_views(engine, err);
}

FALLIBLE engine_open(const struct engine_options *options, struct engine **ret, struct error *err)
{
    struct engine *engine = calloc(1, sizeof *engine);
    MEMORY_UNLESS(engine != NULL);
    engine->options = *options;
    engine->views_held_max = VIEWS_HELD_MAX;
    engine->templates = templates_open();
    arena_init(&engine->arena, 0);
    engine->options.dir = arena_c_string(&engine->arena, str_of(options->dir));
    engine->blobs_dir = engine_path(engine, &engine->arena, "blobs");
    if ((!options->makes_log && !store_here(options->dir, err).ok) || !open_parts(engine, err).ok) {
        engine_close(engine);
        return error_trace(err, HERE);
    }
    *ret = engine;
    return OK;
}

void engine_close(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    engine_abort(engine);
    engine_write_directly(engine);
    if (engine->views != NULL) {
        views_close(engine->views);
    }
    if (engine->log != NULL) {
        log_close(engine->log);
    }
    people_close(engine->people);
    blob_batch_close(engine->blobs);
    templates_close(engine->templates);
    lock_release(engine->lock);
    arena_release(&engine->arena);
    free(engine);
}

void engine_close_views(struct engine *engine)
{
    views_close(engine->views); /* NULL is fine */
    engine->views = NULL;
}

FALLIBLE engine_swap_views(struct engine *engine, const char *dir, struct error *err)
{
    engine_close_views(engine);
    return views_open(dir, STORE_READ, &engine->views, err);
}

FALLIBLE engine_beside(const struct engine *engine, struct engine **ret, struct error *err)
{
    struct engine *beside = calloc(1, sizeof *beside);
    MEMORY_UNLESS(beside != NULL);
    if (!views_beside(engine->views, &beside->views, err).ok) {
        free(beside);
        return error_trace(err, HERE);
    }
    *ret = beside;
    return OK;
}

void engine_beside_close(struct engine *beside)
{
    engine_close_views(beside);
    free(beside);
}

FALLIBLE engine_reopen_views(struct engine *engine, struct error *err)
{
    const char *dir = engine_path(engine, &engine->arena, "views");
    return views_open(dir, engine->options.mode, &engine->views, err);
}

struct log *engine_log(struct engine *engine)
{
    return engine->log;
}

FALLIBLE engine_log_ready(struct engine *engine, struct error *err)
{
    if (engine->scribe != NULL && scribe_has_begun(engine->scribe)) {
        TRY(scribe_settle(engine->scribe, err));
        engine->txn = scribe_txn(engine->scribe);
    }
    return OK;
}

struct log_txn *engine_log_txn(struct engine *engine)
{
    struct error failure;
    if (engine->txn == NULL) {
        BUG_UNLESS(engine_log_ready(engine, &failure).ok);
    }
    return engine->txn;
}

struct views *engine_views(struct engine *engine)
{
    return engine->views;
}

struct people *engine_people(struct engine *engine)
{
    return engine->people;
}

static bool has_begun(const struct engine *engine)
{
    return engine->txn != NULL || (engine->scribe != NULL && scribe_has_begun(engine->scribe));
}

static outcome begin_log(struct engine *engine, struct error *err)
{
    if (engine->scribe != NULL) {
        TRY(scribe_begin(engine->scribe, err));
        engine->txn = scribe_txn(engine->scribe);
        return OK;
    }
    return log_begin(engine->log, engine->options.mode, &engine->txn, err);
}

/* On failure the next transaction begins with catching up. */
static outcome catch_up(struct engine *engine, struct error *err)
{
    engine->views_fell_behind = false;
    if (!project_catch_up(engine, err).ok) {
        engine->views_fell_behind = true;
        return error_trace(err, HERE);
    }
    return OK;
}

FALLIBLE engine_begin(struct engine *engine, struct error *err)
{
    BUG_UNLESS(!has_begun(engine));
    if (engine->views_fell_behind) {
        TRY(catch_up(engine, err));
    }
    /* A reader opens the views first: the log it sees then holds at least what the views show. */
    if (engine->views != NULL) {
        TRY(views_begin(engine->views, err));
    }
    if (!begin_log(engine, err).ok) {
        engine_abort(engine);
        return error_trace(err, HERE);
    }
    engine->last_sequence = log_size(engine->txn);
    engine->log_durable = engine->last_sequence;
    engine->views_durable = engine->last_sequence;
    engine->policies_known = false;
    return OK;
}

/* Create, then log: keys and blobs are durable before an event names them. */
static outcome make_durable(struct engine *engine, struct error *err)
{
    TRY(views_set_applied(engine->views, engine->last_sequence, err));
    if (engine->scribe != NULL) { /* the scribe also flushes keys and blobs */
        scribe_commit_begin(engine->scribe);
        if (!engine->erasing) { /* meanwhile; an erasure aborts them */
            views_prepare(engine->views);
        }
        return scribe_commit_end(engine->scribe, err);
    }
    TRY(people_flush(engine->people, err));
    TRY(blob_batch_flush(engine->blobs, err));
    struct log_txn *txn = engine->txn;
    engine->txn = NULL;
    return log_commit(txn, err);
}

static outcome commit_log(struct engine *engine, struct error *err)
{
    BUG_UNLESS(has_begun(engine) && engine->options.mode == STORE_WRITE);
    if (!make_durable(engine, err).ok) {
        engine_abort(engine);
        return error_trace(err, HERE);
    }
    engine->txn = NULL;
    engine->log_durable = engine->last_sequence;
    return OK;
}

/* The same, later, in the scribe's thread. */
static outcome turn_log(struct engine *engine, struct error *err)
{
    engine->txn = NULL;
    if (!views_set_applied(engine->views, engine->last_sequence, err).ok ||
        !scribe_turn(engine->scribe, err).ok) {
        engine_abort(engine);
        return error_trace(err, HERE);
    }
    engine->log_durable = engine->last_sequence;
    return OK;
}

/* The views of this batch still show the erased person: abort them and apply the log instead. */
static outcome follow_erasure(struct engine *engine, struct error *err)
{
    engine->erasing = false;
    engine->views_held = false;
    views_abort(engine->views);
    return catch_up(engine, err);
}

/* On failure the views lag behind the log and are caught up later. */
static outcome commit_views(struct engine *engine, struct error *err)
{
    engine->views_held = false;
    if (!views_commit(engine->views, err).ok) {
        engine->views_fell_behind = true;
        return error_trace(err, HERE);
    }
    return OK;
}

FALLIBLE engine_commit(struct engine *engine, struct error *err)
{
    TRY(commit_log(engine, err));
    if (engine->erasing) {
        return follow_erasure(engine, err);
    }
    return commit_views(engine, err);
}

FALLIBLE engine_next_batch(struct engine *engine, struct error *err)
{
    bool full = engine->last_sequence - engine->views_durable >= engine->views_held_max;
    if (engine->scribe != NULL && !full && !engine->erasing) {
        TRY(turn_log(engine, err));
        engine->views_held = true;
        return OK;
    }
    TRY(commit_log(engine, err));
    if (engine->erasing) {
        TRY(follow_erasure(engine, err));
        return engine_begin(engine, err);
    }
    if (full) {
        TRY(commit_views(engine, err));
        TRY(engine_begin(engine, err));
        return OK;
    }
    engine->views_held = true;
    return begin_log(engine, err);
}

void engine_hold_views(struct engine *engine, uint64_t events)
{
    engine->views_held_max = events > 0 ? events : VIEWS_HELD_MAX;
    if (events > 0) {
        views_hold_index(engine->views);
    }
}

void engine_abort(struct engine *engine)
{
    engine->erasing = false;
    if (engine->scribe != NULL && scribe_has_begun(engine->scribe)) {
        scribe_abort(engine->scribe);
    } else if (engine->txn != NULL) {
        log_abort(engine->txn);
    }
    engine->txn = NULL;
    if (engine->views != NULL) {
        views_abort(engine->views);
        engine->views_fell_behind |= engine->views_held;
        engine->views_held = false;
    }
    if (engine->blobs != NULL) { /* no event names the blobs of this batch */
        blob_batch_drop(engine->blobs);
    }
}

FALLIBLE engine_write_behind(struct engine *engine, struct error *err)
{
    BUG_UNLESS(!has_begun(engine) && engine->scribe == NULL);
    return scribe_start(engine->people, engine->log, engine->blobs_dir, &engine->scribe, err);
}

void engine_write_directly(struct engine *engine)
{
    BUG_UNLESS(!has_begun(engine));
    scribe_stop(engine->scribe);
    engine->scribe = NULL;
}

void engine_rehearse(struct engine *engine)
{
    people_rehearse(engine->people);
}

uint64_t engine_last_sequence(const struct engine *engine)
{
    return engine->last_sequence;
}

uint64_t engine_in_batch(const struct engine *engine)
{
    return engine->last_sequence - engine->log_durable;
}
