/* rebuild - the verb: views from the log beside the live ones, then switched; or only compared. */
#include "jobs/engine/project.h"
#include "jobs/engine/soundness.h"
#include "jobs/engine/switch.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct progress *progress = state;
    progress->total = total;
    progress_step(progress, done);
}

static outcome show_rebuilt(struct session *session, const struct folded *folded,
                            const struct metrics *metrics, struct error *err)
{
    struct json *summary = json_new_record();
    json_put_number(summary, "events", (int64_t)folded_last(folded));
    json_put_decimal(summary, "seconds", metrics_seconds(metrics));
    TRY(report_result(session, summary, err));
    return OK;
}

static outcome compare(struct session *session, struct folded *folded,
                       const struct metrics *metrics, struct error *err)
{
    struct project_difference difference = {0};
    TRY(folded_compare(folded, engine_views(session->engine), &difference, err));
    bool equal = difference.missing + difference.extra + difference.altered == 0;
    struct json *summary = json_new_record();
    json_put_number(summary, "events", (int64_t)folded_last(folded));
    json_put_number(summary, "missing", (int64_t)difference.missing);
    json_put_number(summary, "extra", (int64_t)difference.extra);
    json_put_number(summary, "altered", (int64_t)difference.altered);
    json_put_bool(summary, "ok", equal);
    json_put_decimal(summary, "seconds", metrics_seconds(metrics));
    TRY(report_result(session, summary, err));
    if (!equal) {
        FAIL(CORRUPT, MESSAGE_VIEWS_DIFFER, ARG_TEXT("view", difference.first_view),
             ARG_TEXT("key", difference.first_key));
    }
    return OK;
}

/* `until`: what the views hold, when they are to be compared; 0 for the whole log. */
static outcome fold(struct session *session, uint64_t until, struct folded **ret, struct error *err)
{
    struct progress progress = {0};
    struct project_progress watch = {&progress, show_progress};
    progress_start(&progress, &session->terminal, STR("rebuild"), 0);
    outcome folded = project_fold(session->engine, until, INT32_MAX, &watch, ret, err);
    progress_end(&progress);
    return folded;
}

/* Comparing takes no lock: a snapshot of the views against the log as far as they go. Names come
 * out of sealed events, so it needs the keys. */
static outcome verify(struct session *session, struct folded **folded, struct metrics *metrics,
                      struct error *err)
{
    struct arena *arena = &session->run_arena;
    const struct soundness_options pages = {.dir = session->store_dir,
                                            .verb = "rebuild",
                                            .wait_seconds = (int)session->common->wait,
                                            .holds_lock = session->holds_lock};
    TRY(session_open_store(session, NEEDS_READ_LOG, err));
    engine_abort(session->engine);
    if (engine_people(session->engine) == NULL) {
        FAIL(CONFIG, MESSAGE_KEYS_NEEDED, ARG_TEXT("verb", "rebuild --verify"));
    }
    TRY(soundness_check(&pages, "views", err));
    TRY(engine_swap_views(session->engine, engine_path(session->engine, arena, "views"), err));
    TRY(engine_begin(session->engine, err));
    if (views_applied(engine_views(session->engine)) == 0) {
        FAIL(CORRUPT, MESSAGE_VIEWS_DIFFER, ARG_TEXT("view", "views"), ARG_TEXT("key", "-"));
    }
    TRY(fold(session, views_applied(engine_views(session->engine)), folded, err));
    TRY(compare(session, *folded, metrics, err));
    return OK;
}

static outcome rebuild(struct session *session, struct folded **folded, struct metrics *metrics,
                       struct error *err)
{
    TRY(session_open_store(session, NEEDS_LOG, err));
    TRY(engine_begin(session->engine, err));
    TRY(fold(session, 0, folded, err));
    engine_abort(session->engine);
    TRY(views_switch(session->engine, *folded, err));
    metrics->done = folded_last(*folded);
    TRY(metrics_write(session, metrics, err));
    TRY(show_rebuilt(session, *folded, metrics, err));
    return OK;
}

outcome job_rebuild(struct session *session, struct error *err)
{
    const RebuildOptions *options = SESSION_OPTIONS(session, RebuildOptions);
    struct folded *folded = NULL;
    struct metrics metrics = metrics_start("rebuild");
    outcome result = options->verify ? verify(session, &folded, &metrics, err)
                                     : rebuild(session, &folded, &metrics, err);
    if (session->engine != NULL) {
        engine_abort(session->engine);
    }
    folded_close(folded);
    return result;
}
