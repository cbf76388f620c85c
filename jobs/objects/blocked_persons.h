/* blocked_persons - is a person blocked or erased, so that no documents are made? Nothing is drawn
 * for a blocked person, and no file of an erased one is left (R-PV-02). */
#pragma once

#include "core/base/map.h"
#include "jobs/session.h"

struct blocked_persons {
    struct session *session;
    struct map persons; /* ids */
    struct map numbers; /* of their certificates */
};

/* `who`: index_blocked_persons(), the erased among them, or index_erased_persons() alone. In a
 * transaction, as is what follows. fails   RESOURCE, CORRUPT */
FALLIBLE blocked_persons_load(struct session *session, struct view_key who, struct arena *arena,
                              struct blocked_persons *ret, struct error *err);

/* Is the document, by its id, one of theirs? A look into a map; a proof is read, while there is
 * anybody. Resets the session's item arena. */
FALLIBLE blocked_persons_have(const struct blocked_persons *blocked, str document, bool *ret,
                              struct error *err);
