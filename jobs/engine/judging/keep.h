/* keep - stores the blobs that an event will name, before the event: photos, proofs and scans,
 * sealed with the key of their person, and the list of a wave. */
#pragma once

#include "jobs/engine/engine.h"

/* Keeps what came with the wish (`plain`, may be empty) and fills in the event's blob fields. In a
 * transaction. fails CREATE, RESOURCE */
FALLIBLE keep_files(struct engine *engine, const struct dossier *dossier, Event *event, bytes plain,
                    struct arena *arena, struct error *err);
