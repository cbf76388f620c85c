/* threads - a piece of work done by several threads at once, over before the call returns.
 *
 * What the threads share is the caller's business: read-only things, or things with a lock. */
#pragma once

enum { THREADS_MAX = 8 };

/* How many processors this process may use, 1..THREADS_MAX. */
unsigned threads_available(void);
/* Runs work(state, 0) in the calling thread and work(state, 1..count-1) beside it, and returns when
 * all are done. The work of a thread that cannot be made is done by the calling thread, after its
 * own. */
void threads_run(unsigned count, void (*work)(void *state, unsigned number), void *state);
