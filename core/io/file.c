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
#include "core/io/messages.h"

#define TEMPORARY_SUFFIX ".tmp"

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
    /* Files of /proc tell no size: they are read in steps that double. One byte more than expected
     * shows whether the file has grown or the limit is passed. */
    size_t room = status.st_size > 0 ? (size_t)status.st_size : 64 * 1024;
    room = room < limit ? room : limit;
    uint8_t *data = arena_new_raw(arena, room + 1);
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
            uint8_t *copy = arena_new_raw(arena, larger + 1);
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
    TRY(result);
    return OK;
}

/* Writes all of it; false with errno. */
static bool write_all(int fd, bytes content)
{
    while (content.size > 0) {
        ssize_t count = write(fd, content.data, content.size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return false;
        }
        content = (bytes){content.data + count, content.size - (size_t)count};
    }
    return true;
}

static bool temporary_name(const char *path, char out[PATH_MAX])
{
    int size = snprintf(out, PATH_MAX, "%s" TEMPORARY_SUFFIX, path);
    return size > 0 && size < PATH_MAX;
}

static outcome write_temporary(const char *path, const char *temporary, bytes content, mode_t mode,
                               struct error *err)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), file_why_not_created(errno));
    }
    bool good = fchmod(fd, mode) == 0 && write_all(fd, content);
    int why = errno;
    if (close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    if (!good) {
        (void)unlink(temporary); /* the failure to report is the first one */
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

static outcome rename_into_place(const char *path, const char *temporary, struct error *err)
{
    if (rename(temporary, path) != 0) {
        int why = errno;
        (void)unlink(temporary); /* the failure to report is the first one */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

static outcome name_beside(const char *path, char out[PATH_MAX], struct error *err)
{
    if (!temporary_name(path, out)) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
             ARG_ERRNO("why", ENAMETOOLONG));
    }
    return OK;
}

/* The directory a path lies in. */
static void parent_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        memcpy(out, ".", 2);
        return;
    }
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    size = size < PATH_MAX ? size : PATH_MAX - 1;
    memcpy(out, path, size);
    out[size] = '\0';
}

FALLIBLE file_replace(const char *path, bytes content, mode_t mode, struct error *err)
{
    char temporary[PATH_MAX];
    char parent[PATH_MAX];
    outcome placed = OK;
    int fd = -1;
    TRY(name_beside(path, temporary, err));
    TRY(file_claim(temporary, path, mode, true, &fd, err));
    bool good = write_all(fd, content) && fdatasync(fd) == 0;
    int why = errno;
    if (good) {
        placed = rename_into_place(path, temporary, err);
    } else {
        (void)unlink(temporary); /* the failure to report is the first one */
    }
    (void)close(fd); /* the disk has it, or it failed before */
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    TRY(placed);
    parent_of(path, parent);
    TRY(directory_sync(parent, err));
    return OK;
}

FALLIBLE file_write_new(const char *path, bytes content, mode_t mode, struct error *err)
{
    char temporary[PATH_MAX];
    TRY(name_beside(path, temporary, err));
    TRY(write_temporary(path, temporary, content, mode, err));
    TRY(rename_into_place(path, temporary, err));
    return OK;
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
    int failure = fflush(file) != 0 || fsync(fileno(file)) != 0 ? errno : 0;
    if (fclose(file) != 0 && failure == 0) {
        failure = errno;
    }
    if (failure != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path),
             ARG_ERRNO("reason", failure));
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

/* Makes one level; where another process was faster is fine. */
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
    TRY(make_level(part, mode, err));
    return OK;
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

static outcome make_parent_of(const char *path, struct error *err)
{
    char parent[PATH_MAX];
    parent_of(path, parent);
    TRY(directory_make(parent, 0755, err));
    return OK;
}

/* The folder is almost always there, so it is not asked for first. */
FALLIBLE file_write_temporary(const char *path, bytes content, mode_t mode, struct error *err)
{
    char temporary[PATH_MAX];
    struct error first;
    TRY(name_beside(path, temporary, err));
    if (write_temporary(path, temporary, content, mode, &first).ok) {
        return OK;
    }
    if (first.class != ERROR_CREATE) {
        *err = first;
        return error_trace(err, HERE);
    }
    TRY(make_parent_of(path, err));
    TRY(write_temporary(path, temporary, content, mode, err));
    return OK;
}

/* --- batch --------------------------------------------------------------------------------- */

