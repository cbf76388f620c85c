/* store_here - see store_here.h. */
#include "jobs/engine/parts/store_here.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "core/io/account.h"
#include "core/io/blob.h"
#include "core/io/file.h"
#include "core/io/messages.h"
#include "jobs/messages.h"

static bool path_below(const char *dir, const char *name, char ret[PATH_MAX])
{
    int size = snprintf(ret, PATH_MAX, "%s/%s", dir, name);
    return size > 0 && size < PATH_MAX;
}

/* A file that is hidden by missing rights is reported when it is opened. */
static FALLIBLE log_is_here(const char *dir, struct error *err)
{
    char path[PATH_MAX];
    uint64_t size = 0;
    if (!path_below(dir, "log/data.mdb", path) || file_is_hidden(path)) {
        return OK;
    }
    if (file_exists(path)) {
        TRY(file_size(path, &size, err));
    }
    if (size == 0) {
        (void)path_below(dir, "log", path); /* shorter than a path that fitted */
        FAIL(CORRUPT, MESSAGE_LOG_MISSING, ARG_TEXT("path", path));
    }
    return OK;
}

FALLIBLE store_here(const char *dir, struct error *err)
{
    char path[PATH_MAX];
    if (path_below(dir, "anzheng.conf", path) && file_exists(path)) {
        return log_is_here(dir, err);
    }
    if (file_is_hidden(path)) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", EACCES));
    }
    char log[PATH_MAX];
    if (path_below(dir, "log/data.mdb", log) && file_exists(log)) {
        FAIL(CONFIG, MESSAGE_STORE_FILE_MISSING, ARG_TEXT("path", path));
    }
    FAIL(MISSING, MESSAGE_STORE_NOT_FOUND, ARG_TEXT("dir", dir));
}

bool store_is_log_alone(const char *dir)
{
    static const char *const others[] = {"views", "blobs", "keys"};
    char path[PATH_MAX];
    bool alone = path_below(dir, "log/data.mdb", path) && file_exists(path);
    for (size_t i = 0; alone && i < sizeof others / sizeof *others; i++) {
        alone = path_below(dir, others[i], path) && !file_exists(path) && !file_is_hidden(path);
    }
    return alone;
}

FALLIBLE store_is_ours(const char *dir, struct error *err)
{
    char path[PATH_MAX];
    char owner[ACCOUNT_NAME_SIZE];
    char self[ACCOUNT_NAME_SIZE];
    if (path_below(dir, "log/data.mdb", path) && account_is_another(path, owner, self)) {
        FAIL(CONFIG, MESSAGE_STORE_OF_ANOTHER, ARG_TEXT("dir", dir), ARG_TEXT("owner", owner),
             ARG_TEXT("self", self));
    }
    return OK;
}

FALLIBLE store_lock(const char *dir, const char *verb, int wait_seconds, struct lock **ret,
                    struct error *err)
{
    char blobs[PATH_MAX];
    struct lock *lock = NULL;
    TRY(lock_take(dir, verb, wait_seconds, &lock, err));
    if (lock_was_left(lock) && path_below(dir, "blobs", blobs)) {
        outcome swept = blob_sweep(blobs, err);
        if (!swept.ok) {
            lock_release(lock);
            return error_trace(err, HERE);
        }
        lock_settle(lock);
    }
    *ret = lock;
    return OK;
}
