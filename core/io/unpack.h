/* unpack - the one file in a .gz or .zip, written out beside; told by its first bytes, not its
 * name.
 *
 * What comes from outside may lie: sizes are counted, never believed, checksums are checked, and no
 * name out of an archive is ever a path. gzip: any number of members, one behind the other. zip:
 * one file that is stored or deflated (folders and what macOS adds do not count), Zip64 too;
 * several, encrypted or split ones are refused. Nothing stays of what fails. */
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
