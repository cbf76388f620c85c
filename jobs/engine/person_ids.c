/* person_ids - see person_ids.h. */
#include "jobs/engine/person_ids.h"

#include <string.h>

#include "core/base/unicode.h"
#include "events/terms/identity.h"
#include "jobs/engine/wish_parts.h"

FALLIBLE person_id_follow(struct views *views, const char *id, struct arena *arena,
                          const char **ret, struct error *err)
{
    const AliasView *alias = NULL;
    bool any = false;
    *ret = id;
    TRY(views_any_alias(views, &any, err));
    if (id[0] == 0 || !any) {
        return OK;
    }
    TRY(views_get(views, VIEW_ALIAS, key_alias(str_of(id)), arena, &alias, err));
    *ret = alias->person_id[0] != 0 ? alias->person_id : id;
    return OK;
}

/* In place: a text of a message. */
static outcome follow(struct engine *engine, char **id, struct arena *arena, struct error *err)
{
    const char *followed = NULL;
    TRY(person_id_follow(engine_views(engine), *id, arena, &followed, err));
    if (followed != *id) {
        *id = arena_c_string(arena, str_of(followed));
    }
    return OK;
}

FALLIBLE person_ids_of_wish(struct engine *engine, Action *wish, struct arena *arena,
                            struct error *err)
{
    PersonName *person = wish_parts(wish).person;
    for (size_t i = 0; i < wish_parts(wish).used_count; i++) {
        TRY(follow(engine, &wish_parts(wish).used[i]->person->person_id, arena, err));
    }
    return person != NULL ? follow(engine, &person->person_id, arena, err) : OK;
}

/* The slot of a row that names a person, and the document that says which; no clerks. */
struct row_person {
    char **id;
    const Personal *document;
};

static struct row_person person_of_row(Action *row)
{
    if (row->body_case == ACTION__BODY_REGISTER_ENTERPRISE) {
        return (struct row_person){&row->register_enterprise->row->legal_person_id,
                                   row->register_enterprise->legal_person};
    }
    if (row->body_case == ACTION__BODY_COLLECT_IDENTITY) {
        return (struct row_person){&row->collect_identity->row->person_id,
                                   row->collect_identity->row->personal};
    }
    if (row->body_case == ACTION__BODY_RECORD_EXAM) {
        return (struct row_person){&row->record_exam->row->person_id, row->record_exam->person};
    }
    if (row->body_case == ACTION__BODY_RECORD_INSURANCE) {
        return (struct row_person){&row->record_insurance->row->person_id,
                                   row->record_insurance->person};
    }
    if (row->body_case == ACTION__BODY_REGISTER_PAPER) {
        return (struct row_person){&row->register_paper->row->person_id,
                                   row->register_paper->person};
    }
    if (row->body_case == ACTION__BODY_RECORD_NATIONAL) {
        return (struct row_person){&row->record_national->row->person_id,
                                   row->record_national->row->personal};
    }
    if (row->body_case == ACTION__BODY_RECORD_REGISTRATION) {
        return (struct row_person){&row->record_registration->row->person_id,
                                   row->record_registration->person};
    }
    if (row->body_case == ACTION__BODY_RECORD_CONTRACT) {
        return (struct row_person){&row->record_contract->row->person_id,
                                   row->record_contract->person};
    }
    return (struct row_person){NULL, NULL};
}

const char *person_id_of_row(Action *row)
{
    struct row_person person = person_of_row(row);
    return person.id != NULL ? *person.id : "";
}

static str field_of(const Personal *personal, const char *name)
{
    for (size_t i = 0; i < personal->n_fields; i++) {
        if (strcmp(personal->fields[i]->name, name) == 0) {
            return str_of(personal->fields[i]->value);
        }
    }
    return STR("");
}

/* The id of a record of level A. It is the same for the same key (D35), whatever its spelling of
 * blanks and signs, and it reveals nothing. */
