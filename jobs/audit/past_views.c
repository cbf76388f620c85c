/* past_views - see past_views.h. */
#include "jobs/audit/past_views.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/folder.h"
#include "jobs/messages.h"

#define FOLDER "anzheng-compare."

enum { FOLDER_MODE = 0700, TRIES = 8 };

/* Is it a folder of this account with our mode? The name proves nothing where all may write. */
static bool is_ours(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
           (status.st_mode & 0777) == FOLDER_MODE;
}

static void remove_folder(const char *folder, struct arena *arena)
{
    project_remove(arena_format(arena, "%s/views", folder).data);
    (void)rmdir(folder); /* empty now */
}

/* Removes what killed runs left: folders that no process holds. A folder that cannot be removed
 * does not matter. */
static void sweep(const char *base, struct arena *arena)
{
    const char **names = NULL;
    size_t count = folder_names(base, STR(""), arena, &names);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(arena, "%s/%s", base, names[i]).data;
        bool is_held = false;
        if (!str_starts_with(str_of(names[i]), STR(FOLDER)) || !is_ours(path)) {
            continue;
        }
        struct lock *lock = lock_folder(path, &is_held);
        if (lock != NULL) {
            remove_folder(path, arena);
            lock_release(lock);
        }
    }
}

/* Makes the folder and holds it. If another run removes it in between, makes another one. */
static outcome make_folder(struct session *session, const char **ret, struct lock **ret_lock,
                           struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *given = getenv("TMPDIR");
    const char *base = given != NULL && *given != 0 ? given : "/tmp";
    struct lock *lock = NULL;
    char *folder = NULL;
    sweep(base, arena);
    for (int i = 0; i < TRIES && lock == NULL; i++) {
        bool is_held = false;
        folder = arena_c_string(arena, arena_format(arena, "%s/" FOLDER "XXXXXX", base));
        lock = mkdtemp(folder) != NULL ? lock_folder(folder, &is_held) : NULL;
        if (lock != NULL && !is_ours(folder)) {
            lock_release(lock);
            lock = NULL;
        }
    }
    if (lock == NULL) {
        FAIL(CREATE, MESSAGE_COMPARE_NO_FOLDER, ARG_TEXT("path", folder));
    }
    *ret = folder;
    *ret_lock = lock;
    return OK;
}

FALLIBLE past_views_open(struct session *session, const struct fold_options *options,
                         uint64_t *ret_last, struct error *err)
{
    const char *folder = NULL;
    struct lock *lock = NULL;
    TRY(make_folder(session, &folder, &lock, err));
    const char *views = arena_format(&session->run_arena, "%s/views", folder).data;
    outcome made = project_write(session->engine, options, views, ret_last, err);
    if (made.ok) {
        engine_abort(session->engine);
        made = engine_swap_views(session->engine, views, err);
    }
    remove_folder(folder, &session->run_arena);
    lock_release(lock);
    TRY(made);
    return engine_begin(session->engine, err);
}
