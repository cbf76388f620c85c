/* bench_act - wishes judged and written a second: parse, dossier, rule, append, views, answer, in
 * durable batches of 1 000, in one process that is open already.
 *
 *     bench_act STORE WISHES.jsonl TODAY
 *
 * The ratio is against the same lines appended to a plain file with an fdatasync every 1 000. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/io/clock.h"
#include "core/io/file.h"
#include "jobs/engine/judging/act.h"
#include "jobs/engine/judging/submission.h"

static double seconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        exit(1);
    }
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void need(outcome result, const struct error *err)
{
    if (!result.ok) {
        (void)fprintf(stderr, "bench_act: error %d at %s: %s\n", err->code,
                      err->trace_count > 0 ? err->trace[0] : "?",
                      err->args_count > 0 ? err->args[0].text : "");
        exit(1);
    }
}

static outcome write_answer(void *state, const struct answer *answer, FILE *file, struct error *err)
{
    (void)state; /* nothing is kept */
    (void)err;   /* memory */
    (void)fprintf(file, "%llu\t%.*s\t%s\n", (unsigned long long)answer->line, STR_ARGS(answer->id),
                  verdict_text(answer->result->verdict)); /* memory */
    return OK;
}

static outcome deliver(void *state, str lines, struct error *err)
{
    (void)err; /* nothing is written */
    *(size_t *)state += lines.size;
    return OK;
}

/* Seconds for the lines of the file, written where the store lies. */
static double plain_file(const char *dir, bytes content)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/plain", dir); /* a cut name fails to open */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    double start = seconds();
    size_t from = 0;
    size_t lines = 0;
    for (size_t at = 0; at < content.size; at++) {
        lines += content.data[at] == '\n';
        if (lines == SUBMISSION_BATCH_LINES || at + 1 == content.size) {
            size_t size = at + 1 - from;
            if (write(fd, content.data + from, size) != (ssize_t)size || fdatasync(fd) != 0) {
                (void)fprintf(stderr, "bench_act: cannot write %s\n", path);
                exit(1);
            }
            from = at + 1;
            lines = 0;
        }
    }
    double took = seconds() - start;
    (void)close(fd);    /* flushed */
    (void)unlink(path); /* a leftover does no harm */
    return took;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct engine *engine = NULL;
    struct submission_report report = {0};
    struct run run = {.operator= "bench", .reason = ""};
    struct arena arena;
    bytes content = {NULL, 0};
    size_t delivered = 0;
    if (argc != 4 || !date_parse_strict(str_of(argv[3]), &run.moment.today)) {
        (void)fprintf(stderr, "usage: bench_act STORE WISHES.jsonl YYYY-MM-DD\n");
        return 64;
    }
    run.moment.now_us = clock_now_us();
    arena_init(&arena, 0);
    const struct engine_options options = {
        .dir = argv[1], .mode = STORE_WRITE, .verb = "bench", .wait_seconds = 10};
    const struct submission_request request = {.path = argv[2],
                                               .run = &run,
                                               .state = &delivered,
                                               .write = write_answer,
                                               .deliver = deliver};
    need(engine_open(&options, &engine, &err), &err);
    need(file_read(argv[2], &arena, (size_t)1 << 28, &content, &err), &err);
    double start = seconds();
    need(submission_run(engine, &request, &report, &err), &err);
    double took = seconds() - start;
    engine_close(engine);
    if (report.tally.accepted != report.tally.rows || delivered == 0) {
        (void)fprintf(stderr, "bench_act: %llu of %llu wishes were accepted\n",
                      (unsigned long long)report.tally.accepted,
                      (unsigned long long)report.tally.rows);
        return 1;
    }
    (void)printf("act, batches of 1000\t%.0f\tactions/s\t%.4f\tlines to a plain file, fdatasync a "
                 "batch\n",
                 (double)report.tally.rows / took, plain_file(argv[1], content) / took);
    arena_release(&arena);
    return 0;
}
