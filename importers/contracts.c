/* contracts - the register of projects from contract reporting (level A, R-PF-20): the person can
 * read them, but not change them. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

#include "core/base/date.h"
#include "events/terms/roles.h"

enum column {
    ID_TYPE,
    ID_NUMBER,
    PROJECT,
    SCALE,
    ROLE,
    ENTERPRISE,
    QUALIFICATION,
    FROM,
    TO,
    PLACE,
    ENTERPRISE_PLACE,
};

const struct import_column contracts_columns[CONTRACTS_COLUMNS] = {
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = false},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [PROJECT] = {"项目名称", {"工程名称"}, .mandatory = true},
    [SCALE] = {"项目规模及技术指标", {NULL}, .mandatory = false},
    [ROLE] = {"本人在工程中所起的作用", {NULL}, .mandatory = true, .unlisted = "not_role"},
    [ENTERPRISE] = {"完成项目的工程单位", {NULL}, .mandatory = true},
    [QUALIFICATION] = {"资质名称及等级", {NULL}, .mandatory = false},
    [FROM] = {"开始时间", {NULL}, .mandatory = false},
    [TO] = {"结束时间", {NULL}, .mandatory = false},
    [PLACE] = {"项目所在地省市", {NULL}, .mandatory = false},
    [ENTERPRISE_PLACE] = {"业绩完成单位所在地省市", {NULL}, .mandatory = false},
};

static FALLIBLE read_role(const struct import_row *row, struct arena *arena, Personal *fields,
                          struct error *err)
{
    const char *role = role_from_text(row_plain(row, ROLE, arena), arena);
    if (role == NULL) {
        FAIL(INVALID, MESSAGE_BAD_CODE, ARG_TEXT("column", row_column(row, ROLE)),
             ARG_TEXT("found", "unknown"));
    }
    row_field_value(row, ROLE, str_of(role), arena, fields);
    return OK;
}

static void put_day(const struct import_row *row, size_t column, const Date *day,
                    struct arena *arena, Personal *fields)
{
    char text[DATE_SIZE];
    if (day != NULL) {
        date_format(day->days, text);
        row_field_value(row, column, str_of(text), arena, fields);
    }
}

/* A project may go on: 至今. */
static FALLIBLE read_times(const struct import_row *row, struct arena *arena, Personal *fields,
                           struct error *err)
{
    bool goes_on = str_equal_c(row_text(row, TO), "至今");
    Date *from = NULL;
    Date *to = NULL;
    TRY(row_date(row, FROM, arena, &from, err));
    if (!goes_on) {
        TRY(row_date(row, TO, arena, &to, err));
    }
    TRY(row_date_order(row, FROM, from, TO, to, err));
    put_day(row, FROM, from, arena, fields);
    put_day(row, TO, to, arena, fields);
    if (goes_on) {
        row_field_value(row, TO, STR("至今"), arena, fields);
    }
    return OK;
}

FALLIBLE contracts_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err)
{
    RecordContract *wish = ARENA_NEW(arena, RecordContract);
    record_contract__init(wish);
    ContractRecorded *entry = ARENA_NEW(arena, ContractRecorded);
    contract_recorded__init(entry);
    Personal *person = ARENA_NEW(arena, Personal);
    personal__init(person);
    Personal *fields = ARENA_NEW(arena, Personal);
    personal__init(fields);
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, NULL, arena, person, err));
    TRY(row_field(row, PROJECT, arena, fields, err));
    TRY(row_field(row, SCALE, arena, fields, err));
    TRY(read_times(row, arena, fields, err));
    TRY(read_role(row, arena, fields, err));
    TRY(row_field(row, ENTERPRISE, arena, fields, err));
    TRY(row_field(row, QUALIFICATION, arena, fields, err));
    TRY(row_field(row, PLACE, arena, fields, err));
    TRY(row_field(row, ENTERPRISE_PLACE, arena, fields, err));
    entry->personal = fields;
    wish->row = entry;
    wish->person = person;
    ret->record_contract = wish;
    return OK;
}
