/* replay_parts - what the peers of a replay share: the files of bench_dump, mapped, and a clock. */
#pragma once

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct mapped {
    const uint8_t *data;
    size_t size;
};

static inline void need(int good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "peer: %s\n", what);
        exit(1);
    }
}

static inline struct mapped map_file(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    need(fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0, path);
    void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    need(data != MAP_FAILED, path);
    need(close(fd) == 0, path);
    return (struct mapped){data, (size_t)status.st_size};
}

static inline uint32_t u32_at(const uint8_t *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static inline double now(void)
{
    struct timespec moment;
    need(clock_gettime(CLOCK_MONOTONIC, &moment) == 0, "no clock");
    return (double)moment.tv_sec + (double)moment.tv_nsec / 1e9;
}

/* What a scan must at least do with an event: look at it. */
static inline uint64_t touch(const void *data, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, data, size < sizeof word ? size : sizeof word);
    return word + size;
}
