/* scenario_wave - waves in scenarios: the list an action would take, and the items that follow an
 * opening, by the same pure functions that the engine runs (events/wave.h). */
#pragma once

#include "tests/support/scenario_state.h"

/* The list of a wave action, from views in memory; empty for other actions. Its digest is absent:
 * pure tests have no SHA-256. */
FALLIBLE scenario_wave_list(struct memory_views *views, const Action *action,
                            const EnterpriseView *enterprise, int32_t today, struct arena *arena,
                            struct wave_list *ret, struct error *err);

/* Keeps the opening that was just applied as the scenario's open wave. */
void scenario_wave_keep(struct scenario *s, const struct wave_list *list);
/* Items and closing of the open wave, added to the decision as they happen. */
bool scenario_wave_run(struct scenario *s);
