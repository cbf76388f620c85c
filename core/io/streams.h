/* streams - descriptors 0, 1 and 2 are input, output and error output, or nobody's.
 *
 * A program that is started with one of them closed is given its number for the first file that it
 * opens: what it then tells would be written into the log. */
#pragma once

#include <stdbool.h>

/* Keeps the number of each of the three that is closed. Reading and writing still fail there, as
 * on what is closed. To be called before anything is opened. False when that cannot be done. */
bool streams_keep(void);
