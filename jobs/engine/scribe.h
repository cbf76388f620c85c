/* scribe - seals the events of a long run and appends them to the log in another thread, in order,
 * while the engine goes on with the next ones.
 *
 * Where a new event stands in the log is known when it is decided; only its bytes come later. The
 * log's transaction is the scribe's from an add to the next settle or finish, the engine's
 * otherwise; people may be used by both all the time. Memory: a few hundred events. */
#pragma once

#include <event.pb-c.h>

#include "core/io/log.h"
#include "jobs/engine/people.h"

struct scribe;

FALLIBLE scribe_start(struct people *people, struct scribe **ret, struct error *err);
/* Outside a transaction. NULL is fine. */
void scribe_stop(struct scribe *scribe);

/* What is added from now on goes into this transaction. */
void scribe_begin(struct scribe *scribe, struct log_txn *txn);
/* Takes the event as it is now, personal part in the clear; it is not needed afterwards. */
void scribe_add(struct scribe *scribe, Event *event);
/* Returns when the log has all that was added, or one of them failed. */
void scribe_settle(struct scribe *scribe);
/* The same, and tells of the failure: nothing after it was appended. Before the commit.
 * fails   as people_seal_event, log_append */
FALLIBLE scribe_finish(struct scribe *scribe, struct error *err);
