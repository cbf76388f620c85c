/* scenario_application - see scenario_application.h. */
#include "tests/support/scenario_application.h"

#include <string.h>

#include "core/base/record.h"
#include "events/form.h"

/* The record of a key, or an empty one. */
static const void *get(struct memory_views *views, enum view_id view, struct view_key key,
                       struct arena *arena)
{
    ProtobufCMessage *message = memory_views_get(views, view, key, arena);
    return message != NULL ? message : record_new(view_kinds[view].message, arena);
}

static void load_applicant(struct memory_views *views, const char *person_id, char *const *records,
                           size_t count, struct arena *arena, struct applicant *ret)
{
    ret->person = get(views, VIEW_PERSON, key_person(str_of(person_id)), arena);
    ret->records.items = ARENA_ARRAY(arena, const FileRecordView *, count + 1);
    ret->records.count = count;
    for (size_t i = 0; i < count; i++) {
        ret->records.items[i] = get(views, VIEW_FILE_RECORD,
                                    key_file_record(str_of(person_id), str_of(records[i])), arena);
    }
}

static void load_insurances(struct memory_views *views, const char *person_id, struct arena *arena,
                            struct insurances *ret)
{
    struct map *map = &views->tables[VIEW_INSURANCE];
    struct map_entry **sorted = map_sorted(map, arena);
    struct view_key prefix = prefix_insurances_of(str_of(person_id));
    ret->items = ARENA_ARRAY(arena, const InsuranceView *, map->count + 1);
    for (size_t i = 0; i < map->count; i++) {
        if (sorted[i]->key.size >= prefix.size &&
            memcmp(sorted[i]->key.data, prefix.data, prefix.size) == 0) {
            struct view_key key = {.size = sorted[i]->key.size};
            memcpy(key.data, sorted[i]->key.data, key.size);
            ret->items[ret->count++] = get(views, VIEW_INSURANCE, key, arena);
        }
    }
}

static void load_wished(struct memory_views *views, const OpenApplication *open,
                        struct arena *arena, struct applicants *ret)
{
    ret->items = ARENA_ARRAY(arena, struct applicant, open->n_persons + 1);
    ret->count = open->n_persons;
    for (size_t i = 0; i < ret->count; i++) {
        const UsedRecords *used = open->persons[i];
        load_applicant(views, used->person->person_id, used->records, used->n_records, arena,
                       &ret->items[i]);
        load_insurances(views, used->person->person_id, arena, &ret->items[i].insurances);
    }
}

void scenario_application_load(struct memory_views *views, const Action *action,
                               struct arena *arena, struct dossier *dossier)
{
    struct applicants *applicants = &dossier->applicants;
    str department = str_of(dossier->clerk->department);
    str visit = action->body_case == ACTION__BODY_VERIFY_RECORD
                    ? str_trim(str_of(action->verify_record->visit))
                    : STR("");
    dossier->visit = get(views, VIEW_VISIT, key_visit(department, visit), arena);
    const ApplicationView *application =
        get(views, VIEW_APPLICATION, key_application(str_of(form_file_application(action))), arena);
    dossier->application = application;
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        load_wished(views, action->open_application, arena, applicants);
        return;
    }
    applicants->items = ARENA_ARRAY(arena, struct applicant, application->n_persons + 1);
    applicants->count = application->n_persons;
    for (size_t i = 0; i < applicants->count; i++) {
        const ApplicationPerson *person = application->persons[i];
        load_applicant(views, person->person_id, person->records, person->n_records, arena,
                       &applicants->items[i]);
    }
}

void scenario_application_use(OpenApplication *open, str text, struct arena *arena)
{
    UsedRecords **persons = ARENA_ARRAY(arena, UsedRecords *, open->n_persons + 1);
    for (size_t i = 0; i < open->n_persons; i++) {
        persons[i] = open->persons[i];
    }
    UsedRecords *used = RECORD_NEW(arena, UsedRecords, used_records);
    str rest = text;
    used->person = RECORD_NEW(arena, PersonName, person_name);
    used->person->person_id = arena_c_string(arena, str_cut(&rest, ':'));
    used->person->name = arena_c_string(arena, str_cut(&rest, ':'));
    used->person->id_type = arena_c_string(arena, STR("身份证"));
    used->person->id_number = arena_c_string(arena, STR("310101189912310017"));
    used->records = ARENA_ARRAY(arena, char *, rest.size + 1);
    while (rest.data != NULL && rest.size > 0) {
        used->records[used->n_records++] = arena_c_string(arena, str_cut(&rest, ','));
    }
    persons[open->n_persons++] = used;
    open->persons = persons;
}
