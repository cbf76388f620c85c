/* stand_ins - replaces characters that are newer than the C library while libsmartcols lays out a
 * table.
 *
 * libsmartcols asks the C library for the width of a character and prints one that it does not know
 * as hexadecimal bytes: names with characters of Extension H and I would be unreadable and their
 * columns out of line. So while libsmartcols works, such a character is replaced by one of the same
 * width and the same number of bytes that occurs in nobody's name (Tangut), and put back
 * afterwards. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum { STAND_INS_MAX = 4096 }; /* of a table; what is beyond is printed as smartcols has it */

struct stand_ins {
    uint32_t represented[STAND_INS_MAX]; /* by the stand-in of that number */
    size_t count;
};

/* The text with stand-ins; as it is when it needs none. */
str stand_ins_put(struct stand_ins *stand_ins, str text, struct arena *arena);
/* The characters themselves again, in place. */
void stand_ins_take(const struct stand_ins *stand_ins, char *text);
