/* rename - the verb `rename run`: the waves of one enterprise, of a file, or of a plan.
 *
 * An open wave is finished as announced; then a new wave is opened if the register's name differs.
 * Enterprises that this very file renamed before are skipped and counted. The actor is the
 * operator. After a kill or a stop, the same command continues. */
#include "core/io/file.h"
#include "core/io/stop.h"
#include "jobs/engine/judging/act.h"
#include "jobs/engine/judging/wave.h"
#include "jobs/folder.h"
#include "jobs/metrics.h"
#include "jobs/report.h"
#include "jobs/waves/rename_changes.h"
#include "jobs/waves/rename_list.h"
#include "jobs/wishes/wave_report.h"

struct rename_run {
    struct session *session;
    struct rename_list list;
    struct wave_total total;
    struct progress progress;
    uint64_t accounted; /* certificates of the waves before the one that runs */
    uint64_t enterprises;
    uint64_t skipped;
    bool stopped;
};

static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct rename_run *run = state;
    (void)total; /* of this wave; the run has its own */
    progress_step(&run->progress, run->accounted + done);
}

static void account(struct rename_run *run, const WaveView *wave)
{
    wave_total_add(&run->total, wave, &run->session->run_arena);
    run->accounted += wave->count;
    run->stopped |= !wave->closed;
    progress_step(&run->progress, run->accounted);
}

/* Many small waves are one batch. */
static outcome end_batch(struct rename_run *run, struct error *err)
{
    if (!run->stopped && engine_in_batch(run->session->engine) >= WAVE_BATCH_EVENTS) {
        TRY(engine_next_batch(run->session->engine, err));
        run->stopped = stop_requested();
    }
    return OK;
}

static outcome finish_open(struct rename_run *run, const struct rename_entry *entry,
                           struct error *err)
{
    struct session *session = run->session;
    const struct wave_run wave_run = {&session->run, false, run, show_progress};
    WaveView *wave = NULL;
    TRY(wave_finish(session->engine, &wave_run, entry->open->wave, NULL, &session->item_arena,
                    &wave, err));
    account(run, wave);
    return OK;
}

/* The register may have been renamed again in the meantime: that is another wave (R-NM-14). */
static outcome note_remaining(struct rename_run *run, const struct rename_entry *entry,
                              struct error *err)
{
    struct session *session = run->session;
    struct arena *arena = &session->item_arena;
    const WaveOpened *intent = NULL;
    const EnterpriseView *enterprise = NULL;
    struct wave_list list;
    TRY(rename_entry_intent(session, &run->list, entry, arena, &intent, &enterprise, err));
    TRY(wave_list_make(session->engine, intent, session->run.moment.today, arena, &list, err));
    if (list.count > 0) {
        const struct error_arg args[] = {ARG_TEXT("enterprise", entry->code),
                                         ARG_INT("count", list.count)};
        report_note(session, TERMINAL_WARNING, MESSAGE_RENAME_REMAINS, args, 2);
    }
    return OK;
}

/* It was judged before, in this transaction; only what was finished first can have changed it. */
static outcome open_new(struct rename_run *run, const struct rename_entry *entry, struct error *err)
{
    struct session *session = run->session;
    const struct act_context context = {
        .run = &session->run,
        .by_operator = true,
        .listed = entry->open == NULL ? &entry->list : NULL,
        .plan_sha256 = run->list.sha256,
        .state = run,
        .progress = show_progress,
    };
    struct act_result result;
    Action *action = rename_entry_action(&run->list, entry, &session->item_arena);
    TRY(act(session->engine, &context, action, &session->item_arena, &result, err));
    if (result.verdict == VERDICT_ACCEPTED) {
        account(run, result.wave);
    }
    return OK;
}

/* An enterprise that is listed under its own and under the register's name counts once. */
static bool is_enterprise(const struct rename_entry *entry)
{
    return entry->refusal == NULL && !entry->shares;
}

static uint64_t count_enterprises(const struct rename_list *list)
{
    uint64_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        count += is_enterprise(list->items[i]);
    }
    return count;
}

static outcome run_entry(struct rename_run *run, const struct rename_entry *entry,
                         struct error *err)
{
    if (entry->refusal != NULL) {
        return OK;
    }
    run->enterprises += is_enterprise(entry);
    if (entry->open != NULL && !entry->shares) {
        TRY(finish_open(run, entry, err));
    }
    if (entry->opens && !run->stopped) {
        TRY(open_new(run, entry, err));
    } else if (entry->open != NULL && entry->name == NULL && !run->stopped) {
        TRY(note_remaining(run, entry, err));
    } else if (entry->open == NULL && !entry->opens) {
        run->skipped++;
        if (entry->before != NULL) {
            account(run, entry->before);
        }
    }
    return end_batch(run, err);
}

