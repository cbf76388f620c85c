/* insurance - lines of social insurance: who paid for whom in which month. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

#include "core/base/date.h"

enum column { ID_TYPE, ID_NUMBER, ENTERPRISE, MONTH };

const struct import_column insurance_columns[INSURANCE_COLUMNS] = {
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = false},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [ENTERPRISE] = {"缴纳单位统一社会信用代码",
                    {"统一社会信用代码", "社会信用代码"},
                    .mandatory = true},
    [MONTH] = {"缴纳月份", {NULL}, .mandatory = true},
};

/* A month is read as its first day: YYYY-MM, YYYY/M, YYYYMM, YYYY年M月. */
static FALLIBLE read_month(const struct import_row *row, struct arena *arena, int32_t *ret,
                           struct error *err)
{
    enum { DIGITS = 6 }; /* of YYYYMM */
    str text = row_plain(row, MONTH, arena);
    const char *ending = str_ends_with(text, STR("月"))         ? "1日"
                         : str_find_byte(text, '-') < text.size ? "-01"
                         : str_find_byte(text, '/') < text.size ? "/1"
                         : text.size == DIGITS                  ? "01"
                                                                : "";
    int32_t days;
    if (*ending != '\0' &&
        date_parse(arena_format(arena, "%.*s%s", STR_ARGS(text), ending), &days)) {
        struct civil civil = date_to_civil(days);
        *ret = civil.year * 12 + civil.month - 1;
        return OK;
    }
    return row_no_date(row, MONTH, text, "month", err);
}

FALLIBLE insurance_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err)
{
    RecordInsurance *wish = ARENA_NEW(arena, RecordInsurance);
    record_insurance__init(wish);
    InsuranceRecorded *entry = ARENA_NEW(arena, InsuranceRecorded);
    insurance_recorded__init(entry);
    Personal *person = ARENA_NEW(arena, Personal);
    personal__init(person);
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, NULL, arena, person, err));
    TRY(row_credit_code(row, ENTERPRISE, arena, &entry->enterprise, err));
    TRY(read_month(row, arena, &entry->month, err));
    wish->row = entry;
    wish->person = person;
    ret->record_insurance = wish;
    return OK;
}
