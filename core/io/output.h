/* output - a file where a user wants it: the way out of `--out=PATH`.
 *
 * A path of our own store is replaced by rename (file.h). A path that a user gives may be anything:
 * a device, a pipe, a link to the terminal. Renaming over `/dev/null` or `/dev/stdout` would
 * destroy it for the whole machine, so only regular files are replaced. */
#pragma once

#include <stdio.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/str.h"

/* A regular file, or one that is not there yet, is replaced as by file_replace(), behind a link at
 * the place that the link names. Devices and pipes get the bytes and stay what they are; `mode`
 * says nothing to them. fails   CREATE FILE_NOT_CREATED (also a directory, a link to nothing);
 * RESOURCE FILE_NOT_WRITABLE
 */
FALLIBLE output_write(const char *path, bytes content, mode_t mode, struct error *err);

/* The same for what is written piece by piece: an empty stream, which the caller closes. What was
 * at `path` is gone at once. */
FALLIBLE output_create(const char *path, mode_t mode, FILE **ret, struct error *err);

/* The same for a result that is whole or not there: until output_stream_close() what was at `path`
 * stays, and a stream that failed leaves it so. */
struct output_stream {
    FILE *file;
    char *place; /* where it goes by rename, from what is written beside it; NULL: nowhere else */
};

FALLIBLE output_stream_open(const char *path, mode_t mode, struct output_stream *ret,
                            struct error *err);
/* Once after open, with what the writing came to: only what is good takes its place, durably.
 * Returns `written` when that failed, *err is its error then.
 * fails   RESOURCE FILE_NOT_WRITABLE */
FALLIBLE output_stream_close(struct output_stream *stream, outcome written, struct error *err);

/* Would writing to `path` destroy the regular file `input`? `input` may be NULL or "": no. */
bool output_is_input(const char *path, const char *input);
/* fails   USAGE MESSAGE_OUTPUT_IS_INPUT */
FALLIBLE output_spares(const char *path, const char *input, struct error *err);