/* Up to this many files each is flushed alone; beyond, one syncfs for all. Measured on ext4 with
 * files of 60 kB: 4 and 8 files 3-7 ms alone, 0.5-0.8 ms together; 16 files 37-52 ms and 3 ms; 256
 * files 50 ms and 10 ms. But syncfs also waits for what others wrote: once 260 ms for 4 files. */
enum { FLUSH_EACH_MAX = 8 };

struct file_batch {
    struct arena arena;
    char **paths;
    size_t count;
    size_t capacity;
};

FALLIBLE file_batch_open(struct file_batch **ret, struct error *err)
{
    struct file_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", "-"), ARG_ERRNO("why", errno));
    }
    arena_init(&batch->arena, 0);
    *ret = batch;
    return OK;
}

FALLIBLE file_batch_add(struct file_batch *batch, const char *path, bytes content, mode_t mode,
                        struct error *err)
{
    char temporary[PATH_MAX];
    TRY(name_beside(path, temporary, err));
    TRY(write_temporary(path, temporary, content, mode, err));
    file_batch_adopt(batch, path);
    return OK;
}

void file_batch_adopt(struct file_batch *batch, const char *path)
{
    ARENA_GROW(&batch->arena, batch->paths, batch->count, &batch->capacity);
    batch->paths[batch->count++] = arena_c_string(&batch->arena, str_of(path));
}

size_t file_batch_count(const struct file_batch *batch)
{
    return batch->count;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts, and drops the repeated: their one `.tmp` holds the last bytes. */
static void sort_paths(struct file_batch *batch)
{
    size_t kept = 0;
    if (batch->count > 1) {
        qsort(batch->paths, batch->count, sizeof *batch->paths, compare_paths);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (kept == 0 || strcmp(batch->paths[kept - 1], batch->paths[i]) != 0) {
            batch->paths[kept++] = batch->paths[i];
        }
    }
    batch->count = kept;
}

static outcome flush_one(const char *path, struct error *err)
{
    char temporary[PATH_MAX];
    BUG_UNLESS(temporary_name(path, temporary));
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fdatasync(fd) == 0;
    int why = errno;
    if (fd >= 0) {
        (void)close(fd); /* nothing was written through it */
    }
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

/* The paths are sorted, so a directory's files follow each other. A directory may be new itself, so
 * the one above is flushed too. */
static outcome flush_names(const struct file_batch *batch, struct error *err)
{
    char parent[PATH_MAX], above[PATH_MAX], previous[PATH_MAX] = "";
    for (size_t i = 0; i < batch->count; i++) {
        parent_of(batch->paths[i], parent);
        if (strcmp(parent, previous) != 0) {
            TRY(directory_sync(parent, err));
            parent_of(parent, above);
            TRY(directory_sync(above, err));
            memcpy(previous, parent, sizeof previous);
        }
    }
    return OK;
}

static outcome flush_both(const struct file_batch *written, const struct file_batch *named,
                          struct error *err)
{
    char parent[PATH_MAX];
    if (written->count + named->count > FLUSH_EACH_MAX) {
        parent_of(written->count > 0 ? written->paths[0] : named->paths[0], parent);
        TRY(file_sync_tree(parent, err));
        return OK;
    }
    for (size_t i = 0; i < written->count; i++) {
        TRY(flush_one(written->paths[i], err));
    }
    TRY(flush_names(named, err));
    return OK;
}

static void batch_reset(struct file_batch *batch)
{
    arena_reset(&batch->arena);
    batch->paths = NULL;
    batch->count = 0;
    batch->capacity = 0;
}

FALLIBLE file_batch_advance(struct file_batch *written, struct file_batch *named, struct error *err)
{
    char temporary[PATH_MAX];
    sort_paths(written);
    TRY(flush_both(written, named, err));
    for (size_t i = 0; i < written->count; i++) {
        BUG_UNLESS(temporary_name(written->paths[i], temporary));
        TRY(rename_into_place(written->paths[i], temporary, err));
    }
    batch_reset(named);
    return OK;
}

FALLIBLE file_batch_flush(struct file_batch *batch, struct error *err)
{
    struct file_batch none = {.count = 0};
    TRY(file_batch_advance(batch, &none, err));
    TRY(file_batch_advance(&none, batch, err));
    return OK;
}

void file_batch_close(struct file_batch *batch)
{
    char temporary[PATH_MAX];
    if (batch == NULL) {
        return;
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (temporary_name(batch->paths[i], temporary)) {
            (void)unlink(temporary); /* a leftover does no harm */
        }
    }
    arena_release(&batch->arena);
    free(batch);
}
