/* stop - SIGINT and SIGTERM as a question that long work asks at each batch border.
 *
 * The first signal sets the flag; a second SIGINT or SIGTERM ends the process in the usual way.
 * SIGPIPE and SIGXFSZ are ignored, so that a closed pipe and a file that may not grow are write
 * errors. The flag is the program's only global. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void stop_install(void);
bool stop_requested(void);
/* Waits, and ends early when a signal came, also just before or in another thread, within 0.1 s.
 * Back: whether the wait was whole; when not, what was waited for is not to be done. */
bool stop_wait_ms(int64_t milliseconds);
/* From here on the first signal, too, ends the process in the usual way, so that the shell sees
 * what ended it; one that came before ends it now. For work that leaves nothing behind. */
void stop_at_once(void);
/* Restores the usual handling and clears the flag; for tests. */
void stop_uninstall(void);
