/* scribe - a thread that seals the events of a long run and appends them to the log, in order and
 * with their blobs, while the engine decides the next ones.
 *
 * The number of an event is known when it is decided; its bytes follow later. The thread also
 * begins, commits and aborts the transactions of the log, so that the engine can go on while a
 * finished batch is flushed. From an add or a turn until the next settle the transaction belongs to
 * the scribe, otherwise to the engine; both may use people at any time. Memory: up to 32 MB of
 * events and blobs, four times as much with the largest photos. */
#pragma once

#include <event.pb-c.h>

#include "core/io/log.h"
#include "jobs/engine/parts/people.h"

struct scribe;

FALLIBLE scribe_start(struct people *people, struct log *log, const char *blobs_dir,
                      struct scribe **ret, struct error *err);
/* Outside a transaction. NULL is fine. */
void scribe_stop(struct scribe *scribe);

/* A transaction that writes. fails as log_begin */
FALLIBLE scribe_begin(struct scribe *scribe, struct error *err);
/* Between begin and commit or abort, also after a failure. */
bool scribe_has_begun(const struct scribe *scribe);
/* Takes the event as it is now, personal part in the clear; it is not needed afterwards. */
void scribe_add(struct scribe *scribe, Event *event);
/* Takes a copy, to be a blob with the commit; returns its name. */
struct digest scribe_put_blob(struct scribe *scribe, bytes content);
/* To be an entry of the log's meta table with the commit; copies both. */
void scribe_put_meta(struct scribe *scribe, const char *name, bytes value);
/* What was added will be committed, blobs and keys first, and the next transaction begun: later, in
 * the thread. Tells of a failure until now; a later one is told by the next call that can.
 * fails   as blob_batch_put, blob_batch_flush, people_seal_event, log_append, log_meta_put,
 * people_flush, log_commit, log_begin */
FALLIBLE scribe_turn(struct scribe *scribe, struct error *err);
/* Returns when the log has all that was added, or tells why not: nothing after that was appended
 * or committed. fails as scribe_turn */
FALLIBLE scribe_settle(struct scribe *scribe, struct error *err);
/* The transaction; after a settle that succeeded, until the next add or turn. */
struct log_txn *scribe_txn(const struct scribe *scribe);
/* What was added will be committed, in the thread; nothing is added until the end. */
void scribe_commit_begin(struct scribe *scribe);
/* It is durable on return; after a failure only an abort is left. fails as scribe_turn */
FALLIBLE scribe_commit_end(struct scribe *scribe, struct error *err);
/* What was not committed is gone. */
void scribe_abort(struct scribe *scribe);
