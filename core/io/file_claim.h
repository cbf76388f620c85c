/* file_claim - lets one writer at a time make the temporary file that is then renamed over another.
 * Without it, two writers of the same temporary name could each rename the other's half-written
 * file. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/error.h"

/* Opens `beside` for writing, empty, whatever a killed run left there. It is the caller's alone
 * until *ret is closed: rename it, or remove it, before.
 * path    whose place it is to take, for messages
 * wait    for another writer to end; otherwise that is a failure
 * fails   CREATE FILE_NOT_CREATED */
FALLIBLE file_claim(const char *beside, const char *path, mode_t mode, bool wait, int *ret,
                    struct error *err);
