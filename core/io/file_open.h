/* file_open - opens for reading a file that a user names.
 *
 * Only regular files are accepted: a run that holds the store's lock would wait for a pipe or a
 * terminal, and a device has no end. */
#pragma once

#include <stdio.h>

#include "core/base/error.h"

/* The caller closes *ret, which is closed on exec.
 * fails   MISSING FILE_NOT_READABLE (absent, no permission, a directory, a pipe, a device) */
FALLIBLE file_open(const char *path, int *ret, struct error *err);

/* The same as a stream. */
FALLIBLE file_open_stream(const char *path, FILE **ret, struct error *err);
