/* credit_code - see credit_code.h. source: GB 32100-2015, 5 and annex A. */
#include "events/terms/credit_code.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/unicode.h"

enum { CODE_SIZE = 18, MODULUS = 31 };

/* Without I, O, S, V, Z. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* Value of a character, or -1 for those the standard leaves out. */
static int value_of(char c)
{
    if (c >= '0' && c <= '9') { /* most of them */
        return c - '0';
    }
    const char *found = c != 0 ? strchr(alphabet, c) : NULL;
    return found != NULL ? (int)(found - alphabet) : -1;
}

/* The check character over the first 17, or 0 when one of them has no value. */
static char check_of(str first_17)
{
    int weight = 1; /* 3^i mod 31 */
    int sum = 0;
    for (size_t i = 0; i < CODE_SIZE - 1; i++) {
        int value = value_of(first_17.data[i]);
        if (value < 0) {
            return 0;
        }
        sum += value * weight;
        weight = weight * 3 % MODULUS;
    }
    return alphabet[(MODULUS - sum % MODULUS) % MODULUS];
}

bool credit_code_normalise(str text, struct arena *arena, str *ret)
{
    str narrow = unicode_narrow(unicode_without_blanks(text, arena), arena);
    str normal = unicode_upper_ascii(narrow, arena);
    if (str_starts_with(normal, STR("'"))) {
        normal = str_from(normal, 1); /* how a spreadsheet marks text */
    }
    if (normal.size != CODE_SIZE) {
        return false;
    }
    for (size_t i = 0; i < CODE_SIZE; i++) {
        char c = normal.data[i];
        if ((c < '0' || c > '9') && (c < 'A' || c > 'Z')) {
            return false;
        }
    }
    *ret = normal;
    return true;
}

bool credit_code_check_is_right(str normal)
{
    return normal.size == CODE_SIZE && check_of(normal) == normal.data[CODE_SIZE - 1];
}

str credit_code_complete(str first_17, struct arena *arena)
{
    BUG_UNLESS(first_17.size == CODE_SIZE - 1);
    char check = check_of(first_17);
    BUG_UNLESS(check != 0);
    return arena_format(arena, "%.*s%c", STR_ARGS(first_17), check);
}
