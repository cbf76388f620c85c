/* check_store - see check_store.h. */
#include "jobs/audit/check_store.h"

#include "jobs/engine/parts/store_here.h"

static bool is_trusted(const struct witnesses *trust, const struct note_verifier *own)
{
    bool trusted = false;
    for (size_t i = 0; i < trust->logs_count; i++) {
        const struct note_verifier *log = &trust->logs[i];
        trusted = trusted || (log->key_id == own->key_id && str_equal(log->name, own->name));
    }
    return trusted;
}

static FALLIBLE open_log(const struct session *session, struct check_store *store,
                         struct error *err)
{
    struct arena arena;
    TRY(store_here(session->store_dir, err)); /* a log that is gone is damage */
    arena_init(&arena, 0);
    const char *dir = arena_format(&arena, "%s/log", session->store_dir).data;
    outcome opened = log_open(dir, STORE_READ, &store->log, err);
    arena_release(&arena);
    TRY(opened);
    return log_begin(store->log, STORE_READ, &store->txn, err);
}

FALLIBLE check_store_open(struct session *session, const struct witnesses *trust, bool whole,
                          struct check_store *store, struct error *err)
{
    struct error ignored; /* none is there */
    if (!checkpoints_verifier(session->store_dir, &session->run_arena, &store->own, &ignored).ok ||
        !is_trusted(trust, &store->own)) {
        return OK;
    }
    if (!whole) {
        return open_log(session, store, err);
    }
    TRY(session_open_store(session, NEEDS_READ_KEYS, err));
    store->txn = engine_log_txn(session->engine);
    return OK;
}

void check_store_close(struct check_store *store)
{
    if (store->log != NULL && store->txn != NULL) {
        log_abort(store->txn);
    }
    log_close(store->log);
    store->log = NULL;
    store->txn = NULL;
}

FALLIBLE check_store_tree(const struct check_store *store, const char *path,
                          const struct checkpoint *tree, struct error *err)
{
    const struct signed_checkpoint checkpoint = {.file = path, .checkpoint = *tree};
    if (store->txn == NULL || !str_equal(tree->origin, store->own.name)) {
        return OK;
    }
    return checkpoint_fits_now(&checkpoint, store->txn, err);
}

FALLIBLE check_store_kept(const struct check_store *store, const struct proof_verdict *verdict,
                          struct error *err)
{
    uint64_t event = verdict->event->sequence;
    bytes stored = {0};
    struct digest leaf = {0};
    if (!store->began_anew || store->txn == NULL) {
        return OK;
    }
    if (event <= log_size(store->txn)) {
        TRY(log_get(store->txn, event, &stored, err));
        leaf = digest_leaf(stored);
    }
    if (!digest_equal(&leaf, &verdict->leaf)) {
        FAIL(CORRUPT, MESSAGE_PROOF_LOST, ARG_INT("event", event));
    }
    return OK;
}
