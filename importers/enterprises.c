/* enterprises - the register of enterprise qualifications. */
#include "importers/kinds.h"
#include "importers/row.h"

enum column { CODE, NAME, LEGAL_NAME, LEGAL_ID_TYPE, LEGAL_ID_NUMBER, QUALIFICATION, STATE };

const struct import_column enterprises_columns[ENTERPRISES_COLUMNS] = {
    [CODE] = {"统一社会信用代码", ALIASES_CODE, .mandatory = true},
    [NAME] = {"企业名称", ALIASES_ENTERPRISE, .mandatory = true},
    [LEGAL_NAME] = {"法定代表人姓名", {"法定代表人"}, .mandatory = true},
    [LEGAL_ID_TYPE] = {"法定代表人证件类型", {NULL}, .mandatory = true},
    [LEGAL_ID_NUMBER] = {"法定代表人证件号码", {"法定代表人身份证号"}, .mandatory = true},
    [QUALIFICATION] = {"资质名称及等级", {NULL}, .mandatory = false},
    [STATE] = {"企业状态", {NULL}, .mandatory = false},
};

FALLIBLE enterprises_read(struct import_row *row, struct arena *arena, Action *ret,
                          struct error *err)
{
    RegisterEnterprise *wish = ARENA_NEW(arena, RegisterEnterprise);
    register_enterprise__init(wish);
    EnterpriseRegistered *entry = ARENA_NEW(arena, EnterpriseRegistered);
    enterprise_registered__init(entry);
    Personal *person = ARENA_NEW(arena, Personal);
    personal__init(person);
    TRY(row_credit_code(row, CODE, arena, &entry->code, err));
    TRY(row_enterprise_name(row, NAME, arena, &entry->name, err));
    TRY(row_person_name(row, LEGAL_NAME, arena, &person->name, err));
    TRY(row_identity(row, LEGAL_ID_TYPE, LEGAL_ID_NUMBER, NULL, arena, person, err));
    entry->qualification = row_free_text(row, QUALIFICATION, arena);
    entry->state = row_free_text(row, STATE, arena);
    wish->row = entry;
    wish->legal_person = person;
    ret->register_enterprise = wish;
    return OK;
}
