/* dossier_application - the part of a dossier that is about visits and applications; see
 * dossier_parts.h. */
#include "jobs/engine/judging/dossier_parts.h"

#include "core/base/record.h"
#include "events/form.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/engine/person_ids.h"

static FALLIBLE load_visit(struct views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err)
{
    if (action->body_case != ACTION__BODY_VERIFY_RECORD) {
        return OK;
    }
    str visit = str_trim(str_of(action->verify_record->visit));
    return views_get(views, VIEW_VISIT, key_visit(str_of(dossier->clerk->department), visit), arena,
                     &dossier->visit, err);
}

/* The person's lines, under each number that the person had (D24). */
static FALLIBLE load_insurances(struct views *views, const PersonView *person, struct arena *arena,
                                struct insurances *ret, struct error *err)
{
    const struct person_id_list ids = person_ids_all(person, person->person_id, arena);
    struct views_list list = {0};
    for (size_t i = 0; i < ids.count; i++) {
        struct view_key prefix = prefix_insurances_of(str_of(ids.items[i]));
        TRY(views_list_records(views, VIEW_INSURANCE, &prefix, arena, &list, err));
    }
    *ret = (struct insurances){(const InsuranceView **)list.items, list.count};
    return OK;
}

/* A person, and the records that the wish names of that person. */
static FALLIBLE load_applicant(struct views *views, str person_id, char *const *records,
                               size_t count, struct arena *arena, struct applicant *ret,
                               struct error *err)
{
    str id = str_first(person_id, VIEW_KEY_MAX / 4);
    TRY(views_get(views, VIEW_PERSON, key_person(id), arena, &ret->person, err));
    ret->records.items = ARENA_ARRAY(arena, const FileRecordView *, count + 1);
    ret->records.count = count;
    for (size_t i = 0; i < count; i++) {
        str record = str_first(str_of(records[i]), VIEW_KEY_MAX / 4); /* longer: finds nothing */
        TRY(views_get(views, VIEW_FILE_RECORD, key_file_record(id, record), arena,
                      &ret->records.items[i], err));
    }
    return OK;
}

static FALLIBLE load_wished(struct views *views, const OpenApplication *open, struct arena *arena,
                            struct applicants *ret, struct error *err)
{
    ret->items = ARENA_ARRAY(arena, struct applicant, open->n_persons);
    ret->count = open->n_persons;
    for (size_t i = 0; i < ret->count; i++) {
        const UsedRecords *used = open->persons[i];
        TRY(load_applicant(views, str_of(used->person->person_id), used->records, used->n_records,
                           arena, &ret->items[i], err));
        TRY(load_insurances(views, ret->items[i].person, arena, &ret->items[i].insurances, err));
    }
    return OK;
}

static FALLIBLE load_opened(struct views *views, str name, struct arena *arena,
                            struct dossier *dossier, struct error *err)
{
    struct applicants *applicants = &dossier->applicants;
    TRY(views_get(views, VIEW_APPLICATION, key_application(str_first(name, VIEW_KEY_MAX / 2)),
                  arena, &dossier->application, err));
    const ApplicationView *application = dossier->application;
    applicants->items = ARENA_ARRAY(arena, struct applicant, application->n_persons + 1);
    applicants->count = application->n_persons;
    for (size_t i = 0; i < applicants->count; i++) {
        const ApplicationPerson *person = application->persons[i];
        TRY(load_applicant(views, str_of(person->person_id), person->records, person->n_records,
                           arena, &applicants->items[i], err));
    }
    return OK;
}

FALLIBLE dossier_load_application(struct views *views, const Action *action, struct arena *arena,
                                  struct dossier *dossier, struct error *err)
{
    const char *name = form_file_application(action);
    TRY(load_visit(views, action, arena, dossier, err));
    if (action->body_case == ACTION__BODY_OPEN_APPLICATION) {
        return load_wished(views, action->open_application, arena, &dossier->applicants, err);
    }
    return name[0] != 0 ? load_opened(views, str_of(name), arena, dossier, err) : OK;
}
