/* file - whole files: read, replace, write many and make them durable together.
 *
 * Paths are NUL-terminated UTF-8. A file that is replaced or written is made as `<path>.tmp` beside
 * its place and renamed, so that a reader sees the old bytes or the new ones, never a part. What is
 * durable when: file_replace() and file_batch_flush() return after the disk has both bytes and
 * name; file_write_new() only after a file_sync_tree(). */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* The "why" of FILE_NOT_CREATED: what is not there is the folder, not the file that is to be made.
 */
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

/* Writes `<path>.tmp`, and makes the folder when it is not there: for file_batch_adopt.
 * fails   CREATE FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE file_write_temporary(const char *path, bytes content, mode_t mode, struct error *err);

/* A new file as a stream, closed by who asked for it. One that exists, or a link, is never opened.
 * fails   CREATE FILE_NOT_CREATED */
FALLIBLE file_create(const char *path, mode_t mode, FILE **ret, struct error *err);

/* Ends a stream of file_create with its bytes on the disk; the name is directory_sync()'s. Closed
 * in any case. fails   RESOURCE FILE_NOT_WRITABLE */
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

/* Many files, flushed together: add them, flush, and only then log that they exist. Until the flush
 * no name is visible; a crash before leaves `.tmp` files, which the next batch overwrites. */
struct file_batch;

FALLIBLE file_batch_open(struct file_batch **ret, struct error *err);
/* Writes `<path>.tmp`. Adding one path twice is fine: the later bytes count. */
FALLIBLE file_batch_add(struct file_batch *batch, const char *path, bytes content, mode_t mode,
                        struct error *err);
/* Takes over `<path>.tmp`, which file_write_temporary wrote, here or in another process. */
void file_batch_adopt(struct file_batch *batch, const char *path);
/* How many files wait for the flush. */
size_t file_batch_count(const struct file_batch *batch);
/* Bytes to disk, then all renames, then the directories. The batch is empty after, and reusable. */
FALLIBLE file_batch_flush(struct file_batch *batch, struct error *err);
/* The same in two calls, for who has one batch after the other: the bytes of `written` and the
 * names of `named`, which was `written` in an earlier call, go to disk together; then `written` is
 * renamed. `named` is empty after, and reusable. */
FALLIBLE file_batch_advance(struct file_batch *written, struct file_batch *named,
                            struct error *err);
/* Removes what was not flushed. NULL is fine. */
void file_batch_close(struct file_batch *batch);
