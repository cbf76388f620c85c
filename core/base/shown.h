/* shown - makes text from outside safe to show on a terminal. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* Characters that steer a terminal (C0 but tab and line feed, DEL, C1), that are invisible or that
 * turn the direction of the text around them (U+061C, U+200B, U+200E-200F, U+2028-202E,
 * U+2060-2069, U+FEFF) become \uXXXX, which JSON reads as the same character; a byte that is not
 * UTF-8 becomes \ufffd. Text without any of them is returned unchanged, not copied. */
str shown_text(str text, struct arena *arena);

/* Text from bytes that should be UTF-8, such as a file's name in a folder; a byte that is not UTF-8
 * becomes U+FFFD. */
str shown_bytes(bytes raw, struct arena *arena);
