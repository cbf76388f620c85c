/* views_watch - which records of a view were written since a moment, roughly: for who knows what
 * they were then.
 *
 * A record goes by its mark, made of the end of its key: those of a person share it in the register
 * of the nation. The watch has a bit for several marks: a record that was written is always told,
 * another one seldom, and often only when very many were written. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"
#include "projections/registry.h"

struct views_watch;

/* Of one view. `is_asked`: views_watch_tells() will be; else it says no, and the last record alone
 * is kept: noting one anywhere among the bits is a miss of the cache. */
struct views_watch *views_watch_new(enum view_id view, bool is_asked);
/* NULL is fine. */
void views_watch_free(struct views_watch *watch);
/* A record is written or removed. NULL is fine. */
void views_watch_note(struct views_watch *watch, enum view_id view, bytes key);
uint64_t views_watch_mark(bytes key);
/* May a record of this mark have been written? */
bool views_watch_tells(const struct views_watch *watch, uint64_t mark);
/* That will be asked soon: half a MiB is more than lies near. */
void views_watch_expect(const struct views_watch *watch, uint64_t mark);
/* The mark of the record that was written last; 0: none was. */
uint64_t views_watch_last(const struct views_watch *watch);
