/* private - see private.h. */
#include "core/io/private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/messages.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

enum { SECRET_BYTES_MAX = 4096, PRIVATE_MODE = 0600, OTHERS_RIGHTS = 077 };

/* Checks the opened file, because the file at the path may change. */
static FALLIBLE check_private(int fd, const char *path, struct error *err)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_mode & OTHERS_RIGHTS) != 0) {
        FAIL(CONFIG, MESSAGE_FILE_NOT_PRIVATE, ARG_TEXT("path", path));
    }
    return OK;
}

/* Wipes everything that was read except the line: if the file is a private key, the key follows its
 * first line. */
static void wipe_around(char *data, str line)
{
    size_t before = (size_t)(line.data - data);
    memory_wipe(data, before);
    memory_wipe(data + before + line.size, SECRET_BYTES_MAX + 1 - before - line.size);
}

static FALLIBLE read_line(int fd, const char *path, struct arena *arena, str *ret,
                          struct error *err)
{
    char *data = arena_new(arena, SECRET_BYTES_MAX + 1);
    ssize_t size = read(fd, data, SECRET_BYTES_MAX + 1);
    if (size < 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    str rest = {data, (size_t)size};
    str line = str_trim(str_cut(&rest, '\n'));
    bool good = !str_empty(line) && line.size <= SECRET_BYTES_MAX;
    for (size_t i = 0; i < line.size; i++) {
        good = good && line.data[i] >= ' ' && line.data[i] <= '~';
    }
    wipe_around(data, good ? line : (str){data, 0});
    if (!good) {
        FAIL(CONFIG, MESSAGE_FILE_NO_SECRET, ARG_TEXT("path", path));
    }
    *ret = line;
    return OK;
}

FALLIBLE private_read(const char *path, struct arena *arena, str *ret, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    outcome done = check_private(fd, path, err);
    if (done.ok) {
        done = read_line(fd, path, arena, ret, err);
    }
    (void)close(fd); /* read only */
    return done;
}

/* Appends the whole line or nothing: otherwise, after a full disk, the next line would be joined to
 * a partial one. */
static FALLIBLE append(int fd, const char *path, str line, struct error *err)
{
    TRY(check_private(fd, path, err));
    off_t before = lseek(fd, 0, SEEK_END);
    struct iovec parts[] = {{(void *)(uintptr_t)line.data, line.size}, {(char[]){'\n'}, 1}};
    errno = 0;
    if (writev(fd, parts, 2) != (ssize_t)line.size + 1 || fsync(fd) != 0) {
        int why = errno != 0 ? errno : ENOSPC;
        bool undone = before >= 0 && ftruncate(fd, before) == 0;
        (void)undone; /* the failure to report is the first one */
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}

FALLIBLE private_append(const char *path, str line, struct error *err)
{
    enum { FLAGS = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW };
    char parent[PATH_MAX];
    int fd = open(path, FLAGS);
    bool is_new = fd < 0 && errno == ENOENT;
    if (is_new) {
        fd = open(path, FLAGS | O_CREAT | O_EXCL, PRIVATE_MODE);
    }
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    outcome done = append(fd, path, line, err);
    (void)close(fd); /* flushed, or not needed */
    if (done.ok && is_new) {
        temporary_parent(path, parent);
        done = directory_sync(parent, err); /* else a power cut may lose the name */
    }
    if (!done.ok && is_new) {
        (void)unlink(path); /* the failure to report is the first one */
    }
    return done;
}
