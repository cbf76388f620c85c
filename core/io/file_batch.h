/* file_batch - many files, made durable together: add them, flush, and only then log that they
 * exist. Until the flush no name is visible; a crash before leaves `.tmp` files, which the next
 * batch overwrites. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/str.h"

struct file_batch;

FALLIBLE file_batch_open(struct file_batch **ret, struct error *err);
/* Writes `<path>.tmp`. Adding one path twice is fine: the later bytes count. */
FALLIBLE file_batch_add(struct file_batch *batch, const char *path, bytes content, mode_t mode,
                        struct error *err);
/* Writes `<path>.tmp`, and makes the folder when it is not there: for file_batch_adopt.
 * fails   CREATE FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE file_batch_write(const char *path, bytes content, mode_t mode, struct error *err);
/* Takes over `<path>.tmp`, which file_batch_write wrote, here or in another process. */
void file_batch_adopt(struct file_batch *batch, const char *path);
/* How many files wait for the flush. */
size_t file_batch_count(const struct file_batch *batch);
/* Bytes to disk, then all renames, then the directories. The batch is empty after, and reusable. */
FALLIBLE file_batch_flush(struct file_batch *batch, struct error *err);
/* The same in two calls, for consecutive batches: one flush writes the bytes of `written` and the
 * names of `named` (which was `written` in an earlier call); then `written` is renamed. `named` is
 * then empty and can be reused. For hundreds of files that nobody reads soon: they are dropped from
 * the page cache. */
FALLIBLE file_batch_advance(struct file_batch *written, struct file_batch *named,
                            struct error *err);
/* Removes what was not flushed; the batch is empty after, and reusable. */
void file_batch_drop(struct file_batch *batch);
/* Removes what was not flushed. NULL is fine. */
void file_batch_close(struct file_batch *batch);
