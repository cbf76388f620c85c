/* small_batches - what the tests of broken imports need and the program does not offer: an import
 * in small batches, and the content of a log as lines.
 *
 *     small_batches import STORE KIND FILE REJECTS ROWS [BATCHES]    prints the counts
 *     small_batches remember STORE national FILE REJECTS ROWS BATCHES    likewise, with a memory
 *     small_batches spoil STORE KIND FILE REJECTS ROWS BATCHES
 *     small_batches log STORE                    every event but its time and its blobs
 *
 * With BATCHES the run gets a signal to stop behind so many of them, or, to spoil, the file a line
 * more; 0: none. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/date.h"
#include "core/io/stop.h"
#include "jobs/audit/history_event.h"
#include "jobs/engine/intake/intake.h"
#include "jobs/engine/parts/seen_rows.h"

static int32_t today(void)
{
    return date_from_civil((struct civil){2026, 5, 6});
}

static void need(outcome result, const struct error *err)
{
    if (!result.ok) {
        (void)fprintf(stderr, "small_batches: error %d at %s: %s\n", err->code,
                      err->trace_count > 0 ? err->trace[0] : "?",
                      err->args_count > 0 ? err->args[0].text : "");
        exit(1);
    }
}

struct border {
    int batches_left;
    const char *spoilt; /* NULL: none */
};

static void add_line(const char *path)
{
    FILE *file = fopen(path, "a");
    BUG_UNLESS(file != NULL && fputc('\n', file) != EOF && fclose(file) == 0);
}

static void count_down(void *state, uint64_t position, uint64_t size)
{
    struct border *border = state;
    (void)position;
    (void)size;
    if (--border->batches_left == 0 && border->spoilt != NULL) {
        add_line(border->spoilt);
    } else if (border->batches_left == 0) {
        BUG_UNLESS(raise(SIGTERM) == 0);
    }
}

static void import(struct engine *engine, char **argv, bool remembers, bool spoils)
{
    struct border border = {argv[4] != NULL ? atoi(argv[4]) : 0, spoils ? argv[1] : NULL};
    struct error err;
    struct intake_report report;
    struct run run = {"counter", "", {.today = today(), .now_us = 1778000000000000}};
    struct intake_request request = {.kind = import_kind_find(str_of(argv[0])),
                                     .path = argv[1],
                                     .rejects_path = argv[2],
                                     .batch_rows = (uint64_t)atoi(argv[3]),
                                     .run = &run,
                                     .state = &border,
                                     .progress = count_down};
    stop_install();
    BUG_UNLESS(request.kind != NULL && request.batch_rows > 0);
    if (remembers) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/views/" VIEWS_SEEN_FILE, engine_dir(engine));
        need(seen_memory_open(path, engine_people(engine), engine_log(engine), true,
                              &request.memory, &err),
             &err);
    }
    need(intake_file(engine, &request, &report, &err), &err);
    if (!report.stopped) {
        seen_memory_keep(request.memory);
    }
    seen_memory_close(request.memory);
    (void)printf(
        "rows %llu accepted %llu unchanged %llu rejected %llu warnings %llu events "
        "%llu-%llu%s\n",
        (unsigned long long)report.tally.rows, (unsigned long long)report.tally.accepted,
        (unsigned long long)report.tally.unchanged, (unsigned long long)report.tally.rejected,
        (unsigned long long)report.tally.warnings, (unsigned long long)report.tally.first_event,
        (unsigned long long)report.tally.last_event,
        report.stopped ? " stopped" : ""); /* the script sees what is missing */
}

static void print_personal(const Event *event)
{
    if (event->body_case == EVENT__BODY_NATIONAL_RECORDED &&
        event->national_recorded->personal != NULL) {
        (void)printf("  %s %s\n", event->national_recorded->personal->name,
                     event->national_recorded->personal->id_number); /* as above */
    }
}

static void print_log(struct engine *engine)
{
    struct error err;
    struct arena arena;
    arena_init(&arena, 0);
    need(engine_begin(engine, &err), &err);
    for (uint64_t i = 1; i <= engine_last_sequence(engine); i++) {
        Event *event = NULL;
        need(engine_event(engine, i, &arena, &event, &err), &err);
        event->recorded_at_us = 0;
        struct json *record = history_event(event, &arena);
        need(json_write_line(record, stdout, &err), &err);
        json_release(record);
        print_personal(event);
        arena_reset(&arena);
    }
    engine_abort(engine);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    struct engine *engine = NULL;
    struct error err;
    bool remembers = argc == 8 && strcmp(argv[1], "remember") == 0;
    bool spoils = argc == 8 && strcmp(argv[1], "spoil") == 0;
    bool imports =
        remembers || spoils || ((argc == 7 || argc == 8) && strcmp(argv[1], "import") == 0);
    if (!imports && (argc != 3 || strcmp(argv[1], "log") != 0)) {
        (void)fprintf(stderr, "usage: see the top of small_batches.c\n");
        return 64;
    }
    struct engine_options options = {
        .dir = argv[2], .mode = imports ? STORE_WRITE : STORE_READ, .verb = "import"};
    need(engine_open(&options, &engine, &err), &err);
    if (imports) {
        import(engine, argv + 3, remembers, spoils);
    } else {
        print_log(engine);
    }
    engine_close(engine);
    return 0;
}
