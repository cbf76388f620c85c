/* folder - the names in a folder, sorted, so that what is done with them is done in one order. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"

/* Names of the entries that end in `suffix` (empty: all), without "." and ".."; none when there is
 * no such folder. *ret in the arena. */
size_t folder_names(const char *path, str suffix, struct arena *arena, const char ***ret);
