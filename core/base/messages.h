/* messages - the codes of all texts of the program, and how to read the messages.def of a folder.
 *
 * A row is MESSAGE(number, NAME, "english {0}", "中文{0}"); NAME in lower case is the code that
 * machines see (CONTRACT 3, RULES 0.3). Ranges: 1000 core/base, 1100-1999 core/io, 2000 events,
 * 3000 projections, 4000 importers, 5000 jobs. Sentences are made in jobs/messages.c alone. {0},
 * {1}.. are the arguments of FAIL in order; {0|row|rows} is the word for one and for several of
 * them, which only English needs: "{0} {0|row|rows}". English: short, lower case, no full stop;
 * "could not" may work next time, "cannot" never will. */
#pragma once

#define MESSAGE(number, name, english, chinese) MESSAGE_##name = (number),
enum message_code_base {
#include "core/base/messages.def"
};
#undef MESSAGE
