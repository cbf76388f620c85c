/* note_checkpoint - the text of a checkpoint: origin, size, root. See note.h. */
#include <inttypes.h>
#include <string.h>

#include "core/io/messages.h"
#include "core/io/note.h"

str checkpoint_format(str origin, uint64_t size, const struct digest *root, struct arena *arena)
{
    str encoded = base64_encode(digest_bytes(root), arena);
    return arena_format(arena, "%.*s\n%" PRIu64 "\n%.*s\n", STR_ARGS(origin), size,
                        STR_ARGS(encoded));
}

static outcome checkpoint_malformed(const char *what, struct error *err)
{
    FAIL(CORRUPT, MESSAGE_CHECKPOINT_MALFORMED, ARG_TEXT("what", what));
}

static bool parse_root(str text, struct digest *ret)
{
    struct arena arena;
    bytes root = {NULL, 0};
    arena_init(&arena, 0);
    bool good = text.size == DIGEST_BASE64_SIZE - 1 && base64_decode(text, &arena, &root) &&
                root.size == DIGEST_SIZE;
    if (good) {
        memcpy(ret->data, root.data, DIGEST_SIZE);
    }
    arena_release(&arena);
    return good;
}

FALLIBLE checkpoint_parse(str text, struct checkpoint *ret, struct error *err)
{
    struct checkpoint checkpoint;
    str rest = text;
    if (!str_ends_with(text, STR("\n"))) {
        return checkpoint_malformed("no line feed at the end", err);
    }
    checkpoint.origin = str_cut(&rest, '\n');
    str size = rest.data != NULL ? str_cut(&rest, '\n') : STR("");
    str root = rest.data != NULL ? str_cut(&rest, '\n') : STR("");
    if (!note_name_is_valid(checkpoint.origin)) {
        return checkpoint_malformed("origin", err);
    }
    if (!str_to_uint64(size, &checkpoint.size) || (size.size > 1 && size.data[0] == '0') ||
        checkpoint.size > CHECKPOINT_SIZE_MAX) {
        return checkpoint_malformed("size", err);
    }
    if (!parse_root(root, &checkpoint.root)) {
        return checkpoint_malformed("root", err);
    }
    while (rest.size > 0) { /* extension lines are not empty */
        if (str_cut(&rest, '\n').size == 0) {
            return checkpoint_malformed("an empty line", err);
        }
    }
    *ret = checkpoint;
    return OK;
}
