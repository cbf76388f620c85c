/* checkpoint - signs size and root of the log; refuses to, when an earlier checkpoint does not
 * agree with the log any more. */
#include <inttypes.h>

#include "core/io/file.h"
#include "jobs/checkpoints.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

static FALLIBLE sign(struct session *session, const struct note_key *key, str *ret,
                     uint64_t *ret_size, struct digest *ret_root, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct log_txn *txn = engine_log_txn(session->engine);
    struct note_verifier verifier;
    TRY(checkpoints_verifier(session->store_dir, arena, &verifier, err));
    struct note_verifier signer = note_verifier_of(key, verifier.name);
    if (signer.key_id != verifier.key_id) { /* nobody could verify what it signs */
        FAIL(CONFIG, MESSAGE_CHECKPOINT_KEY_DIFFERS, ARG_STR("origin", verifier.name));
    }
    *ret_size = log_size(txn);
    *ret_root = log_root(txn);
    str text = checkpoint_format(verifier.name, *ret_size, ret_root, arena);
    TRY(note_sign(key, verifier.name, text, arena, ret, err));
    return OK;
}

outcome job_checkpoint(struct session *session, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *key_path = engine_path(session->engine, arena, "keys/log.key");
    const char *folder = engine_path(session->engine, arena, "checkpoints");
    struct metrics metrics = metrics_start("checkpoint");
    struct note_key *key = NULL;
    struct digest root;
    str note = STR("");
    uint64_t size = 0;
    uint64_t count = 0;
    uint64_t last = 0;
    TRY(engine_begin(session->engine, err));
    TRY(checkpoints_verify(session->store_dir, engine_log_txn(session->engine), NULL, 0, &count,
                           &last, err));
    TRY(engine_own_file(note_key_load(key_path, &key, err), err));
    outcome is_signed = sign(session, key, &note, &size, &root, err);
    note_key_close(key);
    TRY(is_signed);
    engine_abort(session->engine);
    TRY(directory_make(folder, 0755, err));
    const char *path = arena_format(arena, "%s/%" PRIu64 ".txt", folder, size).data;
    TRY(file_replace(path, str_bytes(note), CHECKPOINT_MODE, err));
    TRY(file_replace(arena_format(arena, "%s/latest", folder).data, str_bytes(note),
                     CHECKPOINT_MODE, err));
    metrics.done = size;
    TRY(metrics_write(session, &metrics, err));

    struct json *record = json_new_record();
    json_put_number(record, "size", (int64_t)size);
    json_put_text(record, "root", base64_encode(digest_bytes(&root), arena));
    json_put_text(record, "file", str_of(path));
    return report_result(session, record, err);
}
