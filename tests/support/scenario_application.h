/* scenario_application - visits and applications of a dossier, from the views of a scenario; see
 * jobs/engine/judging/dossier_application.c, which does the same from a store. */
#pragma once

#include "events/decide.h"
#include "tests/support/memory_views.h"

void scenario_application_load(struct memory_views *views, const Action *action,
                               struct arena *arena, struct dossier *dossier);

/* "P-1:张三:R77,R78" to a person of an application with the records that it uses; the document is
 * some. */
void scenario_application_use(OpenApplication *open, str text, struct arena *arena);
