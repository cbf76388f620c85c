/* dossier_file - see dossier_file.h. */
#include "jobs/engine/dossier_file.h"

#include "core/base/record.h"
#include "events/form_file.h"
#include "jobs/engine/dossier_application.h"

static FALLIBLE load_person(struct views *views, str person_id, struct arena *arena,
                            struct dossier *dossier, struct error *err)
{
    ProtobufCMessage *message = NULL;
    TRY(views_get(views, VIEW_PERSON, key_person(person_id), arena, &message, err));
    dossier->person = (const PersonView *)(const void *)message;
    return OK;
}

/* Whose record it is, by the index; "" when nobody's. */
static FALLIBLE find_owner(struct views *views, str record, struct arena *arena, str *ret,
                           struct error *err)
{
    struct view_key prefix = index_persons_of_record(record);
    struct views_scan scan = {0};
    bool more = false;
    TRY(views_scan_open(views, VIEW_INDEX, &prefix, (bytes){0}, &scan, err));
    outcome result = views_scan_next(&scan, &more, err);
    *ret = result.ok && more ? arena_str(arena, key_last_part(scan.key)) : STR("");
    views_scan_close(&scan);
    return result;
}

/* A key part longer than any id finds nothing. */
static FALLIBLE load_record(struct views *views, const Action *action, struct arena *arena,
                            struct dossier *dossier, struct error *err)
{
    const PersonName *person = NULL;
    ProtobufCMessage *message = NULL;
    str record = str_first(str_of(form_file_record(action)), VIEW_KEY_MAX / 4);
    str owner = STR("");
    if (form_file_person(action, &person)) {
        owner = str_of(dossier->person->person_id);
    } else if (!str_empty(record)) {
        TRY(find_owner(views, record, arena, &owner, err));
        TRY(load_person(views, owner, arena, dossier, err));
    }
    if (!str_empty(record) && !str_empty(owner)) {
        TRY(views_get(views, VIEW_FILE_RECORD, key_file_record(owner, record), arena, &message,
                      err));
        dossier->file_record = (const FileRecordView *)(const void *)message;
    }
    return OK;
}

/* All records of the person's file, of whatever level. */
static FALLIBLE load_records(struct views *views, struct arena *arena, struct dossier *dossier,
                             struct error *err)
{
    struct view_key prefix = prefix_file_records_of(str_of(dossier->person->person_id));
    struct views_scan scan = {0};
    size_t capacity = 0;
    bool more = false;
    outcome result;
    struct file_records *records = &dossier->file_records;
    TRY(views_scan_open(views, VIEW_FILE_RECORD, &prefix, (bytes){0}, &scan, err));
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        result = views_scan_record(&scan, arena, &message, err);
        if (!result.ok) {
            break;
        }
        ARENA_GROW(arena, records->items, records->count, &capacity);
        records->items[records->count++] = (const FileRecordView *)(const void *)message;
    }
    views_scan_close(&scan);
    return result;
}

/* The record that a row of level A is about: where it stands now, or stood in this person's file. A
 * registration may have been in other files before. */
static FALLIBLE load_external(struct views *views, const char *record, struct arena *arena,
                              struct dossier *dossier, struct error *err)
{
    struct view_key prefix = index_persons_of_record(str_of(record));
    struct views_scan scan = {0};
    bool more = false;
    outcome result;
    TRY(views_scan_open(views, VIEW_INDEX, &prefix, (bytes){0}, &scan, err));
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        str owner = arena_str(arena, key_last_part(scan.key));
        result = views_get(views, VIEW_FILE_RECORD, key_file_record(owner, str_of(record)), arena,
                           &message, err);
        if (!result.ok) {
            break;
        }
        const FileRecordView *found = (const FileRecordView *)(const void *)message;
        if (!found->deleted) {
            dossier->file_record = found;
        }
    }
    views_scan_close(&scan);
    return result;
}

FALLIBLE dossier_load_file(struct views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err)
{
    dossier->file_record = RECORD_NEW(arena, FileRecordView, file_record_view);
    TRY(load_record(views, action, arena, dossier, err));
    if (action->body_case == ACTION__BODY_RECORD_REGISTRATION) {
        return load_external(views, action->record_registration->row->record, arena, dossier, err);
    }
    if (action->body_case == ACTION__BODY_RECORD_CONTRACT) {
        return load_external(views, action->record_contract->row->record, arena, dossier, err);
    }
    /* R-NAT-15 asks for registrations, where a policy wants it. */
    bool asks = action->body_case == ACTION__BODY_UPLOAD_SIGNATURE ||
                dossier->policies.b_require_registration;
    if (asks && dossier->person->person_id[0] != 0) {
        TRY(load_records(views, arena, dossier, err));
    }
    return dossier_load_application(views, action, arena, dossier, err);
}
