/* notice - the verbs `notice plan` and `notice run`: a mass event of the authority, one wish of
 * CONTRACT 4 in a file, with its signature where the store demands one. The actor is its clerk.
 *
 * The wish has an id, so the same file again goes on where it was, or tells how it ended. */
#include "core/base/record.h"
#include "core/io/file.h"
#include "core/io/sign.h"
#include "events/limits.h"
#include "events/wave.h"
#include "jobs/answer.h"
#include "jobs/engine/dossier.h"
#include "jobs/engine/evidence.h"
#include "jobs/engine/wish.h"
#include "jobs/metrics.h"
#include "jobs/revocations.h"
#include "jobs/wave_report.h"

enum { SIGNATURE_BYTES_MAX = 1 << 20 };

struct notice {
    struct session *session;
    const char *path;
    Action *action;
    str id;
    str name; /* the action's */
    struct evidence evidence;
    struct progress progress;
};

static outcome read_notice(struct session *session, const char *path, struct notice *ret,
                           struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct notice notice = {.session = session, .path = path, .id = STR(""), .name = STR("")};
    str text;
    notice.action = RECORD_NEW(arena, Action, action);
    TRY(file_read(path, arena, LIMIT_LINE_BYTES, &notice.evidence.content, err));
    if (!str_from_bytes(notice.evidence.content, &text)) {
        FAIL(MALFORMED, MESSAGE_NOTICE_KIND, ARG_TEXT("path", path));
    }
    TRY(wish_parse(text, arena, notice.action, &notice.id, &notice.name, err));
    WaveKind__Code kind = wave_kind_of(notice.action->body_case);
    if (kind != WAVE_KIND__CODE__VALIDITY && kind != WAVE_KIND__CODE__CATEGORY) {
        FAIL(MALFORMED, MESSAGE_NOTICE_KIND, ARG_TEXT("path", path));
    }
    *ret = notice;
    return OK;
}

static void put_notice(const struct notice *notice, const WaveOpened *intent, struct json *record)
{
    json_put_text(record, "action", notice->name);
    json_put_text(record, "notice", str_of(intent->notice));
    json_put_text(record, "value", str_of(intent->value));
}

/* --- plan ------------------------------------------------------------------------------------- */

static outcome show_plan(const struct notice *notice, const struct wave_list *list,
                         struct error *err)
{
    struct session *session = notice->session;
    const EnterpriseView none = ENTERPRISE_VIEW__INIT;
    struct json *summary = json_new_record();
    struct digest digest = digest_sha256(str_bytes(list->numbers));
    char hex[DIGEST_HEX_SIZE];
    digest_hex(&digest, hex);
    put_notice(notice, wave_intent(notice->action, &none, &session->run_arena), summary);
    json_put_number(summary, "count", (int64_t)list->count);
    json_put_text(summary, "sha256", str_of(hex));
    wave_list_put(list, summary);
    return report_result(session, summary, err);
}

outcome job_notice_plan(struct session *session, struct error *err)
{
    const NoticePlanOptions *options = SESSION_OPTIONS(session, NoticePlanOptions);
    struct arena *arena = &session->run_arena;
    struct notice notice;
    struct dossier dossier;
    struct decision decision = {.events = NULL};
    TRY(wave_check_expected(options->expect_count, err));
    TRY(read_notice(session, options->arguments[0], &notice, err));
    wish_normalise(notice.action, NULL, arena); /* a notice names no person */
    if (*options->expect_count != 0) {
        *wave_expected(notice.action) = options->expect_count;
    }
    TRY(dossier_load(session->engine, notice.action, session->run.moment, arena, &dossier, err));
    TRY(decide(&dossier, notice.action, session->run.moment, arena, &decision, err));
    return show_plan(&notice, &dossier.wave, err);
}

/* --- run -------------------------------------------------------------------------------------- */

static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct notice *notice = state;
    notice->progress.total = total;
    progress_step(&notice->progress, done);
}

