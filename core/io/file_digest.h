/* file_digest - the SHA-256 of a whole file, however large. */
#pragma once

#include "core/base/error.h"
#include "core/io/digest.h"

/* fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE file_digest(const char *path, struct digest *ret, struct error *err);
