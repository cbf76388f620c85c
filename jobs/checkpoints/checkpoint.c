/* checkpoint - the verb `checkpoint`: signs size and root of the log, unless an earlier checkpoint
 * no longer agrees with the log. Then it asks the witnesses for cosignatures; --cosigned takes
 * those that arrive as files. */
#include "jobs/checkpoints/checkpoint_make.h"
#include "jobs/checkpoints/cosigning.h"
#include "jobs/checkpoints/trusted_keys.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

/* The list of witnesses: of the command line, else of the configuration; none: *ret_any false. */
static FALLIBLE read_witnesses(struct session *session, struct witnesses *ret, bool *ret_any,
                               struct error *err)
{
    const CheckpointOptions *options = SESSION_OPTIONS(session, CheckpointOptions);
    bool is_named = *options->witnesses != 0;
    const char *path = is_named ? options->witnesses : session->config->witnesses;
    *ret_any = *path != 0;
    outcome read = *ret_any ? trusted_keys_file(path, &session->run_arena, ret, err) : OK;
    if (!read.ok && !is_named && err->class == ERROR_MISSING) {
        FAIL(CONFIG, MESSAGE_CONFIG_FILE_MISSING, ARG_TEXT("path", path),
             ARG_TEXT("key", "witnesses"));
    }
    return read;
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
static FALLIBLE sign_and_ask(struct session *session, uint64_t last,
                             const struct witnesses *witnesses, struct json *record,
                             struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct metrics metrics = metrics_start("checkpoint");
    struct signed_checkpoint made;
    TRY(checkpoint_make(session, last, &made, err));
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
                       : sign_and_ask(session, last, any ? witnesses : NULL, record, err);
    engine_abort(session->engine);
    if (!done.ok) {
        json_release(record);
        return done;
    }
    return report_result(session, record, err);
}
