/* attachment - see attachment.h. */
#include "jobs/engine/judging/attachment.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTACHMENT_HEAD = 16 };

/* Opens `path` below `folder` without following a link or leaving it: part by part. -1 with errno;
 * EXDEV when the path tries to leave. */
static int open_below(const char *folder, str path)
{
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (str_empty(path) || path.data[0] == '/') {
        errno = EXDEV;
        goto failed;
    }
    while (at >= 0 && path.data != NULL) {
        char name[256];
        str part = str_cut(&path, '/');
        if (str_equal(part, STR("..")) || part.size >= sizeof name) {
            errno = EXDEV;
            goto failed;
        }
        if (str_empty(part) || str_equal(part, STR("."))) {
            continue;
        }
        memcpy(name, part.data, part.size);
        name[part.size] = 0;
        int next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (next < 0 && errno == ELOOP) {
            errno = EXDEV;
        }
        int saved = errno;
        (void)close(at); /* read only */
        errno = saved;
        at = next;
    }
    return at;
failed:
    if (at >= 0) {
        int saved = errno;
        (void)close(at); /* read only */
        errno = saved;
    }
    return -1;
}

/* Exactly `size` bytes of the file; false with errno when it cannot be read. */
static bool read_whole(int fd, size_t size, struct arena *arena, bytes *ret)
{
    uint8_t *data = arena_buffer(arena, size + 1);
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, data + got, size - got);
        if (n <= 0) {
            errno = n == 0 ? EIO : errno; /* it became shorter meanwhile */
            return false;
        }
        got += (size_t)n;
    }
    *ret = (bytes){data, size};
    return true;
}

/* Does the error mean that nothing is there, or that the path leads out of the folder? */
static bool is_absence(int number)
{
    return number == ENOENT || number == ENOTDIR || number == EXDEV;
}

struct attachment_file attachment_read(const char *folder, str path, size_t limit,
                                       struct arena *arena)
{
    struct attachment_file file = {0};
    struct stat status;
    int fd = open_below(folder, path);
    if (fd < 0) {
        file.outside = errno == EXDEV;
        file.unread = is_absence(errno) ? 0 : errno;
        return file;
    }
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        size_t size = (size_t)status.st_size;
        file.size = size;
        size = size > limit ? ATTACHMENT_HEAD : size;
        file.found =
            read_whole(fd, size < file.size ? size : (size_t)file.size, arena, &file.content);
        file.unread = file.found ? 0 : errno;
    }
    (void)close(fd); /* read only */
    return file;
}

const char *attachment_folder(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    size_t size = slash > path ? (size_t)(slash - path) : 1;
    return arena_c_string(arena, str_first(str_of(path), size));
}
