/* dossier_file - the part of a dossier that is about personnel files; see dossier_parts.h. */
#include "jobs/engine/judging/dossier_parts.h"

#include "core/base/record.h"
#include "events/form.h"
#include "jobs/engine/parts/views_walk.h"

/* A key part that is longer than any id, so that it finds nothing. */
static FALLIBLE load_record(struct views *views, const Action *action, struct arena *arena,
                            struct dossier *dossier, struct error *err)
{
    const PersonName *person = NULL;
    str record = str_first(str_of(form_file_record(action)), VIEW_KEY_MAX / 4);
    const char *owner = "";
    if (form_file_person(action, &person)) {
        owner = dossier->person->person_id;
    } else if (!str_empty(record)) {
        struct view_key owners = index_persons_of_record(record);
        TRY(views_first_of_index(views, &owners, arena, &owner, err));
        TRY(views_get(views, VIEW_PERSON, key_person(str_of(owner)), arena, &dossier->person, err));
    }
    if (!str_empty(record) && owner[0] != 0) {
        TRY(views_get(views, VIEW_FILE_RECORD, key_file_record(str_of(owner), record), arena,
                      &dossier->file_record, err));
    }
    return OK;
}

/* All records of the person's file, of whatever level. */
static FALLIBLE load_records(struct views *views, struct arena *arena, struct dossier *dossier,
                             struct error *err)
{
    struct view_key prefix = prefix_file_records_of(str_of(dossier->person->person_id));
    struct views_list list = {0};
    TRY(views_list_records(views, VIEW_FILE_RECORD, &prefix, arena, &list, err));
    dossier->file_records = (struct file_records){(const FileRecordView **)list.items, list.count};
    return OK;
}

/* The record that a row of level A is about: as it is now, or as it was in this person's file. A
 * registration may have been in other files before. */
static FALLIBLE load_external(struct views *views, const char *record, struct arena *arena,
                              struct dossier *dossier, struct error *err)
{
    struct view_key prefix = index_persons_of_record(str_of(record));
    struct views_list owners = {0};
    TRY(views_list_index(views, &prefix, arena, &owners, err));
    for (size_t i = 0; i < owners.count; i++) {
        const FileRecordView *found = NULL;
        struct view_key key = key_file_record(str_of(owners.items[i]), str_of(record));
        TRY(views_get(views, VIEW_FILE_RECORD, key, arena, &found, err));
        if (!found->deleted) {
            dossier->file_record = found;
        }
    }
    return OK;
}

FALLIBLE dossier_load_file(struct views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err)
{
    TRY(load_record(views, action, arena, dossier, err));
    if (action->body_case == ACTION__BODY_RECORD_REGISTRATION) {
        return load_external(views, action->record_registration->row->record, arena, dossier, err);
    }
    if (action->body_case == ACTION__BODY_RECORD_CONTRACT) {
        return load_external(views, action->record_contract->row->record, arena, dossier, err);
    }
    /* Registrations for R-NAT-15, if the policy requires them. */
    bool asks = action->body_case == ACTION__BODY_UPLOAD_SIGNATURE ||
                dossier->policies.b_require_registration;
    if (asks && dossier->person->person_id[0] != 0) {
        TRY(load_records(views, arena, dossier, err));
    }
    return dossier_load_application(views, action, arena, dossier, err);
}
