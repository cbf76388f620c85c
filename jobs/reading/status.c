/* status - the verb `status`: the state of a store on one screen (sizes, progress, pending work);
 * --check lists what needs an operator. */
#include "core/base/date.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/documents/owed_proofs.h"
#include "jobs/metrics.h"
#include "jobs/reading/store_state.h"
#include "jobs/report.h"

static void put_successes(struct json *record, struct session *session)
{
    const struct metrics_read *jobs = NULL;
    size_t count = metrics_read_all(session, "", &session->run_arena, &jobs);
    for (size_t i = 0; i < count; i++) {
        char instant[INSTANT_SIZE];
        instant_format(jobs[i].ended_s * 1000000, instant);
        json_put_text(record, jobs[i].job, str_of(instant));
    }
}

/* R-DP-06: the oldest, for how long it has waited, and how many are late. */
static void put_owed(struct json *record, const struct owed_proofs *owed)
{
    if (owed->waiting > 0) {
        char instant[INSTANT_SIZE];
        instant_format(owed->oldest_us, instant);
        json_put_text(record, "oldest_departure_proof", str_of(instant));
        json_put_number(record, "oldest_departure_proof_seconds", owed->oldest_age_us / 1000000);
    } else {
        json_put_null(record, "oldest_departure_proof");
        json_put_null(record, "oldest_departure_proof_seconds");
    }
    json_put_number(record, "departure_proofs_waiting", (int64_t)owed->waiting);
    json_put_number(record, "departure_proofs_overdue", (int64_t)owed->overdue);
}

static FALLIBLE object_of_state(const struct store_state *state, struct json *record,
                                struct error *err)
{
    static const char *const names[] = {"none", "pending", "ready", "failed"};
    struct session *session = state->session;
    struct arena *arena = &session->run_arena;
    struct note_verifier verifier;
    TRY(checkpoints_verifier(session->store_dir, arena, &verifier, err));
    json_put_number(record, "events", (int64_t)state->events);
    json_put_text(record, "root", base64_encode(digest_bytes(&state->root), arena));
    json_put_text(record, "log_origin", verifier.name); /* after a loss, not the registry's */
    json_put_text(record, "log_key", note_vkey_format(&verifier, arena));
    json_put_number(record, "views_at", (int64_t)state->views_at);
    struct json *certificates = json_put_record(record, "certificates");
    for (size_t i = 0; i < state->certificates_count; i++) {
        json_put_number(certificates, state->certificates[i].name,
                        (int64_t)state->certificates[i].count);
    }
    struct json *documents = json_put_record(record, "documents");
    for (int i = DOCUMENT_STATUS__CODE__PENDING; i <= DOCUMENT_STATUS__CODE__FAILED; i++) {
        json_put_number(documents, names[i], (int64_t)state->documents[i]);
    }
    put_owed(record, &state->owed);
    json_put_number(record, "open_waves", (int64_t)state->open_waves);
    put_successes(json_put_record(record, "last_success"), session);
    json_put_number(record, "last_checkpoint", (int64_t)state->last_checkpoint);
    json_put_number(record, "disk_free", (int64_t)state->disk_free);
    return OK;
}

/* --- --check -------------------------------------------------------------------------------------
 */

static FALLIBLE report_findings(const struct store_state *state, bool is_sound, struct error *err)
{
    static const struct report_column columns[] = {{.path = "code"}, {.path = "message"}};
    struct session *session = state->session;
    struct arena *arena = &session->run_arena;
    struct store_finding findings[STORE_FINDINGS_MAX];
    size_t count = store_state_findings(state, findings);
    if (count == 0) {
        if (is_sound) {
            report_note(session, TERMINAL_NOTICE, MESSAGE_CHECK_FINE, NULL, 0);
        }
        return OK;
    }
    struct report_rows rows;
    session_status(session, 1);
    TRY(report_rows_open(session, columns, 2, session->json ? TABLE_JSON : TABLE_PEOPLE, &rows,
                         err));
    outcome added = OK;
    for (size_t i = 0; added.ok && i < count; i++) {
        struct json *item = json_new_record();
        json_put_text(item, "code", message_code(findings[i].message, arena));
        json_put_text(item, "message",
                      message_text_with(findings[i].message, session->language, findings[i].args,
                                        findings[i].args_count, arena));
        added = report_rows_add(&rows, item, err);
    }
    struct error closing;
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}

/* Signed checkpoints that are of no tree of the log, or of two, are damage and not a finding among
 * others; what else needs a hand is told before. */
static FALLIBLE report_check(const struct store_state *state, struct error *err)
{
    struct session *session = state->session;
    struct error damage;
    uint64_t count = 0;
    uint64_t last = 0;
    bool is_sound = checkpoints_verify(session->store_dir, engine_log_txn(session->engine), NULL, 0,
                                       &count, &last, &damage)
                        .ok;
    TRY(report_findings(state, is_sound, err));
    if (!is_sound) {
        *err = damage;
        return error_trace(err, HERE);
    }
    return OK;
}

/* For alerts between the nights. Whoever only looks may look at a store they cannot write. */
static void tell_collector(const struct store_state *state)
{
    struct error ignored;
    if (!owed_proofs_write(state->session, &state->owed, &ignored).ok) {
        return; /* the file of the last look stays */
    }
}

outcome job_status(struct session *session, struct error *err)
{
    const StatusOptions *options = SESSION_OPTIONS(session, StatusOptions);
    struct store_state state;
    TRY(store_state_look(session, &state, err));
    tell_collector(&state);
    if (options->check) {
        return report_check(&state, err);
    }
    struct json *record = json_new_record();
    if (!object_of_state(&state, record, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    return report_result(session, record, err);
}
