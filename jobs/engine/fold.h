/* fold - all records of the views from the log, in the order of their keys, in bounded memory.
 *
 * Inside of project.h. The log is not applied event by event: the events of each record are brought
 * together first and the record is then made in one go (view_apply), so that nothing is looked up
 * and nothing is packed but once. Keys are cut into ranges ("buckets") that are about equal by a
 * sample of the log. A pass reads the whole log and notes, for the buckets there is memory for,
 * which events touch which record; then it makes these buckets' records and hands them over in
 * order. Where memory does not take all buckets there are several passes; the records do not depend
 * on it. Index entries come last; they, too, take further rounds where memory is short.
 *
 * Both halves run in a thread for each processor; whoever takes the records is called in the thread
 * that called. Nothing goes on after the return. */
#pragma once

#include "jobs/engine/project.h"

struct fold_options {
    struct log_txn *txn;   /* of the log; has appended nothing */
    struct people *people; /* NULL: what is sealed stays closed */
    const struct project_options *options;
};

/* fails   CORRUPT with the event's number (of several the lowest), and what the sink fails with */
FALLIBLE fold_run(const struct fold_options *options, const struct project_sink *sink,
                  uint64_t *ret_last, struct error *err);
