/* applicants - see applicants.h. */
#include "jobs/wishes/applicants.h"

#include "core/base/record.h"
#include "jobs/messages.h"

/* NULL when there are less than the three that name a person. */
static UsedRecords *read_one(str text, struct arena *arena)
{
    UsedRecords *used = RECORD_NEW(arena, UsedRecords, used_records);
    PersonName *person = RECORD_NEW(arena, PersonName, person_name);
    str rest = text;
    used->person = person;
    person->name = arena_c_string(arena, str_cut_item(&rest));
    person->id_type = arena_c_string(arena, str_cut_item(&rest));
    if (rest.data == NULL) {
        return NULL;
    }
    person->id_number = arena_c_string(arena, str_cut_item(&rest));
    used->records = ARENA_ARRAY(arena, char *, text.size);
    while (rest.data != NULL) {
        str record = str_cut_item(&rest);
        if (!str_empty(record)) {
            used->records[used->n_records++] = arena_c_string(arena, record);
        }
    }
    return used;
}

FALLIBLE applicants_put(const ActionOptions *options, Action *action, struct arena *arena,
                        struct error *err)
{
    if (action->body_case != ACTION__BODY_OPEN_APPLICATION) {
        return OK;
    }
    OpenApplication *open = action->open_application;
    open->persons = ARENA_ARRAY(arena, UsedRecords *, options->n_applicants + 1);
    for (size_t i = 0; i < options->n_applicants; i++) {
        UsedRecords *used = read_one(str_of(options->applicants[i]), arena);
        if (used == NULL) {
            FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "applicant"),
                 ARG_TEXT("value", options->applicants[i]),
                 ARG_TEXT("expected", "NAME,KIND,NUMBER[,RECORD...]"));
        }
        open->persons[open->n_persons++] = used;
    }
    return OK;
}
