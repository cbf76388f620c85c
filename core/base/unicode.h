/* unicode - comparison keys, text to draw, and display width (utf8proc). Stored text is never
 * normalised: these functions make keys to compare and search with, and the text to print. Text
 * that needs no change is returned as it came in, not copied. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"

/* Canonical composition (NFC). Never NFKC: it would destroy compatibility ideographs. */
str unicode_nfc(str text, struct arena *arena);

/* Each letter and the marks that follow it (accents, U+0300-036F; the two of kana) as the one
 * character they make, where there is one: fonts draw it, and draw a mark alone beside its letter.
 * Everything else stays, unlike in NFC: compatibility ideographs are names' own. */
str unicode_with_marks_joined(str text, struct arena *arena);

/* Full-width ASCII (U+FF01-FF5E) becomes ASCII, U+3000 becomes a space; the rest stays. */
str unicode_narrow(str text, struct arena *arena);

/* ASCII letters to upper or lower case; the rest stays. */
str unicode_upper_ascii(str text, struct arena *arena);
str unicode_lower_ascii(str text, struct arena *arena);

/* Without blanks anywhere: ASCII white space, U+3000, U+00A0. */
str unicode_without_blanks(str text, struct arena *arena);

/* Is it drawn over or below the character before it? */
bool unicode_is_mark(uint32_t c);

/* Columns on a terminal: East Asian wide characters count 2, combining marks 0. */
int unicode_width(str text);
