/* paper - the legacy register of paper certificates.
 *
 * source  RULES D22 (classes), D23 (posts), D35 (法定代表人 with class A), CONTRACT 3. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

#include "events/terms/category.h"

enum column {
    CERTIFICATE,
    CATEGORY,
    NAME,
    ID_TYPE,
    ID_NUMBER,
    CODE,
    ENTERPRISE,
    POST,
    FIRST_ISSUED,
    ISSUED,
    VALID_UNTIL,
    STATE,
};

const struct import_column paper_columns[PAPER_COLUMNS] = {
    [CERTIFICATE] = {"证书编号", ALIASES_CERTIFICATE, .mandatory = true},
    [CATEGORY] = {"类别", ALIASES_CATEGORY, .mandatory = true},
    [NAME] = {"姓名", ALIASES_NAME, .mandatory = true},
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = true},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [CODE] = {"统一社会信用代码", ALIASES_CODE, .mandatory = true},
    [ENTERPRISE] = {"企业名称", ALIASES_ENTERPRISE, .mandatory = true},
    [POST] = {"职务", {NULL}, .mandatory = false},
    [FIRST_ISSUED] = {"初次领证日期", {NULL}, .mandatory = false},
    [ISSUED] = {"发证日期", {NULL}, .mandatory = true},
    [VALID_UNTIL] = {"有效期至", ALIASES_VALID_UNTIL, .mandatory = true},
    [STATE] = {"状态", ALIASES_STATE, .mandatory = true},
};

static const struct row_word states[] = {
    {"有效", STATUS__CODE__VALID},        {"暂扣", STATUS__CODE__SUSPENDED},
    {"注销", STATUS__CODE__CANCELLED},    {"失效", STATUS__CODE__CANCELLED},
    {"撤销", STATUS__CODE__REVOKED},      {"吊销", STATUS__CODE__WITHDRAWN},
    {"办理转出", STATUS__CODE__DEPARTED}, {NULL, 0},
};

/* Number and class; a number that shows another class than the column is a mistake of one. */
static FALLIBLE read_number(const struct import_row *row, struct arena *arena,
                            PaperRegistered *entry, struct error *err)
{
    struct number number;
    TRY(row_certificate(row, CERTIFICATE, arena, &number, &entry->spelled, err));
    if (!number.local) {
        FAIL(INVALID, MESSAGE_BAD_NUMBER, ARG_TEXT("column", row_column(row, CERTIFICATE)),
             ARG_TEXT("found", "other_province"));
    }
    TRY(row_category(row, CATEGORY, false, arena, &entry->category, err));
    bool known = number.category != CATEGORY__CODE__OTHER;
    if (known && !number_shows_category(number.canonical, entry->category)) {
        FAIL(INVALID, MESSAGE_BAD_CATEGORY, ARG_TEXT("column", row_column(row, CATEGORY)),
             ARG_TEXT("found", "differs_from_number"));
    }
    entry->certificate = arena_c_string(arena, number.canonical);
    return OK;
}

static void read_post(struct import_row *row, struct arena *arena, PaperRegistered *entry)
{
    str code = STR("");
    bool known = post_from_text(row_text(row, POST), &code);
    entry->legal_representative =
        entry->category == CATEGORY__CODE__A && known && str_equal(code, STR("01"));
    str prescribed = post_prescribed(entry->category, entry->legal_representative);
    if (!str_empty(prescribed)) {
        code = prescribed;
    } else if (!known || !post_fits(code, entry->category, entry->legal_representative)) {
        code = STR("99");
    }
    entry->post = arena_c_string(arena, code);
    entry->post_text = row_free_text(row, POST, arena);
}

static FALLIBLE read_dates(const struct import_row *row, struct arena *arena,
                           PaperRegistered *entry, struct error *err)
{
    TRY(row_date(row, ISSUED, arena, &entry->issued, err));
    TRY(row_date(row, FIRST_ISSUED, arena, &entry->first_issued, err));
    TRY(row_date(row, VALID_UNTIL, arena, &entry->valid_until, err));
    TRY(row_date_order(row, FIRST_ISSUED, entry->first_issued, ISSUED, entry->issued, err));
    TRY(row_date_order(row, ISSUED, entry->issued, VALID_UNTIL, entry->valid_until, err));
    if (entry->first_issued == NULL) {
        entry->first_issued = ARENA_NEW(arena, Date);
        date__init(entry->first_issued);
        entry->first_issued->days = entry->issued->days;
    }
    return OK;
}

FALLIBLE paper_read(struct import_row *row, struct arena *arena, Action *ret, struct error *err)
{
    RegisterPaper *wish = ARENA_NEW(arena, RegisterPaper);
    register_paper__init(wish);
    PaperRegistered *entry = ARENA_NEW(arena, PaperRegistered);
    paper_registered__init(entry);
    Personal *person = ARENA_NEW(arena, Personal);
    personal__init(person);
    int status = 0;
    TRY(read_number(row, arena, entry, err));
    TRY(row_person_name(row, NAME, arena, &person->name, err));
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, NULL, arena, person, err));
    TRY(row_credit_code(row, CODE, arena, &entry->enterprise, err));
    TRY(row_enterprise_name(row, ENTERPRISE, arena, &entry->enterprise_name, err));
    read_post(row, arena, entry);
    TRY(read_dates(row, arena, entry, err));
    TRY(row_word(row, STATE, states, MESSAGE_BAD_STATE, arena, &status, err));
    entry->status = (Status__Code)status;
    wish->row = entry;
    wish->person = person;
    ret->register_paper = wish;
    return OK;
}
