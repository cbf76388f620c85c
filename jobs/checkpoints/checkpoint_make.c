/* checkpoint_make - see checkpoint_make.h. */
#include "jobs/checkpoints/checkpoint_make.h"

#include <inttypes.h>

#include "core/io/file.h"
#include "core/io/stop.h"

static const char *key_path(const struct session *session, struct arena *arena)
{
    return engine_path(session->engine, arena, "keys/log.key");
}

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

bool checkpoint_can_be_made(const struct session *session)
{
    struct arena arena;
    arena_init(&arena, 0);
    bool there = file_exists(key_path(session, &arena));
    arena_release(&arena);
    return there;
}

static bool go_on(void *context, uint64_t done, uint64_t total)
{
    (void)context; /* a night's events take less than a second */
    (void)done;    /* as above */
    (void)total;   /* as above */
    return !stop_requested();
}

FALLIBLE checkpoint_make(struct session *session, uint64_t since, struct signed_checkpoint *ret,
                         struct error *err)
{
    struct note_key *key = NULL;
    TRY(engine_own_file(note_key_load(key_path(session, &session->run_arena), &key, err), err));
    outcome is_signed = log_verify_since(engine_log_txn(session->engine), since,
                                         (struct log_progress){.tell = go_on}, err);
    if (is_signed.ok) {
        is_signed = sign(session, key, ret, err);
    }
    note_key_close(key);
    TRY(is_signed);
    TRY(write_files(session, ret, err));
    return OK;
}
