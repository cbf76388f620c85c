/* views_walk - walks over the records of a view, or collects them all.
 *
 *     VIEWS_WALK_AUTO walk = {0};
 *     TRY(views_walk_open(views, VIEW_WAVE, NULL, &item, &walk, err));
 *     while (walk.record != NULL) {
 *         const WaveView *wave = walk.record;
 *         ...
 *         TRY(views_walk_next(&walk, err));
 *     }
 *
 * A walk that needs keys, or does not unpack the records, uses views_scan_open(). */
#pragma once

#include "core/base/arena.h"
#include "jobs/engine/parts/views.h"

struct views_walk {
    struct views_scan scan;
    struct arena *item;
    void *record; /* of the view's own type; NULL: the end. Valid until the next step */
};

/* Closes itself where its block is left. */
#define VIEWS_WALK_AUTO __attribute__((cleanup(views_walk_close))) struct views_walk

/* Stands at the first record whose key begins with the prefix (NULL: of all), or at the end. Every
 * step resets `item`; `ret` is zero before.
 * fails   as views_scan_next, views_scan_record */
FALLIBLE views_walk_open(struct views *views, enum view_id view, const struct view_key *prefix,
                         struct arena *item, struct views_walk *ret, struct error *err);
/* The same, at the first one behind prefix ‖ after. */
FALLIBLE views_walk_behind(struct views *views, enum view_id view, const struct view_key *prefix,
                           bytes after, struct arena *item, struct views_walk *ret,
                           struct error *err);
FALLIBLE views_walk_next(struct views_walk *walk, struct error *err);
void views_walk_close(struct views_walk *walk);

/* Records, or texts, the caller's own: what the arrays of a dossier are made from. */
struct views_list {
    void **items;
    size_t count;
    size_t capacity;
};

void views_list_add(struct views_list *list, void *item, struct arena *arena);
/* Adds all records whose key begins with the prefix (NULL: all). */
FALLIBLE views_list_records(struct views *views, enum view_id view, const struct view_key *prefix,
                            struct arena *arena, struct views_list *list, struct error *err);
/* Adds what stands behind the prefix of every index entry that begins with it: const char *. */
FALLIBLE views_list_index(struct views *views, const struct view_key *prefix, struct arena *arena,
                          struct views_list *list, struct error *err);
/* The first of those; "" when there is none. */
FALLIBLE views_first_of_index(struct views *views, const struct view_key *prefix,
                              struct arena *arena, const char **ret, struct error *err);
