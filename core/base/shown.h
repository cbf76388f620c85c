/* shown - text that came from outside, made safe to be shown on a terminal. */
#pragma once

#include "core/base/arena.h"
#include "core/base/str.h"

/* What steers a terminal (C0 but tab and line feed, DEL, C1) and what is invisible or turns the
 * direction of the text around it (U+061C, U+200B, U+200E-200F, U+2028-202E, U+2060-2069, U+FEFF)
 * becomes \uXXXX, which JSON reads as the same character; so does a byte that is no UTF-8 (\ufffd).
 * The rest stays; text without any of it comes back as it is. */
str shown_text(str text, struct arena *arena);

/* Bytes that should be text, such as the name of a file in a folder: each that is no UTF-8 as
 * U+FFFD. */
str shown_bytes(bytes raw, struct arena *arena);
