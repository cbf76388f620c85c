/* identifier - see identifier.h. Check vectors: tests/events/terms/test_identifier.c. */
#include "events/terms/identifier.h"

#include "events/terms/number.h"

enum { YEAR_DIGITS = 4, SERIAL_DIGITS = 7, VERSION_DIGITS = 3, VERSION_MAX = 999 };

/* Root of certificate identifiers, and the type of this certificate (GB/T 36904-2018, 附录A). */
#define ROOT "1.2.156.3005.2"
#define TYPE "11100000000013338W011"

static int value_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c - 'A' + 10;
}

/* What is nearly always less than twice the modulus: a division takes as long as all the rest. */
static inline int modulo(int value, int modulus)
{
    return value < 0 || value >= 2 * modulus ? value % modulus
           : value >= modulus                ? value - modulus
                                             : value;
}

char identifier_check(str text)
{
    int product = 36;
    for (size_t i = 0; i < text.size; i++) {
        int sum = modulo(product + value_of(text.data[i]), 36);
        product = modulo((sum == 0 ? 36 : sum) * 2, 37);
    }
    int check = (37 - product) % 36;
    return (char)(check < 10 ? '0' + check : 'A' + check - 10);
}

/* As %0*u, of which a list of certificates is full. */
static str digits(uint64_t number, size_t size, char *out)
{
    for (size_t i = size; i > 0; i--) {
        out[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return (str){out, size};
}

str identifier_format(str authority_code, str certificate, uint32_t version, struct arena *arena)
{
    char room[YEAR_DIGITS + SERIAL_DIGITS + VERSION_DIGITS];
    struct number number;
    if (!number_parse(certificate, arena, &number) || number.serial_digits.size > SERIAL_DIGITS ||
        version > VERSION_MAX) {
        return STR("");
    }
    str year = digits((uint64_t)number.year, YEAR_DIGITS, room);
    str serial = digits(number.serial, SERIAL_DIGITS, room + YEAR_DIGITS);
    str issue = digits(version, VERSION_DIGITS, room + YEAR_DIGITS + SERIAL_DIGITS);
    str checked = ARENA_JOIN(arena, STR(TYPE), authority_code, year, serial, issue);
    const char check = identifier_check(checked);
    return ARENA_JOIN(arena, STR(ROOT "." TYPE "."), authority_code, STR("."), year, serial,
                      STR("."), issue, STR("."), ((str){&check, 1}));
}
