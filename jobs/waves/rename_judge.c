/* rename_judge - decides what a run of `rename` would do for each entry of its list; see
 * rename_list.h. */
#include <string.h>

#include "events/terms/names.h"
#include "importers/messages.h"
#include "jobs/engine/judging/dossier.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/waves/rename_list.h"

/* --- the waves there are ---------------------------------------------------------------------- */

struct judge {
    struct session *session;
    struct rename_list *list;
    struct map newest; /* by enterprise: its newest wave of names */
    struct map going;  /* enterprises whose open wave an entry goes on with */
};

static outcome find_waves(struct judge *judge, struct error *err)
{
    struct arena *arena = &judge->session->run_arena;
    struct views_list list = {0};
    map_init(&judge->newest, arena);
    map_init(&judge->going, arena);
    TRY(views_list_records(engine_views(judge->session->engine), VIEW_WAVE, NULL, arena, &list,
                           err));
    for (size_t i = 0; i < list.count; i++) {
        WaveView *wave = list.items[i];
        bool made = false;
        if (wave->kind == WAVE_KIND__CODE__ENTERPRISE_NAME) { /* they come by number */
            map_put(&judge->newest, str_bytes(str_of(wave->enterprise)), &made)->value = wave;
        }
    }
    return OK;
}

static bool lists_equal(const struct rename_entry *entry, const WaveView *wave)
{
    return bytes_equal(entry->planned_sha256,
                       bytes_of(wave->numbers_sha256.data, wave->numbers_sha256.len)) &&
           str_equal_c(str_of(wave->value), entry->name);
}

/* Was it this very file that opened the wave? */
static outcome is_of_file(const struct judge *judge, const WaveView *wave, bool *ret,
                          struct error *err)
{
    struct arena *arena = &judge->session->item_arena;
    Event *opened = NULL;
    *ret = false;
    if (judge->list->action_id[0] != 0) {
        TRY(engine_event(judge->session->engine, wave->wave, arena, &opened, err));
        *ret = strcmp(opened->action_id, judge->list->action_id) == 0;
    }
    return OK;
}

/* Of a single code, the wave that gave the present name counts as this run's: the same command
 * again tells how it ended. */
static outcome find_wave_of(struct judge *judge, struct rename_entry *entry,
                            const EnterpriseView *enterprise, struct error *err)
{
    const struct map_entry *found = map_find(&judge->newest, str_bytes(str_of(entry->code)));
    bool own = false;
    if (found == NULL) {
        return OK;
    }
    const WaveView *wave = found->value;
    if (!wave->closed) {
        entry->open = wave;
        return OK;
    }
    TRY(is_of_file(judge, wave, &own, err));
    bool given = entry->row == 0 && str_equal_c(str_of(wave->value), enterprise->name);
    if (own || given || (entry->is_planned && lists_equal(entry, wave))) {
        entry->before = wave;
    }
    return OK;
}

/* --- one entry -------------------------------------------------------------------------------- */

static outcome register_differs(const struct rename_entry *entry, const char *known,
                                struct error *err)
{
    FAIL(REFUSED("R-NM-01"), MESSAGE_REGISTER_NAME_DIFFERS, ARG_TEXT("enterprise", entry->code),
         ARG_TEXT("register_name", known), ARG_TEXT("name", entry->name));
}

/* Without a name any is meant. */
static bool says_name(const struct rename_entry *entry, const char *name, struct arena *arena)
{
    return entry->name == NULL || enterprise_names_equal(str_of(entry->name), str_of(name), arena);
}

/* What the rule says of it now; that nothing is left to rename is no refusal of a batch. A wave
 * that is open goes on under the name it announced, whatever the register says now (R-NM-14). */
static outcome decide_entry(const struct rename_entry *entry, const struct dossier *dossier,
                            const Action *action, struct moment moment, struct arena *arena,
                            struct error *err)
{
    struct decision decision;
    struct error why;
    if (!decide(dossier, action, moment, arena, &decision, &why).ok &&
        why.code != MESSAGE_NAME_NOT_CHANGED) {
        *err = why;
        return error_trace(err, HERE);
    }
    if (!says_name(entry, dossier->enterprise->name, arena) &&
        (entry->open == NULL || !says_name(entry, entry->open->value, arena))) {
        return register_differs(entry, dossier->enterprise->name, err);
    }
    return OK;
}

static outcome judge_entry(struct judge *judge, struct rename_entry *entry, struct error *err)
{
    struct session *session = judge->session;
    struct arena *item = &session->item_arena;
    struct arena *run = &session->run_arena;
    struct dossier dossier;
    struct error why;
    Action *action = rename_entry_action(judge->list, entry, item);
    TRY(dossier_load(session->engine, action, session->run.moment, item, &dossier, err));
    TRY(find_wave_of(judge, entry, dossier.enterprise, err));
    entry->list.count = dossier.wave.count;
    entry->list.numbers = arena_str(run, dossier.wave.numbers);
    entry->list.numbers_sha256 = arena_bytes(run, dossier.wave.numbers_sha256);
    if (!decide_entry(entry, &dossier, action, session->run.moment, item, &why).ok) {
        entry->refusal = ARENA_NEW(run, struct error);
        *entry->refusal = why;
        return OK;
    }
    if (entry->open != NULL) { /* under its name and under the register's it may be listed twice */
        bool first = false;
        (void)map_put(&judge->going, str_bytes(str_of(entry->code)), &first); /* a set */
        entry->shares = !first;
    }
    bool other_name = entry->open == NULL || !says_name(entry, entry->open->value, item);
    entry->opens = other_name && entry->list.count > 0;
    return OK;
}

/* Goes on, is done, or would be done exactly so now: also what an open wave has still to do. */
static bool plan_holds(const struct rename_entry *entry)
{
    const WaveView *wave = entry->open != NULL ? entry->open : entry->before;
    bool now = bytes_equal(entry->planned_sha256, entry->list.numbers_sha256);
    return now || (wave != NULL && lists_equal(entry, wave));
}

FALLIBLE rename_list_judge(struct session *session, struct rename_list *list, struct error *err)
{
    struct judge judge = {.session = session, .list = list};
    TRY(find_waves(&judge, err));
    for (size_t i = 0; i < list->count; i++) {
        struct rename_entry *entry = list->items[i];
        if (entry->refusal == NULL) {
            TRY(judge_entry(&judge, entry, err));
            arena_reset(&session->item_arena);
        }
        if (entry->refusal != NULL && entry->row == 0) {
            *err = *entry->refusal;
            return error_trace(err, HERE);
        }
        entry->holds = entry->refusal == NULL && (!entry->is_planned || plan_holds(entry));
        list->differing += entry->is_planned && !entry->holds;
        list->rejected += entry->refusal != NULL;
    }
    return OK;
}

uint64_t rename_entry_count(const struct rename_entry *entry)
{
    uint64_t open = entry->open != NULL && !entry->shares ? entry->open->count : 0;
    uint64_t new = entry->opens ? entry->list.count : 0;
    uint64_t before = open + new == 0 && entry->before != NULL ? entry->before->count : 0;
    return entry->refusal != NULL ? 0 : open + new + before;
}

uint64_t rename_list_count(const struct rename_list *list)
{
    uint64_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        count += rename_entry_count(list->items[i]);
    }
    return count;
}
