/* dossier_row - the part of a dossier that rows of registers need: the record that the row is held
 * against, and whether its person is left alone. */
#pragma once

#include "jobs/engine/engine.h"

/* What a wish or a row names, as a part of a key: one that is longer than any that was accepted is
 * cut, and finds nothing. */
str dossier_key_part(const char *text);

FALLIBLE dossier_load_row(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err);

/* Rows of big registers want one thing of their person: whether it is left alone (R-PV-02). That
 * stands in an index which is nearly always empty. */
FALLIBLE dossier_load_blocked(struct views *views, const char *person_id, struct arena *arena,
                              struct dossier *dossier, struct error *err);
