/* wrap - breaks text into lines of a given number of terminal columns.
 *
 * A line breaks at a blank or beside a wide (Chinese) character. It never begins with closing or
 * separating punctuation (，。）…) nor ends with opening punctuation (（《…). Numbers, dates and
 * Latin words stay whole. A word that is longer than a line is broken where the line is full. */
#pragma once

#include "core/base/str.h"

/* Takes the next line off *rest, without blanks at its ends; *rest is then empty when that was the
 * last. columns > 0; a line holds at least one character. */
str wrap_line(str *rest, int columns);
