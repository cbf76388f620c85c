/* power_cut - preloaded before crash_point: what a disk is sure to have when the power goes.
 *
 * Of the folder POWER_ROOT it remembers, per file and folder (by inode, so that renames do not
 * matter), the bytes and the names that were flushed last: at the start all that is there; later
 * what fsync, fdatasync, syncfs and writes through O_DSYNC flush, and nothing else. When
 * crash_point kills the process it puts that into the folder POWER_LEFT: bytes that were not
 * flushed are not there, and names that were not flushed neither - or, with POWER_NAMES=kept, names
 * as they are, of which those whose bytes were not flushed are empty files. A disk may leave more
 * than either; it may not leave less. Of the processes only the first looks: workers flush nothing.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct name {
    char *text;
    uint64_t inode;
    int64_t born;
    bool is_folder;
};

/* A file's bytes, or a folder's names, as flushed last. */
struct kept {
    uint64_t inode;
    int64_t born; /* inodes are used again */
    bool is_folder;
    mode_t mode;
    char *data;
    size_t size;
    struct name *names;
    size_t count;
};

static struct kept *all;
static size_t all_count;
static const char *root;
static pid_t owner;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *grown(void *old, size_t size)
{
    void *data = realloc(old, size + 1);
    if (data == NULL) {
        abort();
    }
    return data;
}

static struct kept *find(uint64_t inode, int64_t born)
{
    for (size_t i = 0; i < all_count; i++) {
        if (all[i].inode == inode && all[i].born == born) {
            return &all[i];
        }
    }
    return NULL;
}

static int64_t born_at(const struct statx *status)
{
    return status->stx_btime.tv_sec * 1000000000 + status->stx_btime.tv_nsec;
}

static bool identify(int fd, struct kept *ret)
{
    struct statx status;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) != 0) {
        return false;
    }
    *ret = (struct kept){.inode = status.stx_ino,
                         .born = born_at(&status),
                         .is_folder = S_ISDIR(status.stx_mode),
                         .mode = status.stx_mode & 07777,
                         .size = status.stx_size};
    return S_ISDIR(status.stx_mode) || S_ISREG(status.stx_mode);
}

static void read_bytes(int fd, struct kept *file)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = open(path, O_RDONLY | O_CLOEXEC);
    file->data = grown(NULL, file->size);
    ssize_t size = again >= 0 ? pread(again, file->data, file->size, 0) : 0;
    file->size = size > 0 ? (size_t)size : 0;
    (void)close(again);
}

static void read_names(int fd, struct kept *folder)
{
    int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = again >= 0 ? fdopendir(again) : NULL;
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            struct statx status = {0};
            (void)statx(fd, entry->d_name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &status);
            folder->names = grown(folder->names, (folder->count + 1) * sizeof *folder->names);
            folder->names[folder->count++] = (struct name){
                strdup(entry->d_name), entry->d_ino, born_at(&status), entry->d_type == DT_DIR};
        }
    }
    if (stream != NULL) {
        (void)closedir(stream);
    }
}

static void forget(struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        free(kept->names[i].text);
    }
    free(kept->names);
    free(kept->data);
}

static void put(struct kept kept)
{
    struct kept *old = find(kept.inode, kept.born);
    if (old == NULL) {
        all = grown(all, (all_count + 1) * sizeof *all);
        old = &all[all_count++];
        *old = (struct kept){0};
    }
    forget(old);
    *old = kept;
}

static bool look(int fd, struct kept *ret)
{
    if (!identify(fd, ret)) {
        return false;
    }
    (ret->is_folder ? read_names : read_bytes)(fd, ret);
    return true;
}

