/* incoming - the folder of the store for fetched and unpacked files, accessible to its owner only.
 *
 * Fetching does not take the store's lock, so each run that fetches has a folder to itself, held by
 * a kernel lock: incoming/ when it is free, else incoming/1, incoming/2 and so on. The next run
 * that takes a folder removes what a killed run left there; a partly fetched file is kept for a
 * week, the mark of a URL for ever. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"

struct lock;

struct incoming {
    const char *folder; /* this run's, to fetch into; NULL: none was taken yet */
    struct lock *lock;
};

/* incoming/ itself, made when absent: for the marks, and, under the store's lock, what is unpacked.
 * fails   CREATE */
FALLIBLE incoming_folder(const char *store_dir, struct arena *arena, const char **ret,
                         struct error *err);

/* A folder of this run's own, swept. Again: the same. fails   CREATE, RESOURCE */
FALLIBLE incoming_take(struct incoming *incoming, const char *store_dir, struct arena *arena,
                       struct error *err);
/* Fine when none was taken. */
void incoming_release(struct incoming *incoming);

/* Where something is unpacked, below `folder` of incoming_folder. */
#define INCOMING_UNPACKED "unpacked.csv"
