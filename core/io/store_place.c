/* store_place - see store_place.h. */
#include "core/io/store_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/messages.h"
#include "core/io/pages.h"

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SPACE_IS_SMALL 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SPACE_IS_SMALL 1
#endif
#endif
#ifndef ADDRESS_SPACE_IS_SMALL
#define ADDRESS_SPACE_IS_SMALL 0
#endif

#define MAP_STEP ((size_t)64 << 20)

/* Network file systems: their locks and mappings are not those LMDB relies on. */
static const char *network_name(uint32_t type)
{
    switch (type) {
    case 0x6969: return "NFS";
    case 0x517b: return "SMB";
    case 0xff534d42: return "CIFS";
    case 0xfe534d42: return "SMB2";
    case 0x01021997: return "9P";
    case 0x5346414f: return "AFS";
    case 0x73757245: return "Coda";
    case 0x00c36400: return "Ceph";
    case 0x0bd00bd0: return "Lustre";
    case 0x47504653: return "GPFS";
    default: return NULL;
    }
}

static void data_path(const char *dir, const char *name, char out[PATH_MAX])
{
    int size = snprintf(out, PATH_MAX, "%s/%s", dir, name);
    BUG_UNLESS(size > 0 && size < PATH_MAX);
}

/* If a process opens an environment twice, closing one handle drops the locks of both. */
static bool is_open_here(const char *dir)
{
    char path[PATH_MAX];
    struct stat lock;
    bool found = false;
    data_path(dir, "lock.mdb", path);
    if (stat(path, &lock) != 0) {
        return false;
    }
    DIR *fds = opendir("/proc/self/fd");
    if (fds == NULL) {
        return false;
    }
    for (struct dirent *entry = readdir(fds); entry != NULL; entry = readdir(fds)) {
        struct stat status;
        found = found || (fstatat(dirfd(fds), entry->d_name, &status, 0) == 0 &&
                          status.st_dev == lock.st_dev && status.st_ino == lock.st_ino);
    }
    (void)closedir(fds); /* read only: nothing to lose */
    return found;
}

/* LMDB makes its lock file as a hole and writes to it through a map. On a full disk that raises
 * SIGBUS, which would be reported as damage. */
int store_place_reserve(const char *dir)
{
    enum { LOCK_BYTES = 36864 }; /* whole pages; LMDB takes 32896 for 512 readers */
    char path[PATH_MAX];
    struct stat status;
    data_path(dir, "lock.mdb", path);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        return 0; /* LMDB reports it, or needs no lock file on a read-only disk */
    }
    /* An existing file is left alone, so that reading goes on when the disk is full. */
    bool is_new = fstat(fd, &status) == 0 && status.st_size == 0;
    int result = is_new && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, LOCK_BYTES) != 0 ? errno : 0;
    (void)close(fd); /* nothing was written */
    return result == ENOSPC || result == EDQUOT ? result : 0;
}

bool store_place_lists_readers(const char *dir)
{
    char path[PATH_MAX];
    data_path(dir, "lock.mdb", path);
    bool is_there = faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0;
    return faccessat(AT_FDCWD, is_there ? path : dir, W_OK, AT_EACCESS) == 0;
}

enum { QUICK_TRIES = 3, QUICK_PAUSE_US = 2000 };

/* A writer of another process may just be changing the meta page: read it again before believing
 * it. */
static outcome quick_check(const char *path, struct error *err)
{
    struct pages_report report;
    for (int i = 1; i < QUICK_TRIES; i++) {
        struct error ignored = {0};
        if (pages_check(path, PAGES_QUICK, &report, &ignored).ok) {
            return OK;
        }
        (void)usleep(QUICK_PAUSE_US); /* shorter is fine too */
    }
    return pages_check(path, PAGES_QUICK, &report, err);
}

FALLIBLE store_place_check(const struct store_options *options, struct error *err)
{
    char path[PATH_MAX];
    struct statfs system;
    if (strlen(options->path) > PATH_MAX - 16) {
        FAIL(MISSING, MESSAGE_STORE_NOT_FOUND, ARG_TEXT("dir", options->path));
    }
    data_path(options->path, "data.mdb", path);
    if (options->mode == STORE_WRITE) {
        TRY(directory_make(options->path, 0755, err));
    } else if (file_is_hidden(path)) {
        FAIL(MISSING, MESSAGE_FILE_NOT_READABLE, ARG_TEXT("path", path), ARG_ERRNO("why", EACCES));
    } else if (!file_exists(path)) {
        FAIL(MISSING, MESSAGE_STORE_NOT_FOUND, ARG_TEXT("dir", options->path));
    }
    if (statfs(options->path, &system) != 0) {
        FAIL(MISSING, MESSAGE_STORE_NOT_OPENED, ARG_TEXT("path", options->path),
             ARG_ERRNO("why", errno));
    }
    const char *network = network_name((uint32_t)system.f_type);
    if (network != NULL) {
        FAIL(CONFIG, MESSAGE_STORE_ON_NETWORK, ARG_TEXT("path", options->path),
             ARG_TEXT("system", network));
    }
    if (is_open_here(options->path)) {
        BUG("a store is opened twice in one process");
    }
    uint64_t size = 0;
    if (file_exists(path)) {
        TRY(file_size(path, &size, err));
    }
    /* A crash while it was being made leaves an empty file, which LMDB of a writer initialises. */
    if (size > 0 || options->mode == STORE_READ) {
        TRY(quick_check(path, err));
    }
    return OK;
}

size_t store_map_small(const char *dir)
{
    char path[PATH_MAX];
    uint64_t size = 0;
    struct error ignored = {0};
    data_path(dir, "data.mdb", path);
    if (!file_size(path, &size, &ignored).ok) {
        size = 0;
    }
    return ((size_t)size * 2 / MAP_STEP + 1) * MAP_STEP;
}

size_t store_map_default(const char *dir)
{
    struct rlimit limit;
    bool is_limited = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return ADDRESS_SPACE_IS_SMALL || is_limited ? store_map_small(dir) : STORE_MAP_LARGE;
}
