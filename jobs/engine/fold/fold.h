/* fold - all records of the views from the log, in the order of their keys, in bounded memory.
 *
 * Called only by project.h. The log is not applied event by event: the events of each record are
 * brought together first, and the record is then made in one go (view_apply). So nothing is looked
 * up, and each record is packed once.
 *
 * Keys are cut into ranges ("buckets") of about equal size, by a sample of the log. A pass reads
 * the whole log and notes which events touch which record, for as many buckets as memory allows;
 * then it makes the records of these buckets and hands them over in order. If memory does not
 * suffice for all buckets there are several passes; the result is the same. Index entries come last
 * and also take several rounds if memory is short.
 *
 * Both halves of a pass run in one thread per processor; the sink that receives the records is
 * called in the caller's thread. All threads have ended on return. */
#pragma once

#include "core/io/log.h"
#include "jobs/engine/parts/people.h"
#include "projections/registry.h"

/* Called now and then with events done and to do. */
struct fold_progress {
    void *state;
    void (*step)(void *state, uint64_t done, uint64_t total);
};

/* Other work on the same log: threads that would wait do a piece of it. */
struct fold_beside {
    void *state;
    /* In the calling thread and by its transaction; false when there is none left. */
    bool (*some)(void *state, struct log_txn *txn);
    /* All the rest, in the thread that called, before anything takes the place of the live views;
     * it is called whatever they fail with, and what it fails with is told instead. */
    outcome (*finish)(void *state, struct error *err);
};

/* What is to be made of the log. */
struct fold_options {
    uint64_t until;        /* last event, 0 for all */
    int32_t as_of;         /* last business date, INT32_MAX for any */
    uint64_t memory_bytes; /* to be used, about; 0: half of what there is. Less costs time alone */
    uint64_t cache_bytes;  /* as much of the log stays in the page cache, about; 0: half of what
                            * there is. A longer log is read from the disk once a pass */
    uint32_t without;      /* 1 << view: nobody reads it, nor its index entries */
    const char *without_index; /* or NULL; bytes with which index keys begin that nobody reads */
    bool stops;                /* a signal ends it, with BUSY LOG_STOPPED, and nothing is made; not
                                * for who has done half of something */
    bool for_once;             /* written to be read and removed by this process: never flushed */
    const struct fold_progress *progress; /* or NULL */
    const struct fold_beside *beside;     /* or NULL; only views_switch() calls its `finish` */
    uint64_t *ret_passes; /* or NULL: how often the log was read; more than once where memory
                           * is scarce */
};

/* Takes records: view by view, in the order of their keys, index entries (VIEW_INDEX) last. */
struct fold_sink {
    void *state;
    outcome (*put)(void *state, enum view_id view, bytes key, bytes value, struct error *err);
};

struct fold_source {
    struct log_txn *txn;   /* of the log; has appended nothing */
    struct people *people; /* NULL: what is sealed stays closed */
    const struct fold_options *options;
};

/* fails   CORRUPT with the event's number (of several the lowest), and what the sink fails with */
FALLIBLE fold_run(const struct fold_source *source, const struct fold_sink *sink,
                  uint64_t *ret_last, struct error *err);
