/* dossier_as_other - see dossier_as_other.h. */
#include "jobs/engine/dossier_as_other.h"

#include "events/terms/names.h"
#include "jobs/engine/person_ids.h"
#include "jobs/engine/wish.h"

static bool is_there(const struct nationals *nationals, const NationalView *one)
{
    for (size_t i = 0; i < nationals->count; i++) {
        const NationalView *other = nationals->items[i];
        if (str_equal_c(str_of(other->person_id), one->person_id) &&
            str_equal_c(str_of(other->record->certificate), one->record->certificate)) {
            return true;
        }
    }
    return false;
}

/* Nearly always there is none: the list grows by one. */
static void add(struct nationals *nationals, const NationalView *one, struct arena *arena)
{
    const NationalView **items = ARENA_ARRAY(arena, const NationalView *, nationals->count + 1);
    for (size_t i = 0; i < nationals->count; i++) {
        items[i] = nationals->items[i];
    }
    items[nationals->count] = one;
    nationals->items = items;
    nationals->count++;
}

struct numbers {
    const char **items;
    size_t count;
    size_t capacity;
};

static outcome find_numbers(struct views *views, const char *id, struct arena *arena,
                            struct numbers *ret, struct error *err)
{
    struct view_key prefix = index_nationals_of_person(str_of(id));
    struct views_scan scan = {0};
    bool more = false;
    TRY(views_scan_open(views, VIEW_INDEX, &prefix, (bytes){0}, &scan, err));
    outcome result;
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        str number = {(const char *)scan.key.data + prefix.size, scan.key.size - prefix.size};
        ARENA_GROW(arena, ret->items, ret->count, &ret->capacity);
        ret->items[ret->count++] = arena_c_string(arena, number);
    }
    views_scan_close(&scan);
    TRY(result);
    return OK;
}

static outcome add_records_of(struct views *views, const char *id, const PersonName *person,
                              struct arena *arena, struct nationals *nationals, struct error *err)
{
    struct numbers numbers = {0};
    TRY(find_numbers(views, id, arena, &numbers, err));
    for (size_t i = 0; i < numbers.count; i++) {
        ProtobufCMessage *message = NULL;
        struct view_key key = key_national(str_of(id), str_of(numbers.items[i]));
        TRY(views_get(views, VIEW_NATIONAL, key, arena, &message, err));
        const NationalView *national = (const NationalView *)(const void *)message;
        if (national->record != NULL && !is_there(nationals, national) &&
            person_names_equal(str_of(national->name), str_of(person->name), arena)) {
            add(nationals, national, arena);
        }
    }
    return OK;
}

FALLIBLE dossier_load_as_other(struct engine *engine, const Action *action, struct arena *arena,
                               struct dossier *dossier, struct error *err)
{
    Action shallow = *action;
    const PersonName *person = wish_parts(&shallow).person;
    dossier->as_other_count =
        person_ids_as_other(engine_people(engine), person, arena, dossier->as_other);
    for (size_t i = 0; i < dossier->as_other_count; i++) {
        TRY(add_records_of(engine_views(engine), dossier->as_other[i], person, arena,
                           &dossier->nationals, err));
    }
    return OK;
}
