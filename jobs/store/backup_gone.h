/* backup_gone - decides about blobs and documents that are in a backup but no longer in its store.
 *
 * The log says why a file is gone. If an erasure removed it, or no event ever named it, it is
 * removed from the backup too. If an event names it and no erasure removed it, the store has lost
 * it: the backup may hold the only copy, so it stays and is reported. */
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
