/* file_claim - see file_claim.h. The lock is on the file itself, so a writer that dies leaves no
 * lock behind. A writer that waited for the lock may hold it on a file that was renamed away
 * meanwhile; it therefore checks and tries again. */
#include "core/io/file_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/file_temporary.h"
#include "core/io/messages.h"

/* False when another writer holds the file and `wait` is false. On a file system without locks we
 * assume that there is one writer. */
static bool lock(int fd, bool wait)
{
    int result;
    do {
        result = flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    return result == 0 || errno != EWOULDBLOCK;
}

static bool is_still_there(int fd, const char *beside)
{
    struct stat named;
    struct stat opened;
    return fstat(fd, &opened) == 0 && lstat(beside, &named) == 0 && named.st_ino == opened.st_ino &&
           named.st_dev == opened.st_dev;
}

static outcome open_alone(const char *beside, const char *path, mode_t mode, bool wait, int *ret,
                          struct error *err)
{
    for (;;) {
        int fd = temporary_open(beside, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd < 0) {
            FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
                 file_why_not_created(errno));
        }
        if (!lock(fd, wait)) {
            (void)close(fd); /* nothing of ours is in it */
            FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
                 ARG_TEXT("why", "another run is writing it"));
        }
        if (is_still_there(fd, beside)) {
            *ret = fd;
            return OK;
        }
        (void)close(fd); /* it was just renamed into place as a result */
    }
}

FALLIBLE file_claim(const char *beside, const char *path, mode_t mode, bool wait, int *ret,
                    struct error *err)
{
    TRY(open_alone(beside, path, mode, wait, ret, err));
    if (fchmod(*ret, mode) != 0 || ftruncate(*ret, 0) != 0) {
        int why = errno;
        (void)close(*ret); /* as empty as it was */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}
