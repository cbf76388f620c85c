/* fonts - see fonts.h. */
#include "jobs/engine/rendering/fonts.h"

void fonts_of_config(str text, struct arena *arena, const struct font_choice **ret_choices,
                     size_t *ret_count)
{
    struct font_choice *choices = ARENA_ARRAY(arena, struct font_choice, FONT_CHAIN_MAX);
    size_t count = 0;
    str rest = text;
    while (!str_empty(rest) && count < FONT_CHAIN_MAX) {
        str entry = str_trim(str_cut(&rest, ','));
        if (!str_empty(entry)) {
            str path = str_cut(&entry, '#');
            choices[count].path = path;
            choices[count].face = entry.data != NULL ? entry : STR("");
            count++;
        }
    }
    *ret_choices = count > 0 ? choices : NULL;
    *ret_count = count;
}
