/* regenerate - the verb `regenerate`, which operators run every night: renders and signs the
 * documents that are due. */
#include "events/terms/credit_code.h"
#include "jobs/documents/documents.h"
#include "jobs/documents/failed_documents.h"
#include "jobs/documents/owed_proofs.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

static void put_reasons(struct session *session, const struct documents_report *report,
                        struct json *summary)
{
    static const char *const names[DOCUMENT_REASONS] = {
        [DOCUMENT_NEW] = "new",
        [DOCUMENT_CONTENT] = "content_changed",
        [DOCUMENT_TEMPLATE] = "template_changed",
        [DOCUMENT_SIGNER] = "signer_changed",
        [DOCUMENT_ASKED] = "asked",
        [DOCUMENT_AGAIN] = "failed_before",
    };
    struct json *reasons = json_put_record(summary, "reasons");
    for (int i = 0; i < DOCUMENT_REASONS; i++) {
        if (session->json || report->by_reason[i] > 0) { /* people do not read zeros */
            json_put_number(reasons, names[i], (int64_t)report->by_reason[i]);
        }
    }
}

static outcome show_summary(struct session *session, const struct documents_report *report,
                            const struct metrics *metrics, struct error *err)
{
    struct json *summary = json_new_record();
    json_put_number(summary, "wanted", (int64_t)report->wanted);
    json_put_number(summary, "rendered", (int64_t)report->rendered);
    json_put_number(summary, "unchanged", (int64_t)report->unchanged);
    json_put_number(summary, "failed", (int64_t)report->failed);
    json_put_number(summary, "bytes", (int64_t)report->bytes);
    json_put_decimal(summary, "seconds", metrics_seconds(metrics));
    put_reasons(session, report, summary);
    bool dry_run = SESSION_OPTIONS(session, RegenerateOptions)->dry_run;
    if (dry_run && (session->json || report->earlier_signer > 0)) {
        json_put_number(summary, "earlier_signer", (int64_t)report->earlier_signer);
    }
    return report_result(session, summary, err);
}

outcome job_regenerate(struct session *session, struct error *err)
{
    const RegenerateOptions *options = SESSION_OPTIONS(session, RegenerateOptions);
    struct metrics metrics = metrics_start("regenerate");
    struct documents_report report = {0};
    str enterprise = str_of(options->enterprise);
    if (!str_empty(enterprise) &&
        !credit_code_normalise(enterprise, &session->run_arena, &enterprise)) {
        FAIL(REFUSED(NULL), MESSAGE_ENTERPRISE_NOT_FOUND, ARG_STR("enterprise", enterprise));
    }
    struct documents_selection selection = {
        .certificates = options->certificate,
        .certificates_count = options->n_certificate,
        .enterprise = arena_c_string(&session->run_arena, enterprise),
        .all = options->all,
        .workers = options->workers,
        .dry_run = options->dry_run,
    };
    TRY(documents_render(session, &selection, &report, err));
    metrics.done = report.rendered + report.unchanged;
    metrics.failed = report.failed;
    TRY(show_summary(session, &report, &metrics, err));
    if (report.failed > 0) {
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
    if (report.stopped && options->dry_run) {
        report_dry_run_stopped(session);
    } else if (report.stopped) {
        report_note(session, TERMINAL_WARNING, MESSAGE_REGENERATE_STOPPED, NULL, 0);
        session_status(session, error_exit_status(ERROR_BUSY));
    }
    if (!options->dry_run) {
        TRY(failed_documents_write(session, err));
        TRY(metrics_write(session, &metrics, err));
        TRY(owed_proofs_report(session, err));
    }
    return OK;
}
