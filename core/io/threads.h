/* threads - runs one piece of work in several threads; all of them have ended when the call
 * returns.
 *
 * The caller makes sure that what the threads share is read-only or has a lock. */
#pragma once

enum { THREADS_MAX = 8 };

/* How many processors this process may use, 1..THREADS_MAX. */
unsigned threads_available(void);
/* Runs work(state, 0) in the calling thread and work(state, 1..count-1) beside it, and returns when
 * all are done. The work of a thread that cannot be made is done by the calling thread, after its
 * own. */
void threads_run(unsigned count, void (*work)(void *state, unsigned number), void *state);
