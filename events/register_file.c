/* register_file - registrations and contracts, the records of level A (R-PF-17, R-PF-20, D35). They
 * come from other systems, and nobody can change them here: only another row with the same key
 * replaces them (R-DL-04). The key of a registration is its type and number: a row that gives it to
 * another person removes it from the first person's file. */
#include "events/file_fields.h"
#include "events/messages.h"
#include "events/registers.h"
#include "events/rules.h"

static bool same_fields(const FileRecordView *known, const Personal *row)
{
    struct file_fields before = {known->fields, known->n_fields};
    struct file_fields now = {row->fields, row->n_fields};
    return file_fields_equal(before, now);
}

static bool is_there(const FileRecordView *known)
{
    return !str_empty(str_of(known->record)) && !known->deleted;
}

static bool is_same_registration(const FileRecordView *known, const RegistrationRecorded *row)
{
    return is_there(known) && texts_equal(known->person_id, row->person_id) &&
           texts_equal(known->enterprise, row->enterprise) &&
           texts_equal(known->state, row->state) &&
           dates_equal(known->valid_until, row->valid_until) && same_fields(known, row->personal);
}

outcome decide_record_registration(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    const RegistrationRecorded *row = action->record_registration->row;
    const FileRecordView *known = dossier->file_record;
    (void)moment;
    (void)err;
    BUG_UNLESS(row->personal != NULL);
    if (is_same_registration(known, row)) {
        return OK;
    }
    if (is_there(known) && !texts_equal(known->person_id, row->person_id)) {
        RegistrationRecorded *moved =
            decision_event(decision, EVENT__BODY_REGISTRATION_RECORDED, arena);
        moved->person_id = arena_c_string(arena, str_of(known->person_id));
        moved->record = arena_c_string(arena, str_of(known->record));
        moved->moved = true;
    }
    RegistrationRecorded *recorded =
        decision_event(decision, EVENT__BODY_REGISTRATION_RECORDED, arena);
    *recorded = *row;
    return OK;
}

outcome decide_record_contract(const struct dossier *dossier, const Action *action,
                               struct moment moment, struct arena *arena, struct decision *decision,
                               struct error *err)
{
    const ContractRecorded *row = action->record_contract->row;
    (void)moment;
    (void)err;
    BUG_UNLESS(row->personal != NULL);
    if (is_there(dossier->file_record) && same_fields(dossier->file_record, row->personal)) {
        return OK;
    }
    ContractRecorded *recorded = decision_event(decision, EVENT__BODY_CONTRACT_RECORDED, arena);
    *recorded = *row;
    return OK;
}
