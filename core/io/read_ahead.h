/* read_ahead - reads at any place of a file, fast when the places ascend.
 *
 * Ascending reads are served from a window that one system call fills; other reads fetch only what
 * was asked for. The window may be stale: use it for files that nobody writes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct read_ahead {
    int fd;
    uint8_t *window; /* NULL until it pays */
    uint64_t from;   /* of the file: what the window begins with */
    size_t filled;
    uint64_t last; /* where the last read ended */
};

void read_ahead_init(struct read_ahead *reader, int fd);
/* Leaves the file open. */
void read_ahead_release(struct read_ahead *reader);
/* All `size` bytes from `offset` on, or false: the file is shorter or cannot be read. */
bool read_ahead_at(struct read_ahead *reader, uint64_t offset, void *out, size_t size);
/* The same without a copy where it can be: they lie in `buffer`, which has room for them, or in the
 * window, until the next read. NULL for false. */
const uint8_t *read_ahead_view(struct read_ahead *reader, uint64_t offset, uint8_t *buffer,
                               size_t size);
