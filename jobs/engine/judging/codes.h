/* codes - dynamic passwords: draws them, and fills their hashes into wishes about phones.
 *
 * Phone numbers and codes reach the log only as keyed hashes (people.h). The code of an accepted
 * wish is kept in memory until it is delivered. */
#pragma once

#include "jobs/engine/parts/people.h"

/* Fills in the phone's id, the hash of the typed code, the person id of the typed number, and one
 * hash of all values that are compared with the card. Needs a well-formed action with its person's
 * id. */
void codes_fill(Action *action, struct people *people, struct arena *arena);

/* For request_code: draws the six digits and fills in their hash. Does nothing for other actions.
 */
void codes_draw(Action *action, struct people *people, struct arena *arena);

/* Removes from a copy of a wish, before its content is digested, the secret fields and those that
 * the filled-in hashes represent. */
void codes_strip(Action *copy, struct arena *arena);

/* A code to be delivered once its event is durable; `code` is NULL when there is none. */
struct outgoing_code {
    const char *phone;
    char *code;
    uint64_t event;
    int64_t expires_at_us;
};

/* The code of an accepted wish; `event` is the first event of the wish. */
struct outgoing_code codes_outgoing(const Action *action, const Event *event);
