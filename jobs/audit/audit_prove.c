/* audit_prove - the verb `audit prove`: writes a proof for each event of a certificate, or for
 * single events, and a manifest, into a folder of their own. Proofs are against the newest
 * checkpoint; events behind it are named and must wait for the next one. File names are event
 * numbers, which identify nobody. Reads only: no lock, no keys. */
#include <inttypes.h>

#include "core/io/file.h"
#include "core/io/output.h"
#include "jobs/audit/event_numbers.h"
#include "jobs/audit/proofs.h"
#include "jobs/folder.h"
#include "jobs/metrics.h"
#include "jobs/objects/subject.h"
#include "jobs/report.h"

enum { FILE_MODE = 0644, FOLDER_MODE = 0755 };

struct proving {
    struct session *session;
    const char *out;
    struct signed_checkpoint checkpoint;
    const uint64_t *events;
    size_t count;
    struct json *manifest;
    struct json *proofs;
    struct json *beyond;
    int64_t proved;
    int64_t left;
};

/* A folder that holds proofs is not mixed with others. */
static FALLIBLE check_folder(struct session *session, const char *out, struct error *err)
{
    const char **names = NULL;
    const char *manifest = arena_format(&session->run_arena, "%s/manifest.json", out).data;
    TRY(directory_make(out, FOLDER_MODE, err));
    size_t count = folder_names(out, STR(".tlog-proof"), &session->run_arena, &names);
    if (count > 0 || file_exists(manifest)) {
        FAIL(CREATE, MESSAGE_OUTPUT_EXISTS, ARG_TEXT("path", count > 0 ? names[0] : manifest));
    }
    return OK;
}

static FALLIBLE write_proof(struct proving *proving, uint64_t event, struct error *err)
{
    struct session *session = proving->session;
    struct arena *arena = &session->item_arena;
    struct log_txn *txn = engine_log_txn(session->engine);
    char hex[DIGEST_HEX_SIZE];
    str text = STR("");
    TRY(proof_of_event(txn, &proving->checkpoint, event, arena, &text, err));
    str name = arena_format(arena, "%012" PRIu64 ".tlog-proof", event);
    const char *path = arena_format(arena, "%s/%s", proving->out, name.data).data;
    TRY(output_write(path, str_bytes(text), FILE_MODE, err));
    struct digest digest = digest_sha256(str_bytes(text));
    digest_hex(&digest, hex);
    struct json *record = json_add_record(proving->proofs);
    json_put_text(record, "file", name);
    json_put_number(record, "event", (int64_t)event);
    json_put_text(record, "sha256", str_of(hex));
    proving->proved++;
    arena_reset(arena);
    return OK;
}

static FALLIBLE write_proofs(struct proving *proving, struct error *err)
{
    for (size_t i = 0; i < proving->count; i++) {
        if (proving->events[i] > proving->checkpoint.checkpoint.size) {
            json_add_number(proving->beyond, (int64_t)proving->events[i]);
            proving->left++;
        } else {
            TRY(write_proof(proving, proving->events[i], err));
        }
    }
    return OK;
}

/* The content of the folder. The manifest itself proves nothing; `audit check` relies on the
 * proofs. */
static FALLIBLE begin_manifest(struct proving *proving, const char *certificate, struct error *err)
{
    struct session *session = proving->session;
    struct arena *arena = &session->run_arena;
    struct note_verifier verifier;
    const struct checkpoint *checkpoint = &proving->checkpoint.checkpoint;
    TRY(checkpoints_verifier(session->store_dir, arena, &verifier, err));
    json_put_text(proving->manifest, "certificate", str_of(certificate));
    json_put_text(proving->manifest, "log_origin", checkpoint->origin);
    json_put_text(proving->manifest, "log_key", note_vkey_format(&verifier, arena));
    json_put_number(proving->manifest, "size", (int64_t)checkpoint->size);
    json_put_text(proving->manifest, "root", base64_encode(digest_bytes(&checkpoint->root), arena));
    proving->proofs = json_put_list(proving->manifest, "proofs");
    proving->beyond = json_put_list(proving->manifest, "beyond");
    return OK;
}

