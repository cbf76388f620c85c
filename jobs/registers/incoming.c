/* incoming - see incoming.h. */
#include "jobs/registers/incoming.h"

#include <sys/stat.h>

#include "core/io/clock.h"
#include "core/io/file.h"
#include "core/io/lock.h"
#include "jobs/folder.h"

enum {
    PART_DAYS = 7,
    DAY_S = 86400,
    MICROSECONDS = 1000000,
    FOLDER_MODE = 0700,
};

/* What is unpacked is of whoever holds the store's lock, a folder of another run. */
static bool is_anothers(str name, const struct stat *status)
{
    return S_ISDIR(status->st_mode) || str_equal(name, STR(INCOMING_UNPACKED));
}

/* A mark may just be written by a run that holds another folder, so its .tmp is no leftover. */
static bool stays(str name, const struct stat *status)
{
    bool part = str_ends_with(name, STR(".part")) || str_ends_with(name, STR(".from")) ||
                str_ends_with(name, STR(".known.tmp"));
    int64_t now_s = clock_now_us() / MICROSECONDS;
    bool fresh = part && now_s - (int64_t)status->st_mtime < (int64_t)PART_DAYS * DAY_S;
    return fresh || str_ends_with(name, STR(".known")) || is_anothers(name, status);
}

static outcome sweep(const char *folder, struct arena *arena, struct error *err)
{
    const char **names = NULL;
    size_t count = folder_names(folder, STR(""), arena, &names);
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        const char *path = arena_format(arena, "%s/%s", folder, names[i]).data;
        if (lstat(path, &status) == 0 && !stays(str_of(names[i]), &status)) {
            TRY(file_remove(path, err));
        }
    }
    return OK;
}

FALLIBLE incoming_folder(const char *store_dir, struct arena *arena, const char **ret,
                         struct error *err)
{
    *ret = arena_format(arena, "%s/incoming", store_dir).data;
    return directory_make(*ret, FOLDER_MODE, err);
}

FALLIBLE incoming_take(struct incoming *incoming, const char *store_dir, struct arena *arena,
                       struct error *err)
{
    const char *all = NULL;
    bool is_held = false;
    if (incoming->folder != NULL) {
        return OK;
    }
    TRY(incoming_folder(store_dir, arena, &all, err));
    const char *folder = all;
    incoming->lock = lock_folder(folder, &is_held);
    for (int i = 1; is_held; i++) {
        folder = arena_format(arena, "%s/%d", all, i).data;
        TRY(directory_make(folder, FOLDER_MODE, err));
        incoming->lock = lock_folder(folder, &is_held);
    }
    incoming->folder = folder;
    return sweep(folder, arena, err);
}

void incoming_release(struct incoming *incoming)
{
    lock_release(incoming->lock);
    *incoming = (struct incoming){0};
}
