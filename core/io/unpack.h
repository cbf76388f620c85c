/* unpack - extracts the one file in a .gz or .zip, recognised by its first bytes and not by its
 * name.
 *
 * Archives may lie: sizes are counted and never trusted, checksums are verified, and no name from
 * an archive becomes a path. gzip: any number of members, one behind the other. zip: one file,
 * stored or deflated, Zip64 too (folders and the files that macOS adds do not count); several
 * files, encrypted or split archives are refused. After a failure nothing is left on the disk. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZIP };

/* fails   MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE packing_of(const char *path, enum packing *ret, struct error *err);

/* Writes what `path` holds to the new file `to` (mode 0600), at most `bytes_max` bytes.
 * fails   MALFORMED MESSAGE_UNPACK_DAMAGED (file), MESSAGE_UNPACK_TOO_LARGE (file, limit),
 *         MESSAGE_UNPACK_SEVERAL (file, count), MESSAGE_UNPACK_ENCRYPTED, MESSAGE_UNPACK_METHOD;
 *         MISSING MESSAGE_FILE_NOT_READABLE; CREATE MESSAGE_FILE_NOT_CREATED;
 *         RESOURCE MESSAGE_FILE_NOT_WRITABLE; BUSY MESSAGE_UNPACK_STOPPED */
FALLIBLE unpack(const char *path, enum packing packing, const char *to, uint64_t bytes_max,
                struct error *err);
