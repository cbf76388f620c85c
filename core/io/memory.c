/* memory - see memory.h. */
#include "core/io/memory.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/error.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The number at the start of a file; UINT64_MAX for "max", a missing file, or anything else. */
static uint64_t read_limit(const char *path)
{
    char text[64] = "";
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return UINT64_MAX;
    }
    bool read = fgets(text, sizeof text, file) != NULL;
    (void)fclose(file); /* only read */
    if (!read || text[0] < '0' || text[0] > '9') {
        return UINT64_MAX;
    }
    uint64_t limit = strtoull(text, NULL, 10);
    return limit > 0 ? limit : UINT64_MAX;
}

/* A control group is limited by all groups above it, too. */
static uint64_t limit_upwards(const char *root, const char *group, const char *file)
{
    char dir[PATH_MAX];
    char path[PATH_MAX];
    uint64_t limit = UINT64_MAX;
    int size = snprintf(dir, sizeof dir, "%s", group);
    if (size < 0 || (size_t)size >= sizeof dir) {
        return limit;
    }
    for (;;) {
        size = snprintf(path, sizeof path, "%s%s/%s", root, dir, file);
        if (size > 0 && (size_t)size < sizeof path) {
            limit = least(limit, read_limit(path));
        }
        char *slash = strrchr(dir, '/');
        if (slash == NULL) {
            return limit;
        }
        *slash = '\0';
    }
}

uint64_t memory_of_group(const char *root, const char *groups)
{
    char line[PATH_MAX];
    char inner[PATH_MAX];
    uint64_t limit = UINT64_MAX;
    while (*groups != '\0') {
        size_t size = strcspn(groups, "\n");
        if (size < sizeof line) {
            memcpy(line, groups, size);
            line[size] = '\0';
            const char *path = strrchr(line, ':');
            if (strncmp(line, "0::", 3) == 0) {
                limit = least(limit, limit_upwards(root, line + 3, "memory.max"));
            } else if (path != NULL && strstr(line, ":memory:") != NULL) {
                int made = snprintf(inner, sizeof inner, "%s/memory", root);
                limit = made > 0 && (size_t)made < sizeof inner
                            ? least(limit, limit_upwards(inner, path + 1, "memory.limit_in_bytes"))
                            : limit;
            }
        }
        groups += size + (groups[size] == '\n' ? 1 : 0);
    }
    return limit;
}

uint64_t memory_of_machine(void)
{
    char groups[8192] = "";
    struct rlimit space;
    uint64_t limit = UINT64_MAX;
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0) {
        limit = (uint64_t)pages * (uint64_t)page;
    }
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (file != NULL) {
        size_t size = fread(groups, 1, sizeof groups - 1, file);
        groups[size] = '\0';
        (void)fclose(file); /* only read */
        limit = least(limit, memory_of_group("/sys/fs/cgroup", groups));
    }
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
        limit = least(limit, space.rlim_cur);
    }
    return limit == UINT64_MAX ? UINT64_C(1) << 30 : limit;
}

/* Uses mmap, because an aligned malloc keeps the unaligned ends of the block as address space: half
 * of everything when blocks are of one large page. */
void *memory_large(size_t size)
{
    BUG_UNLESS(size > 0 && size % MEMORY_LARGE == 0 && size <= SIZE_MAX - MEMORY_LARGE);
    uint8_t *all =
        mmap(NULL, size + MEMORY_LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MEMORY_UNLESS(all != MAP_FAILED);
    size_t before = -(uintptr_t)all % MEMORY_LARGE;
    uint8_t *block = all + before;
    if (before > 0) {
        memory_large_release(all, before);
    }
    memory_large_release(block + size, MEMORY_LARGE - before);
    (void)madvise(block, size, MADV_HUGEPAGE); /* advice only */
    return block;
}

void memory_large_release(void *block, size_t size)
{
    (void)munmap(block, size); /* our own block; on failure it stays */
}
