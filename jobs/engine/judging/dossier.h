/* dossier - loads the dossier of an action: all that its rule may look at (events/decide.h), by a
 * table of needs.
 *
 * Nothing else reads on behalf of rules. Person ids have been filled into the action before
 * (jobs/engine/person_ids.h). */
#pragma once

#include "jobs/engine/engine.h"

/* Everything in the arena; valid until the transaction's next write or its end.
 * fails   RESOURCE, CORRUPT */
FALLIBLE dossier_load(struct engine *engine, const Action *action, struct moment moment,
                      struct arena *arena, struct dossier *ret, struct error *err);

/* The same. `listed` is what the wave would take, where that was listed and nothing changed since
 * then; NULL: it is listed. */
FALLIBLE dossier_load_listed(struct engine *engine, const Action *action, struct moment moment,
                             const struct wave_list *listed, struct arena *arena,
                             struct dossier *ret, struct error *err);
