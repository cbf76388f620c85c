/* night_report - the verb `report`: one self-contained page about a period and today.
 *
 * It only reads. It also verifies the log; flaws are shown on the page, and the run then ends with
 * 79. The page depends only on the store, the period and the instant of the run. */
#include "jobs/night/night_report.h"

#include "core/base/date.h"
#include "core/io/file.h"
#include "core/io/output.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/engine/parts/soundness.h"
#include "jobs/engine/parts/store_here.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

enum { PERIOD_DEFAULT = 30, PAGE_MODE = 0644 };

static FALLIBLE read_day(const char *option, const char *text, int32_t absent, int32_t *ret,
                         struct error *err)
{
    *ret = absent;
    if (*text != 0 && !date_parse(str_of(text), ret)) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", option), ARG_TEXT("value", text),
             ARG_TEXT("expected", "YYYY-MM-DD"));
    }
    return OK;
}

static FALLIBLE read_period(const struct session *session, int32_t *ret_from, int32_t *ret_to,
                            struct error *err)
{
    const ReportOptions *options = SESSION_OPTIONS(session, ReportOptions);
    int32_t from = 0;
    int32_t to = 0;
    TRY(read_day("to", options->to, session->run.moment.today, &to, err));
    TRY(read_day("from", options->from, to - PERIOD_DEFAULT, &from, err));
    if (from > to || to - from > REPORT_DAYS_MAX) {
        FAIL(USAGE, MESSAGE_REPORT_PERIOD_INVALID, ARG_DATE("from", from), ARG_DATE("to", to));
    }
    *ret_from = from;
    *ret_to = to;
    return OK;
}

outcome check_report(const struct session *session, struct error *err)
{
    int32_t from = 0;
    int32_t to = 0;
    return read_period(session, &from, &to, err);
}

/* Every page before it is mapped: damage is named, and never a crash. */
static FALLIBLE open_store(struct session *session, struct error *err)
{
    const struct soundness_options pages = {.dir = session->store_dir,
                                            .verb = "report",
                                            .wait_seconds = session_wait(session),
                                            .holds_lock = session->holds_lock};
    TRY(store_here(session->store_dir, err));
    TRY(soundness_check_both(&pages, err));
    TRY(session_open_store(session, NEEDS_READ, err));
    return OK;
}

static outcome verify(struct report_data *data, struct error *err)
{
    struct session *session = data->session;
    struct log_txn *txn = engine_log_txn(session->engine);
    struct progress progress;
    progress_start(&progress, &session->terminal, STR("report"), log_size(txn));
    outcome verified = log_verify(
        txn, (struct log_progress){.tell = progress_tell, .context = &progress}, &data->log, err);
    progress_end(&progress);
    TRY(verified);
    return checkpoints_verify(session->store_dir, txn, NULL, 0, &data->checkpoints,
                              &data->last_checkpoint, err);
}

/* A log that does not hold is what the page is for; what else fails ends the run. */
static FALLIBLE read_log_key(struct report_data *data, struct error *err)
{
    struct note_verifier verifier;
    TRY(checkpoints_verifier(data->session->store_dir, data->arena, &verifier, err));
    data->log_origin = arena_str(data->arena, verifier.name);
    data->log_key = arena_c_string(data->arena, note_vkey_format(&verifier, data->arena));
    data->verified = verify(data, &data->flaw).ok;
    if (!data->verified && data->flaw.class != ERROR_CORRUPT) {
        *err = data->flaw;
        return error_trace(err, HERE);
    }
    return OK;
}

/* Of a log that does not hold, what can be read is told under that verdict. */
static FALLIBLE read_figures(struct report_data *data, struct error *err)
{
    struct error reading;
    TRY(report_read_views(data, err));
    if (!report_read_log(data, &reading).ok && (data->verified || reading.class != ERROR_CORRUPT)) {
        *err = reading;
        return error_trace(err, HERE);
    }
    return OK;
}

static FALLIBLE write_page(struct report_data *data, const char *path, struct error *err)
{
    struct html page = {.arena = data->arena};
    report_page(data, &page);
    return output_write(path, str_bytes(html_str(&page)), PAGE_MODE, err);
}

