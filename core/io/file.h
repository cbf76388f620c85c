/* file - whole files: read, replace, make durable; many together are core/io/file_batch.
 *
 * Paths are NUL-terminated UTF-8. A file that is replaced or written is made as `<path>.tmp` beside
 * its place and renamed, so that a reader sees the old bytes or the new ones, never a part.
 * Durability: file_replace() returns when bytes and name are on the disk; a file from
 * file_write_new() is durable only after file_sync_tree(). */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* The argument "why" of FILE_NOT_CREATED: for ENOENT it says that the folder is missing, not the
 * new file. */
struct error_arg file_why_not_created(int number);

/* The whole file, in the arena, NUL-terminated behind its size.
 * fails   MISSING FILE_NOT_READABLE (as file_open);
 *         MALFORMED FILE_TOO_LARGE beyond `limit` bytes */
FALLIBLE file_read(const char *path, struct arena *arena, size_t limit, bytes *ret,
                   struct error *err);

/* Puts `content` in the place of whatever is at `path`, durably; of several at once, one after the
 * other.
 * mode    permission bits of the new file, not subject to the umask
 * fails   CREATE FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE (disk full) */
FALLIBLE file_replace(const char *path, bytes content, mode_t mode, struct error *err);

/* The same without waiting for the disk: a power cut may undo it or leave an empty file. */
FALLIBLE file_write_new(const char *path, bytes content, mode_t mode, struct error *err);

/* Makes a new file and opens it as a stream, which the caller closes. Never opens an existing file
 * or a link.
 * fails   CREATE FILE_NOT_CREATED */
FALLIBLE file_create(const char *path, mode_t mode, FILE **ret, struct error *err);

/* Flushes a stream of file_create to the disk and closes it in any case; directory_sync() makes the
 * name durable. Also returns the failure of an earlier write, so that writers need not check each
 * one.
 * fails   RESOURCE FILE_NOT_WRITABLE */
FALLIBLE file_finish(FILE *file, const char *path, struct error *err);

/* Makes everything written so far on the file system of `path` durable (syncfs). */
FALLIBLE file_sync_tree(const char *path, struct error *err);

/* Is there a file or directory? False when it cannot be looked at. */
bool file_exists(const char *path);
/* Whether rights forbid to see if it is there. */
bool file_is_hidden(const char *path);
/* Size in bytes. fails MISSING FILE_NOT_READABLE */
FALLIBLE file_size(const char *path, uint64_t *ret, struct error *err);
/* Removes a file; one that is absent is fine. fails RESOURCE FILE_NOT_REMOVED */
FALLIBLE file_remove(const char *path, struct error *err);

/* Makes a directory with its parents; one that exists is fine. fails CREATE FILE_NOT_CREATED */
FALLIBLE directory_make(const char *path, mode_t mode, struct error *err);
/* Makes the names in a directory durable. fails RESOURCE FILE_NOT_WRITABLE */
FALLIBLE directory_sync(const char *path, struct error *err);
