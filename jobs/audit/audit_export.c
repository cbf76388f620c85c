/* audit_export - the verb `audit export`: the log as a folder of C2SP tlog-tiles, up to the newest
 * checkpoint.
 *
 * Only what came since the last export is written; a full tile is never written again. The
 * checkpoint is renamed into place last, after everything that it signs is durable: a reader who
 * has it finds the rest. Entries are copied with their personal parts sealed, so nothing is
 * disclosed and no DataDisclosed event is needed. Reads only, without lock and keys. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/stop.h"
#include "jobs/audit/published.h"
#include "jobs/checkpoints/checkpoints.h"
#include "jobs/folder.h"
#include "jobs/metrics.h"
#include "jobs/report.h"

enum { FILE_MODE = 0644, FOLDER_MODE = 0755, LENGTH_SIZE = 2, KEPT_BYTES_MAX = 1 << 20 };

struct export
{
    struct session *session;
    struct log_txn *txn;
    const char *out;
    struct signed_checkpoint checkpoint;
    uint64_t old_size; /* what was exported before */
    bytes old_note;
    uint64_t size;
    uint8_t *bundle; /* of 256 entries */
    struct progress progress;
    int64_t files;
    int64_t bytes;
};

static const char *path_in(const struct export *export, const char *name, struct arena *arena)
{
    return arena_format(arena, "%s/%s", export->out, name).data;
}

/* A new file below the folder; its directory is made. */
static FALLIBLE put(struct export *export, const char *name, bytes content, struct error *err)
{
    struct arena *arena = &export->session->item_arena;
    const char *path = path_in(export, name, arena);
    char *folder = arena_c_string(arena, str_of(path));
    *strrchr(folder, '/') = 0;
    TRY(directory_make(folder, FOLDER_MODE, err));
    TRY(file_write_new(path, content, FILE_MODE, err));
    export->files++;
    export->bytes += (int64_t)content.size;
    return OK;
}

/* --- tiles ----------------------------------------------------------------------------------- */

static FALLIBLE put_hashes(struct export *export, struct tile tile, struct error *err)
{
    char path[TILE_PATH_SIZE];
    bytes hashes = {0};
    tile_path(tile, path);
    TRY(log_tile(export->txn, tile, &hashes, err));
    return put(export, path, bytes_of(hashes.data, (size_t)tile.width * DIGEST_SIZE), err);
}

/* Compares an entry with its leaf hash, so that an altered event is not exported. */
static FALLIBLE put_entries(struct export *export, struct tile tile, struct error *err)
{
    char path[TILE_PATH_SIZE];
    size_t used = 0;
    bytes hashes = {0};
    tile_entries_path(tile, path);
    TRY(log_tile(export->txn, tile, &hashes, err));
    for (unsigned i = 0; i < tile.width; i++) {
        bytes entry = {0};
        uint64_t event = tile.index * TREE_TILE_WIDTH + i + 1;
        TRY(log_get(export->txn, event, &entry, err));
        struct digest leaf = digest_leaf(entry);
        if (memcmp(leaf.data, hashes.data + (size_t)i * DIGEST_SIZE, DIGEST_SIZE) != 0) {
            FAIL(CORRUPT, MESSAGE_LOG_EVENT_ALTERED, ARG_INT("event", event));
        }
        export->bundle[used++] = (uint8_t)(entry.size >> 8);
        export->bundle[used++] = (uint8_t)entry.size;
        memcpy(export->bundle + used, entry.data, entry.size);
        used += entry.size;
    }
    return put(export, path, bytes_of(export->bundle, used), err);
}

static FALLIBLE put_tile(struct export *export, struct tile tile, struct error *err)
{
    if (stop_requested()) {
        FAIL(BUSY, MESSAGE_LOG_STOPPED, ARG_INT("event", tile.index * TREE_TILE_WIDTH),
             ARG_INT("events", export->size));
    }
    TRY(put_hashes(export, tile, err));
    if (tile.level == 0) {
        TRY(put_entries(export, tile, err));
        progress_step(&export->progress, tile.index * TREE_TILE_WIDTH + tile.width);
    }
    arena_reset(&export->session->item_arena);
    return OK;
}

