/* checkpoints - see checkpoints.h. */
#include "jobs/checkpoints/checkpoints.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/file.h"
#include "jobs/folder.h"

enum { VKEY_BYTES_MAX = 4096 };

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

FALLIBLE checkpoint_read(const char *path, const struct note_verifier *verifier,
                         struct arena *arena, struct signed_checkpoint *ret, struct error *err)
{
    struct error cause;
    struct signed_checkpoint found = {.file = arena_c_string(arena, str_of(path))};
    TRY(read_text(path, CHECKPOINT_BYTES_MAX, arena, &found.note, err));
    if (!note_verify(found.note, verifier, &found.text, &cause).ok ||
        !checkpoint_parse(found.text, &found.checkpoint, &cause).ok) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_DAMAGED, ARG_TEXT("file", path),
             ARG_STR("what", message_code(cause.code, arena)));
    }
    if (!str_equal(found.checkpoint.origin, verifier->name)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_OTHER_ORIGIN, ARG_TEXT("file", path),
             ARG_STR("origin", found.checkpoint.origin));
    }
    *ret = found;
    return OK;
}

FALLIBLE checkpoint_fits(const struct signed_checkpoint *checkpoint, struct log_txn *txn,
                         struct error *err)
{
    uint64_t size = checkpoint->checkpoint.size;
    struct digest root;
    if (size > log_size(txn)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_BEYOND, ARG_TEXT("file", checkpoint->file),
             ARG_INT("events", log_size(txn)), ARG_INT("signed", size));
    }
    TRY(log_root_at(txn, size, &root, err));
    if (!digest_equal(&root, &checkpoint->checkpoint.root)) {
        FAIL(CORRUPT, MESSAGE_CHECKPOINT_DIFFERS, ARG_TEXT("file", checkpoint->file),
             ARG_INT("events", log_size(txn)), ARG_INT("signed", size));
    }
    return OK;
}

FALLIBLE checkpoint_fits_now(const struct signed_checkpoint *checkpoint, struct log_txn *txn,
                             struct error *err)
{
    struct log_txn *now = NULL;
    if (checkpoint->checkpoint.size <= log_size(txn)) {
        return checkpoint_fits(checkpoint, txn, err);
    }
    TRY(log_begin_beside(txn, &now, err));
    outcome result = checkpoint_fits(checkpoint, now, err);
    log_abort(now);
    return result;
}

/* --- all of them ----------------------------------------------------------------------------- */

struct collection {
    const struct note_verifier *verifier;
    struct arena *arena;
    struct signed_checkpoint *items;
    size_t count;
    size_t capacity;
};

static FALLIBLE collect(struct collection *collection, const char *path, struct error *err)
{
    ARENA_GROW(collection->arena, collection->items, collection->count, &collection->capacity);
    TRY(checkpoint_read(path, collection->verifier, collection->arena,
                        &collection->items[collection->count], err));
    collection->count++;
    return OK;
}

static FALLIBLE collect_folder(struct collection *collection, const char *folder, str suffix,
                               struct error *err)
{
    struct folder_list list;
    TRY(folder_list(folder, suffix, collection->arena, &list, err)); /* hidden ones would be none */
    for (size_t i = 0; i < list.count; i++) {
        TRY(collect(collection,
                    arena_format(collection->arena, "%s/%s", folder, list.names[i]).data, err));
    }
    return OK;
}

static int compare_sizes(const void *a, const void *b)
{
    const struct signed_checkpoint *left = a;
    const struct signed_checkpoint *right = b;
    int by_size = (left->checkpoint.size > right->checkpoint.size) -
                  (left->checkpoint.size < right->checkpoint.size);
    return by_size != 0 ? by_size : strcmp(left->file, right->file);
}

/* Sorted by size: two of one size must be of one tree, whatever the log says now. */
static FALLIBLE find_fork(const struct collection *collection, uint64_t *ret_sizes,
                          struct error *err)
{
    uint64_t sizes = 0;
    for (size_t i = 0; i < collection->count; i++) {
        const struct signed_checkpoint *that = &collection->items[i];
        const struct signed_checkpoint *before = i > 0 ? that - 1 : NULL;
        if (before == NULL || before->checkpoint.size != that->checkpoint.size) {
            sizes++;
        } else if (!digest_equal(&before->checkpoint.root, &that->checkpoint.root)) {
            FAIL(CORRUPT, MESSAGE_CHECKPOINT_FORK, ARG_TEXT("file", before->file),
                 ARG_TEXT("other", that->file), ARG_INT("signed", that->checkpoint.size));
        }
    }
    *ret_sizes = sizes;
    return OK;
}

/* From items[from] on they sign more than the transaction sees. Who reads may have begun before
 * they were signed: what was in the log then is seen by a transaction that begins now. */
static FALLIBLE verify_later(const struct collection *collection, size_t from, struct log_txn *txn,
                             struct error *err)
{
    struct log_txn *now = NULL;
    outcome result = OK;
    TRY(log_begin_beside(txn, &now, err));
    for (size_t i = from; result.ok && i < collection->count; i++) {
        result = checkpoint_fits(&collection->items[i], now, err);
    }
    log_abort(now);
    return result;
}

