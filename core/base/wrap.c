/* wrap - see wrap.h. */
#include "core/base/wrap.h"

#include "core/base/error.h"
#include "core/base/unicode.h"

static bool is_among(uint32_t code_point, str signs)
{
    while (!str_empty(signs)) {
        if (str_next(&signs) == code_point) {
            return true;
        }
    }
    return false;
}

struct place { /* a character and the columns it takes */
    uint32_t code_point;
    int columns;
};

static bool may_end_between(struct place before, struct place after)
{
    str opens = STR("（《〈「『【〔“‘([{");
    str closes = STR("、。，；：！？）》〉」』】〕”’…％,;:!?)]}%");
    if (before.code_point == ' ' || after.code_point == ' ') {
        return true;
    }
    bool beside_wide = before.columns == 2 || after.columns == 2;
    return beside_wide && after.columns > 0 && !is_among(before.code_point, opens) &&
           !is_among(after.code_point, closes);
}

str wrap_line(str *rest, int columns)
{
    BUG_UNLESS(columns > 0);
    str left = *rest;
    size_t end = 0; /* where the line may end; 0: nowhere yet */
    int width = 0;
    struct place before = {.code_point = 0};
    while (!str_empty(left)) {
        size_t at = rest->size - left.size;
        struct place here = {.code_point = str_next(&left)};
        here.columns = unicode_width((str){rest->data + at, rest->size - left.size - at});
        if (at > 0 && may_end_between(before, here)) {
            end = at;
        }
        bool is_full = width + here.columns > columns && here.code_point != ' ';
        if (at > 0 && is_full) {
            end = end > 0 ? end : at;
            str line = str_trim(str_first(*rest, end));
            *rest = str_trim(str_from(*rest, end));
            return line;
        }
        width += here.columns;
        before = here;
    }
    str line = str_trim(*rest);
    *rest = str_from(*rest, rest->size);
    return line;
}
