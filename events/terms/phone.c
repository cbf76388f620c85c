/* phone - see phone.h. */
#include "events/terms/phone.h"

enum { PHONE_DIGITS = 11, SHOWN_FIRST = 3, SHOWN_LAST = 4 };

bool phone_is_mobile(str text)
{
    if (text.size != PHONE_DIGITS || text.data[0] != '1' || text.data[1] < '3') {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return true;
}

str phone_mask(str phone, struct arena *arena)
{
    if (phone.size < PHONE_DIGITS) {
        return arena_format(arena, "%.*s", (int)phone.size, "***********");
    }
    str last = str_from(phone, phone.size - SHOWN_LAST);
    return arena_format(arena, "%.*s****%.*s", SHOWN_FIRST, phone.data, STR_ARGS(last));
}
