/* checkpoint - signs size and root of the log; refuses to, when an earlier checkpoint does not
 * agree with the log any more. Then the witnesses are asked for their cosignatures; those that come
 * back as files are taken with --cosigned. */
#include <inttypes.h>

#include "core/io/file.h"
#include "jobs/believed.h"
#include "jobs/cosigning.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

static FALLIBLE sign(struct session *session, const struct note_key *key,
                     struct signed_checkpoint *ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct log_txn *txn = engine_log_txn(session->engine);
    struct note_verifier verifier;
    TRY(checkpoints_verifier(session->store_dir, arena, &verifier, err));
    struct note_verifier signer = note_verifier_of(key, verifier.name);
    if (signer.key_id != verifier.key_id) { /* nobody could verify what it signs */
        FAIL(CONFIG, MESSAGE_CHECKPOINT_KEY_DIFFERS, ARG_STR("origin", verifier.name));
    }
    struct signed_checkpoint made = {.checkpoint = {verifier.name, log_size(txn), log_root(txn)}};
    made.text =
        checkpoint_format(verifier.name, made.checkpoint.size, &made.checkpoint.root, arena);
    TRY(note_sign(key, verifier.name, made.text, arena, &made.note, err));
    *ret = made;
    return OK;
}

static FALLIBLE write_files(struct session *session, struct signed_checkpoint *made,
                            struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *folder = engine_path(session->engine, arena, "checkpoints");
    TRY(directory_make(folder, 0755, err));
    made->file = arena_format(arena, "%s/%" PRIu64 ".txt", folder, made->checkpoint.size).data;
    TRY(file_replace(made->file, str_bytes(made->note), CHECKPOINT_MODE, err));
    TRY(file_replace(arena_format(arena, "%s/latest", folder).data, str_bytes(made->note),
                     CHECKPOINT_MODE, err));
    return OK;
}

/* The list of witnesses: of the command line, else of the configuration; none: *ret_any false. */
static FALLIBLE read_witnesses(struct session *session, struct witnesses *ret, bool *ret_any,
                               struct error *err)
{
    const CheckpointOptions *options = SESSION_OPTIONS(session, CheckpointOptions);
    const char *path = *options->witnesses != 0 ? options->witnesses : session->config->witnesses;
    *ret_any = *path != 0;
    return *ret_any ? believed_file(path, &session->run_arena, ret, err) : OK;
}

static FALLIBLE take_files(struct session *session, const struct witnesses *witnesses,
                           struct json *record, struct error *err)
{
    const CheckpointOptions *options = SESSION_OPTIONS(session, CheckpointOptions);
    struct json *results = json_put_list(record, "witnesses");
    for (size_t i = 0; i < options->n_cosigned; i++) {
        TRY(cosigning_take(session, witnesses, options->cosigned[i], results, err));
    }
    return OK;
}

/* Signed, durable, and only then shown to witnesses. */
static FALLIBLE sign_and_ask(struct session *session, const struct witnesses *witnesses,
                             struct json *record, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *key_path = engine_path(session->engine, arena, "keys/log.key");
    struct metrics metrics = metrics_start("checkpoint");
    struct note_key *key = NULL;
    struct signed_checkpoint made;
    TRY(engine_own_file(note_key_load(key_path, &key, err), err));
    outcome is_signed = sign(session, key, &made, err);
    note_key_close(key);
    TRY(is_signed);
    TRY(write_files(session, &made, err));
    metrics.done = made.checkpoint.size;
    json_put_number(record, "size", (int64_t)made.checkpoint.size);
    json_put_text(record, "root", base64_encode(digest_bytes(&made.checkpoint.root), arena));
    json_put_text(record, "file", str_of(made.file));
    if (witnesses != NULL) {
        struct json *results = json_put_list(record, "witnesses");
        TRY(cosigning_ask(session, witnesses, &made, results, err));
        for (size_t i = 0; i < json_count(results); i++) {
            metrics.failed += json_truth(json_member(json_element(results, i), "cosigned")) ? 0 : 1;
        }
    }
    return metrics_write(session, &metrics, err);
}

outcome job_checkpoint(struct session *session, struct error *err)
{
    const CheckpointOptions *options = SESSION_OPTIONS(session, CheckpointOptions);
    struct witnesses *witnesses = ARENA_NEW(&session->run_arena, struct witnesses);
    bool any = false;
    uint64_t count = 0;
    uint64_t last = 0;
    TRY(read_witnesses(session, witnesses, &any, err));
    if (options->n_cosigned > 0 && !any) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "checkpoint --cosigned"),
             ARG_TEXT("option", "witnesses"));
    }
    TRY(engine_begin(session->engine, err));
    TRY(checkpoints_verify(session->store_dir, engine_log_txn(session->engine), NULL, 0, &count,
                           &last, err));
    struct json *record = json_new_record();
    outcome done = options->n_cosigned > 0
                       ? take_files(session, witnesses, record, err)
                       : sign_and_ask(session, any ? witnesses : NULL, record, err);
    engine_abort(session->engine);
    if (!done.ok) {
        json_release(record);
        return done;
    }
    return report_result(session, record, err);
}
