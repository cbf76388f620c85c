/* help_lines - see help_lines.h. */
#include "jobs/help_lines.h"

#include <stdio.h>

#include "core/base/unicode.h"
#include "core/base/wrap.h"

enum {
    LEFT_COLUMNS = 30,
    RIGHT_BEGIN = 2 + LEFT_COLUMNS + 2,
    TEXT_COLUMNS_MIN = 24, /* narrower than this nothing can be read: the terminal breaks it */
};

void help_lines_text(str text, int indent, int columns)
{
    int room = columns - indent;
    if (columns == 0 || room < TEXT_COLUMNS_MIN) {
        (void)printf("%.*s\n", STR_ARGS(text));
        return;
    }
    do {
        str line = wrap_line(&text, room);
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
