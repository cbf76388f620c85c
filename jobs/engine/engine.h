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

/* The parts, for who reads. */
struct log *engine_log(struct engine *engine);
/* Within begin..commit: the log's transaction, with all of the batch's events in it. While a thread
 * of its own writes it (engine_write_behind) ask engine_log_ready() first. */
struct log_txn *engine_log_txn(struct engine *engine);
/* Waits for that thread, and tells what failed there. */
FALLIBLE engine_log_ready(struct engine *engine, struct error *err);
struct views *engine_views(struct engine *engine);
struct people *engine_people(struct engine *engine); /* NULL when opened without keys */
const char *engine_dir(const struct engine *engine);

/* Closes the views alone, so that others can be put in their place; nothing but
 * engine_reopen_views or engine_close may follow. */
void engine_close_views(struct engine *engine);

/* Reads the views at `dir` from now on, those of a replay or the store's own. Outside a
 * transaction. */
FALLIBLE engine_swap_views(struct engine *engine, const char *dir, struct error *err);

/* The views alone, of the same state, for another thread: engine_views() is all that may be asked
 * of it. Close it before the engine's transaction ends. */
FALLIBLE engine_beside(const struct engine *engine, struct engine **ret, struct error *err);
void engine_beside_close(struct engine *beside);

/* Opens the views again after others took their place. Outside a transaction. */
FALLIBLE engine_reopen_views(struct engine *engine, struct error *err);

/* A path below the store, in the arena: engine_path(engine, arena, "blobs"). */
const char *engine_path(const struct engine *engine, struct arena *arena, const char *name);

/* The result of reading a file that belongs to the store: that it is not there is a matter of
 * configuration (78), not of an input (66). */
outcome engine_own_file(outcome read, struct error *err);

/* One transaction over log and views; in read mode a snapshot of both. */
FALLIBLE engine_begin(struct engine *engine, struct error *err);
/* After a failed commit nothing of the batch is there, and the engine must be closed. */
FALLIBLE engine_commit(struct engine *engine, struct error *err);
/* Commits and begins the next batch at once: the log is durable on return (or soon, in the order of
 * the batches, while a thread of its own writes it), the views follow at the latest with the next
 * engine_commit. Until then readers see older views; after an abort or a crash they are caught up
 * from the log. */
FALLIBLE engine_next_batch(struct engine *engine, struct error *err);
/* How many events the views may wait for in their own transaction, 0 for the usual number: a page
 * that many batches touch is written once, for up to 512 MB of memory (LMDB writes more out). Index
 * entries then wait, too (views_hold_index). */
void engine_hold_views(struct engine *engine, uint64_t events);
void engine_abort(struct engine *engine);

/* From now on events are sealed and appended, and blobs written, in a thread of its own (scribe.h),
 * until it is ended: for a run that appends many. Outside a transaction. What fails there is told
 * by the next call that can, at the latest by the commit. */
FALLIBLE engine_write_behind(struct engine *engine, struct error *err);
void engine_write_directly(struct engine *engine);

/* Nothing of this run is to stay: it ends with engine_abort, and new persons get no keys. */
void engine_rehearse(struct engine *engine);

/* Events of this batch, which the next commit makes durable. */
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
/* What an event says, and what kind it is: "certificate_issued" (ret_type may be NULL). NULL when
 * it says nothing. */
const ProtobufCMessage *event_body(const Event *event, const char **ret_type);
/* A text of it by the name of its field; "" when it has none of that name. */
const char *event_text(const Event *event, const char *name);

/* An event of the log, personal part open where keys are. fails MISSING when there is none. */
FALLIBLE engine_event(struct engine *engine, uint64_t sequence, struct arena *arena, Event **ret,
                      struct error *err);

/* The registry record and the policies as they stand in the current transaction. */
FALLIBLE engine_registry(struct engine *engine, struct arena *arena, RegistryView **ret,
                         struct error *err);
FALLIBLE engine_policies(struct engine *engine, struct arena *arena, struct policies *ret,
                         struct error *err);

/* log_meta_put in the current transaction, by who writes it: a thread of its own tells later what
 * failed. */
FALLIBLE engine_meta_put(struct engine *engine, const char *name, bytes value, struct error *err);

/* Page descriptions that were read: jobs/engine/templates.h. */
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
