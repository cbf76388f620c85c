/* trail - see trail.h. */
#include "jobs/engine/parts/trail.h"

#include <string.h>

#include "jobs/engine/parts/views_walk.h"

static void append(uint64_t *events, size_t *at, const uint64_t *more, size_t count)
{
    memcpy(events + *at, more, count * sizeof *events);
    *at += count;
}

/* The trails of the record behind its first event; no more than it says it has. */
static outcome read_trails(struct views *views, const struct view_key *prefix, size_t limit,
                           struct arena *arena, uint64_t *events, size_t *at, struct error *err)
{
    struct views_list trails = {0};
    TRY(views_list_records(views, VIEW_TRAIL, prefix, arena, &trails, err));
    for (size_t i = 0; i < trails.count; i++) {
        const TrailView *trail = trails.items[i];
        if (trail->n_events > limit - *at) {
            break;
        }
        append(events, at, trail->events, trail->n_events);
    }
    return OK;
}

FALLIBLE trail_complete(struct views *views, enum view_id view, struct view_key key,
                        ProtobufCMessage *record, struct arena *arena, struct error *err)
{
    struct trail_fields fields = view_kinds[view].trail(record);
    size_t at = 0;
    if (*fields.trailed == 0) {
        return OK;
    }
    size_t trailed = (size_t)*fields.trailed;
    struct view_key prefix = prefix_trails_of(view, &key);
    uint64_t *events = ARENA_ARRAY(arena, uint64_t, trailed + *fields.count);
    append(events, &at, *fields.events, 1);
    TRY(read_trails(views, &prefix, 1 + trailed, arena, events, &at, err));
    append(events, &at, *fields.events + 1, *fields.count - 1);
    *fields.events = events;
    *fields.count = at;
    *fields.trailed = 0;
    return OK;
}
