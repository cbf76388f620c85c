/* lock - see lock.h. */
#include "core/io/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/date.h"
#include "core/io/clock.h"
#include "core/io/messages.h"
#include "core/io/stop.h"

enum { LINE_SIZE = 128, POLL_MS = 50 };

static const char released = '-';

struct lock {
    int fd;
    bool has_line;
    bool was_left;
};

/* An unknown word is shown as "?". */
static str shown(str text)
{
    str checked = {NULL, 0};
    return text.size > 0 && str_from_bytes(str_bytes(text), &checked) ? checked : STR("?");
}

/* Reports the holder, as the file names it (unless the line is just being written). A verb may have
 * two words. */
static outcome held_by_another(int fd, struct error *err)
{
    char line[LINE_SIZE] = "";
    ssize_t size = pread(fd, line, sizeof line - 1, 0);
    str rest = {line, size > 0 ? (size_t)size : 0};
    /* with this mark it is the line of an earlier holder, who released the lock */
    rest = line[0] == released ? STR("") : str_first(rest, str_find_byte(rest, '\n'));
    str pid = str_cut(&rest, ' ');
    size_t last = rest.size; /* where the last word begins */
    while (last > 0 && rest.data[last - 1] != ' ') {
        last--;
    }
    str verb = last > 0 ? str_first(rest, last - 1) : rest;
    str since = last > 0 ? str_from(rest, last) : STR("");
    FAIL(BUSY, MESSAGE_LOCK_HELD, ARG_STR("verb", shown(verb)), ARG_STR("pid", shown(pid)),
         ARG_STR("since", shown(since)));
}

static outcome write_holder(int fd, const char *path, const char *verb, struct error *err)
{
    char since[INSTANT_SIZE];
    char line[LINE_SIZE];
    instant_format(clock_now_us() / 1000000 * 1000000, since);
    int size = snprintf(line, sizeof line, "%ld %.40s %s\n", (long)getpid(), verb, since);
    BUG_UNLESS(size > 0 && (size_t)size < sizeof line);
    if (pwrite(fd, line, (size_t)size, 0) != size || ftruncate(fd, size) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
    }
    return OK;
}

/* Tries until the lock is ours, the time is over, or a stop was requested. */
static outcome wait_for(int fd, const char *path, int wait_seconds, struct error *err)
{
    int64_t end = clock_monotonic_us() + (int64_t)wait_seconds * 1000000;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path), ARG_ERRNO("why", errno));
        }
        if (clock_monotonic_us() >= end || stop_requested()) {
            return held_by_another(fd, err);
        }
        clock_wait_ms(POLL_MS);
    }
    return OK;
}

FALLIBLE lock_take(const char *dir, const char *verb, int wait_seconds, struct lock **ret,
                   struct error *err)
{
    char path[PATH_MAX];
    int size = snprintf(path, sizeof path, "%s/lock", dir);
    bool fits = size > 0 && (size_t)size < sizeof path;
    int fd = fits ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644) : -1;
    if (fd < 0) {
        FAIL(CREATE, MESSAGE_FILE_NOT_CREATED, ARG_TEXT("path", path),
             ARG_ERRNO("why", fits ? errno : ENAMETOOLONG));
    }
    char before = released;
    outcome taken = wait_for(fd, path, wait_seconds, err);
    bool had_line = taken.ok && pread(fd, &before, 1, 0) == 1; /* a new one has none */
    taken = taken.ok ? write_holder(fd, path, verb, err) : taken;
    if (!taken.ok) {
        (void)close(fd); /* nothing of ours is in it */
        return error_trace(err, HERE);
    }
    struct lock *lock = malloc(sizeof *lock);
    MEMORY_UNLESS(lock != NULL);
    *lock = (struct lock){.fd = fd, .has_line = true, .was_left = had_line && before != released};
    *ret = lock;
    return OK;
}

bool lock_was_left(const struct lock *lock)
{
    return lock->was_left;
}

void lock_settle(struct lock *lock)
{
    lock->was_left = false;
}

struct lock *lock_folder(const char *dir, bool *ret_is_held)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *ret_is_held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd < 0) {
        return NULL;
    }
    if (*ret_is_held) {
        (void)close(fd); /* nothing of ours is in it */
        return NULL;
    }
    struct lock *lock = malloc(sizeof *lock);
    MEMORY_UNLESS(lock != NULL);
    *lock = (struct lock){.fd = fd};
    return lock;
}

void lock_release(struct lock *lock)
{
    if (lock != NULL) {
        if (lock->has_line && !lock->was_left && pwrite(lock->fd, &released, 1, 0) != 1) {
            lock->was_left = true; /* then the next holder needlessly looks for leftovers */
        }
        (void)close(lock->fd); /* releases it; the line stays, but means nothing then */
        free(lock);
    }
}
