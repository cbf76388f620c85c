/* as_other - see as_other.h. */
#include "jobs/engine/as_other.h"

#include "events/holder.h"
#include "jobs/engine/parts/views_walk.h"

static void add_ids(struct engine *engine, const Personal *personal, struct arena *arena,
                    struct person_id_list *list, size_t *capacity)
{
    const char *ids[2];
    size_t count = person_ids_of_other(engine_people(engine), personal->id_type,
                                       str_of(personal->id_number), arena, ids);
    for (size_t i = 0; i < count; i++) {
        ARENA_GROW(arena, list->items, list->count, capacity);
        list->items[list->count++] = ids[i];
    }
}

FALLIBLE as_other_ids(struct engine *engine, const PersonView *person, struct arena *arena,
                      struct person_id_list *ret, struct error *err)
{
    struct person_id_list list = {0};
    size_t capacity = 0;
    size_t numbers = person->n_numbers > 0 ? person->n_numbers : person->known_by != 0;
    for (size_t i = 0; i < numbers; i++) {
        uint64_t given = person->n_numbers > 0 ? person->numbers[i]->event : person->known_by;
        Event *event = NULL;
        TRY(engine_event(engine, given, arena, &event, err));
        struct personal_slot slot = event_personal(event);
        if (slot.personal != NULL && *slot.personal != NULL) {
            add_ids(engine, *slot.personal, arena, &list, &capacity);
        }
    }
    *ret = list;
    return OK;
}

FALLIBLE as_other_records(struct views *views, const char *id, struct arena *arena,
                          struct nationals *ret, struct error *err)
{
    struct view_key prefix = index_nationals_of_person(str_of(id));
    struct views_list numbers = {0};
    TRY(views_list_index(views, &prefix, arena, &numbers, err));
    struct nationals found = {ARENA_ARRAY(arena, const NationalView *, numbers.count), 0};
    for (size_t i = 0; i < numbers.count; i++) {
        const NationalView *national = NULL;
        struct view_key key = key_national(str_of(id), str_of(numbers.items[i]));
        TRY(views_get(views, VIEW_NATIONAL, key, arena, &national, err));
        if (national->record != NULL) {
            found.items[found.count++] = national;
        }
    }
    *ret = found;
    return OK;
}

FALLIBLE as_other_is_persons(struct views *views, const char *id, const PersonView *person,
                             struct arena *arena, bool *ret, struct error *err)
{
    const PersonView *registered = NULL;
    struct nationals records;
    TRY(views_get(views, VIEW_PERSON, key_person(str_of(id)), arena, &registered, err));
    TRY(as_other_records(views, id, arena, &records, err));
    bool is = records.count > 0 && registered->person_id[0] == 0;
    for (size_t i = 0; i < records.count && is; i++) {
        is = holder_is_known_as(person, str_of(records.items[i]->name), arena);
    }
    *ret = is;
    return OK;
}
