/* size - see size.h. */
#include "core/base/size.h"

/* The power of 1024 that a letter means; false for an unknown letter. */
static bool powers_of(char letter, unsigned *ret)
{
    static const char letters[] = "KMGT";
    char capital = letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    for (unsigned i = 0; letters[i] != 0; i++) {
        if (letters[i] == capital) {
            *ret = i + 1;
            return true;
        }
    }
    return false;
}

bool size_parse(str text, uint64_t *ret)
{
    uint64_t size = 0;
    size_t at = 0;
    unsigned powers = 0;
    for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
        uint64_t digit = (uint64_t)(text.data[at] - '0');
        if (size > (UINT64_MAX - digit) / 10) {
            return false;
        }
        size = size * 10 + digit;
    }
    if (at == 0 || text.size - at > 1 || (at < text.size && !powers_of(text.data[at], &powers))) {
        return false;
    }
    for (; powers > 0; powers--) {
        if (size > UINT64_MAX / 1024) {
            return false;
        }
        size *= 1024;
    }
    *ret = size;
    return true;
}
