/* renames - lists of enterprises whose certificates are to be renamed. They are not registers, but
 * are read like one. A row names an enterprise and the name that the register must have by now;
 * each row of a plan also names a certificate and what it showed when the plan was made. */
#include "core/base/date.h"
#include "importers/kinds.h"
#include "importers/row.h"

enum column { CODE, NAME, CERTIFICATE, PRINTED, VALID_UNTIL };

static const struct import_column renames_columns[] = {
    [CODE] = {"统一社会信用代码", ALIASES_CODE, .mandatory = true},
    [NAME] = {"新企业名称", {"新单位名称", "变更后企业名称"}, .mandatory = true},
};

static const struct import_column rename_plan_columns[] = {
    [CODE] = {"统一社会信用代码", ALIASES_CODE, .mandatory = true},
    [NAME] = {"新企业名称", {NULL}, .mandatory = true},
    [CERTIFICATE] = {"证书编号", ALIASES_CERTIFICATE, .mandatory = true},
    [PRINTED] = {"证书所载企业名称", {"当前企业名称", NULL}, .mandatory = false},
    [VALID_UNTIL] = {"有效期至", ALIASES_VALID_UNTIL, .mandatory = false},
};

enum notice_column {
    NOTICE_CERTIFICATE,
    NOTICE_PRINTED,
    NOTICE_VALID_UNTIL,
    NOTICE_NUMBER,
    NOTICE_VALUE,
};

static const struct import_column notice_plan_columns[] = {
    [NOTICE_CERTIFICATE] = {"证书编号", ALIASES_CERTIFICATE, .mandatory = true},
    [NOTICE_PRINTED] = {"证书所载企业名称", {"当前企业名称", NULL}, .mandatory = false},
    [NOTICE_VALID_UNTIL] = {"有效期至", ALIASES_VALID_UNTIL, .mandatory = false},
    [NOTICE_NUMBER] = {"通知文号", {NULL}, .mandatory = false},
    [NOTICE_VALUE] = {"变更为", {NULL}, .mandatory = false},
};

static FALLIBLE read_enterprise(struct import_row *row, struct arena *arena, Action *ret,
                                PaperRegistered **ret_entry, struct error *err)
{
    PaperRegistered *entry = ARENA_NEW(arena, PaperRegistered);
    paper_registered__init(entry);
    RegisterPaper *wish = ARENA_NEW(arena, RegisterPaper);
    register_paper__init(wish);
    TRY(row_credit_code(row, CODE, arena, &entry->enterprise, err));
    TRY(row_enterprise_name(row, NAME, arena, &entry->enterprise_name, err));
    wish->row = entry;
    ret->register_paper = wish;
    *ret_entry = entry;
    return OK;
}

static FALLIBLE renames_read(struct import_row *row, struct arena *arena, Action *ret,
                             struct error *err)
{
    PaperRegistered *entry = NULL;
    return read_enterprise(row, arena, ret, &entry, err);
}

/* The certificate of a plan's row, and what it showed. */
static FALLIBLE read_planned(const struct import_row *row, const size_t columns[3],
                             struct arena *arena, PaperRegistered *entry, struct error *err)
{
    struct number number;
    char *spelled = NULL;
    TRY(row_certificate(row, columns[0], arena, &number, &spelled, err));
    entry->certificate = arena_c_string(arena, number.canonical);
    entry->post_text = row_string(row, columns[1], arena);
    TRY(row_date(row, columns[2], arena, &entry->valid_until, err));
    return OK;
}

static FALLIBLE rename_plan_read(struct import_row *row, struct arena *arena, Action *ret,
                                 struct error *err)
{
    static const size_t columns[] = {CERTIFICATE, PRINTED, VALID_UNTIL};
    PaperRegistered *entry = NULL;
    TRY(read_enterprise(row, arena, ret, &entry, err));
    return read_planned(row, columns, arena, entry, err);
}

/* What the notice does, as "NUMBER<LF>VALUE", however a spreadsheet spells the day; "": the plan
 * does not say. */
static char *notice_intent(const struct import_row *row, struct arena *arena)
{
    char day[DATE_SIZE];
    int32_t days;
    str value = row_text(row, NOTICE_VALUE);
    if (row_is_empty(row, NOTICE_NUMBER) && str_empty(value)) {
        return arena_c_string(arena, STR(""));
    }
    if (date_parse(value, &days)) {
        date_format(days, day);
        value = str_of(day);
    }
    str text =
        arena_format(arena, "%.*s\n%.*s", STR_ARGS(row_text(row, NOTICE_NUMBER)), STR_ARGS(value));
    return arena_c_string(arena, text);
}

static FALLIBLE notice_plan_read(struct import_row *row, struct arena *arena, Action *ret,
                                 struct error *err)
{
    static const size_t columns[] = {NOTICE_CERTIFICATE, NOTICE_PRINTED, NOTICE_VALID_UNTIL};
    ret->register_paper = ARENA_NEW(arena, RegisterPaper);
    register_paper__init(ret->register_paper);
    ret->register_paper->row = ARENA_NEW(arena, PaperRegistered);
    paper_registered__init(ret->register_paper->row);
    ret->register_paper->row->enterprise_name = notice_intent(row, arena);
    return read_planned(row, columns, arena, ret->register_paper->row, err);
}

const struct import_kind import_renames = {
    "renames",       ACTION__BODY_REGISTER_PAPER,
    renames_columns, sizeof renames_columns / sizeof *renames_columns,
    renames_read,
};

const struct import_kind import_rename_plan = {
    "rename-plan",       ACTION__BODY_REGISTER_PAPER,
    rename_plan_columns, sizeof rename_plan_columns / sizeof *rename_plan_columns,
    rename_plan_read,
};

const struct import_kind import_notice_plan = {
    "notice-plan",       ACTION__BODY_REGISTER_PAPER,
    notice_plan_columns, sizeof notice_plan_columns / sizeof *notice_plan_columns,
    notice_plan_read,
};
