/* registrations - registered practitioners: who is registered as what with which enterprise (level
 * A, R-PF-17). The words of 状态 are kept as they came; events/holding.c says which of them count
 * as registered (decision 0085). */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

enum column { ID_TYPE, ID_NUMBER, TYPE, NUMBER, ENTERPRISE, STATE, NOTE, VALID_UNTIL };

const struct import_column registrations_columns[REGISTRATIONS_COLUMNS] = {
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = false},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [TYPE] = {"注册类型", {NULL}, .mandatory = true},
    [NUMBER] = {"注册编号", {"注册号"}, .mandatory = true},
    [ENTERPRISE] = {"注册单位统一社会信用代码",
                    {"统一社会信用代码", "社会信用代码"},
                    .mandatory = true},
    [STATE] = {"状态", {"注册状态"}, .mandatory = false},
    [NOTE] = {"状态说明", {NULL}, .mandatory = false},
    [VALID_UNTIL] = {"有效期至", ALIASES_VALID_UNTIL, .mandatory = false},
};

FALLIBLE registrations_read(struct import_row *row, struct arena *arena, Action *ret,
                            struct error *err)
{
    RecordRegistration *wish = ARENA_NEW(arena, RecordRegistration);
    record_registration__init(wish);
    RegistrationRecorded *entry = ARENA_NEW(arena, RegistrationRecorded);
    registration_recorded__init(entry);
    Personal *person = ARENA_NEW(arena, Personal);
    personal__init(person);
    Personal *fields = ARENA_NEW(arena, Personal);
    personal__init(fields);
    char *number = NULL;
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, NULL, arena, person, err));
    TRY(row_field(row, TYPE, arena, fields, err));
    TRY(row_code(row, NUMBER, arena, &number, err));
    row_field_value(row, NUMBER, str_of(number), arena, fields);
    TRY(row_credit_code(row, ENTERPRISE, arena, &entry->enterprise, err));
    TRY(row_code(row, STATE, arena, &entry->state, err));
    TRY(row_field(row, NOTE, arena, fields, err));
    TRY(row_date(row, VALID_UNTIL, arena, &entry->valid_until, err));
    entry->personal = fields;
    wish->row = entry;
    wish->person = person;
    ret->record_registration = wish;
    return OK;
}
