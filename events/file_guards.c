/* file_guards - see file_guards.h. */
#include "events/file_guards.h"

#include "events/guards.h"
#include "events/messages.h"

static bool card_was_read(const PersonView *person)
{
    for (size_t i = 0; i < person->n_identities; i++) {
        if (person->identities[i]->method == COLLECTION__CODE__CARD) {
            return true;
        }
    }
    return false;
}

FALLIBLE file_guard_subject(const struct dossier *dossier, const Action *action,
                            const PersonName *named, struct arena *arena, struct error *err)
{
    bool by_enterprise = !str_empty(str_of(action->enterprise));
    if (by_enterprise) {
        TRY(guard_enterprise(dossier, action, err));
    }
    TRY(guard_not_blocked(dossier, err));
    if (identity_collected(dossier->person) == NULL) {
        FAIL(REFUSED("R-PF-01"), MESSAGE_IDENTITY_NOT_COLLECTED, ARG_TEXT("missing", "identity"));
    }
    TRY(guard_person_called(dossier, named, arena, err));
    if (by_enterprise && !card_was_read(dossier->person)) {
        FAIL(REFUSED("R-DL-26"), MESSAGE_CARD_NOT_READ);
    }
    return OK;
}

FALLIBLE file_guard_found(const FileRecordView *record, const char *asked, struct error *err)
{
    if (record->level == LEVEL__CODE__NONE || record->deleted) {
        FAIL(REFUSED("R-PF-24"), MESSAGE_RECORD_NOT_FOUND, ARG_TEXT("record", asked));
    }
    return OK;
}

FALLIBLE file_guard_own(const FileRecordView *record, const Action *action, struct error *err)
{
    if (!str_empty(str_of(action->enterprise)) &&
        !str_equal_c(str_of(record->created_by), action->enterprise)) {
        FAIL(REFUSED("R-DL-26"), MESSAGE_NOT_OWN_RECORD, ARG_TEXT("record", record->record));
    }
    return OK;
}

FALLIBLE file_guard_changeable(const FileRecordView *record, const char *change, struct error *err)
{
    switch (record->level) {
    case LEVEL__CODE__A:
        FAIL(REFUSED("R-DL-04"), MESSAGE_RECORD_EXTERNAL, ARG_TEXT("record", record->record));
    case LEVEL__CODE__B:
        FAIL(REFUSED("R-DL-08"), MESSAGE_RECORD_FROZEN, ARG_TEXT("record", record->record));
    case LEVEL__CODE__C:
        FAIL(REFUSED("R-DL-07"), MESSAGE_RECORD_VERIFIED, ARG_TEXT("change", change),
             ARG_TEXT("record", record->record));
    case LEVEL__CODE__D:
    case LEVEL__CODE__NONE:
    case _LEVEL__CODE_IS_INT_SIZE: break;
    }
    return OK;
}

struct file_fields file_record_fields(const FileRecordView *record)
{
    return (struct file_fields){record->fields, record->n_fields};
}
