/* dossier_application - the part of a dossier that is about visits and applications. */
#pragma once

#include "events/decide.h"
#include "jobs/engine/views.h"

/* Fills in visit, application and applicants. Needs dossier->clerk. What is not there is absent. */
FALLIBLE dossier_load_application(struct views *views, const Action *action, struct arena *arena,
                                  struct dossier *dossier, struct error *err);
