/* rebuild - the verb `rebuild`: makes new views from the log and replaces the live ones; with
 * --verify it only compares. */
#include "core/io/stop.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/engine/parts/soundness.h"
#include "jobs/engine/project.h"
#include "jobs/engine/views_switch.h"
#include "jobs/memory_option.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct progress *progress = state;
    progress->total = total;
    progress_step(progress, done);
}

static outcome show_rebuilt(struct session *session, uint64_t last, uint64_t passes,
                            const struct metrics *metrics, struct error *err)
{
    struct json *summary = json_new_record();
    json_put_number(summary, "events", (int64_t)last);
    json_put_number(summary, "passes", (int64_t)passes);
    json_put_decimal(summary, "seconds", metrics_seconds(metrics));
    return report_result(session, summary, err);
}

static outcome show_difference(struct session *session, const struct project_difference *difference,
                               uint64_t last, const struct metrics *metrics, struct error *err)
{
    bool equal = difference->missing + difference->extra + difference->altered == 0;
    struct json *summary = json_new_record();
    json_put_number(summary, "events", (int64_t)last);
    json_put_number(summary, "missing", (int64_t)difference->missing);
    json_put_number(summary, "extra", (int64_t)difference->extra);
    json_put_number(summary, "altered", (int64_t)difference->altered);
    json_put_bool(summary, "ok", equal);
    json_put_decimal(summary, "seconds", metrics_seconds(metrics));
    TRY(report_result(session, summary, err));
    if (!equal) {
        FAIL(CORRUPT, MESSAGE_VIEWS_DIFFER, ARG_TEXT("view", difference->first_view),
             ARG_TEXT("key", difference->first_key));
    }
    return OK;
}

/* Comparing takes no lock: a snapshot of the views against the log as far as they go. Names come
 * out of sealed events, so it needs the keys. */
static outcome verify(struct session *session, struct fold_options *wanted, struct metrics *metrics,
                      struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct project_difference difference = {0};
    uint64_t last = 0;
    const struct soundness_options pages = {.dir = session->store_dir,
                                            .verb = "rebuild",
                                            .wait_seconds = session_wait(session),
                                            .holds_lock = session->holds_lock};
    TRY(session_open_store(session, NEEDS_READ_LOG, err));
    engine_abort(session->engine);
    if (engine_people(session->engine) == NULL) {
        FAIL(CONFIG, MESSAGE_KEYS_NEEDED, ARG_TEXT("verb", "rebuild --verify"));
    }
    TRY(soundness_check(&pages, "views", err));
    TRY(engine_swap_views(session->engine, engine_path(session->engine, arena, "views"), err));
    TRY(engine_begin(session->engine, err));
    wanted->until = views_applied(engine_views(session->engine));
    if (wanted->until == 0) {
        FAIL(CORRUPT, MESSAGE_VIEWS_DIFFER, ARG_TEXT("view", "views"), ARG_TEXT("key", "-"));
    }
    TRY(project_compare(session->engine, wanted, &difference, &last, err));
    return show_difference(session, &difference, last, metrics, err);
}

static bool go_on(void *context, uint64_t done, uint64_t total)
{
    (void)context; /* the fold shows how far it is */
    (void)done;    /* as above */
    (void)total;   /* as above */
    return !stop_requested();
}

/* Views are made of nothing but what the log's root and every signed checkpoint vouch for. */
struct vouching {
    struct session *session;
    struct log_check *check;
};

static bool verify_some(void *state, struct log_txn *txn)
{
    struct vouching *vouching = state;
    return log_check_some(vouching->check, txn);
}

static outcome verify_rest(void *state, struct error *err)
{
    struct vouching *vouching = state;
    struct session *session = vouching->session;
    struct log_txn *txn = engine_log_txn(session->engine);
    struct log_report report;
    uint64_t checkpoints = 0;
    uint64_t last = 0;
    TRY(log_check_finish(vouching->check, &report, err));
    return checkpoints_verify(session->store_dir, txn, NULL, 0, &checkpoints, &last, err);
}

static outcome rebuild(struct session *session, struct fold_options *wanted,
                       struct metrics *metrics, struct error *err)
{
    uint64_t last = 0;
    uint64_t passes = 0;
    wanted->ret_passes = &passes;
    TRY(session_open_store(session, NEEDS_LOG, err));
    TRY(engine_begin(session->engine, err));
    struct vouching vouching = {session, log_check_start(engine_log_txn(session->engine),
                                                         (struct log_progress){.tell = go_on})};
    const struct fold_beside beside = {&vouching, verify_some, verify_rest};
    wanted->beside = &beside;
    TRY(views_switch(session->engine, wanted, &last, err));
    metrics->done = last;
    TRY(metrics_write(session, metrics, err));
    return show_rebuilt(session, last, passes, metrics, err);
}

outcome check_rebuild(const struct session *session, struct error *err)
{
    uint64_t memory = 0;
    return memory_option(SESSION_OPTIONS(session, RebuildOptions)->memory, &memory, err);
}

outcome job_rebuild(struct session *session, struct error *err)
{
    const RebuildOptions *options = SESSION_OPTIONS(session, RebuildOptions);
    struct progress progress = {0};
    const struct fold_progress watch = {&progress, show_progress};
    struct fold_options wanted = {.as_of = INT32_MAX, .progress = &watch, .stops = true};
    struct metrics metrics = metrics_start("rebuild");
    TRY(memory_option(options->memory, &wanted.memory_bytes, err));
    progress_start(&progress, &session->terminal, STR("rebuild"), 0);
    outcome result = options->verify ? verify(session, &wanted, &metrics, err)
                                     : rebuild(session, &wanted, &metrics, err);
    progress_end(&progress);
    if (session->engine != NULL) {
        engine_abort(session->engine);
    }
    return result;
}
