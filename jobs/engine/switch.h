/* switch - folded views take the place of the live ones. */
#pragma once

#include "jobs/engine/engine.h"
#include "jobs/engine/project.h"

/* Writes the folded views beside the live ones and switches by two renames; readers keep the old
 * ones until they end. Outside a transaction; the engine has no views after it
 * (engine_reopen_views). A crash between the renames leaves none: the next writer makes them from
 * the log.
 * fails   RESOURCE, CREATE MESSAGE_FILE_NOT_CREATED */
FALLIBLE views_switch(struct engine *engine, struct folded *folded, struct error *err);

/* Removes what a switch left that was killed behind its renames: it may name who was erased. For
 * writers. */
FALLIBLE views_remove_old(struct engine *engine, struct error *err);
