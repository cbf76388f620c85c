/* crash_point - preloaded into the program: the process dies before or after its N-th durable step.
 *
 * Counted are fsync, fdatasync, syncfs, msync, rename, renameat2 and the writes that go to a
 * data.mdb (LMDB writes its meta page with pwrite, its pages with pwrite or pwritev). CRASH_AT=N
 * dies with SIGKILL instead of doing step N, and CRASH_AFTER=N right behind it; without either, the
 * steps are written, one name a line, to the file CRASH_TRACE. Children of the program count for
 * themselves, so only the process that made the first step counts. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);

static long steps;
static pid_t owner;

static void die(void)
{
    void *symbol =
        dlsym(RTLD_DEFAULT, "power_cut"); /* of power_cut.c, where that is preloaded too */
    void (*power_cut)(void);
    memcpy(&power_cut, &symbol, sizeof power_cut);
    if (power_cut != NULL) {
        power_cut();
    }
    (void)kill(getpid(), SIGKILL);
    (void)pause();
}

static long number(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

static void note(const char *name)
{
    const char *path = getenv("CRASH_TRACE");
    int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    if (fd >= 0) {
        char line[64];
        int size = snprintf(line, sizeof line, "%s\n", name);
        if (write(fd, line, (size_t)size) != size) {
            abort();
        }
        (void)close(fd);
    }
}

static void before(const char *name)
{
    if (owner == 0) {
        owner = getpid();
    }
    if (owner != getpid()) {
        return;
    }
    steps++;
    note(name);
    if (steps == number("CRASH_AT")) {
        die();
    }
}

static void after(void)
{
    if (owner == getpid() && steps == number("CRASH_AFTER")) {
        die();
    }
}

static bool is_database(int fd)
{
    char link[64];
    char path[4096];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    path[size > 0 ? size : 0] = 0;
    return strstr(path, "/data.mdb") != NULL;
}

/* The function that is behind ours. */
#define NEXT(TYPE, NAME)                                                                           \
    static TYPE next;                                                                              \
    if (next == NULL) {                                                                            \
        void *symbol = dlsym(RTLD_NEXT, NAME);                                                     \
        memcpy(&next, &symbol, sizeof next);                                                       \
    }

typedef int (*sync_call)(int);
typedef int (*msync_call)(void *, size_t, int);
typedef int (*rename_call)(const char *, const char *);
typedef int (*renameat2_call)(int, const char *, int, const char *, unsigned);
typedef ssize_t (*pwrite_call)(int, const void *, size_t, off_t);
typedef ssize_t (*pwritev_call)(int, const struct iovec *, int, off_t);

int fsync(int fd)
{
    NEXT(sync_call, "fsync")
    before("fsync");
    int result = next(fd);
    after();
    return result;
}

int fdatasync(int fd)
{
    NEXT(sync_call, "fdatasync")
    before("fdatasync");
    int result = next(fd);
    after();
    return result;
}

int syncfs(int fd)
{
    NEXT(sync_call, "syncfs")
    before("syncfs");
    int result = next(fd);
    after();
    return result;
}

int msync(void *address, size_t size, int flags)
{
    NEXT(msync_call, "msync")
    before("msync");
    int result = next(address, size, flags);
    after();
    return result;
}

int rename(const char *from, const char *to)
{
    NEXT(rename_call, "rename")
    before("rename");
    int result = next(from, to);
    after();
    return result;
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    NEXT(renameat2_call, "renameat2")
    before("renameat2");
    int result = next(from_dir, from, to_dir, to, flags);
    after();
    return result;
}

static ssize_t database_pwrite(int fd, const void *data, size_t size, off_t offset)
{
    NEXT(pwrite_call, "pwrite")
    bool counts = is_database(fd);
    if (counts) {
        before("pwrite");
    }
    ssize_t result = next(fd, data, size, offset);
    if (counts) {
        after();
    }
    return result;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return database_pwrite(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset)
{
    return database_pwrite(fd, data, size, offset);
}

static ssize_t database_pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    NEXT(pwritev_call, "pwritev")
    bool counts = is_database(fd);
    if (counts) {
        before("pwritev");
    }
    ssize_t result = next(fd, parts, count, offset);
    if (counts) {
        after();
    }
    return result;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return database_pwritev(fd, parts, count, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset)
{
    return database_pwritev(fd, parts, count, offset);
}
