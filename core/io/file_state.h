/* file_state - is a file that was looked at before still the same?
 *
 * Compares the inode, the size and the instant of the last change. A write in place that keeps the
 * size and falls within one tick of the system's clock (4 ms) goes unnoticed. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"

struct file_state {
    uint64_t device;
    uint64_t number; /* on the device */
    uint64_t size;
    int64_t changed_s;
    int64_t changed_ns;
};

/* Of what is at the path. fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE file_state_of(const char *path, struct file_state *ret, struct error *err);

/* Of an opened file. fails   as file_state_of */
FALLIBLE file_state_of_open(int descriptor, const char *path, struct file_state *ret,
                            struct error *err);

/* `before` may be NULL: nothing was seen. fails   MISSING MESSAGE_FILE_CHANGED (path) when they
 * differ
 */
FALLIBLE file_state_check(const struct file_state *before, const struct file_state *now,
                          const char *path, struct error *err);