static FALLIBLE verify_all(struct collection *collection, struct log_txn *txn, uint64_t *ret_sizes,
                           uint64_t *ret_last, struct error *err)
{
    size_t i = 0;
    if (collection->count > 1) {
        qsort(collection->items, collection->count, sizeof *collection->items, compare_sizes);
    }
    TRY(find_fork(collection, ret_sizes, err));
    *ret_last = 0;
    for (; i < collection->count && collection->items[i].checkpoint.size <= log_size(txn); i++) {
        TRY(checkpoint_fits(&collection->items[i], txn, err));
        *ret_last = collection->items[i].checkpoint.size;
    }
    return i < collection->count ? verify_later(collection, i, txn, err) : OK;
}

static FALLIBLE collect_all(struct collection *collection, const char *store_dir, char *const *more,
                            size_t more_count, struct error *err)
{
    const char *folder = arena_format(collection->arena, "%s/checkpoints", store_dir).data;
    const char *latest = arena_format(collection->arena, "%s/latest", folder).data;
    TRY(collect_folder(collection, folder, STR(".txt"), err));
    TRY(collect_folder(collection, folder, STR(".cosigned"), err));
    if (file_exists(latest)) { /* a copy of one of the others, or all that is left of them */
        TRY(collect(collection, latest, err));
    }
    for (size_t i = 0; i < more_count; i++) {
        TRY(collect(collection, more[i], err));
    }
    return OK;
}

FALLIBLE checkpoints_verify(const char *store_dir, struct log_txn *txn, char *const *more,
                            size_t more_count, uint64_t *ret_count, uint64_t *ret_last,
                            struct error *err)
{
    struct arena arena;
    struct note_verifier verifier;
    arena_init(&arena, 0);
    struct collection collection = {.verifier = &verifier, .arena = &arena};
    outcome result = checkpoints_verifier(store_dir, &arena, &verifier, err);
    if (result.ok) {
        result = collect_all(&collection, store_dir, more, more_count, err);
    }
    if (result.ok) {
        result = verify_all(&collection, txn, ret_count, ret_last, err);
    }
    arena_release(&arena);
    return result;
}

/* --- the newest ------------------------------------------------------------------------------ */

/* The largest N of the files N.txt that is at most `most`; 0 when there is none. */
static uint64_t largest_file(const char *folder, uint64_t most, struct arena *arena)
{
    const char **names = NULL;
    uint64_t largest = 0;
    size_t count = folder_names(folder, STR(".txt"), arena, &names);
    for (size_t i = 0; i < count; i++) {
        uint64_t size = 0;
        str name = str_of(names[i]);
        if (str_to_uint64(str_first(name, name.size - STR(".txt").size), &size) && size <= most &&
            size > largest) {
            largest = size;
        }
    }
    return largest;
}

/* The file of the newest one that the transaction sees; one that was signed since it began must fit
 * the log of now. */
static FALLIBLE newest_file(const char *folder, const struct note_verifier *verifier,
                            struct log_txn *txn, struct arena *arena, const char **ret,
                            struct error *err)
{
    uint64_t largest = largest_file(folder, UINT64_MAX, arena);
    if (largest == 0) {
        *ret = arena_format(arena, "%s/latest", folder).data;
        return OK;
    }
    *ret = arena_format(arena, "%s/%" PRIu64 ".txt", folder, largest).data;
    if (largest > log_size(txn)) {
        struct signed_checkpoint later;
        struct collection collection = {.items = &later, .count = 1};
        TRY(checkpoint_read(*ret, verifier, arena, &later, err));
        TRY(verify_later(&collection, 0, txn, err));
        largest = largest_file(folder, log_size(txn), arena);
        *ret = arena_format(arena, "%s/%" PRIu64 ".txt", folder, largest).data;
    }
    return OK;
}

FALLIBLE checkpoints_newest(const char *store_dir, struct log_txn *txn, struct arena *arena,
                            struct signed_checkpoint *ret, struct error *err)
{
    struct note_verifier verifier;
    struct signed_checkpoint found;
    struct signed_checkpoint cosigned;
    const char *folder = arena_format(arena, "%s/checkpoints", store_dir).data;
    const char *path = NULL;
    TRY(checkpoints_verifier(store_dir, arena, &verifier, err));
    TRY(newest_file(folder, &verifier, txn, arena, &path, err));
    if (!file_exists(path)) {
        FAIL(REFUSED(NULL), MESSAGE_CHECKPOINT_NONE, ARG_INT("events", log_size(txn)));
    }
    TRY(checkpoint_read(path, &verifier, arena, &found, err));
    TRY(checkpoint_fits(&found, txn, err));
    path = arena_format(arena, "%s/%" PRIu64 ".cosigned", folder, found.checkpoint.size).data;
    if (file_exists(path)) {
        TRY(checkpoint_read(path, &verifier, arena, &cosigned, err));
        TRY(checkpoint_fits(&cosigned, txn, err));
        found = cosigned;
    }
    *ret = found;
    return OK;
}

uint64_t checkpoints_last_size(const char *store_dir, struct arena *arena)
{
    struct error ignored;
    struct note_verifier verifier;
    struct signed_checkpoint latest;
    const char *path = arena_format(arena, "%s/checkpoints/latest", store_dir).data;
    bool sound = checkpoints_verifier(store_dir, arena, &verifier, &ignored).ok &&
                 checkpoint_read(path, &verifier, arena, &latest, &ignored).ok;
    return sound ? latest.checkpoint.size : 0;
}
