/* views_watch - remembers approximately which records of a view were written since a moment, so
 * that a caller knows which of its older knowledge is still valid.
 *
 * A record is identified by a mark made from the end of its key; in the national register all
 * records of a person share one mark. Several marks share a bit: a written record is always
 * reported; an unwritten one is rarely reported, unless very many records were written. */
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
