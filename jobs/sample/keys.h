/* keys - the sample's own authority and the keys of its actors, all from the seed. */
#pragma once

#include "jobs/sample/output.h"

/* Root and keys into `output`. */
FALLIBLE keys_make(struct output *output, struct error *err);

/* The signature of an actor (as output_line() counts them) whose code is `code`, in the item arena.
 * Key and certificate are written when an actor signs first. */
FALLIBLE keys_sign(struct output *output, uint32_t actor, str code, bytes content, bytes *ret,
                   struct error *err);
