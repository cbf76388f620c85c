/* file_copy - copies a file to another place, or appends it to another file, whatever its size. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/io/digest.h"

/* `to` is replaced by rename, so it holds the old bytes or all of the new ones; they are on the
 * disk on return, the name after a directory_sync() or file_sync_tree(). fails   MISSING
 * FILE_NOT_READABLE; CREATE FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE file_copy(const char *from, const char *to, mode_t mode, struct error *err);

struct file_copied {
    struct digest sha256; /* of the bytes that went by */
    uint64_t size;
};

/* Makes `<to>.tmp`, for file_batch_adopt(), which makes it durable and gives it its name: one of
 * many files. `mode` is not subject to the umask. fails   as file_copy */
FALLIBLE file_copy_beside(const char *from, const char *to, mode_t mode, struct file_copied *ret,
                          struct error *err);

/* Puts the bytes of `from` behind those of `to`, a regular file; durable on return. A failure may
 * leave a part of them there.
 * fails   MISSING FILE_NOT_READABLE; CREATE FILE_NOT_CREATED (`to` is not there, or is a link);
 *         RESOURCE FILE_NOT_WRITABLE */
FALLIBLE file_append(const char *from, const char *to, struct error *err);
