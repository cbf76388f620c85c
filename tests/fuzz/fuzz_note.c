/* fuzz_note - any text as a verifier key and a signed checkpoint: the first line is the key. */
#include <stdint.h>

#include "core/io/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_checkpoint(str text, struct arena *arena)
{
    struct error err;
    struct checkpoint checkpoint;
    if (!checkpoint_parse(text, &checkpoint, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CORRUPT);
        return;
    }
    str again = checkpoint_format(checkpoint.origin, checkpoint.size, &checkpoint.root, arena);
    BUG_UNLESS(str_starts_with(text, again)); /* behind it: extension lines */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text;
    if (!str_from_bytes(bytes_of(data, size), &text)) {
        return 0;
    }
    struct arena arena;
    struct error err;
    struct note_verifier verifier;
    arena_init(&arena, 0);
    read_checkpoint(text, &arena);
    str note = text;
    str key = str_cut(&note, '\n');
    if (!note_vkey_parse(key, &arena, &verifier, &err).ok) {
        BUG_UNLESS(err.class == ERROR_CONFIG);
    } else {
        str signed_text = {0};
        BUG_UNLESS(note_name_is_valid(verifier.name));
        if (note.data != NULL && note_verify(note, &verifier, &signed_text, &err).ok) {
            read_checkpoint(signed_text, &arena);
        }
    }
    arena_release(&arena);
    return 0;
}