static char *record_id(struct people *people, const char *register_, const char *person_id, str one,
                       str other, struct arena *arena)
{
    enum { DIGITS = 20 };
    char hex[DIGEST_HEX_SIZE];
    str a = unicode_without_blanks(unicode_narrow(one, arena), arena);
    str b = unicode_without_blanks(unicode_narrow(other, arena), arena);
    str key = arena_format(arena, "%s:%zu:%.*s:%.*s", person_id, a.size, STR_ARGS(a), STR_ARGS(b));
    struct digest digest = people_hash(people, register_, key, arena);
    digest_hex(&digest, hex);
    str id = arena_format(arena, "E%.*s", DIGITS, hex);
    return arena_c_string(arena, id);
}

static void name_record(struct people *people, Action *row, struct arena *arena)
{
    if (row->body_case == ACTION__BODY_RECORD_REGISTRATION) {
        RegistrationRecorded *entry = row->record_registration->row;
        entry->record = record_id(people, "registration", "", field_of(entry->personal, "注册类型"),
                                  field_of(entry->personal, "注册编号"), arena);
    } else if (row->body_case == ACTION__BODY_RECORD_CONTRACT) {
        ContractRecorded *entry = row->record_contract->row;
        entry->record =
            record_id(people, "contract", entry->person_id, field_of(entry->personal, "项目名称"),
                      field_of(entry->personal, "本人在工程中所起的作用"), arena);
    }
}

static bool is_masked(const Action *row)
{
    return row->body_case == ACTION__BODY_RECORD_NATIONAL &&
           row->record_national->row->record->masked;
}

void person_ids_name_row(struct people *people, Action *row, struct arena *arena)
{
    struct row_person person = person_of_row(row);
    const char *id = "";
    if (row->body_case == ACTION__BODY_REGISTER_CLERK) {
        ClerkRegistered *clerk = row->register_clerk->row;
        id = people_id_of_clerk(people, str_of(clerk->clerk), arena);
        clerk->person_id = arena_c_string(arena, str_of(id));
        return;
    }
    if (person.id == NULL) {
        return;
    }
    if (is_masked(row)) {
        id = people_id_of_masked(people, str_of(row->record_national->row->record->certificate),
                                 str_of(person.document->id_number), arena);
    } else if (person.document != NULL && person.document->id_number[0] != 0) {
        id = people_id(people, person.document->id_type, str_of(person.document->id_number), arena);
    }
    *person.id = arena_c_string(arena, str_of(id));
}

FALLIBLE person_ids_follow_row(struct engine *engine, Action *row, struct arena *arena,
                               struct error *err)
{
    struct row_person person = person_of_row(row);
    if (person.id == NULL || is_masked(row)) {
        return OK;
    }
    TRY(follow(engine, person.id, arena, err));
    name_record(engine_people(engine), row, arena);
    return OK;
}

struct person_id_list person_ids_all(const PersonView *person, const char *person_id,
                                     struct arena *arena)
{
    bool same = strcmp(person->person_id, person_id) == 0;
    size_t more = same ? person->n_aliases : 0;
    struct person_id_list list = {ARENA_ARRAY(arena, const char *, more + 1), 1};
    list.items[0] = person_id;
    for (size_t i = 0; i < more; i++) {
        list.items[list.count++] = person->aliases[i];
    }
    return list;
}

size_t person_ids_as_other(struct people *people, const PersonName *person, struct arena *arena,
                           const char *ret[2])
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    str normal = STR("");
    if (person == NULL || !id_type_from_text(str_of(person->id_type), &type) ||
        !identity_normalise(type, str_of(person->id_number), arena, &normal)) {
        return 0;
    }
    return person_ids_of_other(people, type, normal, arena, ret);
}

size_t person_ids_of_other(struct people *people, IdType__Code type, str normal,
                           struct arena *arena, const char *ret[2])
{
    if (type == ID_TYPE__CODE__RESIDENT || type == ID_TYPE__CODE__OTHER || str_empty(normal)) {
        return 0;
    }
    str key = identity_key(type, normal, arena);
    str number = str_from(key, str_find_byte(key, ':') + 1);
    ret[0] = people_id(people, ID_TYPE__CODE__OTHER, normal, arena);
    ret[1] = people_id(people, ID_TYPE__CODE__OTHER, number, arena);
    return str_equal(number, normal) ? 1 : 2;
}
