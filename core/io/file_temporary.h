/* file_temporary - a file on its way to its place: written as `<path>.tmp` beside it, then renamed.
 * Internal to core/io; other code uses file.h and file_batch.h. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/str.h"

/* `<path>.tmp`; false when that is too long for a path. */
bool temporary_name(const char *path, char ret[PATH_MAX]);
/* The same. fails CREATE FILE_NOT_CREATED */
FALLIBLE temporary_name_of(const char *path, char ret[PATH_MAX], struct error *err);
/* The directory a path lies in. */
void temporary_parent(const char *path, char ret[PATH_MAX]);

/* open(2) of what lies beside a path, also of what a killed run left there with a mode that forbids
 * its owner to write: that is made writable first. -1 with errno. */
int temporary_open(const char *temporary, int flags, mode_t mode);
/* Writes all of it; false with errno. */
bool temporary_write_all(int fd, bytes content);
/* The bytes under the name beside `path`, which messages tell. Nothing stays after a failure.
 * fails   CREATE FILE_NOT_CREATED; RESOURCE FILE_NOT_WRITABLE */
FALLIBLE temporary_write(const char *path, const char *temporary, bytes content, mode_t mode,
                         struct error *err);
/* Renames it. What cannot be renamed is removed. fails CREATE FILE_NOT_CREATED */
FALLIBLE temporary_place(const char *path, const char *temporary, struct error *err);
