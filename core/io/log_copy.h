/* log_copy - copies the log, as one transaction sees it, into a new LMDB environment.
 *
 * Others may write meanwhile: the transaction's snapshot does not change. The copy holds the same
 * entries byte for byte, on densely filled pages; the caller verifies it (log_verify). */
#pragma once

#include "core/io/log.h"

/* from      reading
 * dir       a folder with no environment in it yet; made when absent
 * progress  as log_verify's; counts events
 * fails     RESOURCE as store_put and store_commit; BUSY LOG_STOPPED; CORRUPT STORE_NOT_ASCENDING
 */
FALLIBLE log_copy(struct log_txn *from, const char *dir, struct log_progress progress,
                  struct error *err);
