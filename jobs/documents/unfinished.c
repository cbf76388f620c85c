/* unfinished - see unfinished.h. */
#include "jobs/documents/unfinished.h"

#include <sys/stat.h>

#include "core/base/map.h"
#include "core/io/blob.h"
#include "core/io/file.h"
#include "core/io/stop.h"
#include "jobs/engine/parts/log_walk.h"
#include "jobs/folder.h"

static const char mark[] = "reports/regenerate.unfinished";

struct leftovers {
    struct session *session;
    struct arena arena;
    struct timespec since; /* when the killed run began */
    struct map files;      /* written since: digest -> folder; NULL once an event names it */
};

static bool is_older(const struct timespec *time, const struct timespec *since)
{
    return time->tv_sec < since->tv_sec ||
           (time->tv_sec == since->tv_sec && time->tv_nsec < since->tv_nsec);
}

/* Removes partial files; the log decides whether a complete file is needed. */
static FALLIBLE sweep(struct leftovers *left, const char *folder, const char *name,
                      struct error *err)
{
    struct arena *arena = &left->session->item_arena;
    const char *path = arena_format(arena, "%s/%s", folder, name).data;
    struct digest digest;
    struct stat status;
    if (str_ends_with(str_of(name), STR(".tmp"))) {
        return file_remove(path, err);
    }
    if (blob_name_digest(name, ".pdf", &digest) && lstat(path, &status) == 0 &&
        S_ISREG(status.st_mode) && !is_older(&status.st_mtim, &left->since)) {
        bool made = false;
        struct map_entry *entry = map_put(&left->files, digest_bytes(&digest), &made);
        entry->value = arena_c_string(&left->arena, str_of(path));
    }
    return OK;
}

static FALLIBLE sweep_folders(struct leftovers *left, const char *folder, struct error *err)
{
    struct arena *arena = &left->session->item_arena;
    for (unsigned i = 0; i <= UINT8_MAX && !stop_requested(); i++) {
        const char **names = NULL;
        arena_reset(arena);
        str place = arena_format(arena, "%s/%s/%02x", left->session->store_dir, folder, i);
        size_t count = folder_names(place.data, STR(""), arena, &names);
        for (size_t j = 0; j < count; j++) {
            TRY(sweep(left, place.data, names[j], err));
        }
    }
    arena_reset(arena);
    return OK;
}

/* Called in a transaction. Any event counts, because a file may have been put back from a backup
 * meanwhile. */
static FALLIBLE find_named(struct leftovers *left, struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    TRY(engine_log_ready(left->session->engine, err));
    TRY(log_walk_open(engine_log_txn(left->session->engine), 1, &walk, err));
    while (walk.event != NULL && !stop_requested()) {
        if (walk.event->body_case == EVENT__BODY_DOCUMENT_RENDERED) {
            const ProtobufCBinaryData *named = &walk.event->document_rendered->pdf_sha256;
            struct map_entry *entry = map_find(&left->files, bytes_of(named->data, named->len));
            if (entry != NULL) {
                entry->value = NULL;
            }
        }
        TRY(log_walk_next(&walk, err));
    }
    return OK;
}

static FALLIBLE remove_unnamed(struct leftovers *left, struct error *err)
{
    for (size_t i = 0; i < left->files.capacity; i++) {
        const struct map_entry *slot = &left->files.slots[i];
        if (slot->key.data != NULL && slot->value != NULL) {
            TRY(file_remove(slot->value, err));
        }
    }
    return OK;
}

static FALLIBLE remove_leftovers(struct leftovers *left, struct error *err)
{
    TRY(sweep_folders(left, "certificates", err));
    TRY(sweep_folders(left, "proofs", err));
    if (left->files.count == 0) {
        return OK;
    }
    TRY(engine_begin(left->session->engine, err));
    outcome found = find_named(left, err);
    engine_abort(left->session->engine);
    TRY(found);
    return stop_requested() ? OK : remove_unnamed(left, err);
}

FALLIBLE unfinished_begin(struct session *session, bool *ret_stopped, struct error *err)
{
    const char *path = engine_path(session->engine, &session->run_arena, mark);
    struct stat status;
    *ret_stopped = false;
    if (lstat(path, &status) == 0) {
        struct leftovers left = {.session = session, .since = status.st_mtim};
        arena_init(&left.arena, 0);
        map_init(&left.files, &left.arena);
        outcome removed = remove_leftovers(&left, err);
        arena_release(&left.arena);
        *ret_stopped = stop_requested();
        return removed.ok ? OK : error_trace(err, HERE);
    }
    TRY(directory_make(engine_path(session->engine, &session->run_arena, "reports"), 0755, err));
    return file_replace(path, str_bytes(STR("")), 0644, err);
}

FALLIBLE unfinished_end(struct session *session, struct error *err)
{
    return file_remove(engine_path(session->engine, &session->run_arena, mark), err);
}
