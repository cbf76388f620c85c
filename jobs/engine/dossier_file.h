/* dossier_file - the part of a dossier that is about personnel files. */
#pragma once

#include "events/decide.h"
#include "jobs/engine/views.h"

/* Fills in file_record, file_records and, where the wish names only a record, its person. Needs
 * dossier->person and dossier->clerk. Loads visits and applications too. What is not there is
 * absent. */
FALLIBLE dossier_load_file(struct views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err);
