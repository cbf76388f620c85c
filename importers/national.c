/* national - the export of the national platform: certificates of all provinces. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

#include "events/terms/category.h"

enum column {
    CERTIFICATE,
    NAME,
    ID_TYPE,
    ID_NUMBER,
    CATEGORY,
    ENTERPRISE,
    CODE,
    ISSUER,
    FIRST_ISSUED,
    ISSUED,
    VALID_UNTIL,
    STATE,
};

const struct import_column national_columns[NATIONAL_COLUMNS] = {
    [CERTIFICATE] = {"证书编号", ALIASES_CERTIFICATE, .mandatory = true},
    [NAME] = {"姓名", ALIASES_NAME, .mandatory = true},
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = true},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [CATEGORY] = {"类别", ALIASES_CATEGORY, .mandatory = true},
    [ENTERPRISE] = {"企业名称", ALIASES_ENTERPRISE, .mandatory = true},
    [CODE] = {"统一社会信用代码", ALIASES_CODE, .mandatory = false},
    [ISSUER] = {"发证机关", {NULL}, .mandatory = false},
    [FIRST_ISSUED] = {"初次领证日期", {NULL}, .mandatory = false},
    [ISSUED] = {"发证日期", {NULL}, .mandatory = true},
    [VALID_UNTIL] = {"有效期至", ALIASES_VALID_UNTIL, .mandatory = true},
    [STATE] = {"状态", ALIASES_STATE, .mandatory = true},
};

static FALLIBLE read_dates(const struct import_row *row, struct arena *arena,
                           NationalRecord *record, struct error *err)
{
    TRY(row_date(row, ISSUED, arena, &record->issued, err));
    TRY(row_date(row, FIRST_ISSUED, arena, &record->first_issued, err));
    TRY(row_date(row, VALID_UNTIL, arena, &record->valid_until, err));
    TRY(row_date_order(row, FIRST_ISSUED, record->first_issued, ISSUED, record->issued, err));
    TRY(row_date_order(row, ISSUED, record->issued, VALID_UNTIL, record->valid_until, err));
    if (record->first_issued == NULL) {
        record->first_issued = ARENA_NEW(arena, Date);
        date__init(record->first_issued);
        record->first_issued->days = record->issued->days;
    }
    return OK;
}

static FALLIBLE read_record(struct import_row *row, struct arena *arena, NationalRecord *record,
                            struct error *err)
{
    struct number number;
    char *differs; /* the platform's spelling is kept in any case (R-IN-07) */
    TRY(row_certificate(row, CERTIFICATE, arena, &number, &differs, err));
    record->spelled = row_string(row, CERTIFICATE, arena);
    record->certificate = arena_c_string(arena, number.canonical);
    TRY(row_category(row, CATEGORY, true, arena, &record->category, err));
    TRY(row_enterprise_name(row, ENTERPRISE, arena, &record->enterprise_name, err));
    TRY(row_credit_code(row, CODE, arena, &record->enterprise_code, err));
    record->issuer = row_free_text(row, ISSUER, arena);
    TRY(read_dates(row, arena, record, err));
    if (!national_state_from_text(row_text(row, STATE), &record->state) &&
        !national_state_from_text(row_plain(row, STATE, arena), &record->state)) {
        FAIL(INVALID, MESSAGE_BAD_STATE, ARG_TEXT("column", row_column(row, STATE)),
             ARG_TEXT("found", "unknown"));
    }
    return OK;
}

FALLIBLE national_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err)
{
    RecordNational *wish = ARENA_NEW(arena, RecordNational);
    record_national__init(wish);
    wish->row = ARENA_NEW(arena, NationalRecorded);
    national_recorded__init(wish->row);
    wish->row->personal = ARENA_NEW(arena, Personal);
    personal__init(wish->row->personal);
    wish->row->record = ARENA_NEW(arena, NationalRecord);
    national_record__init(wish->row->record);
    bool masked = false;
    TRY(row_person_name(row, NAME, arena, &wish->row->personal->name, err));
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, &masked, arena, wish->row->personal, err));
    TRY(read_record(row, arena, wish->row->record, err));
    wish->row->record->masked = masked;
    ret->record_national = wish;
    return OK;
}
