/* ahead - a ring of slots: threads do work in advance, and their results are taken in order.
 *
 * One thread, the owner, fills slots and takes them back in the same order. In between, each slot
 * is worked on exactly once: by one of the other threads ("hands") or, when no hand has begun with
 * it, by the owner. So the owner never waits while there is work to do, and without hands
 * everything happens in the owner's thread, with the same result. The caller makes sure that
 * whatever the work uses besides its slot is read-only or separate for each thread. */
#pragma once

#include <stddef.h>

enum { AHEAD_SLOTS_MAX = 64 };

struct ahead;

/* `work` is called with a slot's number and the number of the worker: 0 is the owner, 1..hands
 * the others. Helpers that cannot be started are done without. */
struct ahead *ahead_start(unsigned hands, unsigned slots,
                          void (*work)(void *state, unsigned slot, unsigned worker), void *state);
/* Ends the hands; what was put and not taken may be worked on or not. NULL is fine. */
void ahead_stop(struct ahead *ahead);

/* The next slot to fill, from 0 round and round; or `slots` when all of them are waiting. */
unsigned ahead_free(const struct ahead *ahead);
/* That slot is filled. */
void ahead_put(struct ahead *ahead);
/* The oldest slot that was put, when its work is done; or `slots` when there is none. It is free
 * again with the next call. */
unsigned ahead_take(struct ahead *ahead);
