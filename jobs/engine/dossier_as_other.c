/* dossier_as_other - see dossier_as_other.h. */
#include "jobs/engine/dossier_as_other.h"

#include "events/holder.h"
#include "events/person_number.h"
#include "events/terms/names.h"
#include "jobs/engine/as_other.h"
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

/* Under the name that the wish says, or that its certificate's holder has or had. */
static outcome add_records_of(struct views *views, const char *id, const PersonName *named,
                              struct arena *arena, struct dossier *dossier, struct error *err)
{
    struct nationals records;
    TRY(as_other_records(views, id, arena, &records, err));
    for (size_t i = 0; i < records.count; i++) {
        str name = str_of(records.items[i]->name);
        if (named != NULL ? person_names_equal(name, str_of(named->name), arena)
                          : holder_is_known_as(dossier->person, name, arena)) {
            add(&dossier->nationals, dossier->person, records.items[i], arena);
        }
    }
    return OK;
}

FALLIBLE dossier_load_as_other(struct engine *engine, const Action *action, struct arena *arena,
                               struct dossier *dossier, struct error *err)
{
    Action shallow = *action;
    const PersonName *named = wish_parts(&shallow).person;
    struct person_id_list ids = {0};
    if (named != NULL) {
        dossier->as_other_count =
            person_ids_as_other(engine_people(engine), named, arena, dossier->as_other);
        ids = (struct person_id_list){dossier->as_other, dossier->as_other_count};
    } else {
        TRY(as_other_ids(engine, dossier->person, arena, &ids, err));
    }
    for (size_t i = 0; i < ids.count; i++) {
        TRY(add_records_of(engine_views(engine), ids.items[i], named, arena, dossier, err));
    }
    return OK;
}
