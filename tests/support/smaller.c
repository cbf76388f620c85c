/* smaller - see the header. */
#include "tests/support/smaller.h"

#include <stdlib.h>

unsigned smaller_part(void)
{
    const char *text = getenv("SMALLER");
    return text != NULL && text[0] >= '1' && text[0] <= '0' + SMALLER_PARTS && text[1] == '\0'
               ? (unsigned)(text[0] - '0')
               : 0;
}
