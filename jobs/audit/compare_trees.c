/* compare_trees - the checkpoints that documents carry in their proofs against the log, see
 * comparing.h. Each was of the log when the document was drawn; one that is not any more says that
 * the log was written anew since, which its own checkpoints, signed anew, do not say. A few
 * checkpoints are in very many documents: each is looked at once. */
#include "core/io/file.h"
#include "core/io/pdf_reader.h"
#include "core/io/proof.h"
#include "jobs/audit/comparing.h"
#include "jobs/checkpoints/checkpoints.h"

/* Signed by the log as it is called now? What a log proved before it began anew is another's. */
static bool is_own(str note, const struct note_verifier *own, struct checkpoint *ret)
{
    struct error ignored;
    str text = STR("");
    return note_verify(note, own, &text, &ignored).ok && checkpoint_parse(text, ret, &ignored).ok &&
           str_equal(ret->origin, own->name);
}

static FALLIBLE judge(struct comparing *comparing, str note, uint64_t event, str place,
                      struct error *err)
{
    struct session *session = comparing->session;
    struct note_verifier own;
    struct signed_checkpoint found = {.file = ""};
    struct error cause;
    TRY(checkpoints_verifier(session->store_dir, &session->item_arena, &own, err));
    if (!is_own(note, &own, &found.checkpoint) ||
        checkpoint_fits_now(&found, engine_log_txn(session->engine), &cause).ok) {
        return OK;
    }
    if (cause.code != MESSAGE_CHECKPOINT_BEYOND && cause.code != MESSAGE_CHECKPOINT_DIFFERS) {
        *err = cause;
        return error_trace(err, HERE);
    }
    return comparing_add(comparing, "checkpoint", DIFFERENCE_ALTERED, event, place, err);
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
        return OK; /* it has none, or an erasure beside this run took it away */
    }
    struct digest digest = digest_sha256(str_bytes(proof.checkpoint));
    bytes key = arena_bytes(&session->run_arena, digest_bytes(&digest));
    (void)map_put(&comparing->trees, key, &made); /* a set */
    return made ? judge(comparing, proof.checkpoint, event, place, err) : OK;
}
