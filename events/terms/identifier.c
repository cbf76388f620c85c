/* identifier - see identifier.h. Check vectors: tests/events/terms/test_identifier.c. */
#include "events/terms/identifier.h"

#include "events/terms/number.h"

enum { SERIAL_DIGITS = 7, VERSION_MAX = 999 };

/* Root of certificate identifiers, and the type of this certificate (GB/T 36904-2018, 附录A). */
#define ROOT "1.2.156.3005.2"
#define TYPE "11100000000013338W011"

static int value_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c - 'A' + 10;
}

char identifier_check(str text)
{
    int product = 36;
    for (size_t i = 0; i < text.size; i++) {
        int sum = (product + value_of(text.data[i])) % 36;
        product = (sum == 0 ? 36 : sum) * 2 % 37;
    }
    int check = (37 - product) % 36;
    return (char)(check < 10 ? '0' + check : 'A' + check - 10);
}

str identifier_format(str authority_code, str certificate, uint32_t version, struct arena *arena)
{
    struct number number;
    if (!number_parse(certificate, arena, &number) || number.serial_digits.size > SERIAL_DIGITS ||
        version > VERSION_MAX) {
        return STR("");
    }
    unsigned serial = (unsigned)number.serial;
    str checked = arena_format(arena, TYPE "%.*s%04d%07u%03u", STR_ARGS(authority_code),
                               number.year, serial, version);
    return arena_format(arena, ROOT "." TYPE ".%.*s.%04d%07u.%03u.%c", STR_ARGS(authority_code),
                        number.year, serial, version, identifier_check(checked));
}
