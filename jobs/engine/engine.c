/* engine - see engine.h. */
#include "jobs/engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "jobs/engine/erasure.h"
#include "jobs/engine/project.h"
#include "jobs/engine/soundness.h"
#include "jobs/engine/store_here.h"
#include "jobs/engine/switch.h"
#include "jobs/engine/templates.h"
#include "jobs/messages.h"

/* So many events may wait in the views' transaction: a page that many batches touch is written
 * once, and what it keeps in memory stays below 100 MB. */
enum { VIEWS_HELD_MAX = 10000 };

struct engine {
    struct engine_options options;
    struct arena arena; /* the paths */
    const char *blobs_dir;
    struct lock *lock;
    struct log *log;
    struct log_txn *txn;
    struct views *views;
    struct people *people;
    struct blob_batch *blobs;
    uint64_t last_sequence;
    uint64_t log_durable;     /* the last event that is committed */
    uint64_t views_durable;   /* the last event of the views when their transaction began */
    uint64_t views_held_max;  /* events */
    bool views_held;          /* their transaction holds batches that are in the log */
    bool views_fell_behind;   /* it was aborted with them */
    bool erasing;             /* the batch erases somebody: its views are not to be kept */
    struct policies policies; /* as they stand in this transaction, once they were asked for */
    bool policies_known;
    struct templates *templates;
};

const char *engine_path(const struct engine *engine, struct arena *arena, const char *name)
{
    return arena_format(arena, "%s/%s", engine->options.dir, name).data;
}