/* Writes the missing tiles of a level: full ones, then the partial one. */
static FALLIBLE put_level(struct export *export, unsigned level, struct error *err)
{
    uint64_t before = tree_level_count(export->old_size, level);
    uint64_t count = tree_level_count(export->size, level);
    struct tile tile = {.level = level, .index = before / TREE_TILE_WIDTH};
    for (; before < count && tile.index * TREE_TILE_WIDTH < count; tile.index++) {
        uint64_t left = count - tile.index * TREE_TILE_WIDTH;
        tile.width = left < TREE_TILE_WIDTH ? (unsigned)left : TREE_TILE_WIDTH;
        TRY(put_tile(export, tile, err));
    }
    return OK;
}

static FALLIBLE put_tiles(struct export *export, struct error *err)
{
    export->bundle = arena_new_raw(&export->session->run_arena,
                                   (size_t)TREE_TILE_WIDTH * (LENGTH_SIZE + LOG_PAYLOAD_MAX));
    progress_start(&export->progress, &export->session->terminal, STR("audit export"),
                   export->size);
    outcome result = OK;
    for (unsigned level = 0; result.ok && level < TREE_TILE_LEVELS; level++) {
        result = put_level(export, level, err);
    }
    progress_end(&export->progress);
    return result;
}

/* Removes the partial tiles, of all exported widths, of a tile that is full now. */
static void remove_partial(struct export *export, struct tile tile, bool entries)
{
    struct arena *arena = &export->session->item_arena;
    char path[TILE_PATH_SIZE];
    const char **names = NULL;
    tile.width = 1;
    if (entries) {
        tile_entries_path(tile, path);
    } else {
        tile_path(tile, path);
    }
    *strrchr(path, '/') = 0;
    const char *folder = path_in(export, path, arena);
    size_t count = folder_names(folder, STR(""), arena, &names);
    for (size_t i = 0; i < count; i++) {
        (void)unlink(arena_format(arena, "%s/%s", folder, names[i]).data); /* harms nobody */
    }
    (void)rmdir(folder);
    arena_reset(arena);
}

static void remove_partials(struct export *export)
{
    for (unsigned level = 0; level < TREE_TILE_LEVELS; level++) {
        uint64_t before = tree_level_count(export->old_size, level);
        uint64_t full = tree_level_count(export->size, level) / TREE_TILE_WIDTH;
        struct tile tile = {.level = level, .index = before / TREE_TILE_WIDTH};
        if (before % TREE_TILE_WIDTH != 0 && tile.index < full) {
            remove_partial(export, tile, false);
            if (level == 0) {
                remove_partial(export, tile, true);
            }
        }
    }
}

/* --- what goes with them --------------------------------------------------------------------- */

/* Writes the file unless it is there with these bytes. */
static FALLIBLE keep(struct export *export, const char *name, bytes content, struct error *err)
{
    struct arena *arena = &export->session->item_arena;
    struct error ignored;
    bytes there = {0};
    const char *path = path_in(export, name, arena);
    if (file_read(path, arena, KEPT_BYTES_MAX, &there, &ignored).ok &&
        bytes_equal(there, content)) {
        return OK;
    }
    return put(export, name, content, err);
}

static FALLIBLE put_checkpoints(struct export *export, str suffix, struct error *err)
{
    struct session *session = export->session;
    const char *folder = engine_path(session->engine, &session->run_arena, "checkpoints");
    struct folder_list list;
    TRY(folder_list(folder, suffix, &session->run_arena, &list, err));
    for (size_t i = 0; i < list.count; i++) {
        const char *name = list.names[i];
        struct arena *arena = &session->item_arena;
        bytes content = {0};
        uint64_t size = 0;
        str stem = str_first(str_of(name), strlen(name) - suffix.size);
        if (str_to_uint64(stem, &size) && size <= export->size) {
            TRY(file_read(arena_format(arena, "%s/%s", folder, name).data, arena,
                          CHECKPOINT_BYTES_MAX, &content, err));
            TRY(keep(export, arena_format(arena, "checkpoints/%s", name).data, content, err));
        }
        arena_reset(arena);
    }
    return OK;
}

static FALLIBLE put_others(struct export *export, struct error *err)
{
    for (size_t i = 0; published_files[i][0] != NULL; i++) {
        TRY(keep(export, published_files[i][0], str_bytes(str_of(published_files[i][1])), err));
    }
    TRY(put_checkpoints(export, STR(".txt"), err));
    return put_checkpoints(export, STR(".cosigned"), err);
}

