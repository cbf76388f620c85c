/* phone - numbers of mobile phones, as the mainland has them: the form, and the mask. */
#pragma once

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/str.h"

/* Eleven digits, the first 1, the second 3 to 9; half width, no blanks, no country code: a number
 * is exactly what is dialled, so nothing is normalised (R-PF-10). */
bool phone_is_mobile(str text);

/* "135****0000"; stars only when the text is too short to show seven digits of (FACTS 7). */
str phone_mask(str phone, struct arena *arena);
