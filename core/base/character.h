/* character - what stands in one place of a printed text: a code point, or a code point and the
 * variation selector behind it (Unicode 15.0, 23.4: U+FE00-FE0F and U+E0100-E01EF).
 *
 * A character is a uint32_t: a plain one equals its code point; one with a selector is larger than
 * any code point. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

bool character_is_selector(uint32_t code_point);

/* Takes the next character off *text, which must not be empty. A selector that follows nothing it
 * could vary (at the start, behind another selector) is a character of its own. */
uint32_t character_next(str *text);

/* Its code point, and its selector's, 0 without one. */
uint32_t character_base(uint32_t character);
uint32_t character_selector(uint32_t character);
