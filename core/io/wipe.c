/* wipe - see wipe.h. */
#include "core/io/wipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

enum { WIPE_BLOCK = 1 << 16 };

/* Zeros over all of it, on the disk. */
static bool overwrite(int fd)
{
    static const uint8_t zeros[WIPE_BLOCK];
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return false;
    }
    for (off_t at = 0; at < status.st_size;) {
        size_t left = (size_t)(status.st_size - at);
        ssize_t written = pwrite(fd, zeros, left < sizeof zeros ? left : sizeof zeros, at);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        at += written;
    }
    return fdatasync(fd) == 0;
}

FALLIBLE file_wipe(const char *path, struct error *err)
{
    char parent[PATH_MAX];
    /* Kept files are read-only: first make the file writable. Opening reports any other failure. */
    if (fchmodat(AT_FDCWD, path, S_IRUSR | S_IWUSR, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
        return OK;
    }
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); /* waits for no reader */
    bool good = fd >= 0 && overwrite(fd);
    int why = errno;
    if (fd >= 0) {
        (void)close(fd); /* flushed above */
    }
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    TRY(file_remove(path, err));
    temporary_parent(path, parent);
    return directory_sync(parent, err);
}