/* --- where it begins ------------------------------------------------------------------------- */

/* Checks that the folder is empty or an export of this log. The log's key is written first. */
static FALLIBLE claim_folder(struct export *export, const struct note_verifier *verifier,
                             struct error *err)
{
    struct arena *arena = &export->session->run_arena;
    const char **names = NULL;
    bytes there = {0};
    str key = note_vkey_format(verifier, arena);
    bytes content = str_bytes(arena_format(arena, "%.*s\n", STR_ARGS(key)));
    const char *path = path_in(export, "log.vkey", arena);
    TRY(directory_make(export->out, FOLDER_MODE, err));
    if (folder_names(export->out, STR(""), arena, &names) == 0) {
        return file_replace(path, content, FILE_MODE, err);
    }
    struct error ignored;
    if (!file_read(path, arena, KEPT_BYTES_MAX, &there, &ignored).ok ||
        !bytes_equal(there, content)) {
        FAIL(CREATE, MESSAGE_EXPORT_FOLDER, ARG_TEXT("folder", export->out),
             ARG_STR("origin", verifier->name));
    }
    return OK;
}

/* The exported tree must be a beginning of the one to be exported. */
static FALLIBLE find_old_size(struct export *export, const struct note_verifier *verifier,
                              struct error *err)
{
    struct arena *arena = &export->session->run_arena;
    struct signed_checkpoint old;
    const char *path = path_in(export, "checkpoint", arena);
    if (!file_exists(path)) {
        return OK;
    }
    TRY(checkpoint_read(path, verifier, arena, &old, err));
    TRY(checkpoint_fits(&old, export->txn, err));
    if (old.checkpoint.size > export->size) {
        FAIL(CORRUPT, MESSAGE_EXPORT_AHEAD, ARG_TEXT("file", path),
             ARG_INT("exported", old.checkpoint.size), ARG_INT("signed", export->size));
    }
    export->old_size = old.checkpoint.size;
    export->old_note = str_bytes(old.note);
    return OK;
}

static FALLIBLE run(struct export *export, struct error *err)
{
    struct arena *arena = &export->session->run_arena;
    struct note_verifier verifier;
    bytes note = str_bytes(export->checkpoint.note);
    TRY(checkpoints_verifier(export->session->store_dir, arena, &verifier, err));
    TRY(claim_folder(export, &verifier, err));
    TRY(find_old_size(export, &verifier, err));
    TRY(put_tiles(export, err));
    TRY(put_others(export, err));
    if (!bytes_equal(export->old_note, note)) {
        TRY(file_sync_tree(export->out, err));
        TRY(file_replace(path_in(export, "checkpoint", arena), note, FILE_MODE, err));
    }
    remove_partials(export);
    return OK;
}

outcome check_audit_export(const struct session *session, struct error *err)
{
    if (*SESSION_OPTIONS(session, AuditExportOptions)->tiles == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "audit export"),
             ARG_TEXT("option", "tiles"));
    }
    return OK;
}

outcome job_audit_export(struct session *session, struct error *err)
{
    const AuditExportOptions *options = SESSION_OPTIONS(session, AuditExportOptions);
    struct metrics metrics = metrics_start("audit-export");
    struct lock *claim = NULL;
    struct export export = {
        .session = session, .txn = engine_log_txn(session->engine), .out = options->tiles};
    TRY(checkpoints_newest(session->store_dir, export.txn, &session->run_arena, &export.checkpoint,
                           err));
    export.size = export.checkpoint.checkpoint.size;
    TRY(folder_claim(export.out, &claim, err));
    outcome done = run(&export, err);
    lock_release(claim);
    TRY(done);
    metrics.done = export.size - export.old_size;
    metrics_try(session, &metrics);

    struct json *record = json_new_record();
    json_put_number(record, "size", (int64_t) export.size);
    json_put_text(
        record, "root",
        base64_encode(digest_bytes(&export.checkpoint.checkpoint.root), &session->run_arena));
    json_put_number(record, "new", (int64_t)(export.size - export.old_size));
    json_put_number(record, "beyond", (int64_t)(log_size(export.txn) - export.size));
    json_put_number(record, "files", export.files);
    json_put_number(record, "bytes", export.bytes);
    json_put_text(record, "folder", str_of(options->tiles));
    return report_result(session, record, err);
}
