/* file_open - a file that somebody names, opened to be read.
 *
 * Only regular files are: a pipe or a terminal would be waited for, by a run that may hold the
 * store's lock, and a device has no end. */
#pragma once

#include <stdio.h>

#include "core/base/error.h"

/* The caller closes *ret, which is closed on exec.
 * fails   MISSING FILE_NOT_READABLE (absent, no permission, a directory, a pipe, a device) */
FALLIBLE file_open(const char *path, int *ret, struct error *err);

/* The same as a stream. */
FALLIBLE file_open_stream(const char *path, FILE **ret, struct error *err);
