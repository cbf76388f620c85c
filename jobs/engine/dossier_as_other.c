/* dossier_as_other - see dossier_as_other.h. */
#include "jobs/engine/dossier_as_other.h"

#include "events/person_number.h"
#include "events/terms/names.h"
#include "jobs/engine/person_ids.h"
#include "jobs/engine/wish.h"

/* Where the list has that certificate under that id, or under one of the person's (id NULL);
 * `count` when it has not. */
static size_t find(const struct nationals *nationals, const PersonView *person, const char *id,
                   const char *certificate)
{
    for (size_t i = 0; i < nationals->count; i++) {
        const NationalView *one = nationals->items[i];
        bool is_it = id != NULL ? str_equal_c(str_of(one->person_id), id)
                                : person_has_id(person, one->person_id);
        if (is_it && str_equal_c(str_of(one->record->certificate), certificate)) {
            return i;
        }
    }
    return nationals->count;
}

/* Nearly always there is none: the list grows by one. */
static void append(struct nationals *nationals, const NationalView *one, struct arena *arena)
{
    const NationalView **items = ARENA_ARRAY(arena, const NationalView *, nationals->count + 1);
    for (size_t i = 0; i < nationals->count; i++) {
        items[i] = nationals->items[i];
    }
    items[nationals->count] = one;
    nationals->items = items;
    nationals->count++;
}

/* A certificate that is there under both kinds is one: the newer row says how it stands. What is
 * under an id of the person's own (R-PN-08: corrected to 其他) is in the list already. */
static void add(struct nationals *nationals, const PersonView *person, const NationalView *one,
                struct arena *arena)
{
    if (person_has_id(person, one->person_id)) {
        return;
    }
    size_t own = find(nationals, person, NULL, one->record->certificate);
    size_t same = find(nationals, person, one->person_id, one->record->certificate);
    if (own < nationals->count) {
        const NationalView *pair[] = {nationals->items[own], one};
        struct nationals both = {pair, 2};
        nationals_unite(&both, arena);
        nationals->items[own] = both.items[0];
    }
    if (own == nationals->count && same == nationals->count) {
        append(nationals, one, arena);
    } else if (own < nationals->count && same < nationals->count) {
        nationals->items[same] = nationals->items[--nationals->count];
    }
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

static outcome add_records_of(struct views *views, const char *id, const PersonName *named,
                              struct arena *arena, struct dossier *dossier, struct error *err)
{
    struct numbers numbers = {0};
    TRY(find_numbers(views, id, arena, &numbers, err));
    for (size_t i = 0; i < numbers.count; i++) {
        ProtobufCMessage *message = NULL;
        struct view_key key = key_national(str_of(id), str_of(numbers.items[i]));
        TRY(views_get(views, VIEW_NATIONAL, key, arena, &message, err));
        const NationalView *national = (const NationalView *)(const void *)message;
        if (national->record != NULL &&
            person_names_equal(str_of(national->name), str_of(named->name), arena)) {
            add(&dossier->nationals, dossier->person, national, arena);
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
        TRY(add_records_of(engine_views(engine), dossier->as_other[i], person, arena, dossier,
                           err));
    }
    return OK;
}
