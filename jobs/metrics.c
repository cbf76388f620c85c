/* metrics - see metrics.h. Format: Prometheus text exposition 0.0.4. */
#include "jobs/metrics.h"

#include <string.h>

#include "core/io/clock.h"
#include "core/io/file.h"
#include "jobs/folder.h"

/* What is written of a job, and read again. */
enum figure { ENDED, SECONDS, DONE, FAILED, FIGURES };
static const struct {
    const char *name, *help;
} figures[FIGURES] = {
    [ENDED] = {"anzheng_last_success_timestamp_seconds", "When the job last ended well."},
    [SECONDS] = {"anzheng_duration_seconds", "How long it took."},
    [DONE] = {"anzheng_items_done", "Items done in that run."},
    [FAILED] = {"anzheng_items_failed", "Items refused, rejected or failed in that run."},
};

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
    const double values[FIGURES] = {
        [ENDED] = (double)(clock_now_us() / 1000000),
        [SECONDS] = metrics_seconds(metrics),
        [DONE] = (double)metrics->done,
        [FAILED] = (double)metrics->failed,
    };
    str text = STR("");
    for (int i = 0; i < FIGURES; i++) {
        const char *name = figures[i].name;
        text = arena_format(arena, "%.*s# HELP %s %s\n# TYPE %s gauge\n%s{job=\"%s\"} %.*f\n",
                            STR_ARGS(text), name, figures[i].help, name, name, metrics->job,
                            i == SECONDS ? 3 : 0, values[i]);
    }
    TRY(directory_make(dir, 0755, err));
    return file_replace(arena_format(arena, "%s/%s.prom", dir, metrics->job).data, str_bytes(text),
                        0644, err);
}

void metrics_try(struct session *session, const struct metrics *metrics)
{
    struct error ignored;
    if (!metrics_write(session, metrics, &ignored).ok) {
        return; /* nobody waits for it */
    }
}

/* --- reading -----------------------------------------------------------------------------------
 */

enum { METRICS_BYTES_MAX = 64 * 1024 };

/* Of a value: an instant of the year 9999 in seconds. */
#define VALUE_MAX UINT64_C(253402271999)

/* "name{job=...} 12.5": its value, or false. */
static bool value_of(str line, str name, double *ret)
{
    if (!str_starts_with(line, name) || !str_starts_with(str_from(line, name.size), STR("{"))) {
        return false;
    }
    str rest = str_from(line, str_find_byte(line, '}') + 2);
    str whole = str_cut(&rest, '.');
    uint64_t number = 0;
    uint64_t part = 0;
    if (!str_to_uint64(whole, &number) || number > VALUE_MAX) {
        return false;
    }
    *ret = (double)number;
    double scale = 1;
    for (size_t i = 0; rest.data != NULL && i < rest.size; i++) {
        scale *= 10;
    }
    if (rest.data != NULL && str_to_uint64(rest, &part)) {
        *ret += (double)part / scale;
    }
    return true;
}

static struct metrics_read read_text(const char *job, str text)
{
    double values[FIGURES] = {0};
    while (text.data != NULL) {
        str line = str_cut(&text, '\n');
        for (int i = 0; i < FIGURES; i++) {
            (void)value_of(line, str_of(figures[i].name), &values[i]); /* else it stays */
        }
    }
    return (struct metrics_read){.job = job,
                                 .ended_s = (int64_t)values[ENDED],
                                 .seconds = values[SECONDS],
                                 .done = (uint64_t)values[DONE],
                                 .failed = (uint64_t)values[FAILED]};
}

size_t metrics_read_all(struct session *session, const char *without, struct arena *arena,
                        const struct metrics_read **ret)
{
    const str ending = STR(".prom");
    const char *folder = arena_format(arena, "%s/reports", session->store_dir).data;
    const char **names = NULL;
    size_t count = folder_names(folder, ending, arena, &names);
    struct metrics_read *all = ARENA_ARRAY(arena, struct metrics_read, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct error ignored;
        bytes content = {0};
        str text = {0};
        str name = str_of(names[i]);
        const char *path = arena_format(arena, "%s/%s", folder, names[i]).data;
        if (file_read(path, arena, METRICS_BYTES_MAX, &content, &ignored).ok &&
            str_from_bytes(content, &text)) {
            const char *job = arena_c_string(arena, str_first(name, name.size - ending.size));
            all[kept] = read_text(job, text);
            kept += all[kept].ended_s > 0 && strcmp(job, without) != 0 ? 1 : 0;
        }
    }
    *ret = all;
    return kept;
}
