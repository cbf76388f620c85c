/* memory_option - see memory_option.h. */
#include "jobs/memory_option.h"

#include "core/base/size.h"
#include "jobs/messages.h"

enum { MEMORY_LEAST = 1 << 20 /* less would be passes without end */ };

FALLIBLE memory_option(const char *text, uint64_t *ret, struct error *err)
{
    uint64_t size = 0;
    if (*text == 0) {
        *ret = 0;
        return OK;
    }
    if (!size_parse(str_of(text), &size) || size < MEMORY_LEAST) {
        FAIL(USAGE, MESSAGE_MEMORY_SIZE, ARG_TEXT("size", text));
    }
    *ret = size;
    return OK;
}
