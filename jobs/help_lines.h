/* help_lines - the layout of help: what can be typed on the left, what it does on the right. On a
 * terminal long texts are wrapped (wrap.h); in a pipe each text is one line, for grep. */
#pragma once

#include "core/base/str.h"

/* `columns` is the terminal's width, 0 for none. Failures to print are found when main flushes. */
void help_lines_pair(str left, str right, int columns);
/* Begins `indent` columns from the left; lines that follow begin there too. */
void help_lines_text(str text, int indent, int columns);
