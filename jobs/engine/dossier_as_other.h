/* dossier_as_other - the part of a dossier that comes from the platform's way of naming documents:
 * everything but 身份证 may be called 其他 there (R-IN-08, decision 0063). */
#pragma once

#include "jobs/engine/engine.h"

/* Adds to `nationals` the records of the kind 其他 that have the number and the name of the person
 * whom the wish names, and fills in `as_other`; where it names a certificate only, those with a
 * number and a name of its holder. Needs the dossier's person and nationals.
 * fails   RESOURCE, CORRUPT */
FALLIBLE dossier_load_as_other(struct engine *engine, const Action *action, struct arena *arena,
                               struct dossier *dossier, struct error *err);
