/* dossier_as_other - the part of a dossier that is about documents that the national platform calls
 * 其他; see dossier_parts.h. */
#include "jobs/engine/judging/dossier_parts.h"

#include "events/holder.h"
#include "events/person_number.h"
#include "events/terms/names.h"
#include "jobs/engine/as_other.h"
#include "jobs/engine/judging/wish.h"

/* Looks under the name that the wish gives, or that the certificate's holder has or had. Records
 * under an id of the person (R-PN-08: corrected to 其他) are in the dossier already. */
static bool is_meant(const struct dossier *dossier, const PersonName *named,
                     const NationalView *record, struct arena *arena)
{
    str name = str_of(record->name);
    bool has_name = named != NULL ? person_names_equal(name, str_of(named->name), arena)
                                  : holder_is_known_as(dossier->person, name, arena);
    return has_name && !person_has_id(dossier->person, record->person_id);
}

static outcome find_records(struct views *views, const struct person_id_list *ids,
                            const PersonName *named, const struct dossier *dossier,
                            struct arena *arena, struct nationals *ret, struct error *err)
{
    struct nationals found = {NULL, 0};
    size_t capacity = 0;
    for (size_t i = 0; i < ids->count; i++) {
        struct nationals records;
        TRY(as_other_records(views, ids->items[i], arena, &records, err));
        for (size_t k = 0; k < records.count; k++) {
            if (is_meant(dossier, named, records.items[k], arena)) {
                ARENA_GROW(arena, found.items, found.count, &capacity);
                found.items[found.count++] = records.items[k];
            }
        }
    }
    *ret = found;
    return OK;
}

static bool is_same(const NationalView *a, const NationalView *b)
{
    return str_equal_c(str_of(a->person_id), b->person_id) &&
           str_equal_c(str_of(a->record->certificate), b->record->certificate);
}

/* In an entry the dossier already has all records of the original number: they are united with
 * these. */
static void leave_out(struct nationals *nationals, const struct nationals *records)
{
    size_t kept = 0;
    for (size_t i = 0; i < nationals->count; i++) {
        bool again = false;
        for (size_t k = 0; k < records->count && !again; k++) {
            again = is_same(nationals->items[i], records->items[k]);
        }
        if (!again) {
            nationals->items[kept++] = nationals->items[i];
        }
    }
    nationals->count = kept;
}

/* The place in the list of that certificate under an id of the person; `count` if none. */
static size_t find_own(const struct nationals *nationals, const PersonView *person,
                       const char *certificate)
{
    size_t at = 0;
    while (at < nationals->count &&
           !(person_has_id(person, nationals->items[at]->person_id) &&
             str_equal_c(str_of(nationals->items[at]->record->certificate), certificate))) {
        at++;
    }
    return at;
}

/* A certificate that has rows under both kinds counts once; the newer row has its state. */
static void add(struct dossier *dossier, const struct nationals *records, struct arena *arena)
{
    const struct nationals *old = &dossier->nationals;
    struct nationals all = {ARENA_ARRAY(arena, const NationalView *, old->count + records->count),
                            old->count};
    for (size_t i = 0; i < old->count; i++) {
        all.items[i] = old->items[i];
    }
    for (size_t i = 0; i < records->count; i++) {
        const NationalView *record = records->items[i];
        size_t own = find_own(&all, dossier->person, record->record->certificate);
        if (own < all.count) {
            const NationalView *pair[] = {all.items[own], record};
            struct nationals both = {pair, 2};
            nationals_unite(&both, arena);
            all.items[own] = both.items[0];
        } else {
            all.items[all.count++] = record;
        }
    }
    dossier->nationals = all;
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
    struct nationals records;
    TRY(find_records(engine_views(engine), &ids, named, dossier, arena, &records, err));
    leave_out(&dossier->nationals, &records);
    nationals_unite(&records, arena); /* with and without the re-issue counter: also one */
    add(dossier, &records, arena);
    return OK;
}
