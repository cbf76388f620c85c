/* engine_parts - what engine.c and engine_events.c share; see engine.h. */
#pragma once

#include "core/io/lock.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/parts/scribe.h"

struct engine {
    struct engine_options options;
    struct arena arena; /* the paths */
    const char *blobs_dir;
    struct lock *lock;
    struct log *log;
    struct log_txn *txn;
    struct views *views;
    struct people *people;
    struct blob_batch *blobs;
    uint64_t last_sequence;
    uint64_t log_durable;     /* the last event that is committed */
    uint64_t views_durable;   /* the last event of the views when their transaction began */
    uint64_t views_held_max;  /* events */
    bool views_held;          /* their transaction holds batches that are in the log */
    bool views_fell_behind;   /* it was aborted with them */
    bool erasing;             /* the batch erases somebody: its views are not to be kept */
    struct policies policies; /* as they stand in this transaction, once they were asked for */
    bool policies_known;
    struct templates *templates;
    struct scribe *scribe; /* writes the log in a thread of its own; mostly there is none */
};
