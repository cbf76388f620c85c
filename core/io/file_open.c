/* file_open - see file_open.h. */
#include "core/io/file_open.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/messages.h"

/* Checks the opened file, because the file at the path may change. O_NONBLOCK: opening a pipe does
 * not wait for its other end; it means nothing for a regular file. */
FALLIBLE file_open(const char *path, int *ret, struct error *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    int why = fd < 0 || fstat(fd, &status) != 0 ? errno
              : S_ISDIR(status.st_mode)         ? EISDIR
              : S_ISREG(status.st_mode)         ? 0
                                                : EINVAL;
    if (why != 0) {
        if (fd >= 0) {
            (void)close(fd); /* nothing was read */
        }
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    *ret = fd;
    return OK;
}

FALLIBLE file_open_stream(const char *path, FILE **ret, struct error *err)
{
    int fd = -1;
    TRY(file_open(path, &fd, err));
    *ret = fdopen(fd, "rb");
    BUG_UNLESS(*ret != NULL); /* memory */
    return OK;
}
