/* apply - the driver: applies one event to every view that it feeds; see registry.h.
 *
 * A record is written only when its bytes change; of its index entries, only those that differ are
 * deleted or put. A record that stays empty is never written. */
#include <string.h>

#include "core/base/record.h"
#include "projections/kinds.h"
#include "projections/messages.h"

enum { INDEX_ENTRIES_MAX = 12 };

/* The index entries of one state of a record. */
struct entries {
    struct arena *arena;
    size_t count;
    bytes keys[INDEX_ENTRIES_MAX];
};

static void entries_add(void *state, const struct view_key *key)
{
    struct entries *entries = state;
    BUG_UNLESS(entries->count < INDEX_ENTRIES_MAX);
    entries->keys[entries->count++] = arena_bytes(entries->arena, (bytes){key->data, key->size});
}

static void entries_of(const struct view_kind *kind, const ProtobufCMessage *view,
                       struct entries *ret)
{
    const struct index_sink sink = {ret, entries_add};
    if (kind->index != NULL) {
        kind->index(view, ret->arena, &sink);
    }
}

static bool entries_have(const struct entries *entries, bytes key)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (bytes_equal(entries->keys[i], key)) {
            return true;
        }
    }
    return false;
}

static outcome entries_move(const struct view_store *store, const struct entries *before,
                            const struct entries *after, struct error *err)
{
    const bytes empty = {(const uint8_t *)"", 0};
    for (size_t i = 0; i < before->count; i++) {
        if (!entries_have(after, before->keys[i])) {
            TRY(store->delete (store->state, VIEW_INDEX, before->keys[i], err));
        }
    }
    for (size_t i = 0; i < after->count; i++) {
        if (!entries_have(before, after->keys[i])) {
            TRY(store->put(store->state, VIEW_INDEX, after->keys[i], empty, err));
        }
    }
    return OK;
}

/* --- trails ------------------------------------------------------------------------------------
 */

/* Takes TRAIL_EVENTS events out of a record that has more than twice as many; NULL when there is
 * nothing to take. A record whose key leaves no room for a trail's key keeps all its events. */
static TrailView *take_trail(const struct view_kind *kind, ProtobufCMessage *view, bytes key,
                             struct arena *arena)
{
    enum { ROOM = 32 }; /* for what a trail's key adds: view, end of the key, first event */
    if (kind->trail == NULL) {
        return NULL;
    }
    struct trail_fields fields = kind->trail(view);
    if (*fields.count <= 2 * TRAIL_EVENTS || key.size > VIEW_KEY_MAX - ROOM) {
        return NULL;
    }
    TrailView *trail = RECORD_NEW(arena, TrailView, trail_view);
    uint64_t *events = *fields.events;
    trail->n_events = TRAIL_EVENTS;
    trail->events = ARENA_ARRAY(arena, uint64_t, TRAIL_EVENTS);
    memcpy(trail->events, events + 1, TRAIL_EVENTS * sizeof *events);
    memmove(events + 1, events + 1 + TRAIL_EVENTS,
            (*fields.count - 1 - TRAIL_EVENTS) * sizeof *events);
    *fields.count -= TRAIL_EVENTS;
    *fields.trailed += TRAIL_EVENTS;
    return trail;
}

static struct view_key trail_key_of(enum view_id id, bytes key, const TrailView *trail)
{
    struct view_key record;
    record.size = key.size;
    memcpy(record.data, key.data, key.size);
    return key_trail(id, &record, trail->events[0]);
}

static outcome put_trail(const struct view_store *store, enum view_id id, bytes key,
                         const TrailView *trail, struct arena *arena, struct error *err)
{
    struct view_key at = trail_key_of(id, key, trail);
    bytes packed = record_pack(&trail->base, arena);
    return store->put(store->state, VIEW_TRAIL, (bytes){at.data, at.size}, packed, err);
}

static outcome apply_to(const struct view_store *store, enum view_id id, bytes key,
                        const Event *event, struct arena *arena, struct error *err)
{
    const struct view_kind *kind = &view_kinds[id];
    ProtobufCMessage *view = NULL;
    bytes old = {NULL, 0};
    struct entries before;
    struct entries after;
    before.arena = after.arena = arena;
    before.count = after.count = 0;
    TRY(store->get(store->state, id, key, &old, err));
    if (old.data != NULL) {
        TRY(record_unpack(kind->message, old, arena, &view, err));
        entries_of(kind, view, &before);
    } else {
        view = record_new(kind->message, arena);
    }
    TRY(kind->apply(view, event, arena, err));
    const TrailView *trail = take_trail(kind, view, key, arena);
    bytes new = record_pack(view, arena);
    if (bytes_equal(new, old)) {
        return OK; /* also when there was none and it is empty still */
    }
    entries_of(kind, view, &after);
    TRY(store->put(store->state, id, key, new, err));
    if (trail != NULL) {
        TRY(put_trail(store, id, key, trail, arena, err));
    }
    return entries_move(store, &before, &after, err);
}

