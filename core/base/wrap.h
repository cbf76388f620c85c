/* wrap - text in lines of so many columns, as a terminal shows them.
 *
 * A line ends at a blank or beside a wide (Chinese) character, but does not begin with what closes
 * or separates (，。）…) nor end with what opens (（《…): numbers, dates and Latin words stay
 * whole. A word that is longer than a line is broken where the line is full. */
#pragma once

#include "core/base/str.h"

/* Takes the next line off *rest, without blanks at its ends; *rest is then empty when that was the
 * last. columns > 0; a line holds at least one character. */
str wrap_line(str *rest, int columns);
