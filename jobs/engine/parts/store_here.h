/* store_here - is there a store, may this account read it, may it write it? Checked before anything
 * in the store is opened, so that the message is about the store and not about some file in it. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/io/lock.h"

/* Only `init` begins a log: a store without one has lost it, or its disk is not mounted, and what
 * is acknowledged into another one would be lost in turn. fails   MISSING STORE_NOT_FOUND; MISSING
 * FILE_NOT_READABLE where rights hide it; CONFIG STORE_FILE_MISSING when a log is there and no
 * anzheng.conf; CORRUPT LOG_MISSING when it is the other way about */
FALLIBLE store_here(const char *dir, struct error *err);

/* Is it a copy of the log, with its public key and checkpoints perhaps, and of nothing else of a
 * store? It needs no anzheng.conf. */
bool store_is_log_alone(const char *dir);

/* What another account writes, the one that runs the jobs could not read again: new keys, blobs,
 * documents. So only the account that made the store writes, whatever the others' rights.
 * fails   CONFIG STORE_OF_ANOTHER */
FALLIBLE store_is_ours(const char *dir, struct error *err);

/* The writer's lock; behind a holder that was killed what it left of blobs goes.
 * fails   as lock_take */
FALLIBLE store_lock(const char *dir, const char *verb, int wait_seconds, struct lock **ret,
                    struct error *err);
