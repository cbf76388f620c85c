/* project - views from the log: catch up, rebuild, compare, replay to a point.
 *
 * Catching up applies events in place; a rebuild folds the log in memory and writes a new
 * environment in key order, which then takes the live one's place. Both run views_apply, so they
 * give the same bytes. */
#pragma once

#include "jobs/engine/engine.h"

/* Called now and then with events done and to do. */
struct project_progress {
    void *state;
    void (*step)(void *state, uint64_t done, uint64_t total);
};

/* Applies what the log has and the views have not. */
FALLIBLE project_catch_up(struct engine *engine, struct error *err);

/* The views folded in memory up to an end. */
struct folded;
/* `until`: last event to fold, 0 for all; `as_of`: last business date, INT32_MAX for any.
 * fails   CORRUPT with the event's number */
FALLIBLE project_fold(struct engine *engine, uint64_t until, int32_t as_of,
                      const struct project_progress *progress, struct folded **ret,
                      struct error *err);
uint64_t folded_last(const struct folded *folded);
void folded_close(struct folded *folded);

/* Writes the folded views as a new environment at `dir`, which must not exist. */
FALLIBLE folded_write(struct folded *folded, const char *dir, struct error *err);

/* Live views against folded ones, byte by byte. */
struct project_difference {
    uint64_t missing; /* records that only the fold has */
    uint64_t extra;   /* records that only the live views have */
    uint64_t altered;
    const char *first_view; /* where the first difference is */
    char first_key[128];
};
FALLIBLE folded_compare(struct folded *folded, struct views *live, struct project_difference *ret,
                        struct error *err);

/* Records of a folded view in key order, for replays: calls back with key and value. */
FALLIBLE folded_each(struct folded *folded, enum view_id view,
                     outcome (*each)(void *state, bytes key, bytes value, struct error *err),
                     void *state, struct error *err);
/* The record of a key (value data NULL when absent). */
bytes folded_get(struct folded *folded, enum view_id view, struct view_key key);