/* The views that an event feeds, as a bit set. VIEW_REGISTRY is left out when the event would only
 * repeat the business date that its record has, as nearly all events would. */
static uint32_t views_fed(const Event *event, const int32_t *last_day)
{
    int32_t day = event->business_date != NULL ? event->business_date->days : DAY_UNKNOWN;
    bool known = last_day != NULL && day != DAY_UNKNOWN && *last_day == day;
    return feeds_of(event->body_case) | (known ? 0 : UINT32_C(1) << VIEW_REGISTRY);
}

/* Removes the first view from the set and returns it. */
static enum view_id next_view(uint32_t *views)
{
    enum view_id first = (enum view_id)__builtin_ctz(*views);
    *views &= *views - 1;
    return first;
}

FALLIBLE views_apply(const struct view_store *store, const Event *event, struct arena *arena,
                     struct error *err)
{
    struct view_key key;
    for (uint32_t views = views_fed(event, store->last_day); views != 0;) {
        enum view_id id = next_view(&views);
        if (view_kinds[id].key(event, &key)) {
            TRY(apply_to(store, id, (bytes){key.data, key.size}, event, arena, err));
        }
    }
    if (store->last_day != NULL && event->business_date != NULL) {
        *store->last_day = event->business_date->days;
    }
    return OK;
}

/* --- one record at a time ----------------------------------------------------------------------
 */

size_t views_touched(const Event *event, int32_t *last_day, struct view_touch ret[VIEW_COUNT])
{
    size_t count = 0;
    for (uint32_t views = views_fed(event, last_day); views != 0;) {
        enum view_id id = next_view(&views);
        if (view_kinds[id].key(event, &ret[count].key)) {
            ret[count++].view = id;
        }
    }
    if (event->business_date != NULL) {
        *last_day = event->business_date->days;
    }
    return count;
}

void view_key_of(enum view_id view, const Event *event, struct view_key *ret)
{
    BUG_UNLESS(view_kinds[view].key(event, ret));
}

FALLIBLE view_apply(const struct view_touch *touch, ProtobufCMessage *record, const Event *event,
                    struct arena *arena, struct view_trail *ret_trail, struct error *err)
{
    const struct view_kind *kind = &view_kinds[touch->view];
    bytes key = {touch->key.data, touch->key.size};
    ret_trail->key.size = 0;
    TRY(kind->apply(record, event, arena, err));
    const TrailView *trail = take_trail(kind, record, key, arena);
    if (trail != NULL) {
        ret_trail->key = trail_key_of(touch->view, key, trail);
        ret_trail->value = record_pack(&trail->base, arena);
    }
    return OK;
}

VIEW_KEY(subject_key)
{
    make_key_of_text(ret, str_of(event_subject(event)));
    return true;
}

void view_index(enum view_id view, const ProtobufCMessage *record, struct arena *arena,
                const struct index_sink *sink)
{
    if (view_kinds[view].index != NULL) {
        view_kinds[view].index(record, arena, sink);
    }
}

void index_add(const struct index_sink *sink, struct view_key *prefix, str text)
{
    size_t room = VIEW_KEY_MAX - prefix->size;
    size_t size = text.size < room ? text.size : room;
    memmove(prefix->data + prefix->size, text.data, size); /* as keys.c says */
    prefix->size += size;
    sink->add(sink->state, prefix);
}

uint64_t *numbers_with(const uint64_t *numbers, size_t count, uint64_t number, struct arena *arena)
{
    uint64_t *grown = ARENA_ARRAY(arena, uint64_t, count + 1);
    if (count > 0) {
        memcpy(grown, numbers, count * sizeof numbers[0]);
    }
    grown[count] = number;
    return grown;
}

char **texts_with(char *const *texts, size_t count, char *text, struct arena *arena)
{
    char **grown = ARENA_ARRAY(arena, char *, count + 1);
    if (count > 0) {
        memcpy(grown, texts, count * sizeof texts[0]);
    }
    grown[count] = text;
    return grown;
}

FALLIBLE log_contradicts(const Event *event, const char *what, struct error *err)
{
    FAIL(CORRUPT, MESSAGE_LOG_CONTRADICTS, ARG_INT("event", event->sequence),
         ARG_TEXT("what", what));
}
