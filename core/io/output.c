/* output - see output.h. */
#include "core/io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/file_claim.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

#define BESIDE ".part"

/* What the user's path names. A new or regular file is replaced at `place`; anything else (a
 * device, a pipe) is written into (*ret_through). */
static outcome find_place(const char *path, char place[PATH_MAX], bool *ret_through,
                          struct error *err)
{
    struct stat own;
    struct stat target;
    *ret_through = false;
    size_t size = strlen(path);
    if (size >= PATH_MAX) { /* a shortened path would name another file */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
             ARG_ERRNO("why", ENAMETOOLONG));
    }
    if (lstat(path, &own) != 0) { /* a new file; or creating it will report the reason */
        memcpy(place, path, size + 1);
        return OK;
    }
    if (stat(path, &target) == 0 && !S_ISREG(target.st_mode) && !S_ISDIR(target.st_mode)) {
        *ret_through = true;
        return OK;
    }
    if (realpath(path, place) == NULL) { /* a link to a missing file */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    return OK;
}

static outcome open_through(const char *path, int *ret, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    *ret = fd;
    return OK;
}

/* Into a device or a pipe: nothing to make durable, nothing to rename. */
static outcome write_through(const char *path, bytes content, struct error *err)
{
    int fd = -1;
    TRY(open_through(path, &fd, err));
    bool good = temporary_write_all(fd, content);
    int why = errno;
    if (close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

FALLIBLE output_write(const char *path, bytes content, mode_t mode, struct error *err)
{
    char place[PATH_MAX];
    bool through = false;
    TRY(find_place(path, place, &through, err));
    if (through) {
        TRY(write_through(path, content, err));
    } else {
        TRY(file_replace(place, content, mode, err));
    }
    return OK;
}

static char *suffixed(const char *place, const char *suffix)
{
    size_t size = strlen(place);
    char *path = malloc(size + strlen(suffix) + 1);
    MEMORY_UNLESS(path != NULL);
    memcpy(path, place, size);
    memcpy(path + size, suffix, strlen(suffix) + 1);
    return path;
}

FALLIBLE output_stream_open(const char *path, mode_t mode, struct output_stream *ret,
                            struct error *err)
{
    char place[PATH_MAX];
    bool through = false;
    TRY(find_place(path, place, &through, err));
    *ret = (struct output_stream){0};
    if (through) {
        return output_create(path, mode, &ret->file, err);
    }
    struct stat status;
    if (stat(place, &status) == 0 && S_ISDIR(status.st_mode)) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", EISDIR));
    }
    char *beside = suffixed(place, BESIDE);
    int fd = -1;
    outcome claimed = file_claim(beside, path, mode, false, &fd, err);
    free(beside);
    TRY(claimed);
    ret->file = fdopen(fd, "w");
    BUG_UNLESS(ret->file != NULL); /* it is a file of ours, open for writing */
    ret->place = suffixed(place, "");
    return OK;
}

/* Flushes the file, renames it into place, and only then closes it. */
static outcome take_place(FILE *file, const char *beside, const char *place, struct error *err)
{
    char parent[PATH_MAX];
    bool lost = ferror(file) != 0; /* a write before failed, though later ones may not have */
    bool good =
        !lost && fflush(file) == 0 && fsync(fileno(file)) == 0 && rename(beside, place) == 0;
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", place),
             ARG_ERRNO("why", lost ? EIO : errno));
    }
    temporary_parent(place, parent);
    return directory_sync(parent, err);
}

FALLIBLE output_stream_close(struct output_stream *stream, outcome written, struct error *err)
{
    if (stream->place == NULL) {               /* a device or a pipe */
        bool lost = ferror(stream->file) != 0; /* as in take_place() */
        bool closed = fclose(stream->file) == 0;
        if (written.ok && (lost || !closed)) {
            FAIL(RESOURCE, MESSAGE_OUTPUT_FAILED, ARG_ERRNO("why", closed ? EIO : errno));
        }
        return written;
    }
    char *beside = suffixed(stream->place, BESIDE);
    outcome taken = written.ok ? take_place(stream->file, beside, stream->place, err) : written;
    if (!taken.ok) {
        (void)unlink(beside); /* so that nobody takes it for a complete result */
    }
    (void)fclose(stream->file); /* either flushed above, or discarded */
    free(beside);
    free(stream->place);
    return taken;
}

FALLIBLE output_create(const char *path, mode_t mode, FILE **ret, struct error *err)
{
    char place[PATH_MAX];
    bool through = false;
    int fd = -1;
    TRY(find_place(path, place, &through, err));
    if (!through) {
        (void)unlink(place); /* an older one; creating says what is wrong */
        TRY(file_create(place, mode, ret, err));
        return OK;
    }
    TRY(open_through(path, &fd, err));
    FILE *file = fdopen(fd, "w");
    if (file == NULL) {
        int why = errno;
        (void)close(fd); /* nothing was written */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), file_why_not_created(why));
    }
    *ret = file;
    return OK;
}

bool output_is_input(const char *path, const char *input)
{
    struct stat out;
    struct stat in;
    return input != NULL && stat(path, &out) == 0 && stat(input, &in) == 0 && S_ISREG(in.st_mode) &&
           out.st_dev == in.st_dev && out.st_ino == in.st_ino;
}

FALLIBLE output_spares(const char *path, const char *input, struct error *err)
{
    if (output_is_input(path, input)) {
        FAIL(USAGE, MESSAGE_OUTPUT_IS_INPUT, ARG_TEXT("path", path));
    }
    return OK;
}
