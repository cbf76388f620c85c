/* dossier_row - the part of a dossier that rows of registers need; see dossier_parts.h. */
#include "jobs/engine/judging/dossier_parts.h"

#include "jobs/engine/parts/blocked.h"

str dossier_key_part(const char *text)
{
    return str_first(str_of(text), VIEW_KEY_MAX / 2);
}

FALLIBLE dossier_load_row(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err)
{
    if (action->body_case == ACTION__BODY_RECORD_EXAM) {
        const ExamRecorded *row = action->record_exam->row;
        TRY(views_get(
            views, VIEW_EXAM,
            key_exam(str_of(row->person_id), row->category, row->kind, row->exam_date->days), arena,
            &dossier->exam, err));
    } else if (action->body_case == ACTION__BODY_RECORD_INSURANCE) {
        const InsuranceRecorded *row = action->record_insurance->row;
        TRY(views_get(
            views, VIEW_INSURANCE,
            key_insurance(str_of(row->person_id), row->month, dossier_key_part(row->enterprise)),
            arena, &dossier->insurance, err));
    } else if (action->body_case == ACTION__BODY_RECORD_NATIONAL) {
        const NationalRecorded *row = action->record_national->row;
        TRY(views_get(
            views, VIEW_NATIONAL,
            key_national(str_of(row->person_id), dossier_key_part(row->record->certificate)), arena,
            &dossier->national, err));
    }
    return OK;
}

FALLIBLE dossier_load_blocked(struct views *views, const char *person_id, struct arena *arena,
                              struct dossier *dossier, struct error *err)
{
    bool blocked = false;
    TRY(person_is_blocked(views, dossier_key_part(person_id), &blocked, err));
    if (blocked) {
        TRY(views_get(views, VIEW_PERSON, key_person(dossier_key_part(person_id)), arena,
                      &dossier->person, err));
    }
    return OK;
}
