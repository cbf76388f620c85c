/* help_lines - see help_lines.h. */
#include "jobs/help_lines.h"

#include <stdio.h>

#include "core/base/unicode.h"

enum {
    LEFT_COLUMNS = 30,
    RIGHT_BEGIN = 2 + LEFT_COLUMNS + 2,
    TEXT_COLUMNS_MIN = 24, /* narrower than this nothing can be read: the terminal breaks it */
};

/* No line begins with these. */
static bool is_closing(uint32_t code_point)
{
    static const uint32_t signs[] = {0x3001, 0x3002, 0xFF0C, 0xFF1B,
                                     0xFF1A, 0xFF09, 0x3011, 0x201D};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i] == code_point) {
            return true;
        }
    }
    return false;
}

/* No line ends with these. */
static bool is_opening(uint32_t code_point)
{
    return code_point == 0xFF08 || code_point == 0x3010 || code_point == 0x201C;
}

/* Takes from *text what fits into so many columns; a word that is longer goes beyond them. */
static str take_line(str *text, int columns)
{
    str rest = *text;
    size_t end = 0; /* where the line may end; 0: nowhere yet */
    int width = 0;
    bool wide = false; /* the character before: a Chinese one, or an opening sign */
    bool open = false;
    bool all = true; /* of the text fits */
    while (all && !str_empty(rest)) {
        size_t at = text->size - rest.size;
        uint32_t code_point = str_next(&rest);
        int own = unicode_width((str){text->data + at, text->size - at - rest.size});
        bool between = (wide || own == 2) && !open && !is_closing(code_point);
        if (at > 0 && (code_point == ' ' || between)) {
            end = at;
        }
        all = end == 0 || code_point == ' ' || width + own <= columns;
        width += own;
        wide = own == 2;
        open = is_opening(code_point);
    }
    if (all) {
        end = text->size;
    }
    str line = str_trim(str_first(*text, end));
    *text = str_trim(str_from(*text, end));
    return line;
}

void help_lines_text(str text, int indent, int columns)
{
    int room = columns - indent;
    if (columns == 0 || room < TEXT_COLUMNS_MIN) {
        (void)printf("%.*s\n", STR_ARGS(text));
        return;
    }
    do {
        str line = take_line(&text, room);
        (void)printf("%.*s\n", STR_ARGS(line));
        (void)printf("%*s", str_empty(text) ? 0 : indent, "");
    } while (!str_empty(text));
}

/* A left part that is too long gets a line of its own. */
void help_lines_pair(str left, str right, int columns)
{
    int width = unicode_width(left);
    if (width > LEFT_COLUMNS) {
        (void)printf("  %.*s\n%*s", STR_ARGS(left), RIGHT_BEGIN, "");
    } else {
        (void)printf("  %.*s%*s", STR_ARGS(left), RIGHT_BEGIN - 2 - width, "");
    }
    help_lines_text(right, RIGHT_BEGIN, columns);
}
