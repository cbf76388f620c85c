/* views_switch - replaces the live views with new ones that were made from the log. */
#pragma once

#include "jobs/engine/engine.h"
#include "jobs/engine/project.h"

/* Writes the views of the log beside the live ones and switches by two renames; readers keep the
 * old ones until they end. Within a transaction that has appended nothing, which is over after it;
 * the engine has no views then (engine_reopen_views). *ret_last is the last event they hold. A
 * crash between the renames leaves none: the next writer makes them from the log. fails   RESOURCE,
 * CREATE MESSAGE_FILE_NOT_CREATED */
FALLIBLE views_switch(struct engine *engine, const struct fold_options *options, uint64_t *ret_last,
                      struct error *err);

/* Removes what a switch left that was killed behind its renames: it may name who was erased. For
 * writers. */
FALLIBLE views_remove_old(struct engine *engine, struct error *err);
