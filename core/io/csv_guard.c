/* csv_guard - puts a ' before cells that a spreadsheet would run as formulas, and takes it off; see
 * csv.h.
 *
 * The guard can be removed without knowing the original cell. Guarding adds one ' to a formula that
 * has any number of ' before it (also none); removing takes one ' from a formula that has at least
 * one. So a cell's own ' survive, and a cell that begins with ' but is no formula is never touched.
 */
#include <string.h>

#include "core/io/csv.h"

enum {
    IDEOGRAPHIC_SPACE = 0x3000,
    NO_BREAK_SPACE = 0xa0,
};

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == NO_BREAK_SPACE || c == IDEOGRAPHIC_SPACE;
}

static bool begins_formula(uint32_t c)
{
    switch (c) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0xff1d: /* of full width: = + - @ */
    case 0xff0b:
    case 0xff0d:
    case 0xff20: return true;
    default: return false;
    }
}

bool csv_is_formula(str cell)
{
    uint32_t c = 0;
    do {
        c = str_empty(cell) ? 0 : str_next(&cell);
    } while (c == '\'');
    while (is_blank(c)) {
        c = str_empty(cell) ? 0 : str_next(&cell);
    }
    return begins_formula(c);
}

str csv_without_guard(str cell)
{
    return str_starts_with(cell, STR("'")) && csv_is_formula(cell) ? str_from(cell, 1) : cell;
}
