/* streams - keeps descriptors 0, 1 and 2 for input, output and error output.
 *
 * When a program starts with one of them closed, the first file that it opens gets that number: a
 * message to stderr would then be written into the log. */
#pragma once

#include <stdbool.h>

/* Occupies each of the three that is closed, so that no file gets its number; reading and writing
 * still fail there. Call it before anything is opened. False when it cannot be done. */
bool streams_keep(void);
