/* nearest - suggests the known word that is nearest to a mistyped one. */
#pragma once

#include <stddef.h>

#include "core/base/str.h"

/* Edits (insert, delete, replace, swap of neighbours) that make one word of the other. Words of
 * more than 63 bytes count as far away from everything. */
int nearest_distance(str a, str b);

/* The one of `words` (count of them) with the fewest edits; NULL only when count is 0. */
const char *nearest_word(str word, const char *const *words, size_t count);