static void put_files(struct json *record, const struct report_data *data)
{
    struct report_files sum = {0};
    for (size_t i = 0; i < data->kinds_count; i++) {
        sum.files += data->kinds[i].files;
        sum.rows += data->kinds[i].rows;
        sum.accepted += data->kinds[i].accepted;
        sum.unchanged += data->kinds[i].unchanged;
        sum.rejected += data->kinds[i].rejected;
        sum.invalid += data->kinds[i].invalid;
    }
    json_put_number(record, "files", (int64_t)sum.files);
    json_put_number(record, "rows", (int64_t)sum.rows);
    json_put_number(record, "accepted", (int64_t)sum.accepted);
    json_put_number(record, "unchanged", (int64_t)sum.unchanged);
    json_put_number(record, "rejected", (int64_t)sum.rejected);
    json_put_number(record, "invalid", (int64_t)sum.invalid);
}

/* The figures of the page's head and of its sections, as machines get them. */
static void put_figures(struct json *record, const struct report_data *data)
{
    static const char *const documents[] = {"none", "pending", "ready", "failed"};
    json_put_number(record, "events_of_last_day", (int64_t)data->events_of_last_day);
    json_put_number(record, "size", (int64_t)data->state.events);
    json_put_text(record, "root", base64_encode(digest_bytes(&data->state.root), data->arena));
    json_put_text(record, "log_origin", data->log_origin);
    json_put_number(record, "checkpoints", (int64_t)data->checkpoints);
    json_put_number(record, "last_checkpoint", (int64_t)data->state.last_checkpoint);
    struct json *certificates = json_put_record(record, "certificates");
    for (size_t i = 0; i < data->state.certificates_count; i++) {
        json_put_number(certificates, data->state.certificates[i].name,
                        (int64_t)data->state.certificates[i].count);
    }
    struct json *states = json_put_record(record, "documents");
    for (int i = DOCUMENT_STATUS__CODE__PENDING; i <= DOCUMENT_STATUS__CODE__FAILED; i++) {
        json_put_number(states, documents[i], (int64_t)data->state.documents[i]);
    }
    put_files(json_put_record(record, "imports"), data);
    json_put_number(record, "open_waves", (int64_t)data->state.open_waves);
}

static FALLIBLE tell_result(struct report_data *data, const char *path, struct error *err)
{
    char day[DATE_SIZE];
    struct json *record = json_new_record();
    json_put_text(record, "file", str_of(path));
    date_format(data->from, day);
    json_put_text(record, "from", str_of(day));
    date_format(data->to, day);
    json_put_text(record, "to", str_of(day));
    json_put_number(record, "events", (int64_t)data->events);
    json_put_number(record, "findings", (int64_t)report_findings(data));
    json_put_bool(record, "verified", data->verified);
    if (data->session->json) {
        put_figures(record, data);
    }
    return report_result(data->session, record, err);
}

outcome job_report(struct session *session, struct error *err)
{
    const ReportOptions *options = SESSION_OPTIONS(session, ReportOptions);
    struct arena *arena = &session->run_arena;
    struct report_data *data = ARENA_NEW(arena, struct report_data);
    struct metrics metrics = metrics_start("report");
    data->session = session;
    data->arena = arena;
    const char *path = options->out;
    TRY(read_period(session, &data->from, &data->to, err));
    TRY(open_store(session, err));
    TRY(read_log_key(data, err));
    TRY(read_figures(data, err));
    if (*path == 0) {
        path = engine_path(session->engine, arena, "reports/report.html");
        TRY(directory_make(engine_path(session->engine, arena, "reports"), 0755, err));
    }
    TRY(write_page(data, path, err));
    metrics.done = data->events;
    if (data->verified) { /* else it ends with 79, which is no success */
        metrics_try(session, &metrics);
    }
    TRY(tell_result(data, path, err));
    if (!data->verified) {
        report_error(session, &data->flaw);
        session_status(session, error_exit_status(ERROR_CORRUPT));
    }
    return OK;
}
