/* stand_ins - names with characters that are newer than the C library, laid out by libsmartcols.
 *
 * smartcols asks the C library how wide a character is and prints what that does not know as bytes
 * in hex: names of Extension H and I would not be names any more, and their columns not columns.
 * While smartcols works, such a character is represented by another one of the same width, which
 * nobody's name has (Tangut), and of as many bytes. */
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
