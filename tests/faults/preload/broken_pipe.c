/* broken_pipe - a pipe that fails otherwise than by its end: preloaded, the PIPE_BREAKS_AT-th
 * writev to a pipe of this process writes half of its bytes and fails with EIO, and every later one
 * to it fails. PIPE_BREAKS_IN=planner or worker says in which processes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int count;
static atomic_ullong broken; /* the pipe's inode: its descriptor may soon be another's */

static int is_meant(void)
{
    extern char *program_invocation_name; /* "anzheng" is a worker's, a path the planner's */
    const char *where = getenv("PIPE_BREAKS_IN");
    int worker = strcmp(program_invocation_name, "anzheng") == 0;
    return where != NULL && worker == (strcmp(where, "worker") == 0);
}

ssize_t writev(int fd, const struct iovec *parts, int parts_count)
{
    ssize_t (*next)(int, const struct iovec *, int) =
        (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
    const char *at = getenv("PIPE_BREAKS_AT");
    struct stat status;
    if (at == NULL || !is_meant() || fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode)) {
        return next(fd, parts, parts_count);
    }
    if (status.st_ino == atomic_load(&broken)) {
        errno = EIO;
        return -1;
    }
    if (atomic_fetch_add(&count, 1) + 1 != atoi(at)) {
        return next(fd, parts, parts_count);
    }
    (void)!write(fd, parts[0].iov_base, parts[0].iov_len / 2);
    atomic_store(&broken, status.st_ino);
    errno = EIO;
    return -1;
}
