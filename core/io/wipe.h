/* wipe - makes a file unreadable for good: overwrites it, flushes it, removes it.
 *
 * The bytes are overwritten where they lie. A disk that writes copies (copy-on-write file systems,
 * snapshots, most flash) may keep the old ones until it reuses their place: nothing a program does
 * can promise more. */
#pragma once

#include "core/base/error.h"

/* Durable on return, with the removed name: a file of zeros that came back would be a damaged one.
 * One that is absent is fine. A link is not followed: neither the bytes nor the rights of what it
 * points at change.
 * fails   RESOURCE FILE_NOT_WRITABLE, FILE_NOT_REMOVED */
FALLIBLE file_wipe(const char *path, struct error *err);
