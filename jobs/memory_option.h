/* memory_option - the option --memory of the verbs that fold the log: rebuild, audit replay, audit
 * compare, audit diff. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"

/* *ret 0 for an empty text: half of what there is, see struct fold_options.
 * fails   USAGE MESSAGE_MEMORY_SIZE */
FALLIBLE memory_option(const char *text, uint64_t *ret, struct error *err);
