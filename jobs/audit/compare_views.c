/* compare_views - compares live views with views folded from the log, for audit_compare.c: lists
 * each record that differs, with the last event that touched it. */
#include <string.h>

#include "core/base/map.h"
#include "core/base/record.h"
#include "jobs/audit/comparing.h"
#include "jobs/engine/parts/log_walk.h"
#include "jobs/engine/project.h"

/* Further differences are counted, not listed: a rebuild mends them all. */
enum { LISTED_MAX = 1000 };

struct finding {
    enum view_id view;
    struct view_key key;
    enum difference difference;
    uint64_t event; /* 0: none touched it */
};

struct findings {
    struct arena *arena;
    struct finding items[LISTED_MAX];
    size_t count;
    uint64_t all;
};

static void take_difference(void *state, enum view_id view, bytes key,
                            enum project_difference_kind kind)
{
    static const enum difference differences[] = {[PROJECT_MISSING] = DIFFERENCE_MISSING,
                                                  [PROJECT_ALTERED] = DIFFERENCE_ALTERED,
                                                  [PROJECT_EXTRA] = DIFFERENCE_EXTRA};
    struct findings *findings = state;
    findings->all++;
    if (findings->count == LISTED_MAX) {
        return;
    }
    struct finding *finding = &findings->items[findings->count++];
    *finding = (struct finding){.view = view, .difference = differences[kind]};
    finding->key.size = key.size < VIEW_KEY_MAX ? key.size : VIEW_KEY_MAX;
    memcpy(finding->key.data, key.data, finding->key.size);
}

/* --- which event -------------------------------------------------------------------------------
 */

/* View and key in one. */
static bytes place_of(enum view_id view, const struct view_key *key, uint8_t room[VIEW_KEY_MAX + 1])
{
    room[0] = (uint8_t)view;
    memcpy(room + 1, key->data, key->size);
    return bytes_of(room, key->size + 1);
}

static void note_touches(const Event *event, int32_t *last_day, const struct map *places)
{
    uint8_t room[VIEW_KEY_MAX + 1];
    struct view_touch touches[VIEW_COUNT];
    size_t count = views_touched(event, last_day, touches);
    for (size_t i = 0; i < count; i++) {
        struct map_entry *entry =
            map_find(places, place_of(touches[i].view, &touches[i].key, room));
        if (entry != NULL) {
            ((struct finding *)entry->value)->event = event->sequence;
        }
    }
}

static outcome read_log(struct engine *engine, uint64_t until, const struct map *places,
                        struct error *err)
{
    LOG_WALK_AUTO walk = {0};
    int32_t last_day = INT32_MIN;
    TRY(log_walk_open(engine_log_txn(engine), 1, &walk, err));
    while (walk.event != NULL && walk.event->sequence <= until) {
        note_touches(walk.event, &last_day, places);
        TRY(log_walk_next(&walk, err));
    }
    return OK;
}

/* Read only when something differs. */
static outcome find_events(struct engine *engine, struct findings *findings, struct error *err)
{
    struct map places;
    uint8_t room[VIEW_KEY_MAX + 1];
    map_init(&places, findings->arena);
    for (size_t i = 0; i < findings->count; i++) {
        bool made = false;
        struct finding *finding = &findings->items[i];
        bytes place = place_of(finding->view, &finding->key, room);
        map_put(&places, arena_bytes(findings->arena, place), &made)->value = finding;
    }
    return read_log(engine, views_applied(engine_views(engine)), &places, err);
}

/* --- telling ------------------------------------------------------------------------------------
 */

static str shown(const struct finding *finding, struct arena *arena)
{
    char text[VIEW_KEY_MAX + 1];
    const char *name = finding->view < VIEW_COUNT ? view_kinds[finding->view].name : "index";
    project_key_text(bytes_of(finding->key.data, finding->key.size), text, sizeof text);
    return arena_format(arena, "%s %s", name, text);
}

static outcome tell(struct comparing *comparing, const struct findings *findings, struct error *err)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        TRY(comparing_add(comparing, "view", finding->difference, finding->event,
                          shown(finding, findings->arena), err));
    }
    if (findings->all > findings->count) {
        struct error_arg args[] = {ARG_INT("count", findings->all - findings->count)};
        report_note(comparing->session, TERMINAL_WARNING, MESSAGE_COMPARE_MORE_VIEWS, args, 1);
    }
    return OK;
}

FALLIBLE compare_views(struct comparing *comparing, struct error *err)
{
    struct session *session = comparing->session;
    struct findings *findings = ARENA_NEW(&session->run_arena, struct findings);
    struct project_difference difference = {.found = take_difference, .state = findings};
    const struct fold_options all = {.until = views_applied(engine_views(session->engine)),
                                     .as_of = INT32_MAX,
                                     .memory_bytes = comparing->memory_bytes,
                                     .stops = true};
    uint64_t last = 0;
    findings->arena = &session->run_arena;
    TRY(project_compare(session->engine, &all, &difference, &last, err));
    if (findings->count == 0) {
        return OK;
    }
    TRY(find_events(session->engine, findings, err));
    return tell(comparing, findings, err);
}
