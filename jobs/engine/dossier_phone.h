/* dossier_phone - the part of a dossier that is about the phone a wish names. */
#pragma once

#include "events/decide.h"
#include "jobs/engine/views.h"

/* Fills in code and phone_person_id; absent and "" where the wish names no phone. */
FALLIBLE dossier_load_phone(struct views *views, const Action *action, struct arena *arena,
                            struct dossier *dossier, struct error *err);
