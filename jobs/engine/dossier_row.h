/* dossier_row - the part of a dossier that rows of registers need: the record that the row is held
 * against, and whether its person is left alone. */
#pragma once

#include "jobs/engine/engine.h"

FALLIBLE dossier_load_row(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err);

/* Rows of big registers want one thing of their person: whether it is left alone (R-PV-02). That
 * stands in an index which is nearly always empty. */
FALLIBLE dossier_load_blocked(struct views *views, const char *person_id, struct arena *arena,
                              struct dossier *dossier, struct error *err);
