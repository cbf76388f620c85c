/* log_copy - a log beside a log: what one transaction sees, written as a new environment.
 *
 * The copy is made while others write: the transaction's sight does not move. It holds the bytes of
 * the original, entry by entry, on full pages; whoever makes it verifies it (log_verify). */
#pragma once

#include "core/io/log.h"

/* from      reading
 * dir       a folder with no environment in it yet; made when absent
 * progress  as log_verify's; counts events
 * fails     RESOURCE as store_put and store_commit; BUSY LOG_STOPPED; CORRUPT STORE_NOT_ASCENDING
 */
FALLIBLE log_copy(struct log_txn *from, const char *dir, struct log_progress progress,
                  struct error *err);
