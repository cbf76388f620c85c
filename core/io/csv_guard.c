/* csv_guard - cells that a spreadsheet would run as formulas, or make another text of; see csv.h.
 *
 * The guard can be taken off again without knowing what was written: a cell gets a ' when it is a
 * formula behind any number of ', and loses one when it is a formula behind at least one. So what
 * had no guard keeps every ' that it had, and what begins with ' and is no formula is left alone
 * both ways. What a spreadsheet would change is guarded in the same manner. */
#include <string.h>

#include "core/io/csv.h"

enum {
    IDEOGRAPHIC_SPACE = 0x3000,
    NO_BREAK_SPACE = 0xa0,
    WIDE_ZERO = 0xff10,
    DIGITS_SHOWN = 11, /* a longer number is shown, and saved, as a power of ten */
    DIGITS_OF_EXPONENT = 3,
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

static bool is_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= WIDE_ZERO && c <= WIDE_ZERO + 9);
}

/* Runs of digits with one sign between each two; of the first, whether it begins with a zero. */
struct digits {
    size_t runs[3];
    uint32_t between[2];
    size_t signs;
    bool zero_first;
};

/* False where there is anything else in the text. */
static bool read_digits(str text, struct digits *ret)
{
    struct digits found = {0};
    for (bool first = true; !str_empty(text); first = false) {
        uint32_t c = str_next(&text);
        if (is_digit(c)) {
            found.zero_first |= first && (c == '0' || c == WIDE_ZERO);
            found.runs[found.signs]++;
        } else if ((c == '-' || c == '/' || c == '.' || c == 'E' || c == 'e') && found.signs < 2 &&
                   found.runs[found.signs] > 0) {
            found.between[found.signs++] = c == 'e' ? 'E' : c;
        } else {
            return false;
        }
    }
    *ret = found;
    return found.runs[found.signs] > 0;
}

/* 310101189912310017, 310101189912310017.0, 0012, 91310000123456E12, 2025-05, 3-5, 1/2/03: numbers
 * and dates to a spreadsheet, which writes them back in another way. A whole date with its year in
 * front is as good as before; a number of a few digits stays what it is. */
static bool is_changed(str cell)
{
    struct digits digits;
    while (str_starts_with(cell, STR("'"))) {
        cell = str_from(cell, 1);
    }
    if (!read_digits(str_trim(cell), &digits)) {
        return false;
    }
    const size_t *runs = digits.runs;
    bool day = (digits.between[0] == '-' || digits.between[0] == '/') && runs[0] <= 4;
    switch (digits.signs) {
    case 0: return runs[0] > DIGITS_SHOWN || (digits.zero_first && runs[0] > 1);
    case 1:
        return digits.between[0] == '.'   ? runs[0] > DIGITS_SHOWN
               : digits.between[0] == 'E' ? runs[1] <= DIGITS_OF_EXPONENT
                                          : day && runs[1] <= 4;
    default:
        return day && digits.between[1] == digits.between[0] && runs[0] <= 2 && runs[1] <= 2 &&
               runs[2] <= 4;
    }
}

bool csv_is_guarded_for_mending(str cell)
{
    return csv_is_formula(cell) || is_changed(cell);
}

str csv_without_mending_guard(str cell)
{
    bool guarded = str_starts_with(cell, STR("'")) && csv_is_guarded_for_mending(cell);
    return guarded ? str_from(cell, 1) : cell;
}