static FALLIBLE prove(struct proving *proving, const char *certificate, struct error *err)
{
    struct arena *arena = &proving->session->run_arena;
    const char *path = arena_format(arena, "%s/manifest.json", proving->out).data;
    TRY(begin_manifest(proving, certificate, err));
    TRY(check_folder(proving->session, proving->out, err));
    TRY(write_proofs(proving, err));
    str text = json_dump(proving->manifest, arena);
    text = arena_format(arena, "%.*s\n", STR_ARGS(text));
    return output_write(path, str_bytes(text), FILE_MODE, err);
}

static FALLIBLE tell(const struct proving *proving, const char *certificate, struct error *err)
{
    struct session *session = proving->session;
    struct json *record = json_new_record();
    if (proving->left > 0) {
        const struct error_arg args[] = {ARG_INT("beyond", proving->left),
                                         ARG_INT("size", proving->checkpoint.checkpoint.size)};
        report_note(session, TERMINAL_WARNING, MESSAGE_PROVE_BEYOND, args, 2);
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
    json_put_text(record, "certificate", str_of(certificate));
    json_put_number(record, "proofs", proving->proved);
    json_put_number(record, "beyond", proving->left);
    json_put_number(record, "size", (int64_t)proving->checkpoint.checkpoint.size);
    json_put_text(
        record, "root",
        base64_encode(digest_bytes(&proving->checkpoint.checkpoint.root), &session->run_arena));
    json_put_text(record, "folder", str_of(proving->out));
    return report_result(session, record, err);
}

/* The events that are asked for; *ret_certificate is "" when they are given by number. */
static FALLIBLE choose_events(struct proving *proving, const char **ret_certificate,
                              struct error *err)
{
    struct session *session = proving->session;
    const AuditProveOptions *options = SESSION_OPTIONS(session, AuditProveOptions);
    uint64_t last = log_size(engine_log_txn(session->engine));
    struct event_numbers numbers = {.arena = &session->run_arena};
    struct subject subject;
    if (options->n_arguments == 1) {
        TRY(subject_find(session, "certificate", options->arguments[0], &session->run_arena,
                         &subject, err));
        proving->events = subject.certificate->events;
        proving->count = subject.certificate->n_events;
        *ret_certificate = subject.key;
        return OK;
    }
    for (size_t i = 0; i < options->n_event; i++) {
        if (options->event[i] == 0 || options->event[i] > last) {
            FAIL(REFUSED(NULL), MESSAGE_EVENT_NOT_FOUND, ARG_INT("event", options->event[i]));
        }
    }
    event_numbers_add(&numbers, options->event, options->n_event);
    event_numbers_order(&numbers);
    proving->events = numbers.items;
    proving->count = numbers.count;
    *ret_certificate = "";
    return OK;
}

outcome job_audit_prove(struct session *session, struct error *err)
{
    const AuditProveOptions *options = SESSION_OPTIONS(session, AuditProveOptions);
    struct proving proving = {.session = session, .out = options->out};
    const char *certificate = NULL;
    struct lock *claim = NULL;
    struct metrics metrics = metrics_start("audit-prove");
    if (*options->out == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "audit prove"),
             ARG_TEXT("option", "out"));
    }
    if (options->n_arguments == 0 && options->n_event == 0) {
        FAIL(USAGE, MESSAGE_ARGUMENTS_MISSING, ARG_TEXT("verb", "audit prove"),
             ARG_TEXT("usage", "CERTIFICATE | --event=NUMBER"));
    }
    if (options->n_arguments == 1 && options->n_event > 0) {
        FAIL(USAGE, MESSAGE_OPTION_FOR_OTHER, ARG_TEXT("option", "event"),
             ARG_TEXT("list", options->arguments[0]));
    }
    TRY(choose_events(&proving, &certificate, err));
    TRY(checkpoints_newest(session->store_dir, engine_log_txn(session->engine), &session->run_arena,
                           &proving.checkpoint, err));
    proving.manifest = json_new_record();
    outcome proved = folder_claim(options->out, &claim, err);
    if (proved.ok) {
        proved = prove(&proving, certificate, err);
    }
    lock_release(claim);
    json_release(proving.manifest);
    TRY(proved);
    metrics.done = proving.count - (uint64_t)proving.left;
    metrics.failed = (uint64_t)proving.left;
    metrics_try(session, &metrics);
    return tell(&proving, certificate, err);
}
