/* metrics - reports/<job>.prom: what a job did last, for a node exporter's text collector. */
#pragma once

#include "jobs/session.h"

struct metrics {
    const char *job;
    int64_t started_us; /* monotonic */
    uint64_t done;
    uint64_t failed;
};

/* Begins to measure. */
struct metrics metrics_start(const char *job);
double metrics_seconds(const struct metrics *metrics);
/* Writes the file by rename. A failed job keeps the time of its last success: call it for successes
 * and for "done, but some failed"; not after an error. A run that was
 * stopped (75 so far) writes nothing.
 * fails   CREATE, RESOURCE */
FALLIBLE metrics_write(struct session *session, const struct metrics *metrics, struct error *err);
/* The same for verbs that only read: on a read-only mount there is nothing to be written. */
void metrics_try(struct session *session, const struct metrics *metrics);
