/* notice - the verbs `notice plan` and `notice run`: a mass event of the authority, one wish of
 * CONTRACT 4 in a file, with its signature where the store demands one. The actor is its clerk.
 *
 * The wish has an id, so the same file again goes on where it was, or tells how it ended. */
#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/output.h"
#include "events/limits.h"
#include "events/wave.h"
#include "jobs/engine/judging/dossier.h"
#include "jobs/engine/judging/wish.h"
#include "jobs/metrics.h"
#include "jobs/report.h"
#include "jobs/waves/notice_plan.h"
#include "jobs/waves/rename_changes.h"
#include "jobs/wishes/single_wish.h"
#include "jobs/wishes/wave_report.h"

enum { SIGNATURE_BYTES_MAX = 1 << 20 };

static outcome read_notice(struct session *session, const char *path, struct single_wish *ret,
                           struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct single_wish notice = {.session = session, .name = STR("")};
    str text;
    str id = STR("");
    notice.action = RECORD_NEW(arena, Action, action);
    TRY(file_read(path, arena, LIMIT_LINE_BYTES, &notice.evidence.content, err));
    if (!str_from_bytes(notice.evidence.content, &text)) {
        FAIL(MALFORMED, MESSAGE_NOTICE_KIND, ARG_TEXT("path", path));
    }
    if (!wish_parse(str_without_mark(text), arena, notice.action, &id, &notice.name, err).ok) {
        /* One line of a submission is malformed; of a notice it is the whole file. */
        err->class = err->code == MESSAGE_MALFORMED ? ERROR_MALFORMED : err->class;
        return error_trace(err, HERE);
    }
    WaveKind__Code kind = wave_kind_of(notice.action->body_case);
    if (kind != WAVE_KIND__CODE__VALIDITY && kind != WAVE_KIND__CODE__CATEGORY) {
        FAIL(MALFORMED, MESSAGE_NOTICE_KIND, ARG_TEXT("path", path));
    }
    *ret = notice;
    return OK;
}

static void put_notice(const struct single_wish *notice, const WaveOpened *intent,
                       struct json *record)
{
    json_put_text(record, "action", notice->name);
    json_put_text(record, "notice", str_of(intent->notice));
    json_put_text(record, "value", str_of(intent->value));
}

/* --- plan ------------------------------------------------------------------------------------- */

static outcome show_plan(const struct single_wish *notice, const WaveOpened *intent,
                         const struct wave_list *list, const char *out, struct error *err)
{
    struct session *session = notice->session;
    struct json *summary = json_new_record();
    struct digest digest = digest_sha256(str_bytes(list->numbers));
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    put_notice(notice, intent, summary);
    json_put_number(summary, "count", (int64_t)list->count);
    json_put_text(summary, "sha256", str_of(hex));
    wave_list_put(list, summary);
    if (*out != 0) {
        json_put_text(summary, "plan", str_of(out));
    }
    return report_result(session, summary, err);
}

outcome job_notice_plan(struct session *session, struct error *err)
{
    const NoticePlanOptions *options = SESSION_OPTIONS(session, NoticePlanOptions);
    struct arena *arena = &session->run_arena;
    struct single_wish notice;
    struct dossier dossier;
    struct decision decision = {.events = NULL};
    const EnterpriseView none = ENTERPRISE_VIEW__INIT;
    TRY(output_spares(options->out, options->arguments[0], err));
    TRY(read_notice(session, options->arguments[0], &notice, err));
    wish_normalise(notice.action, NULL, arena); /* a notice names no person */
    if (*options->expect_count != 0) {
        *wave_expected(notice.action) = options->expect_count;
    }
    TRY(dossier_load(session->engine, notice.action, session->run.moment, arena, &dossier, err));
    TRY(decide(&dossier, notice.action, session->run.moment, arena, &decision, err));
    const WaveOpened *intent = wave_intent(notice.action, &none, arena);
    if (*options->out != 0) {
        TRY(notice_plan_write(session, intent, &dossier.wave, options->out, err));
    }
    return show_plan(&notice, intent, &dossier.wave, options->out, err);
}

/* --- run -------------------------------------------------------------------------------------- */

static outcome take_signature(struct single_wish *wish, const NoticeRunOptions *options,
                              struct error *err)
{
    if (*options->signature != 0) {
        return file_read(options->signature, &wish->session->run_arena, SIGNATURE_BYTES_MAX,
                         &wish->evidence.signature, err);
    }
    return single_wish_sign(wish, options->signer_cert, options->signer_key, err);
}

static outcome show_result(const struct single_wish *notice, const struct act_result *result,
                           struct wave_total *total, struct error *err)
{
    struct session *session = notice->session;
    const EnterpriseView none = ENTERPRISE_VIEW__INIT;
    struct json *summary = json_new_record();
    put_notice(notice, wave_intent(notice->action, &none, &session->run_arena), summary);
    json_put_text(summary, "id", str_of(notice->action->id));
    json_put_text(summary, "outcome", str_of(verdict_text(result->verdict)));
    if (result->wave != NULL) {
        wave_total_add(total, result->wave, &session->run_arena);
    }
    wave_total_put(session, total, summary);
    struct json *certificates = json_put_list(summary, "certificates");
    for (size_t i = 0; i < result->decision.certificates_count; i++) {
        json_add_text(certificates, str_of(result->decision.certificates[i]));
    }
    return report_result(session, summary, err);
}

outcome check_notice_run(const struct session *session, struct error *err)
{
    const NoticeRunOptions *options = SESSION_OPTIONS(session, NoticeRunOptions);
    enum table_format format;
    TRY(rename_changes_format(session, options->csv, &format, err));
    return single_wish_check_signer(session, options->signer_cert, options->signer_key, err);
}

outcome job_notice_run(struct session *session, struct error *err)
{
    const NoticeRunOptions *options = SESSION_OPTIONS(session, NoticeRunOptions);
    struct metrics metrics = metrics_start("notice");
    struct single_wish notice;
    struct wave_total total = {0};
    struct act_result result = {.verdict = VERDICT_INVALID};
    TRY(read_notice(session, options->arguments[0], &notice, err));
    notice.expected_count = *options->expect_count != 0 ? options->expect_count : NULL;
    if (*options->plan != 0) {
        TRY(notice_plan_check(&notice, options->plan, options->csv, err));
    }
    TRY(take_signature(&notice, options, err));
    TRY(single_wish_run(&notice, &result, err));
    if (!result.stopped) {
        if (result.verdict == VERDICT_REFUSED || result.verdict == VERDICT_INVALID) {
            *err = result.error;
            return error_trace(err, HERE);
        }
        TRY(show_result(&notice, &result, &total, err));
    }
    metrics.done = total.done;
    metrics.failed = total.failed;
    return metrics_write(session, &metrics, err);
}
