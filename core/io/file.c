/* file - see file.h. */
#include "core/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file_claim.h"
#include "core/io/file_open.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

struct error_arg file_why_not_created(int number)
{
    return number == ENOENT ? error_arg_str("why", STR("its folder does not exist"))
                            : error_arg_errno("why", number);
}

static outcome read_all(int fd, const char *path, struct arena *arena, size_t limit, bytes *ret,
                        struct error *err)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    if (status.st_size > 0 && (uint64_t)status.st_size > limit) { /* not read for nothing */
        FAIL(MALFORMED, MESSAGE_FILE_TOO_LARGE, ARG_TEXT("path", path), ARG_INT("limit", limit));
    }
    /* Files of /proc have no size: they are read in steps that double. Reading one byte more than
     * expected shows whether the file has grown or is over the limit. */
    size_t room = status.st_size > 0 ? (size_t)status.st_size : 64 * 1024;
    room = room < limit ? room : limit;
    uint8_t *data = arena_buffer(arena, room + 1);
    size_t used = 0;
    for (;;) {
        ssize_t count = read(fd, data + used, room + 1 - used);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path),
                 ARG_ERRNO("why", errno));
        }
        used += (size_t)count;
        if (used > limit) {
            FAIL(MALFORMED, MESSAGE_FILE_TOO_LARGE, ARG_TEXT("path", path),
                 ARG_INT("limit", limit));
        }
        if (count == 0) {
            break;
        }
        if (used == room + 1) {
            size_t larger = room < limit / 2 ? room * 2 : limit;
            uint8_t *copy = arena_buffer(arena, larger + 1);
            memcpy(copy, data, used);
            data = copy;
            room = larger;
        }
    }
    data[used] = 0;
    *ret = (bytes){data, used};
    return OK;
}

FALLIBLE file_read(const char *path, struct arena *arena, size_t limit, bytes *ret,
                   struct error *err)
{
    int fd = -1;
    TRY(file_open(path, &fd, err));
    outcome result = read_all(fd, path, arena, limit, ret, err);
    (void)close(fd); /* read only: nothing to lose */
    return result;
}

FALLIBLE file_replace(const char *path, bytes content, mode_t mode, struct error *err)
{
    char temporary[PATH_MAX];
    char parent[PATH_MAX];
    outcome placed = OK;
    int fd = -1;
    TRY(temporary_name_of(path, temporary, err));
    TRY(file_claim(temporary, path, mode, true, &fd, err));
    bool good = temporary_write_all(fd, content) && fdatasync(fd) == 0;
    int why = errno;
    if (good) {
        placed = temporary_place(path, temporary, err);
    } else {
        (void)unlink(temporary); /* the failure to report is the first one */
    }
    (void)close(fd); /* already flushed, or failed before */
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    TRY(placed);
    temporary_parent(path, parent);
    return directory_sync(parent, err);
}

FALLIBLE file_write_new(const char *path, bytes content, mode_t mode, struct error *err)
{
    char temporary[PATH_MAX];
    TRY(temporary_name_of(path, temporary, err));
    TRY(temporary_write(path, temporary, content, mode, err));
    return temporary_place(path, temporary, err);
}

FALLIBLE file_create(const char *path, mode_t mode, FILE **ret, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        int why = errno;
        if (fd >= 0) {
            (void)close(fd); /* nothing was written */
        }
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), file_why_not_created(why));
    }
    *ret = file;
    return OK;
}

FALLIBLE file_finish(FILE *file, const char *path, struct error *err)
{
    int failure = ferror(file) != 0 ? EIO : 0; /* a write failed before this */
    if (failure == 0 && (fflush(file) != 0 || fsync(fileno(file)) != 0)) {
        failure = errno;
    }
    if (fclose(file) != 0 && failure == 0) {
        failure = errno;
    }
    if (failure != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path),
             ARG_ERRNO("why", failure));
    }
    return OK;
}

FALLIBLE file_sync_tree(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    bool good = syncfs(fd) == 0;
    int why = errno;
    (void)close(fd); /* nothing was written through it */
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_hidden(const char *path)
{
    return access(path, F_OK) != 0 && errno == EACCES;
}

FALLIBLE file_size(const char *path, uint64_t *ret, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    *ret = (uint64_t)status.st_size;
    return OK;
}

FALLIBLE file_remove(const char *path, struct error *err)
{
    if (unlink(path) != 0 && errno != ENOENT) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_REMOVED, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    return OK;
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Makes one level; it may have been made by another process meanwhile. */
static outcome make_level(const char *path, mode_t mode, struct error *err)
{
    if (mkdir(path, mode) == 0) {
        return OK;
    }
    int why = errno;
    if (is_directory(path)) {
        return OK;
    }
    FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
}

FALLIBLE directory_make(const char *path, mode_t mode, struct error *err)
{
    if (is_directory(path)) {
        return OK;
    }
    char part[PATH_MAX];
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof part) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
             ARG_ERRNO("why", size == 0 ? ENOENT : ENAMETOOLONG));
    }
    memcpy(part, path, size + 1);
    for (size_t i = 1; i < size; i++) {
        if (part[i] == '/') {
            part[i] = '\0';
            TRY(make_level(part, mode, err));
            part[i] = '/';
        }
    }
    return make_level(part, mode, err);
}

FALLIBLE directory_sync(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    bool good = fsync(fd) == 0;
    int why = errno;
    (void)close(fd); /* nothing was written through it */
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}