static void look_at_all(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct kept kept;
    if (fd >= 0 && look(fd, &kept)) {
        put(kept);
        for (size_t i = 0; i < kept.count; i++) {
            look_at_all(fd, kept.names[i].text);
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

__attribute__((constructor)) static void begin(void)
{
    extern char *program_invocation_name; /* "anzheng" is a worker's, a path the planner's */
    root = getenv("POWER_ROOT");
    if (root != NULL && strchr(program_invocation_name, '/') != NULL) {
        owner = getpid();
        look_at_all(AT_FDCWD, root);
    }
}

/* --- what is left -----------------------------------------------------------------------------*/

static void leave(struct kept *kept, int live, int folder, const char *name);

static void leave_names(struct kept *kept, int live, int folder)
{
    for (size_t i = 0; i < kept->count; i++) {
        struct name *name = &kept->names[i];
        int inner = live >= 0 ? openat(live, name->text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) : -1;
        struct kept *found = NULL, now = {0};
        if (inner >= 0 && identify(inner, &now)) {
            found = find(now.inode, now.born);
        }
        if (live < 0) {
            found = find(name->inode, name->born);
        }
        struct kept nothing = {.is_folder = name->is_folder, .mode = name->is_folder ? 0755 : 0600};
        leave(found != NULL ? found : &nothing, inner, folder, name->text);
        if (inner >= 0) {
            (void)close(inner);
        }
    }
}

static void leave(struct kept *kept, int live, int folder, const char *name)
{
    if (!kept->is_folder) {
        int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kept->mode);
        if (fd < 0 || write(fd, kept->data, kept->size) != (ssize_t)kept->size) {
            abort();
        }
        (void)close(fd);
        return;
    }
    (void)mkdirat(folder, name, kept->mode);
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct kept now = *kept;
    if (live >= 0) {
        now.names = NULL;
        now.count = 0;
        read_names(live, &now);
    }
    leave_names(&now, live, fd);
    (void)close(fd);
}

void power_cut(void);
void power_cut(void)
{
    if (owner != getpid()) {
        return;
    }
    (void)pthread_mutex_lock(&lock); /* and never let go */
    const char *names = getenv("POWER_NAMES");
    bool kept = names != NULL && strcmp(names, "kept") == 0;
    int live = open(root, O_RDONLY | O_DIRECTORY);
    struct kept now;
    if (live < 0 || !identify(live, &now)) {
        abort();
    }
    struct kept *top = find(now.inode, now.born);
    leave(top != NULL ? top : &now, kept ? live : -1, AT_FDCWD, getenv("POWER_LEFT"));
}

/* Of a run that ends by itself, where POWER_END is set: the power goes right behind it. */
__attribute__((destructor)) static void end(void)
{
    if (getenv("POWER_END") != NULL) {
        power_cut();
    }
}

/* --- what is flushed --------------------------------------------------------------------------*/

#define NEXT(TYPE, NAME)                                                                           \
    static TYPE next;                                                                              \
    if (next == NULL) {                                                                            \
        void *symbol = dlsym(RTLD_NEXT, NAME);                                                     \
        memcpy(&next, &symbol, sizeof next);                                                       \
    }

typedef int (*sync_call)(int);
typedef ssize_t (*pwrite_call)(int, const void *, size_t, off_t);

static int flush(int fd, sync_call next)
{
    struct kept kept;
    bool looks = owner == getpid() && look(fd, &kept); /* before: what is written now may be late */
    int result = next(fd);
    if (looks && result == 0) {
        (void)pthread_mutex_lock(&lock);
        put(kept);
        (void)pthread_mutex_unlock(&lock);
    }
    return result;
}

int fsync(int fd)
{
    NEXT(sync_call, "fsync")
    return flush(fd, next);
}

int fdatasync(int fd)
{
    NEXT(sync_call, "fdatasync")
    return flush(fd, next);
}

int syncfs(int fd)
{
    NEXT(sync_call, "syncfs")
    int result = next(fd);
    if (owner == getpid() && result == 0) {
        (void)pthread_mutex_lock(&lock);
        look_at_all(AT_FDCWD, root);
        (void)pthread_mutex_unlock(&lock);
    }
    return result;
}

static ssize_t write_at(int fd, const void *data, size_t size, off_t offset)
{
    NEXT(pwrite_call, "pwrite")
    ssize_t result = next(fd, data, size, offset);
    struct kept now;
    if (owner == getpid() && result > 0 && (fcntl(fd, F_GETFL) & O_DSYNC) != 0 &&
        identify(fd, &now)) {
        (void)pthread_mutex_lock(&lock);
        struct kept *kept = find(now.inode, now.born);
        size_t end = (size_t)offset + (size_t)result;
        if (kept == NULL) {
            put(now);
            kept = find(now.inode, now.born);
            kept->size = 0;
        }
        if (kept->size < end) {
            kept->data = grown(kept->data, end);
            memset(kept->data + kept->size, 0, end - kept->size);
            kept->size = end;
        }
        memcpy(kept->data + offset, data, (size_t)result);
        (void)pthread_mutex_unlock(&lock);
    }
    return result;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return write_at(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset)
{
    return write_at(fd, data, size, offset);
}
