/* file_record - a person adds records to the own personnel file, and edits or deletes those that no
 * counter has verified (R-PF-18..26, R-DL-01..12). An enterprise does the same with the
 * skilled-worker records that it made (R-DL-26). */
#include "core/base/record.h"
#include "events/file_guards.h"
#include "events/messages.h"
#include "events/rules.h"

static Personal *personal_of(struct file_fields fields, struct arena *arena)
{
    Personal *personal = RECORD_NEW(arena, Personal, personal);
    personal->fields = fields.items;
    personal->n_fields = fields.count;
    return personal;
}

/* Adding is always allowed (R-DL-12, R-PF-29). */
outcome decide_add_record(const struct dossier *dossier, const Action *action, struct moment moment,
                          struct arena *arena, struct decision *decision, struct error *err)
{
    (void)moment;
    const AddRecord *add = action->add_record;
    const struct file_kind *kind = file_kind_named(str_of(add->kind));
    struct file_fields fields = {add->fields, add->n_fields};
    BUG_UNLESS(kind != NULL); /* the form */
    TRY(file_guard_subject(dossier, action, add->person, arena, err));
    if (action->enterprise[0] != 0 && kind->kind != FILE_KIND__CODE__SKILL) {
        FAIL(REFUSED("R-DL-26"), MESSAGE_RECORD_KIND_NOT_ALLOWED, ARG_TEXT("kind", add->kind));
    }
    TRY(file_fields_check(kind, fields, arena, &fields, err));

    RecordAdded *added = decision_event(decision, EVENT__BODY_RECORD_ADDED, arena);
    added->record = arena_c_string(
        arena, arena_format(arena, "R%llu", (unsigned long long)dossier->next_sequence));
    added->person_id = dossier->person->person_id;
    added->kind = kind->kind;
    added->personal = personal_of(fields, arena);
    decision->record = added->record;
    decision_detail(decision, ARG_TEXT("level", "D"));
    return OK;
}

outcome decide_edit_record(const struct dossier *dossier, const Action *action,
                           struct moment moment, struct arena *arena, struct decision *decision,
                           struct error *err)
{
    (void)moment;
    const EditRecord *edit = action->edit_record;
    const FileRecordView *record = dossier->file_record;
    const struct file_fields changed = {edit->fields, edit->n_fields};
    struct file_fields fields;
    TRY(file_guard_subject(dossier, action, edit->person, arena, err));
    TRY(file_guard_found(record, edit->record, err));
    TRY(file_guard_own(record, action, err));
    TRY(file_guard_changeable(record, "edit", err));
    fields = file_fields_merge(file_record_fields(record), changed, arena);
    TRY(file_fields_check(file_kind_of(record->kind), fields, arena, &fields, err));
    if (file_fields_equal(fields, file_record_fields(record))) {
        FAIL(REFUSED("R-DL-11"), MESSAGE_RECORD_NOT_CHANGED, ARG_TEXT("record", record->record));
    }

    RecordEdited *edited = decision_event(decision, EVENT__BODY_RECORD_EDITED, arena);
    edited->record = record->record;
    edited->person_id = record->person_id;
    edited->personal = personal_of(fields, arena);
    decision->record = edited->record;
    return OK;
}

outcome decide_delete_record(const struct dossier *dossier, const Action *action,
                             struct moment moment, struct arena *arena, struct decision *decision,
                             struct error *err)
{
    (void)moment;
    const DeleteRecord *delete = action->delete_record;
    const FileRecordView *record = dossier->file_record;
    TRY(file_guard_subject(dossier, action, delete->person, arena, err));
    TRY(file_guard_found(record, delete->record, err));
    TRY(file_guard_own(record, action, err));
    TRY(file_guard_changeable(record, "delete", err));

    RecordDeleted *deleted = decision_event(decision, EVENT__BODY_RECORD_DELETED, arena);
    deleted->record = record->record;
    deleted->person_id = record->person_id;
    decision->record = deleted->record;
    return OK;
}
