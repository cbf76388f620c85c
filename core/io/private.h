/* private - files that only their owner may read: reads a secret from one, and appends lines to
 * one.
 *
 * No message ever contains any of their content. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* The first line of a file, without blanks around it; nothing else of the file stays in memory.
 * fails   CONFIG MESSAGE_FILE_NOT_PRIVATE (path) when group or others have any right to it, or it
 * is no regular file; CONFIG MESSAGE_FILE_NO_SECRET (path) when the line is empty, longer than 4
 * KiB or no printable ASCII; MISSING MESSAGE_FILE_NOT_READABLE */
FALLIBLE private_read(const char *path, struct arena *arena, str *ret, struct error *err);

/* Adds a line and its line feed, durable on return with the name of the file, or nothing. A new
 * file has mode 0600; a link is not followed, and an existing file that others may read is not
 * written to.
 * fails   CONFIG MESSAGE_FILE_NOT_PRIVATE; CREATE MESSAGE_FILE_NOT_CREATED;
 *         RESOURCE MESSAGE_FILE_NOT_WRITABLE */
FALLIBLE private_append(const char *path, str line, struct error *err);