static outcome take_signature(struct notice *notice, struct error *err)
{
    const NoticeRunOptions *options = SESSION_OPTIONS(notice->session, NoticeRunOptions);
    struct arena *arena = &notice->session->run_arena;
    struct signer *signer = NULL;
    if (*options->signature != 0) {
        return file_read(options->signature, arena, SIGNATURE_BYTES_MAX,
                         &notice->evidence.signature, err);
    }
    if (*options->signer_cert == 0 && *options->signer_key == 0) {
        return OK; /* whether one is needed is the store's to say */
    }
    if (*options->signer_cert == 0 || *options->signer_key == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", notice->session->verb->name),
             ARG_TEXT("option", *options->signer_cert == 0 ? "signer-cert" : "signer-key"));
    }
    TRY(signer_open(options->signer_key, options->signer_cert, NULL, &signer, err));
    outcome is_signed =
        signer_detached(signer, notice->evidence.content, arena, &notice->evidence.signature, err);
    signer_close(signer);
    return is_signed;
}

static outcome check_signer(struct notice *notice, struct act_context *context, struct error *err)
{
    struct session *session = notice->session;
    struct arena *arena = &session->run_arena;
    struct submission_request request = {.run = &session->run};
    struct cms_signer *who = ARENA_NEW(arena, struct cms_signer);
    bool is_signed = false;
    TRY(revocations_read(session, &request.revocation_lists, &request.revocation_lists_count, err));
    TRY(submission_signer(session->engine, &request, notice->evidence.content,
                          notice->evidence.signature, arena, who, &is_signed, err));
    if (is_signed) {
        context->signed_by = who;
        context->signer = submission_signer_hex(who, arena);
    }
    return OK;
}

/* A signed notice leaves what a submission of one line leaves. */
static outcome keep_evidence(struct notice *notice, const struct act_context *context,
                             const struct act_result *result, struct error *err)
{
    struct session *session = notice->session;
    struct arena *arena = &session->run_arena;
    struct tally tally = {.rows = 1};
    const struct answer answer = {
        .line = 1, .id = notice->id, .action = notice->name, .result = result};
    if (context->signed_by == NULL || result->stopped || !result->changed) {
        return OK;
    }
    JSON_AUTO record = answer_record(session, &answer, arena);
    notice->evidence.answers =
        str_bytes(arena_format(arena, "%.*s\n", STR_ARGS(json_dump(record, arena))));
    tally_result(&tally, result);
    return evidence_keep(session->engine, &session->run, &tally, &notice->evidence, context->signer,
                         arena, err);
}

static outcome run_notice(struct notice *notice, struct act_result *ret, struct error *err)
{
    struct session *session = notice->session;
    const NoticeRunOptions *options = SESSION_OPTIONS(session, NoticeRunOptions);
    struct act_context context = {
        .run = &session->run,
        .state = notice,
        .progress = show_progress,
        .expected_count = *options->expect_count != 0 ? options->expect_count : NULL,
    };
    TRY(engine_begin(session->engine, err));
    TRY(check_signer(notice, &context, err));
    progress_start(&notice->progress, &session->terminal, STR("notice"), 0);
    outcome acted = act(session->engine, &context, notice->action, &session->run_arena, ret, err);
    progress_end(&notice->progress);
    TRY(acted);
    TRY(keep_evidence(notice, &context, ret, err));
    return engine_commit(session->engine, err);
}

static outcome show_result(const struct notice *notice, const struct act_result *result,
                           struct wave_total *total, struct error *err)
{
    struct session *session = notice->session;
    const EnterpriseView none = ENTERPRISE_VIEW__INIT;
    struct json *summary = json_new_record();
    put_notice(notice, wave_intent(notice->action, &none, &session->run_arena), summary);
    json_put_text(summary, "id", notice->id);
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

outcome job_notice_run(struct session *session, struct error *err)
{
    const NoticeRunOptions *options = SESSION_OPTIONS(session, NoticeRunOptions);
    struct metrics metrics = metrics_start("notice");
    struct notice notice;
    struct wave_total total = {0};
    struct act_result result = {.verdict = VERDICT_INVALID};
    TRY(wave_check_expected(options->expect_count, err));
    TRY(read_notice(session, options->arguments[0], &notice, err));
    TRY(take_signature(&notice, err));
    TRY(run_notice(&notice, &result, err));
    if (result.verdict == VERDICT_REFUSED || result.verdict == VERDICT_INVALID) {
        if (!result.stopped) {
            *err = result.error;
            return error_trace(err, HERE);
        }
    }
    if (result.stopped) {
        wave_stopped(session);
    } else {
        TRY(show_result(&notice, &result, &total, err));
    }
    metrics.done = total.done;
    metrics.failed = total.failed;
    return metrics_write(session, &metrics, err);
}
