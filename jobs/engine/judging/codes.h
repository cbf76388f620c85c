/* codes - dynamic passwords: what the engine fills into wishes about phones, and the code itself.
 *
 * A phone number and a code reach the log only as keyed hashes (people.h); the code of a wish that
 * was accepted lives in memory until it is handed on. */
#pragma once

#include "jobs/engine/parts/people.h"

/* The phone's id, the hash of a code that was typed, the id of the number that was typed, and one
 * hash for all that is compared with the card. Needs a well-formed action with its person's id. */
void codes_fill(Action *action, struct people *people, struct arena *arena);

/* request_code: draws the six digits and fills in their hash. Nothing for other actions. */
void codes_draw(Action *action, struct people *people, struct arena *arena);

/* Takes what is secret, or stands for itself in the filled-in hashes, out of a copy of a wish whose
 * content is to be digested. */
void codes_strip(Action *copy, struct arena *arena);

/* A code that is to be handed on, once its event is durable; `code` is NULL when there is none. */
struct outgoing_code {
    const char *phone;
    char *code;
    uint64_t event;
    int64_t expires_at_us;
};

/* Of an accepted wish whose first event has the number `event`. */
struct outgoing_code codes_outgoing(const Action *action, const Event *event);
