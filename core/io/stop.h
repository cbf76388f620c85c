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
/* Waits; ends early, within 0.1 s, when a signal came, also just before or in another thread.
 * Returns true when the whole time has passed; false: do not do what the wait was for. */
bool stop_wait_ms(int64_t milliseconds);
/* From here on the first signal ends the process in the usual way, so that the shell sees the
 * signal; a signal that came before ends it now. For work that leaves nothing behind. */
void stop_at_once(void);
/* Restores the usual handling and clears the flag; for tests. */
void stop_uninstall(void);
