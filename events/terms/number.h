/* number - certificate numbers: 沪建安B(2018)0001234.
 *
 * Read in either bracket width, with blanks and full-width letters or digits; canonical is half
 * width (RULES D16, D17, R-NAT-02/03). A local number begins with 沪. */
#pragma once

#include <terms.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"

struct number {
    str canonical;  /* at most 64 bytes */
    str class_text; /* "B", "C1", also letters nobody knows ("D") */
    Category__Code category;
    int year;
    str serial_digits; /* 1-10 digits as written */
    uint64_t serial;
    bool local; /* begins with 沪 */
};

/* False when the text has no such form: province + 建安 + class + (year) + serial. */
bool number_parse(str text, struct arena *arena, struct number *ret);
/* Of a canonical number: is its letter one of A, B, C, C1, C2, C3? Others are read only (D22). */
bool number_class_is_known(str canonical);
/* Has a canonical number the letter of this class? C1, C2, C3 and C share theirs: a conversion of
 * the class keeps the number (D26). */
bool number_shows_category(str canonical, Category__Code category);
/* 沪建安B(2018)0001234; the serial is padded to 7 digits. */
str number_format(Category__Code category, int year, uint32_t serial, struct arena *arena);
/* With full-width brackets, as the national platform wants it (R-NAT-04). */
str number_full_width(str canonical, struct arena *arena);

enum { NUMBER_SERIAL_MAX = 9999999 };
