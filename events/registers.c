/* registers - rows of the registers of enterprises, clerks, exams, insurance and the national
 * platform (CONTRACT 3, D35). A row that equals the stored one makes no event; a different one
 * replaces it. */
#include "events/registers.h"

#include "core/base/record.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/names.h"

bool dates_equal(const Date *a, const Date *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->days == b->days;
}

bool texts_equal(const char *a, const char *b)
{
    return str_equal(str_of(a), str_of(b));
}

bool blobs_equal(ProtobufCBinaryData a, ProtobufCBinaryData b)
{
    return bytes_equal((bytes){a.data, a.len}, (bytes){b.data, b.len});
}

void person_record(const char *person_id, const Personal *person, struct arena *arena,
                   struct decision *decision)
{
    PersonRecorded *recorded = decision_event(decision, EVENT__BODY_PERSON_RECORDED, arena);
    recorded->person_id = arena_c_string(arena, str_of(person_id));
    recorded->personal = RECORD_NEW(arena, Personal, personal);
    *recorded->personal = *person; /* its texts live as long as the action */
}

void person_make_known(const struct dossier *dossier, const char *person_id, const Personal *person,
                       struct arena *arena, struct decision *decision)
{
    if (str_empty(str_of(dossier->person->person_id)) && !str_empty(str_of(person_id)) &&
        person != NULL && !str_empty(str_of(person->name))) {
        person_record(person_id, person, arena, decision);
    }
}

outcome decide_register_enterprise(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    const EnterpriseRegistered *row = action->register_enterprise->row;
    const Personal *legal = action->register_enterprise->legal_person;
    const EnterpriseView *known = dossier->enterprise;
    (void)moment;
    (void)err;
    person_make_known(dossier, row->legal_person_id, legal, arena, decision);
    /* D35: compared by person key; another name is only a warning. */
    if (legal != NULL && !dossier->person->blocked && !str_empty(str_of(dossier->person->name)) &&
        !str_empty(str_of(legal->name)) &&
        !person_names_equal(str_of(dossier->person->name), str_of(legal->name), arena)) {
        decision_warn(decision, MESSAGE_LEGAL_REPRESENTATIVE_NAME_DIFFERS);
    }
    if (texts_equal(known->code, row->code) && texts_equal(known->name, row->name) &&
        texts_equal(known->legal_person_id, row->legal_person_id) &&
        texts_equal(known->qualification, row->qualification) &&
        texts_equal(known->state, row->state)) {
        return OK;
    }
    EnterpriseRegistered *registered =
        decision_event(decision, EVENT__BODY_ENTERPRISE_REGISTERED, arena);
    *registered = *row;
    return OK;
}

outcome decide_register_clerk(const struct dossier *dossier, const Action *action,
                              struct moment moment, struct arena *arena, struct decision *decision,
                              struct error *err)
{
    const ClerkRegistered *row = action->register_clerk->row;
    const ClerkView *known = dossier->clerk;
    const char *name = row->personal != NULL ? row->personal->name : "";
    (void)moment;
    (void)err;
    if (texts_equal(known->clerk, row->clerk) && texts_equal(known->name, name) &&
        texts_equal(known->department, row->department) && texts_equal(known->level, row->level) &&
        texts_equal(known->state, row->state)) {
        return OK;
    }
    ClerkRegistered *registered = decision_event(decision, EVENT__BODY_CLERK_REGISTERED, arena);
    *registered = *row;
    return OK;
}

outcome decide_record_exam(const struct dossier *dossier, const Action *action,
                           struct moment moment, struct arena *arena, struct decision *decision,
                           struct error *err)
{
    const ExamRecorded *row = action->record_exam->row;
    const ExamView *known = dossier->exam;
    bool is_known = !str_empty(str_of(known->person_id));
    (void)moment;
    (void)err;
    person_make_known(dossier, row->person_id, action->record_exam->person, arena, decision);
    if (is_known && (bool)known->passed == (bool)row->passed &&
        dates_equal(known->valid_until, row->valid_until) &&
        texts_equal(known->ticket, row->ticket)) {
        return OK;
    }
    if (is_known) {
        decision_warn(decision, known->used_by_event == 0 ? MESSAGE_UNUSED_RECORD_CHANGED
                                                          : MESSAGE_USED_RECORD_CHANGED);
    }
    ExamRecorded *recorded = decision_event(decision, EVENT__BODY_EXAM_RECORDED, arena);
    *recorded = *row;
    return OK;
}

outcome decide_record_insurance(const struct dossier *dossier, const Action *action,
                                struct moment moment, struct arena *arena,
                                struct decision *decision, struct error *err)
{
    const InsuranceRecorded *row = action->record_insurance->row;
    (void)moment;
    (void)err;
    person_make_known(dossier, row->person_id, action->record_insurance->person, arena, decision);
    if (!str_empty(str_of(dossier->insurance->person_id))) {
        return OK; /* the key is all it says */
    }
    InsuranceRecorded *recorded = decision_event(decision, EVENT__BODY_INSURANCE_RECORDED, arena);
    *recorded = *row;
    return OK;
}

outcome decide_record_national(const struct dossier *dossier, const Action *action,
                               struct moment moment, struct arena *arena, struct decision *decision,
                               struct error *err)
{
    const NationalRecorded *row = action->record_national->row;
    const NationalView *known = dossier->national;
    (void)moment;
    (void)err;
    BUG_UNLESS(row->record != NULL);
    BUG_UNLESS(row->personal != NULL);
    if (known->record != NULL && texts_equal(known->name, row->personal->name) &&
        known->id_type == row->personal->id_type &&
        record_equal(&known->record->base, &row->record->base, arena)) {
        return OK;
    }
    NationalRecorded *recorded = decision_event(decision, EVENT__BODY_NATIONAL_RECORDED, arena);
    *recorded = *row;
    return OK;
}
