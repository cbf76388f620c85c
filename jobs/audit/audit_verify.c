/* audit_verify - the verb `audit verify`: is the log still what was logged? It checks the pages
 * first, with plain reads, so that damage is reported and does not crash; then numbers, days,
 * hashes, tiles and root; then every signed checkpoint, also those kept elsewhere (--checkpoint). A
 * log that was rewritten and signed with another key would pass all that; an auditor who knows the
 * key from another source names it (--vkey). Reads only: no lock, no keys. A copy of the log alone
 * is enough. */
#include "core/io/log.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/checkpoints/trusted_keys.h"
#include "jobs/engine/parts/event_order.h"
#include "jobs/engine/parts/soundness.h"
#include "jobs/engine/parts/store_here.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

static FALLIBLE verify(struct session *session, struct log_txn *txn, struct log_report *ret,
                       uint64_t *ret_checkpoints, struct error *err)
{
    const AuditVerifyOptions *options = SESSION_OPTIONS(session, AuditVerifyOptions);
    struct progress progress;
    uint64_t last = 0;
    progress_start(&progress, &session->terminal, STR("audit verify"), log_size(txn));
    struct log_check *check =
        log_check_start(txn, (struct log_progress){.tell = progress_tell, .context = &progress});
    log_check_heads(check, event_order_head);
    outcome verified = log_check_finish(check, ret, err);
    progress_end(&progress);
    TRY(verified);
    TRY(log_verify_ids(txn, err));
    return checkpoints_verify(session->store_dir, txn, options->checkpoint, options->n_checkpoint,
                              ret_checkpoints, &last, err);
}

static FALLIBLE open_and_verify(struct session *session, struct log_report *ret,
                                uint64_t *ret_checkpoints, struct error *err)
{
    const char *dir = arena_format(&session->run_arena, "%s/log", session->store_dir).data;
    struct log *log = NULL;
    struct log_txn *txn = NULL;
    TRY(log_open(dir, STORE_READ, &log, err));
    outcome verified = log_begin(log, STORE_READ, &txn, err);
    if (verified.ok) {
        verified = verify(session, txn, ret, ret_checkpoints, err);
        log_abort(txn);
    }
    log_close(log);
    return verified;
}

/* Is the store's key the one that was handed over? `ret`: the store's key. */
static FALLIBLE judge_key(struct session *session, str *ret, struct error *err)
{
    const AuditVerifyOptions *options = SESSION_OPTIONS(session, AuditVerifyOptions);
    struct arena *arena = &session->run_arena;
    struct witnesses trust = {0};
    struct note_verifier own;
    TRY(checkpoints_verifier(session->store_dir, arena, &own, err));
    *ret = note_vkey_format(&own, arena);
    if (*options->vkey == 0) {
        return OK;
    }
    TRY(trusted_keys_add_log(&trust, options->vkey, arena, err));
    str given = note_vkey_format(&trust.logs[0], arena);
    if (!str_equal(given, *ret)) {
        FAIL(CORRUPT, MESSAGE_LOG_KEY_DIFFERS, ARG_STR("store", *ret), ARG_STR("given", given));
    }
    return OK;
}

outcome job_audit_verify(struct session *session, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *dir = session->store_dir;
    struct metrics metrics = metrics_start("audit-verify");
    struct log_report report;
    uint64_t checkpoints = 0;
    str key = STR("");
    bool alone = store_is_log_alone(dir);
    if (!alone) {
        TRY(store_here(dir, err));
    }
    TRY(judge_key(session, &key, err));
    const struct soundness_options pages = {.dir = dir,
                                            .verb = "audit-verify",
                                            .wait_seconds = session_wait(session),
                                            .holds_lock = session->holds_lock};
    TRY(alone ? soundness_check(&pages, "log", err) : soundness_check_both(&pages, err));
    TRY(open_and_verify(session, &report, &checkpoints, err));
    metrics.done = report.events;
    if (alone) {
        struct error_arg args[] = {ARG_TEXT("dir", dir)};
        report_note(session, TERMINAL_NOTICE, MESSAGE_LOG_ALONE, args, 1);
    } else {
        metrics_try(session, &metrics);
    }

    struct json *record = json_new_record();
    json_put_number(record, "size", (int64_t)report.events);
    json_put_text(record, "root", base64_encode(digest_bytes(&report.root), arena));
    json_put_bool(record, "ok", true);
    json_put_number(record, "checkpoints", (int64_t)checkpoints);
    json_put_text(record, "log_key", key);
    return report_result(session, record, err);
}
