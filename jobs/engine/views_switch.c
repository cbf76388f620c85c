/* views_switch - see views_switch.h. */
#include "jobs/engine/views_switch.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/io/file.h"
#include "jobs/engine/parts/seen_rows.h"
#include "jobs/messages.h"

/* An environment is a folder of two files; the live one may have a third (seen_rows.h). */
static outcome remove_environment(const char *dir, struct arena *arena, struct error *err)
{
    TRY(file_remove(arena_format(arena, "%s/data.mdb", dir).data, err));
    TRY(file_remove(arena_format(arena, "%s/lock.mdb", dir).data, err));
    TRY(file_remove(arena_format(arena, "%s/" VIEWS_SEEN_FILE, dir).data, err));
    TRY(file_remove(arena_format(arena, "%s/" VIEWS_SEEN_FILE ".tmp", dir).data, err));
    /* The folder may be absent; if it cannot be removed, the next switch tries again. Somebody may
     * have put a link in the place of the live views: the folder behind it is empty now, so remove
     * the link too. */
    if (rmdir(dir) != 0 && errno == ENOTDIR) {
        (void)unlink(dir);
    }
    return OK;
}

static outcome fail_rename(const char *path, int why, struct error *err)
{
    if (why == EBUSY) {
        FAIL(CREATE, MESSAGE_FOLDER_FIXED, ARG_TEXT("path", path));
    }
    FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
}

static outcome write_new(struct engine *engine, const struct fold_options *options,
                         struct arena *arena, uint64_t *ret_last, struct error *err)
{
    const char *made = engine_path(engine, arena, "views.new");
    TRY(remove_environment(made, arena, err));
    TRY(remove_environment(engine_path(engine, arena, "views.old"), arena, err));
    TRY(project_write(engine, options, made, ret_last, err));
    return directory_sync(made, err); /* its entries: else a power cut may leave an empty folder */
}

/* What was to be done beside it is done, however it went. */
static outcome write_and_finish(struct engine *engine, const struct fold_options *options,
                                struct arena *arena, uint64_t *ret_last, struct error *err)
{
    struct error other;
    outcome written = write_new(engine, options, arena, ret_last, err);
    if (options->beside != NULL && !options->beside->finish(options->beside->state, &other).ok) {
        *err = other;
        return error_trace(err, HERE);
    }
    return written;
}

static outcome switch_in(struct engine *engine, const struct fold_options *options,
                         struct arena *arena, uint64_t *ret_last, struct error *err)
{
    const char *live = engine_path(engine, arena, "views");
    const char *made = engine_path(engine, arena, "views.new");
    const char *old = engine_path(engine, arena, "views.old");
    outcome written = write_and_finish(engine, options, arena, ret_last, err);
    if (!written.ok) {
        struct error ignored; /* the failure to report is the first one; the next switch meets it */
        (void)remove_environment(made, arena, &ignored);
        return error_trace(err, HERE);
    }
    engine_abort(engine);
    engine_close_views(engine);
    if (rename(live, old) != 0 && errno != ENOENT) {
        return fail_rename(errno == EBUSY ? live : old, errno, err);
    }
    if (rename(made, live) != 0) {
        int why = errno;
        (void)rename(old, live); /* readers go on with the old views; none: it stays so */
        return fail_rename(live, why, err);
    }
    TRY(directory_sync(engine_dir(engine), err));
    return remove_environment(old, arena, err);
}

FALLIBLE views_switch(struct engine *engine, const struct fold_options *options, uint64_t *ret_last,
                      struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    outcome switched = switch_in(engine, options, &arena, ret_last, err);
    engine_abort(engine);
    arena_release(&arena);
    return switched;
}

FALLIBLE views_remove_old(struct engine *engine, struct error *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    const char *old = engine_path(engine, &arena, "views.old");
    const char *live = engine_path(engine, &arena, "views");
    outcome removed = OK;
    if (file_exists(old) && file_exists(live)) {
        removed = remove_environment(old, &arena, err);
    }
    arena_release(&arena);
    return removed;
}
