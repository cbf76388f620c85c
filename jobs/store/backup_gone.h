/* backup_gone - blobs and documents that are in a backup but no longer in its store.
 *
 * The log says why it went. What an erasure took away, and what no event ever named, goes from the
 * backup too; a file that an event names and no erasure took away was lost, and the backup may have
 * the only copy of it: it stays, and is told of. */
#pragma once

#include "core/io/log.h"
#include "jobs/session.h"

struct gone_report {
    uint64_t removed;
    uint64_t lost;
};

/* `txn` reads the store's log. Lost files are told of one by one, the first ones, and give the
 * run the status of damage.
 * fails   as mirror_leftovers; CORRUPT (the log); RESOURCE */
FALLIBLE backup_judge_gone(struct session *session, struct log_txn *txn, const char *to,
                           struct gone_report *ret, struct error *err);
