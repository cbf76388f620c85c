/* checkpoints - see checkpoints.h. */
#include "jobs/checkpoints.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/file.h"

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
    TRY(read_text(arena_format(arena, "%s/trust/log.vkey", store_dir).data, VKEY_BYTES_MAX, arena,
                  &text, err));
    TRY(note_vkey_parse(str_trim(text), arena, ret, err));
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

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum { FILES_MAX = 1 << 20 };

/* The names of the checkpoint files, sorted, so that the same damage is named every time. */
static size_t list_files(const char *folder, struct arena *arena, const char ***ret)
{
    DIR *open_folder = opendir(folder);
    const char **names = NULL;
    size_t count = 0;
    size_t capacity = 0;
    const struct dirent *entry = NULL;
    while (open_folder != NULL && (entry = readdir(open_folder)) != NULL && count < FILES_MAX) {
        str name = str_of(entry->d_name);
        if (!str_ends_with(name, STR(".txt")) && !str_equal_c(name, "latest")) {
            continue;
        }
        if (count == capacity) {
            capacity = capacity == 0 ? 64 : capacity * 2;
            const char **more = ARENA_ARRAY(arena, const char *, capacity);
            for (size_t i = 0; i < count; i++) {
                more[i] = names[i];
            }
            names = more;
        }
        names[count++] = arena_c_string(arena, name);
    }
    if (open_folder != NULL) {
        (void)closedir(open_folder); /* read only */
    }
    if (count > 1) {
        qsort(names, count, sizeof *names, compare_names);
    }
    *ret = names;
    return count;
}

FALLIBLE checkpoints_verify(const char *store_dir, struct log_txn *txn, struct arena *arena,
                            uint64_t *ret_count, uint64_t *ret_last, struct error *err)
{
    const char *folder = arena_format(arena, "%s/checkpoints", store_dir).data;
    struct note_verifier verifier;
    const char **names = NULL;
    uint64_t last = 0;
    TRY(checkpoints_verifier(store_dir, arena, &verifier, err));
    size_t count = list_files(folder, arena, &names);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t size = 0;
        const char *path = arena_format(arena, "%s/%s", folder, names[i]).data;
        TRY(verify_file(path, &verifier, txn, arena, &size, err));
        *ret_count += strcmp(names[i], "latest") != 0 ? 1 : 0; /* a copy of one of the others */
        last = size > last ? size : last;
    }
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
