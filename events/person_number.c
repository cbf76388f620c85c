/* person_number - the number of a person's document is corrected (R-PN-08, D24). The new number
 * becomes an alias of the first; the person stays the same. Certificates do not print the number,
 * so no document changes. */
#include "events/person_number.h"

#include "core/base/record.h"
#include "events/form.h"
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/identity.h"

static bool new_type(const ChangeIdNumber *change, IdType__Code *ret)
{
    str given = str_trim(str_of(change->new_id_type));
    return id_type_from_text(str_empty(given) ? str_of(change->person->id_type) : given, ret);
}

bool person_number_new(const ChangeIdNumber *change, struct arena *arena, IdType__Code *ret_type,
                       str *ret_normal)
{
    return change->person != NULL && new_type(change, ret_type) &&
           identity_normalise(*ret_type, str_of(change->new_id_number), arena, ret_normal);
}

FALLIBLE person_number_check_form(const ChangeIdNumber *change, struct arena *arena,
                                  struct error *err)
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal = STR("");
    if (!new_type(change, &type)) {
        return form_bad("new_id_type", "id type", err);
    }
    return person_number_new(change, arena, &type, &normal)
               ? OK
               : form_bad("new_id_number", "id number", err);
}

bool person_has_id(const PersonView *person, const char *id)
{
    bool has = id[0] != 0 && str_equal_c(str_of(person->person_id), id);
    for (size_t i = 0; i < person->n_aliases && !has; i++) {
        has = str_equal_c(str_of(person->aliases[i]), id);
    }
    return has;
}

static const NationalView *united(const NationalView *a, const NationalView *b, struct arena *arena)
{
    NationalView *both = ARENA_NEW(arena, NationalView);
    *both = a->event > b->event ? *a : *b;
    both->used_by_event = a->used_by_event > b->used_by_event ? a->used_by_event : b->used_by_event;
    return both;
}

void nationals_unite(struct nationals *nationals, struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < nationals->count; i++) {
        const NationalView *record = nationals->items[i];
        size_t at = 0;
        while (at < kept && !str_equal_c(str_of(record->record->certificate),
                                         nationals->items[at]->record->certificate)) {
            at++;
        }
        nationals->items[at] = at < kept ? united(nationals->items[at], record, arena) : record;
        kept += at == kept;
    }
    nationals->count = kept;
}

/* The id of the number that is right until now. */
static str current_id(const PersonView *person)
{
    return str_of(person->n_numbers == 0 ? person->person_id
                                         : person->numbers[person->n_numbers - 1]->id);
}

/* A number of somebody else is never taken: two persons are not merged silently. */
static FALLIBLE check_number(const struct dossier *dossier, const ChangeIdNumber *change,
                             struct error *err)
{
    const PersonView *person = dossier->person;
    const PersonView *other = dossier->other;
    if (str_equal(str_of(change->new_person_id), current_id(person))) {
        FAIL(REFUSED("R-PN-08"), MESSAGE_ID_NUMBER_NOT_CHANGED);
    }
    if (other->person_id[0] != 0 && !str_equal_c(str_of(person->person_id), other->person_id)) {
        FAIL(REFUSED("D24"), MESSAGE_ID_NUMBER_IN_USE, ARG_TEXT("person", other->person_id));
    }
    return OK;
}

outcome decide_change_id_number(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    const ChangeIdNumber *change = action->change_id_number;
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal = STR("");
    (void)moment;
    TRY(guard_authority(dossier, action, "R-PN-08", err));
    if (str_empty(str_of(dossier->person->person_id))) { /* D37 */
        FAIL(REFUSED("D37"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    TRY(guard_person_name(dossier, change->person, arena, err));
    TRY(check_number(dossier, change, err));
    if (!person_number_new(change, arena, &type, &normal)) {
        BUG("action_check_form lets no such number through");
    }

    PersonNumberChanged *changed =
        decision_event(decision, EVENT__BODY_PERSON_NUMBER_CHANGED, arena);
    changed->person_id = arena_c_string(arena, str_of(dossier->person->person_id));
    changed->personal = RECORD_NEW(arena, Personal, personal);
    changed->personal->id_type = type;
    changed->personal->id_number = arena_c_string(arena, normal);
    changed->alias_person_id = arena_c_string(arena, str_of(change->new_person_id));
    changed->decision = arena_c_string(arena, str_trim(str_of(change->decision)));
    decision_detail(decision, ARG_STR("id_number", identity_mask(type, normal, arena)));
    return OK;
}
