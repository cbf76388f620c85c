/* file_digest - the SHA-256 of a whole file, however large. */
#pragma once

#include "core/base/error.h"
#include "core/io/digest.h"

/* fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE file_digest(const char *path, struct digest *ret, struct error *err);

/* Of an opened file, whatever is at its path by now. Where the descriptor stands neither matters
 * nor changes: others may read by it meanwhile. fails   as file_digest */
FALLIBLE file_digest_open(int descriptor, const char *path, struct digest *ret, struct error *err);
