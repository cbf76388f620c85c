/* fuzz_proof - any text as a proof of the log, as a list of witnesses, and as a cosigned checkpoint
 * (the first line is the witness's key). */
#include <stdint.h>

#include "core/io/proof.h"
#include "core/io/witnesses.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_proof(str text, struct arena *arena)
{
    struct error err;
    struct log_proof proof;
    struct digest root = {{0}};
    if (!proof_parse(text, arena, &proof, &err).ok) {
        BUG_UNLESS(err.class == ERROR_MALFORMED);
        return;
    }
    BUG_UNLESS(str_equal(proof_format(&proof, arena), text)); /* it has one form */
    struct digest leaf = digest_leaf(proof.extra);
    BUG_UNLESS(!tree_verify_inclusion(&leaf, proof.index, proof.index + 1, &proof.path, &root));
}

static void read_witnesses(str text, struct arena *arena)
{
    struct error err;
    struct witnesses witnesses;
    if (!witnesses_parse(text, arena, &witnesses, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CONFIG);
        return;
    }
    bool all[WITNESSES_MAX];
    for (size_t i = 0; i < WITNESSES_MAX; i++) {
        all[i] = true;
    }
    BUG_UNLESS(witnesses_suffice(&witnesses, all));
}

static void read_cosigned(str text, struct arena *arena)
{
    struct error err;
    struct note_verifier witness;
    int64_t seconds = 0;
    str note = text;
    str key = str_cut(&note, '\n');
    if (!note_cosigner_parse(key, arena, &witness, &err).ok || note.data == NULL) {
        return;
    }
    if (note_verify_cosignature(note, &witness, &seconds, &err).ok) {
        BUG_UNLESS(seconds >= 0);
    } else {
        BUG_UNLESS(err.class == ERROR_SIGNATURE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text;
    struct arena arena;
    if (!str_from_bytes(bytes_of(data, size), &text)) {
        return 0;
    }
    arena_init(&arena, 0);
    read_proof(text, &arena);
    read_witnesses(text, &arena);
    read_cosigned(text, &arena);
    arena_release(&arena);
    return 0;
}
