/* metrics - see metrics.h. Format: Prometheus text exposition 0.0.4. */
#include "jobs/metrics.h"

#include "core/io/clock.h"
#include "core/io/file.h"

struct metrics metrics_start(const char *job)
{
    return (struct metrics){.job = job, .started_us = clock_monotonic_us()};
}

double metrics_seconds(const struct metrics *metrics)
{
    return (double)(clock_monotonic_us() - metrics->started_us) / 1e6;
}

FALLIBLE metrics_write(struct session *session, const struct metrics *metrics, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *dir = arena_format(arena, "%s/reports", session->store_dir).data;
    if (session->status == error_exit_status(ERROR_BUSY)) {
        return OK; /* stopped: what is left to do is no success */
    }
    str text =
        arena_format(arena,
                     "# HELP anzheng_last_success_timestamp_seconds When the job last ended well.\n"
                     "# TYPE anzheng_last_success_timestamp_seconds gauge\n"
                     "anzheng_last_success_timestamp_seconds{job=\"%s\"} %lld\n"
                     "# HELP anzheng_duration_seconds How long it took.\n"
                     "# TYPE anzheng_duration_seconds gauge\n"
                     "anzheng_duration_seconds{job=\"%s\"} %.3f\n"
                     "# HELP anzheng_items_done Items done in that run.\n"
                     "# TYPE anzheng_items_done gauge\n"
                     "anzheng_items_done{job=\"%s\"} %llu\n"
                     "# HELP anzheng_items_failed Items refused, rejected or failed in that run.\n"
                     "# TYPE anzheng_items_failed gauge\n"
                     "anzheng_items_failed{job=\"%s\"} %llu\n",
                     metrics->job, (long long)(clock_now_us() / 1000000), metrics->job,
                     metrics_seconds(metrics), metrics->job, (unsigned long long)metrics->done,
                     metrics->job, (unsigned long long)metrics->failed);
    TRY(directory_make(dir, 0755, err));
    TRY(file_replace(arena_format(arena, "%s/%s.prom", dir, metrics->job).data, str_bytes(text),
                     0644, err));
    return OK;
}

void metrics_try(struct session *session, const struct metrics *metrics)
{
    struct error ignored;
    if (!metrics_write(session, metrics, &ignored).ok) {
        return; /* nobody waits for it */
    }
}
