/* document_entry - see document_entry.h. */
#include "jobs/documents/document_entry.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/io/proof.h"
#include "core/io/tree_paths.h"
#include "jobs/checkpoints/checkpoint_make.h"
#include "jobs/folder.h"

/* Trees that proofs were made of last; a night mostly needs one. */
enum { TREES_KEPT = 8 };

struct kept_tree {
    struct signed_checkpoint checkpoint;
    struct tree_paths *paths; /* NULL: nothing is kept here */
};

struct document_entries {
    struct session *session;
    bool may_sign;
    struct arena arena;
    str origin;
    uint64_t *sizes; /* of the checkpoints, ascending */
    size_t sizes_count;
    size_t sizes_capacity;
    struct kept_tree trees[TREES_KEPT];
    size_t next_tree; /* the oldest makes room */
};

static int compare_sizes(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void list_sizes(struct document_entries *entries)
{
    const char **names = NULL;
    struct arena *arena = &entries->arena;
    const char *folder = arena_format(arena, "%s/checkpoints", entries->session->store_dir).data;
    size_t count = folder_names(folder, STR(".txt"), arena, &names);
    for (size_t i = 0; i < count; i++) {
        uint64_t size = 0;
        str name = str_of(names[i]);
        if (str_to_uint64(str_first(name, name.size - STR(".txt").size), &size) && size > 0) {
            ARENA_GROW(arena, entries->sizes, entries->sizes_count, &entries->sizes_capacity);
            entries->sizes[entries->sizes_count++] = size;
        }
    }
    if (entries->sizes_count > 1) {
        qsort(entries->sizes, entries->sizes_count, sizeof *entries->sizes, compare_sizes);
    }
}

FALLIBLE document_entries_open(struct session *session, bool may_sign,
                               struct document_entries **ret, struct error *err)
{
    struct note_verifier verifier;
    TRY(checkpoints_verifier(session->store_dir, &session->run_arena, &verifier, err));
    struct document_entries *entries = calloc(1, sizeof *entries);
    MEMORY_UNLESS(entries != NULL);
    arena_init(&entries->arena, 0);
    entries->session = session;
    entries->may_sign = may_sign && checkpoint_can_be_made(session);
    entries->origin = verifier.name;
    list_sizes(entries);
    *ret = entries;
    return OK;
}

void document_entries_close(struct document_entries *entries)
{
    if (entries != NULL) {
        for (size_t i = 0; i < TREES_KEPT; i++) {
            tree_paths_close(entries->trees[i].paths);
        }
        arena_release(&entries->arena);
        free(entries);
    }
}

/* --- which checkpoint ------------------------------------------------------------------------ */

/* Fails when the log does not continue what was signed before: nothing is signed then. */
static FALLIBLE sign(struct document_entries *entries, struct error *err)
{
    struct session *session = entries->session;
    struct error cause;
    struct signed_checkpoint checkpoint = {.file = NULL};
    if (!checkpoints_newest(session->store_dir, engine_log_txn(session->engine), &entries->arena,
                            &checkpoint, &cause)
             .ok &&
        cause.code != MESSAGE_CHECKPOINT_NONE) {
        *err = cause;
        return error_trace(err, HERE);
    }
    TRY(checkpoint_make(session, checkpoint.checkpoint.size, &checkpoint, err));
    ARENA_GROW(&entries->arena, entries->sizes, entries->sizes_count, &entries->sizes_capacity);
    entries->sizes[entries->sizes_count++] = checkpoint.checkpoint.size;
    return OK;
}

FALLIBLE document_entries_cover(struct document_entries *entries, uint64_t event, uint64_t *ret,
                                struct error *err)
{
    uint64_t last = entries->sizes_count > 0 ? entries->sizes[entries->sizes_count - 1] : 0;
    if (last < event && entries->may_sign) {
        TRY(sign(entries, err));
    }
    size_t low = 0, high = entries->sizes_count; /* the first one that covers the event */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entries->sizes[middle] < event) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret = low < entries->sizes_count ? entries->sizes[low] : 0;
    return OK;
}

/* --- its proof ------------------------------------------------------------------------------- */

/* Without cosignatures: they come later and would make other bytes. */
static FALLIBLE find_tree(struct document_entries *entries, uint64_t size, struct kept_tree **ret,
                          struct error *err)
{
    struct session *session = entries->session;
    struct log_txn *txn = engine_log_txn(session->engine);
    struct tree_reader reader = log_tree_reader(txn);
    struct kept_tree *tree = &entries->trees[entries->next_tree];
    struct note_verifier verifier;
    for (size_t i = 0; i < TREES_KEPT; i++) {
        if (entries->trees[i].paths != NULL &&
            entries->trees[i].checkpoint.checkpoint.size == size) {
            tree_paths_read_with(entries->trees[i].paths, &reader);
            *ret = &entries->trees[i];
            return OK;
        }
    }
    tree_paths_close(tree->paths);
    tree->paths = NULL;
    const char *path =
        arena_format(&entries->arena, "%s/checkpoints/%" PRIu64 ".txt", session->store_dir, size)
            .data;
    TRY(checkpoints_verifier(session->store_dir, &entries->arena, &verifier, err));
    TRY(checkpoint_read(path, &verifier, &entries->arena, &tree->checkpoint, err));
    TRY(checkpoint_fits(&tree->checkpoint, txn, err));
    tree->paths = tree_paths_open(&reader, size);
    entries->next_tree = (entries->next_tree + 1) % TREES_KEPT;
    *ret = tree;
    return OK;
}

FALLIBLE document_entry(struct document_entries *entries, uint64_t event, uint64_t size,
                        struct arena *arena, struct pdf_entry *ret, struct error *err)
{
    struct log_proof proof = {.index = event - 1};
    struct pdf_entry entry = {.origin = entries->origin, .event = event, .proof = STR("")};
    struct kept_tree *tree = NULL;
    TRY(log_get(engine_log_txn(entries->session->engine), event, &proof.extra, err));
    entry.leaf = digest_leaf(proof.extra);
    if (size > 0) {
        TRY(find_tree(entries, size, &tree, err));
        BUG_UNLESS(tree != NULL);
        TRY(tree_paths_find(tree->paths, proof.index, &proof.path, err));
        proof.checkpoint = tree->checkpoint.note;
        entry.proof = proof_format(&proof, arena);
    }
    *ret = entry;
    return OK;
}
