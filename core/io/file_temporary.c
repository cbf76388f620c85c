/* file_temporary - see file_temporary.h. */
#include "core/io/file_temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"

#define TEMPORARY_SUFFIX ".tmp"

bool temporary_name(const char *path, char ret[PATH_MAX])
{
    int size = snprintf(ret, PATH_MAX, "%s" TEMPORARY_SUFFIX, path);
    return size > 0 && size < PATH_MAX;
}

FALLIBLE temporary_name_of(const char *path, char ret[PATH_MAX], struct error *err)
{
    if (!temporary_name(path, ret)) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
             ARG_ERRNO("why", ENAMETOOLONG));
    }
    return OK;
}

void temporary_parent(const char *path, char ret[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        memcpy(ret, ".", 2);
        return;
    }
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    size = size < PATH_MAX ? size : PATH_MAX - 1;
    memcpy(ret, path, size);
    ret[size] = '\0';
}

/* Is it a regular file of this account? Root could change the mode of another's file and still not
 * open it in a sticky folder. */
static bool is_ours(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid();
}

int temporary_open(const char *temporary, int flags, mode_t mode)
{
    int fd = open(temporary, flags, mode);
    if (fd < 0 && errno == EACCES) {
        /* if it is not there or not ours, the first error is reported */
        bool again = is_ours(temporary) && chmod(temporary, S_IRUSR | S_IWUSR) == 0;
        errno = EACCES;
        fd = again ? open(temporary, flags, mode) : -1;
    }
    return fd;
}

bool temporary_write_all(int fd, bytes content)
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

FALLIBLE temporary_write(const char *path, const char *temporary, bytes content, mode_t mode,
                         struct error *err)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int fd = temporary_open(temporary, flags, 0600);
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), file_why_not_created(errno));
    }
    bool good = fchmod(fd, mode) == 0 && temporary_write_all(fd, content);
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

FALLIBLE temporary_place(const char *path, const char *temporary, struct error *err)
{
    if (rename(temporary, path) != 0) {
        int why = errno;
        (void)unlink(temporary); /* the failure to report is the first one */
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", why));
    }
    return OK;
}
