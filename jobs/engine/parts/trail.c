/* trail - see trail.h. */
#include "jobs/engine/parts/trail.h"

#include <string.h>

#include "jobs/engine/parts/views_walk.h"
#include "jobs/messages.h"

static void append(uint64_t *events, size_t *at, const uint64_t *more, size_t count)
{
    memcpy(events + *at, more, count * sizeof *events);
    *at += count;
}

/* Counts the events in the trails: the record's own count is compared with it, not believed. */
static size_t count_events(const struct views_list *trails)
{
    size_t count = 0;
    for (size_t i = 0; i < trails->count; i++) {
        count += ((const TrailView *)trails->items[i])->n_events;
    }
    return count;
}

/* A missing trail, or a record without its first event, is damage: an auditor is told that this
 * list is complete. */
static outcome fail_damaged(enum view_id view, const struct view_key *key, struct error *err)
{
    str text = STR("-");
    (void)str_from_bytes(bytes_of(key->data, key->size),
                         &text); /* stays "-" for a key of several parts */
    FAIL(CORRUPT, MESSAGE_VIEWS_DIFFER, ARG_TEXT("view", view_kinds[view].name),
         ARG_STR("key", text));
}

FALLIBLE trail_complete(struct views *views, enum view_id view, struct view_key key,
                        ProtobufCMessage *record, struct arena *arena, struct error *err)
{
    struct trail_fields fields = view_kinds[view].trail(record);
    struct views_list trails = {0};
    size_t at = 0;
    if (*fields.trailed == 0) {
        return OK;
    }
    struct view_key prefix = prefix_trails_of(view, &key);
    TRY(views_list_records(views, VIEW_TRAIL, &prefix, arena, &trails, err));
    size_t trailed = count_events(&trails);
    if (trailed != *fields.trailed || *fields.count == 0) {
        return fail_damaged(view, &key, err);
    }
    uint64_t *events = ARENA_ARRAY(arena, uint64_t, trailed + *fields.count);
    append(events, &at, *fields.events, 1);
    for (size_t i = 0; i < trails.count; i++) {
        const TrailView *trail = trails.items[i];
        append(events, &at, trail->events, trail->n_events);
    }
    append(events, &at, *fields.events + 1, *fields.count - 1);
    *fields.events = events;
    *fields.count = at;
    *fields.trailed = 0;
    return OK;
}
