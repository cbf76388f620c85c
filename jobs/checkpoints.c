/* checkpoints - see checkpoints.h. */
#include "jobs/checkpoints.h"

#include "core/io/file.h"
#include "jobs/folder.h"

enum { CHECKPOINT_BYTES_MAX = 64 * 1024, VKEY_BYTES_MAX = 4096 };

static FALLIBLE read_text(const char *path, size_t limit, struct arena *arena, str *ret,
                          struct error *err)
{
    bytes content = {0};
    TRY(file_read(path, arena, limit, &content, err));
    if (!str_from_bytes(content, ret)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_DAMAGED, ARG_TEXT("file", path),
             ARG_TEXT("what", "not UTF-8"));
    }
    return OK;
}

FALLIBLE checkpoints_verifier(const char *store_dir, struct arena *arena, struct note_verifier *ret,
                              struct error *err)
{
    str text = STR("");
    const char *path = arena_format(arena, "%s/trust/log.vkey", store_dir).data;
    struct error cause;
    TRY(engine_own_file(read_text(path, VKEY_BYTES_MAX, arena, &text, err), err));
    if (!note_vkey_parse(str_trim(text), arena, ret, &cause).ok) {
        FAIL(CONFIG, MESSAGE_KEY_UNUSABLE, ARG_TEXT("path", path));
    }
    return OK;
}

/* One file: signature, origin, size, root. */
static FALLIBLE verify_file(const char *path, const struct note_verifier *verifier,
                            struct log_txn *txn, struct arena *arena, uint64_t *ret_size,
                            struct error *err)
{
    struct error cause;
    struct checkpoint checkpoint;
    struct digest root;
    str note = STR("");
    str text = STR("");
    TRY(read_text(path, CHECKPOINT_BYTES_MAX, arena, &note, err));
    if (!note_verify(note, verifier, &text, &cause).ok ||
        !checkpoint_parse(text, &checkpoint, &cause).ok) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_DAMAGED, ARG_TEXT("file", path),
             ARG_STR("what", message_code(cause.code, arena)));
    }
    if (!str_equal(checkpoint.origin, verifier->name)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_OTHER_ORIGIN, ARG_TEXT("file", path),
             ARG_STR("origin", checkpoint.origin));
    }
    if (checkpoint.size > log_size(txn)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_BEYOND, ARG_TEXT("file", path),
             ARG_INT("events", log_size(txn)), ARG_INT("signed", checkpoint.size));
    }
    TRY(log_root_at(txn, checkpoint.size, &root, err));
    if (!digest_equal(&root, &checkpoint.root)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_DIFFERS, ARG_TEXT("file", path),
             ARG_INT("events", log_size(txn)), ARG_INT("signed", checkpoint.size));
    }
    *ret_size = checkpoint.size;
    return OK;
}

FALLIBLE checkpoints_verify(const char *store_dir, struct log_txn *txn, struct arena *arena,
                            uint64_t *ret_count, uint64_t *ret_last, struct error *err)
{
    const char *folder = arena_format(arena, "%s/checkpoints", store_dir).data;
    struct note_verifier verifier;
    const char **names = NULL;
    uint64_t last = 0;
    uint64_t size = 0;
    TRY(checkpoints_verifier(store_dir, arena, &verifier, err));
    size_t count = folder_names(folder, STR(".txt"), arena, &names);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(arena, "%s/%s", folder, names[i]).data;
        TRY(verify_file(path, &verifier, txn, arena, &size, err));
        last = size > last ? size : last;
    }
    const char *latest = arena_format(arena, "%s/latest", folder).data;
    if (file_exists(latest)) { /* a copy of one of the others, or all that is left of them */
        TRY(verify_file(latest, &verifier, txn, arena, &size, err));
        last = size > last ? size : last;
    }
    *ret_count = count;
    *ret_last = last;
    return OK;
}

uint64_t checkpoints_last_size(const char *store_dir, struct arena *arena)
{
    struct error ignored;
    struct note_verifier verifier;
    struct checkpoint checkpoint;
    str note = STR("");
    str text = STR("");
    const char *path = arena_format(arena, "%s/checkpoints/latest", store_dir).data;
    bool sound = checkpoints_verifier(store_dir, arena, &verifier, &ignored).ok &&
                 read_text(path, CHECKPOINT_BYTES_MAX, arena, &note, &ignored).ok &&
                 note_verify(note, &verifier, &text, &ignored).ok &&
                 checkpoint_parse(text, &checkpoint, &ignored).ok;
    return sound ? checkpoint.size : 0;
}
