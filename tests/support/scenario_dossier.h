/* scenario_dossier - the dossier of an action from views in memory: what the engine does
 * from its store (jobs/engine/judging/dossier.c), for tests of the pure folders, which cannot link
 * it. */
#pragma once

#include "events/decide.h"
#include "tests/support/memory_views.h"

/* `next_sequence` is the number of the first event of the decision. */
FALLIBLE scenario_dossier_load(struct memory_views *views, const struct policies *policies,
                               const Action *action, struct moment moment, uint64_t next_sequence,
                               struct arena *arena, struct dossier *ret, struct error *err);
