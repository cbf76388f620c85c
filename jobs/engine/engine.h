/* engine - an opened store: the log, the views, the persons' keys, and the one transaction over
 * them.
 *
 * Opening for writing takes the store's kernel lock and catches the views up. Work is then done in
 * batches: begin, any number of acts and appends, commit. A commit makes new person keys and blobs
 * durable first, then the log, then the views; no answer is given before the log is durable.
 * Reading takes no lock and sees the last complete views. */
#pragma once

#include <event.pb-c.h>
#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/io/blob.h"
#include "core/io/log.h"
#include "core/io/store.h"
#include "events/decide.h"
#include "jobs/engine/parts/people.h"
#include "jobs/engine/parts/views.h"

struct engine_options {
    const char *dir;
    enum store_mode mode;
    const char *verb; /* named to whoever finds the store locked */
    int wait_seconds;
    bool without_views; /* a rebuild: the views may be damaged, and are not opened */
    bool without_keys;  /* reading verbs: keys are not needed and not opened */
    bool whole_log;     /* all of it will be read: every page is checked before */
    bool holds_lock;    /* this process has the store's lock already: a step of a night */
    bool makes_log;     /* a store that is being made: else one without a log is damaged */
};

/* Who acts in this run; goes into every event's envelope. */
struct run {
    const char *operator; /* --operator */
    const char *reason;   /* --reason, or "" */
    struct moment moment;
};

struct engine;

/* fails   MISSING MESSAGE_STORE_NOT_FOUND; BUSY MESSAGE_LOCK_HELD (verb, pid, since); CONFIG when
 *         keys are missing or unusable, MESSAGE_VIEWS_OUTDATED; CORRUPT, MESSAGE_VIEWS_MISSING for
 *         a reader (a writer makes them from the log), MESSAGE_LOG_MISSING */
FALLIBLE engine_open(const struct engine_options *options, struct engine **ret, struct error *err);
void engine_close(struct engine *engine);

/* The parts of an engine, for callers that read. */
struct log *engine_log(struct engine *engine);
/* The log's transaction between begin and commit, with all events of the batch. After
 * engine_write_behind() call engine_log_ready() first. */
struct log_txn *engine_log_txn(struct engine *engine);
/* Waits for the writing thread and returns its failure, if any. */
FALLIBLE engine_log_ready(struct engine *engine, struct error *err);
struct views *engine_views(struct engine *engine);
struct people *engine_people(struct engine *engine); /* NULL when opened without keys */
const char *engine_dir(const struct engine *engine);

/* Closes only the views, so that they can be replaced on the disk; only engine_reopen_views or
 * engine_close may follow. */
void engine_close_views(struct engine *engine);

/* From now on reads the views at `dir`: those of a replay, or the store's own again. Call it
 * outside a transaction. */
FALLIBLE engine_swap_views(struct engine *engine, const char *dir, struct error *err);

/* A second handle for another thread, which sees the same state of the views: call only
 * engine_views() on it. Close it before the engine's transaction ends. */
FALLIBLE engine_beside(const struct engine *engine, struct engine **ret, struct error *err);
void engine_beside_close(struct engine *beside);

/* Opens the views again after they were replaced on the disk. Call it outside a transaction. */
FALLIBLE engine_reopen_views(struct engine *engine, struct error *err);

/* A path below the store, in the arena: engine_path(engine, arena, "blobs"). */
const char *engine_path(const struct engine *engine, struct arena *arena, const char *name);

/* Converts the result of reading a file of the store itself: if it is missing, that is a fault of
 * the configuration (78), not of an input (66). */
outcome engine_own_file(outcome read, struct error *err);

/* One transaction over log and views; in read mode a snapshot of both. */
FALLIBLE engine_begin(struct engine *engine, struct error *err);
/* After a failed commit nothing of the batch is stored, and the engine must be closed. */
FALLIBLE engine_commit(struct engine *engine, struct error *err);
/* Commits and begins the next batch. The log is durable on return (after engine_write_behind():
 * soon after, in the order of the batches); the views follow with the next engine_commit at the
 * latest. Until then readers see older views; after an abort or a crash the views are caught up
 * from the log. */
FALLIBLE engine_next_batch(struct engine *engine, struct error *err);
/* Lets the views collect up to `events` events in their transaction, across batches; 0: the usual
 * number. A page that many batches touch is then written once. Takes up to 512 MB of memory (beyond
 * that LMDB spills pages). Index entries wait, too (views_hold_index). */
void engine_hold_views(struct engine *engine, uint64_t events);
void engine_abort(struct engine *engine);

/* From now on a thread (scribe.h) seals and appends events and writes blobs, for runs that append
 * many; engine_write_directly() ends it. Call it outside a transaction. A failure in the thread is
 * returned by a later call, by the commit at the latest. */
FALLIBLE engine_write_behind(struct engine *engine, struct error *err);
void engine_write_directly(struct engine *engine);

/* A dry run: it ends with engine_abort, and new persons get no stored keys. */
void engine_rehearse(struct engine *engine);

/* The number of events in this batch. */
uint64_t engine_in_batch(const struct engine *engine);

/* Number of the last event, the batch's own included. */
uint64_t engine_last_sequence(const struct engine *engine);

/* Appends an event that no rule decides (policies, trust, files, renderings, disclosures): fills in
 * the envelope (sequence, times, operator; actor when absent: the operator) and applies it.
 * Needs engine_begin. *ret_sequence may be NULL. */
FALLIBLE engine_append(struct engine *engine, const struct run *run, Event *event,
                       struct arena *arena, uint64_t *ret_sequence, struct error *err);

/* A new event for engine_append or a decision. */
Event *event_new(Event__BodyCase body, struct arena *arena);
/* The body of an event, and its type's name ("certificate_issued"; ret_type may be NULL). NULL when
 * the event has no body. */
const ProtobufCMessage *event_body(const Event *event, const char **ret_type);
/* The text field `name` of the body; "" when there is no such field. */
const char *event_text(const Event *event, const char *name);

/* An event of the log, with its personal part opened if keys are there.
 * fails   MISSING when there is none */
FALLIBLE engine_event(struct engine *engine, uint64_t sequence, struct arena *arena, Event **ret,
                      struct error *err);

/* The registry record and the policies as they stand in the current transaction. */
FALLIBLE engine_registry(struct engine *engine, struct arena *arena, RegistryView **ret,
                         struct error *err);
FALLIBLE engine_policies(struct engine *engine, struct arena *arena, struct policies *ret,
                         struct error *err);

/* log_meta_put in the current transaction. After engine_write_behind() the thread does it, and a
 * later call returns its failure. */
FALLIBLE engine_meta_put(struct engine *engine, const char *name, bytes value, struct error *err);

/* The cache of page descriptions, for jobs/engine/templates.h. */
struct templates;
struct templates *engine_templates(struct engine *engine);

/* Keeps bytes as a blob, sealed with the key of `key_id` and durable with the commit; *ret is the
 * digest of what is kept, in the arena. Reading gives the sealed bytes and verifies the digest. */
FALLIBLE engine_blob_seal(struct engine *engine, str key_id, bytes plain, struct arena *arena,
                          ProtobufCBinaryData *ret, struct error *err);
/* The same unsealed, for what names no person. */
FALLIBLE engine_blob_put(struct engine *engine, bytes content, struct arena *arena,
                         ProtobufCBinaryData *ret, struct error *err);
FALLIBLE engine_blob_get(struct engine *engine, bytes sha256, struct arena *arena, bytes *ret,
                         struct error *err);