outcome engine_own_file(outcome read, struct error *err)
{
    if (!read.ok && err->class == ERROR_MISSING) {
        const struct error_arg path = err->args[0];
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

/* Keys of erased persons can only be there when an older keyring was put back. */
static outcome forget_erased(struct engine *engine, struct error *err)
{
    bool found = false;
    TRY(engine_begin(engine, err));
    outcome result = erasure_forget(engine, &found, err);
    engine_abort(engine);
    TRY(result);
    return found && engine->options.mode == STORE_WRITE ? erasure_carry_out(engine, 0, err) : OK;
}

/* A writer makes views that are not there, as after a rebuild that was killed between its renames.
 */
static outcome open_views(struct engine *engine, struct error *err)
{
    const char *dir = engine_path(engine, &engine->arena, "views");
    bool writes = engine->options.mode == STORE_WRITE;
    if (!writes && !file_exists(engine_path(engine, &engine->arena, "views/data.mdb"))) {
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
            TRY(lock_take(options->dir, options->verb, options->wait_seconds, &engine->lock, err));
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
    BUG_UNLESS(engine != NULL);
    engine->options = *options;
    engine->views_held_max = VIEWS_HELD_MAX;
    engine->templates = templates_open();
    arena_init(&engine->arena, 0);
    engine->options.dir = arena_c_string(&engine->arena, str_of(options->dir));
    engine->blobs_dir = engine_path(engine, &engine->arena, "blobs");
    if (!store_here(options->dir, err).ok || !open_parts(engine, err).ok) {
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
    TRY(views_open(dir, STORE_READ, &engine->views, err));
    return OK;
}

FALLIBLE engine_beside(const struct engine *engine, struct engine **ret, struct error *err)
{
    struct engine *beside = calloc(1, sizeof *beside);
    BUG_UNLESS(beside != NULL);
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
    TRY(views_open(dir, engine->options.mode, &engine->views, err));
    return OK;
}

struct log *engine_log(struct engine *engine)
{
    return engine->log;
}

struct log_txn *engine_log_txn(struct engine *engine)
{
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

FALLIBLE engine_begin(struct engine *engine, struct error *err)
{
    BUG_UNLESS(engine->txn == NULL);
    if (engine->views_fell_behind) {
        engine->views_fell_behind = false;
        TRY(project_catch_up(engine, err));
    }
    /* Readers take the views first: the log they see then holds at least what the views show. */
    if (engine->views != NULL) {
        TRY(views_begin(engine->views, err));
    }
    if (!log_begin(engine->log, engine->options.mode, &engine->txn, err).ok) {
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
static outcome commit_log(struct engine *engine, struct error *err)
{
    BUG_UNLESS(engine->txn != NULL && engine->options.mode == STORE_WRITE);
    TRY(people_flush(engine->people, err));
    TRY(blob_batch_flush(engine->blobs, err));
    TRY(views_set_applied(engine->views, engine->last_sequence, err));
    struct log_txn *txn = engine->txn;
    engine->txn = NULL;
    if (!log_commit(txn, err).ok) {
        engine_abort(engine);
        return error_trace(err, HERE);
    }
    engine->log_durable = engine->last_sequence;
    return OK;
}

/* The views of this batch still show who was erased: the log is carried out instead. */
static outcome follow_erasure(struct engine *engine, struct error *err)
{
    engine->erasing = false;
    engine->views_held = false;
    views_abort(engine->views);
    TRY(project_catch_up(engine, err));
    return OK;
}

FALLIBLE engine_commit(struct engine *engine, struct error *err)
{
    TRY(commit_log(engine, err));
    if (engine->erasing) {
        return follow_erasure(engine, err);
    }
    engine->views_held = false;
    TRY(views_commit(engine->views, err));
    return OK;
}

FALLIBLE engine_next_batch(struct engine *engine, struct error *err)
{
    TRY(commit_log(engine, err));
    if (engine->erasing) {
        TRY(follow_erasure(engine, err));
        return engine_begin(engine, err);
    }
    if (engine->last_sequence - engine->views_durable >= engine->views_held_max) {
        engine->views_held = false;
        TRY(views_commit(engine->views, err));
        TRY(engine_begin(engine, err));
        return OK;
    }
    engine->views_held = true;
    TRY(log_begin(engine->log, engine->options.mode, &engine->txn, err));
    return OK;
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
    if (engine->txn != NULL) {
        log_abort(engine->txn);
        engine->txn = NULL;
    }
    if (engine->views != NULL) {
        views_abort(engine->views);
        engine->views_fell_behind |= engine->views_held;
        engine->views_held = false;
    }
    if (engine->blobs != NULL) { /* what the batch put is not named by any event */
        struct error ignored;
        blob_batch_close(engine->blobs);
        engine->blobs = NULL;
        /* Opening touches no file. */
        BUG_UNLESS(blob_batch_open(engine->blobs_dir, &engine->blobs, &ignored).ok);
    }
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

uint64_t engine_lag(struct engine *engine)
{
    return engine->last_sequence - views_applied(engine->views);
}

Event *event_new(Event__BodyCase body, struct arena *arena)
{
    Event *event = RECORD_NEW(arena, Event, event);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&event__descriptor, body);
    BUG_UNLESS(field != NULL);
    event->body_case = body;
    *(ProtobufCMessage **)(void *)((char *)event + field->offset) =
        record_new(field->descriptor, arena);
    return event;
}

/* The envelope that is the same for every event of a run. */
static void fill_envelope(Event *event, const struct run *run, uint64_t sequence,
                          struct arena *arena)
{
    event->sequence = sequence;
    event->recorded_at_us = run->moment.now_us;
    event->business_date = RECORD_NEW(arena, Date, date);
    event->business_date->days = run->moment.today;
    event->operator_ = arena_c_string(arena, str_of(run->operator));
    event->reason = arena_c_string(arena, str_of(run->reason));
    if (event->actor == NULL) {
        event->actor = RECORD_NEW(arena, Actor, actor);
        event->actor->kind = ACTOR_KIND__CODE__OPERATOR;
        event->actor->id = event->operator_;
    }
}

FALLIBLE engine_append(struct engine *engine, const struct run *run, Event *event,
                       struct arena *arena, uint64_t *ret_sequence, struct error *err)
{
    bytes stored = {0};
    uint64_t sequence = 0;
    BUG_UNLESS(engine->txn != NULL && event->body_case != EVENT__BODY__NOT_SET);
    fill_envelope(event, run, engine->last_sequence + 1, arena);
    TRY(people_seal_event(engine->people, event, arena, &stored, err));
    TRY(log_append(engine->txn, stored, &sequence, err));
    BUG_UNLESS(sequence == engine->last_sequence + 1);
    struct view_store store = views_store(engine->views);
    TRY(views_apply(&store, event, arena, err));
    engine->last_sequence = sequence;
    engine->erasing |= event->body_case == EVENT__BODY_PERSON_ERASED;
    engine->policies_known &= event->body_case != EVENT__BODY_POLICY_SET;
    if (ret_sequence != NULL) {
        *ret_sequence = sequence;
    }
    return OK;
}

FALLIBLE engine_event(struct engine *engine, uint64_t sequence, struct arena *arena, Event **ret,
                      struct error *err)
{
    bytes stored = {0};
    if (sequence == 0 || sequence > log_size(engine->txn)) {
        FAIL(MISSING, MESSAGE_EVENT_NOT_FOUND, ARG_INT("event", sequence));
    }
    TRY(log_get(engine->txn, sequence, &stored, err));
    TRY(people_open_event(engine->people, stored, arena, ret, err));
    return OK;
}

FALLIBLE engine_registry(struct engine *engine, struct arena *arena, RegistryView **ret,
                         struct error *err)
{
    ProtobufCMessage *message = NULL;
    TRY(views_get(engine->views, VIEW_REGISTRY, key_registry(), arena, &message, err));
    *ret = (RegistryView *)(void *)message;
    return OK;
}

FALLIBLE engine_policies(struct engine *engine, struct arena *arena, struct policies *ret,
                         struct error *err)
{
    if (engine->policies_known) {
        *ret = engine->policies;
        return OK;
    }
    struct policies policies = policies_default();
    struct view_key prefix = {0};
    struct views_scan scan = {0};
    bool more = true;
    TRY(views_scan_open(engine->views, VIEW_POLICY, &prefix, (bytes){0}, &scan, err));
    outcome result = OK;
    while (result.ok && (result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        result = views_scan_record(&scan, arena, &message, err);
        if (result.ok) {
            const PolicyView *policy = (const PolicyView *)(void *)message;
            result = policies_set(&policies, str_of(policy->key), str_of(policy->value), err);
        }
    }
    views_scan_close(&scan);
    TRY(result);
    engine->policies = policies;
    engine->policies_known = true;
    *ret = policies;
    return OK;
}

FALLIBLE engine_blob_seal(struct engine *engine, str key_id, bytes plain, struct arena *arena,
                          ProtobufCBinaryData *ret, struct error *err)
{
    bytes sealed = {0};
    struct digest digest;
    TRY(people_seal_bytes(engine->people, key_id, plain, arena, &sealed, err));
    TRY(blob_batch_put(engine->blobs, sealed, &digest, err));
    *ret = record_binary(digest_bytes(&digest), arena);
    return OK;
}

FALLIBLE engine_blob_put(struct engine *engine, bytes content, struct arena *arena,
                         ProtobufCBinaryData *ret, struct error *err)
{
    struct digest digest;
    TRY(blob_batch_put(engine->blobs, content, &digest, err));
    *ret = record_binary(digest_bytes(&digest), arena);
    return OK;
}

FALLIBLE engine_blob_get(struct engine *engine, bytes sha256, struct arena *arena, bytes *ret,
                         struct error *err)
{
    struct digest digest;
    BUG_UNLESS(sha256.size == sizeof digest.data);
    memcpy(digest.data, sha256.data, sizeof digest.data);
    TRY(blob_get(engine->blobs_dir, &digest, arena, ret, err));
    return OK;
}
