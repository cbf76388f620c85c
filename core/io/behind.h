/* behind - a ring of slots: one other thread does the work, in order, while the owner goes on.
 *
 * The owner fills slots and puts them; each is worked on once, after the one before it. When no
 * thread can be made, behind_put() does the work itself, with the same result. The owner may touch
 * what the work uses only after behind_wait(), until the next behind_put(). */
#pragma once

enum { BEHIND_SLOTS_MAX = 64 };

struct behind;

/* `work` is called with a slot's number. */
struct behind *behind_start(unsigned slots, void (*work)(void *state, unsigned slot), void *state);
/* Ends the thread after what was put. NULL is fine. */
void behind_stop(struct behind *behind);

/* The slot to fill next, from 0 round and round; waits until it is free. */
unsigned behind_free(struct behind *behind);
/* That slot is filled. */
void behind_put(struct behind *behind);
/* Returns when all that was put is done. */
void behind_wait(struct behind *behind);
