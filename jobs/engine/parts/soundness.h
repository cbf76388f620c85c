/* soundness - checks every page of an LMDB environment before it is mapped, for the verbs that will
 * read all of it: audit verify, rebuild, replay. */
#pragma once

#include "core/base/error.h"
#include "core/io/store.h"

struct soundness_options {
    const char *dir;  /* the store's */
    const char *verb; /* named to whoever finds the store locked */
    int wait_seconds; /* for the lock, where damage has to be made sure of */
    bool holds_lock;  /* by this process already */
};

/* name    "log" or "views"
 * fails   MISSING FILE_NOT_READABLE where rights hide it; CORRUPT PAGES_DAMAGED (path, page, what),
 *         LOG_MISSING, VIEWS_MISSING */
FALLIBLE soundness_check(const struct soundness_options *options, const char *name,
                         struct error *err);
/* Log and views, read at the same time by two threads; of damage in both, the log's is told.
 *
 * fails   as soundness_check() */
FALLIBLE soundness_check_both(const struct soundness_options *options, struct error *err);
