/* mapped - see mapped.h. Only the kernel knows where a library has mapped a file: /proc/self/maps.
 */
#include "core/io/mapped.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* The keys may be mapped anew by another thread between reading their address and using it; the
 * address may then belong to other memory, which would be lost. So they are left out. Tables stay
 * where they were opened, unless address space is limited (store.c). */
#define MOVING "/keys/"

static bool tables_may_move(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

/* "7f00-7f01 r--s 00000000 fe:01 42    /store/views/data.mdb": only what is shared and not written
 * through the mapping, of which nothing is lost. */
static void let_go_of(char *line, const char *dir, size_t dir_size)
{
    char *rest = NULL;
    uintptr_t start = (uintptr_t)strtoull(line, &rest, 16);
    if (*rest != '-') {
        return;
    }
    uintptr_t end = (uintptr_t)strtoull(rest + 1, &rest, 16);
    const char *path = strchr(rest, '/');
    if (strncmp(rest, " r--s ", 6) == 0 && path != NULL && strncmp(path, dir, dir_size) == 0 &&
        path[dir_size] == '/' && strncmp(path + dir_size, MOVING, sizeof MOVING - 1) != 0) {
        void *pages = (void *)start; /* NOLINT(performance-no-int-to-ptr): it comes as text */
        (void)madvise(pages, end - start, MADV_DONTNEED); /* on failure they only stay longer */
    }
}

void mapped_let_go(const char *dir)
{
    char real[PATH_MAX];
    char line[PATH_MAX + 128];
    FILE *maps =
        !tables_may_move() && realpath(dir, real) != NULL ? fopen("/proc/self/maps", "re") : NULL;
    if (maps == NULL) {
        return;
    }
    while (fgets(line, sizeof line, maps) != NULL) {
        let_go_of(line, real, strlen(real));
    }
    (void)fclose(maps); /* read only */
}

void mapped_let_go_between(uintptr_t from, uintptr_t to)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (from + page - 1) / page * page;
    uintptr_t end = to / page * page;
    if (start < end) {
        void *pages = (void *)start; /* NOLINT(performance-no-int-to-ptr): of a mapping */
        (void)madvise(pages, end - start, MADV_DONTNEED); /* as above */
    }
}
