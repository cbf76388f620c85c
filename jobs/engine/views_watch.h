/* views_watch - which records were written since a moment, roughly: for what another thread has
 * found in a snapshot of that moment (views_beside) and somebody wants to rely on now.
 *
 * A bit a record, by its key's hash: a record that was written is always told, another one seldom,
 * and often only when very many were written. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"
#include "projections/registry.h"

struct views_watch;

/* Of one view. */
struct views_watch *views_watch_new(enum view_id view);
/* NULL is fine. */
void views_watch_free(struct views_watch *watch);
/* A record is written or removed. NULL is fine. */
void views_watch_note(struct views_watch *watch, enum view_id view, bytes key);
/* May the record have been written? */
bool views_watch_tells(const struct views_watch *watch, bytes key);