static outcome run_entries(struct rename_run *run, struct error *err)
{
    struct session *session = run->session;
    for (size_t i = 0; i < run->list.count && !run->stopped; i++) {
        TRY(run_entry(run, run->list.items[i], err));
        arena_reset(&session->item_arena);
    }
    return engine_commit(session->engine, err);
}

/* The number is shown before anything is done (R-NM-03), and is the expected one. */
static outcome check_count(struct rename_run *run, const char *expect_count, struct error *err)
{
    uint64_t expected = 0;
    uint64_t count = rename_list_count(&run->list);
    if (str_to_uint64(str_of(expect_count), &expected) && expected != count) {
        TRY(rename_counts_show(run->session, &run->list, err));
        FAIL(REFUSED("R-NM-03"), MESSAGE_COUNT_DIFFERS, ARG_INT("expected_count", expected),
             ARG_INT("count", count));
    }
    const struct error_arg args[] = {ARG_INT("count", count),
                                     ARG_INT("enterprises", count_enterprises(&run->list))};
    report_note(run->session, TERMINAL_NOTICE, MESSAGE_RENAME_COUNT, args, 2);
    return OK;
}

static outcome show_rejected(struct rename_run *run, bool is_file, struct error *err)
{
    struct session *session = run->session;
    struct arena *arena = &session->run_arena;
    const char *path = NULL;
    if (is_file && run->list.rejected > 0) {
        const char *folder = engine_path(session->engine, arena, "reports");
        str stem = arena_format(arena, "rename-%lld", (long long)session->run.moment.now_us);
        TRY(directory_make(folder, 0755, err));
        path = folder_free_path(folder, stem.data, ".rejects.csv", arena);
    }
    return rename_list_show_rejected(session, &run->list, path, err);
}

static outcome show_summary(struct rename_run *run, struct error *err)
{
    struct json *summary = json_new_record();
    json_put_number(summary, "enterprises", (int64_t)run->enterprises);
    json_put_number(summary, "skipped", (int64_t)run->skipped);
    json_put_number(summary, "rejected", (int64_t)run->list.rejected);
    wave_total_put(run->session, &run->total, summary);
    TRY(report_result(run->session, summary, err));
    if (run->stopped) {
        wave_stopped(run->session);
    }
    return OK;
}

static outcome judge_and_run(struct rename_run *run, const char *expect_count, struct error *err)
{
    struct session *session = run->session;
    TRY(engine_write_behind(session->engine, err));
    TRY(engine_begin(session->engine, err));
    TRY(rename_list_judge(session, &run->list, err));
    TRY(rename_changes_check(session, &run->list, err));
    TRY(check_count(run, expect_count, err));
    progress_start(&run->progress, &session->terminal, STR("rename"),
                   rename_list_count(&run->list));
    outcome done = run_entries(run, err);
    progress_end(&run->progress);
    return done;
}

static struct rename_source source_of(const RenameRunOptions *options)
{
    return (struct rename_source){
        .code = options->n_arguments > 0 ? options->arguments[0] : NULL,
        .file = options->file[0] != 0 ? options->file : NULL,
        .plan = options->plan[0] != 0 ? options->plan : NULL,
    };
}

outcome check_rename_run(const struct session *session, struct error *err)
{
    const RenameRunOptions *options = SESSION_OPTIONS(session, RenameRunOptions);
    const struct rename_source source = source_of(options);
    enum table_format format;
    TRY(rename_source_check(&source, session->verb->name, err));
    return rename_changes_format(session, options->csv, &format, err);
}

outcome job_rename_run(struct session *session, struct error *err)
{
    const RenameRunOptions *options = SESSION_OPTIONS(session, RenameRunOptions);
    struct metrics metrics = metrics_start("rename");
    struct rename_run run = {.session = session};
    const struct rename_source source = source_of(options);
    TRY(rename_list_read(session, &source, &run.list, err));
    TRY(rename_changes_format(session, options->csv, &run.list.format, err));
    TRY(judge_and_run(&run, options->expect_count, err));
    TRY(show_rejected(&run, source.file != NULL, err));
    TRY(show_summary(&run, err));
    metrics.done = run.total.done;
    metrics.failed = run.total.failed + run.list.rejected;
    return metrics_write(session, &metrics, err);
}
