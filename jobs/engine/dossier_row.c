/* dossier_row - see dossier_row.h. */
#include "jobs/engine/dossier_row.h"

/* Longer than any that was accepted: cut, it finds nothing. */
static str key_part(const char *text)
{
    return str_first(str_of(text), VIEW_KEY_MAX / 2);
}

static outcome load_one(struct views *views, enum view_id view, struct view_key key,
                        struct arena *arena, const void **ret, struct error *err)
{
    ProtobufCMessage *message = NULL;
    TRY(views_get(views, view, key, arena, &message, err));
    *ret = message;
    return OK;
}

FALLIBLE dossier_load_row(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err)
{
    if (action->body_case == ACTION__BODY_RECORD_EXAM) {
        const ExamRecorded *row = action->record_exam->row;
        TRY(load_one(
            views, VIEW_EXAM,
            key_exam(str_of(row->person_id), row->category, row->kind, row->exam_date->days), arena,
            (const void **)&dossier->exam, err));
    } else if (action->body_case == ACTION__BODY_RECORD_INSURANCE) {
        const InsuranceRecorded *row = action->record_insurance->row;
        TRY(load_one(views, VIEW_INSURANCE,
                     key_insurance(str_of(row->person_id), row->month, key_part(row->enterprise)),
                     arena, (const void **)&dossier->insurance, err));
    } else if (action->body_case == ACTION__BODY_RECORD_NATIONAL) {
        const NationalRecorded *row = action->record_national->row;
        TRY(load_one(views, VIEW_NATIONAL,
                     key_national(str_of(row->person_id), key_part(row->record->certificate)),
                     arena, (const void **)&dossier->national, err));
    }
    return OK;
}

FALLIBLE dossier_load_blocked(struct views *views, const char *person_id, struct arena *arena,
                              struct dossier *dossier, struct error *err)
{
    struct views_scan scan = {0};
    bool blocked = false;
    bool any = false;
    TRY(views_any_blocked(views, &any, err));
    if (person_id[0] == 0 || !any) {
        return OK;
    }
    struct view_key entry = index_blocked_person(key_part(person_id));
    TRY(views_scan_open(views, VIEW_INDEX, &entry, (bytes){0}, &scan, err));
    outcome result = views_scan_next(&scan, &blocked, err);
    views_scan_close(&scan);
    TRY(result);
    if (blocked) {
        TRY(load_one(views, VIEW_PERSON, key_person(key_part(person_id)), arena,
                     (const void **)&dossier->person, err));
    }
    return OK;
}
