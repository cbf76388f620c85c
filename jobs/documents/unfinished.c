/* unfinished - see unfinished.h. */
#include "jobs/documents/unfinished.h"

#include "core/io/file.h"
#include "jobs/folder.h"

static const char mark[] = "reports/regenerate.unfinished";

static FALLIBLE sweep(struct session *session, const char *folder, struct error *err)
{
    struct arena *arena = &session->item_arena;
    for (unsigned i = 0; i <= UINT8_MAX; i++) {
        const char **names = NULL;
        arena_reset(arena);
        str place = arena_format(arena, "%s/%s/%02x", session->store_dir, folder, i);
        size_t count = folder_names(place.data, STR(".tmp"), arena, &names);
        for (size_t j = 0; j < count; j++) {
            TRY(file_remove(arena_format(arena, "%s/%s", place.data, names[j]).data, err));
        }
    }
    arena_reset(arena);
    return OK;
}

FALLIBLE unfinished_begin(struct session *session, struct error *err)
{
    const char *path = engine_path(session->engine, &session->run_arena, mark);
    if (file_exists(path)) {
        TRY(sweep(session, "certificates", err));
        TRY(sweep(session, "proofs", err));
        return OK;
    }
    TRY(directory_make(engine_path(session->engine, &session->run_arena, "reports"), 0755, err));
    return file_replace(path, str_bytes(STR("")), 0644, err);
}

FALLIBLE unfinished_end(struct session *session, struct error *err)
{
    return file_remove(engine_path(session->engine, &session->run_arena, mark), err);
}
