/* compare_trees - compares the checkpoints inside documents' proofs with the log (comparing.h).
 * Each was a state of the log when the document was drawn. If one no longer is, the log was
 * rewritten since - which its own checkpoints, signed again, would not show. Many documents share
 * few checkpoints: each checkpoint is compared once. */
#include "core/io/file.h"
#include "core/io/pdf_reader.h"
#include "core/io/proof.h"
#include "jobs/audit/comparing.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/checkpoints/trusted_keys.h"

/* Did `key` sign it, of a log of its own name? */
static bool is_by(str note, const struct note_verifier *key, struct checkpoint *ret)
{
    struct error ignored;
    str text = STR("");
    return note_verify(note, key, &text, &ignored).ok && checkpoint_parse(text, ret, &ignored).ok &&
           str_equal(ret->origin, key->name);
}

/* Its tree, signed under the name that the log has now, by whichever of its keys. */
static FALLIBLE judge_tree(struct comparing *comparing, const struct checkpoint *tree,
                           uint64_t event, str place, struct error *err)
{
    const struct signed_checkpoint found = {.file = "", .checkpoint = *tree};
    struct error cause;
    if (checkpoint_fits_now(&found, engine_log_txn(comparing->session->engine), &cause).ok) {
        return OK;
    }
    if (cause.code != MESSAGE_CHECKPOINT_BEYOND && cause.code != MESSAGE_CHECKPOINT_DIFFERS) {
        *err = cause;
        return error_trace(err, HERE);
    }
    return comparing_add(comparing, "checkpoint", DIFFERENCE_ALTERED, event, place, err);
}

/* A proof of the log under its former name, before it began anew, is of another tree. A key that is
 * named nowhere is reported: an insider could have signed everything anew with a new key. */
static FALLIBLE judge(struct comparing *comparing, str note, uint64_t event, str place,
                      struct error *err)
{
    struct session *session = comparing->session;
    struct witnesses known = {0};
    struct checkpoint tree;
    TRY(checkpoints_verifier(session->store_dir, &session->run_arena, &known.logs[0], err));
    known.logs_count = 1;
    TRY(trusted_keys_add_former(session, &known, err));
    for (size_t i = 0; i < known.logs_count; i++) {
        if (is_by(note, &known.logs[i], &tree)) {
            bool is_now = str_equal(tree.origin, known.logs[0].name);
            return is_now ? judge_tree(comparing, &tree, event, place, err) : OK;
        }
    }
    return comparing_add(comparing, "log_key", DIFFERENCE_MISSING, event, place, err);
}

FALLIBLE compare_trees_look(struct comparing *comparing, const char *path, uint64_t event,
                            str place, struct error *err)
{
    struct session *session = comparing->session;
    struct pdf_facts facts;
    struct log_proof proof;
    struct error ignored;
    bytes content = {0};
    bool made = false;
    if (!file_read(path, &session->item_arena, PDF_BYTES_MAX, &content, &ignored).ok ||
        !pdf_facts_read(content, &session->item_arena, &facts) || facts.proof.size == 0 ||
        !proof_parse(facts.proof, &session->item_arena, &proof, &ignored).ok) {
        return OK; /* it has none, or an erasure beside this run removed it */
    }
    struct digest digest = digest_sha256(str_bytes(proof.checkpoint));
    bytes key = arena_bytes(&session->run_arena, digest_bytes(&digest));
    (void)map_put(&comparing->trees, key, &made); /* a set */
    return made ? judge(comparing, proof.checkpoint, event, place, err) : OK;
}
