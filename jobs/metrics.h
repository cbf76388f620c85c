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
 * and for "done, but some failed"; not after an error. A run that was stopped (75 so far) writes
 * nothing.
 * fails   CREATE, RESOURCE */
FALLIBLE metrics_write(struct session *session, const struct metrics *metrics, struct error *err);
/* The same for verbs that only read: on a read-only mount there is nothing to be written. */
void metrics_try(struct session *session, const struct metrics *metrics);

/* What a file of reports/ says of a job. */
struct metrics_read {
    const char *job; /* the file's name */
    int64_t ended_s; /* when it last ended well, since 1970 */
    double seconds;
    uint64_t done;
    uint64_t failed;
};
/* Those of the store that tell of a success, but for that of `without` ("": all), by name, in the
 * arena: whoever else writes there, what is no such file or no instant of the calendar is passed
 * over. */
size_t metrics_read_all(struct session *session, const char *without, struct arena *arena,
                        const struct metrics_read **ret);
