/* identities - what the counters and the online channel collected about persons.
 *
 * source  R-GEN-04: with 军官证, 外国护照, 回乡证, 台胞证 and the like only a clerk collects. */
#include "importers/kinds.h"
#include "importers/messages.h"
#include "importers/row.h"

#include "events/terms/identity.h"

enum column {
    NAME,
    SEX,
    NATION,
    BIRTH_DATE,
    ADDRESS,
    ID_TYPE,
    ID_NUMBER,
    ISSUER,
    VALID_FROM,
    VALID_TO,
    PHOTO,
    WINDOW,
    COLLECTED_ON,
    METHOD,
    DIGITAL_CERTIFICATE,
};

const struct import_column identities_columns[IDENTITIES_COLUMNS] = {
    [NAME] = {"姓名", ALIASES_NAME, .mandatory = true},
    [SEX] = {"性别", {NULL}, .mandatory = true, .unlisted = "not_sex"},
    [NATION] = {"民族", {NULL}, .mandatory = false},
    [BIRTH_DATE] = {"出生日期", {NULL}, .mandatory = true},
    [ADDRESS] = {"住址", {NULL}, .mandatory = false},
    [ID_TYPE] = {"证件类型", {NULL}, .mandatory = true},
    [ID_NUMBER] = {"证件号码", ALIASES_ID_NUMBER, .mandatory = true},
    [ISSUER] = {"签发机关", {NULL}, .mandatory = false},
    [VALID_FROM] = {"有效期起", {"有效期起始日期"}, .mandatory = false},
    [VALID_TO] = {"有效期止", {"有效期至", "有效期结束日期"}, .mandatory = false},
    [PHOTO] = {"照片", {NULL}, .mandatory = false},
    [WINDOW] = {"采集窗口", {NULL}, .mandatory = false},
    [COLLECTED_ON] = {"采集日期", {NULL}, .mandatory = true},
    [METHOD] = {"采集方式", {NULL}, .mandatory = true, .unlisted = "not_method"},
    [DIGITAL_CERTIFICATE] = {"个人数字证书", {NULL}, .mandatory = false, .unlisted = "not_yes_no"},
};

static const struct row_word methods[] = {
    {"读卡", COLLECTION__CODE__CARD},
    {"在线", COLLECTION__CODE__ONLINE},
    {"人工", COLLECTION__CODE__MANUAL},
    {NULL, 0},
};

static const struct row_word yes_or_no[] = {
    {"有", 1}, {"是", 1}, {"无", 0}, {"否", 0}, {"", 0}, {NULL, 0},
};

static FALLIBLE read_validity(const struct import_row *row, struct arena *arena, Personal *person,
                              struct error *err)
{
    str until = row_text(row, VALID_TO);
    person->valid_forever = str_equal(until, STR("长期")) || str_equal(until, STR("长期有效"));
    TRY(row_date(row, VALID_FROM, arena, &person->valid_from, err));
    if (!person->valid_forever) {
        TRY(row_date(row, VALID_TO, arena, &person->valid_to, err));
    }
    return row_date_order(row, VALID_FROM, person->valid_from, VALID_TO, person->valid_to, err);
}

static FALLIBLE read_person(struct import_row *row, struct arena *arena, Personal *person,
                            struct error *err)
{
    TRY(row_person_name(row, NAME, arena, &person->name, err));
    if (!sex_from_text(row_plain(row, SEX, arena), &person->sex)) {
        FAIL(INVALID, MESSAGE_BAD_CODE, ARG_TEXT("column", row_column(row, SEX)),
             ARG_TEXT("found", "unknown"));
    }
    person->nation = row_free_text(row, NATION, arena);
    TRY(row_date(row, BIRTH_DATE, arena, &person->birth_date, err));
    person->address = row_free_text(row, ADDRESS, arena);
    TRY(row_identity(row, ID_TYPE, ID_NUMBER, NULL, arena, person, err));
    person->issuer = row_free_text(row, ISSUER, arena);
    return read_validity(row, arena, person, err);
}

static FALLIBLE read_collection(struct import_row *row, struct arena *arena,
                                IdentityCollected *entry, struct error *err)
{
    int method = 0;
    int has_certificate = 0;
    TRY(row_date(row, COLLECTED_ON, arena, &entry->collected_on, err));
    TRY(row_date_order(row, BIRTH_DATE, entry->personal->birth_date, COLLECTED_ON,
                       entry->collected_on, err));
    TRY(row_word(row, METHOD, methods, MESSAGE_BAD_CODE, arena, &method, err));
    TRY(row_word(row, DIGITAL_CERTIFICATE, yes_or_no, MESSAGE_BAD_CODE, arena, &has_certificate,
                 err));
    if (method != COLLECTION__CODE__MANUAL && !id_type_is_card(entry->personal->id_type)) {
        FAIL(INVALID, MESSAGE_BAD_ID_TYPE, ARG_TEXT("column", row_column(row, ID_TYPE)),
             ARG_TEXT("found", "clerk_only"));
    }
    if (method != COLLECTION__CODE__ONLINE && row_is_empty(row, WINDOW)) {
        FAIL(INVALID, MESSAGE_MISSING_CELL, ARG_TEXT("column", row_column(row, WINDOW)),
             ARG_TEXT("found", "empty"));
    }
    entry->method = (Collection__Code)method;
    entry->digital_certificate = has_certificate != 0;
    entry->window = row_free_text(row, WINDOW, arena);
    return OK;
}

FALLIBLE identities_read(struct import_row *row, struct arena *arena, Action *ret,
                         struct error *err)
{
    CollectIdentity *wish = ARENA_NEW(arena, CollectIdentity);
    collect_identity__init(wish);
    wish->row = ARENA_NEW(arena, IdentityCollected);
    identity_collected__init(wish->row);
    wish->row->personal = ARENA_NEW(arena, Personal);
    personal__init(wish->row->personal);
    TRY(read_person(row, arena, wish->row->personal, err));
    TRY(read_collection(row, arena, wish->row, err));
    wish->photo_path = row_string(row, PHOTO, arena);
    ret->collect_identity = wish;
    return OK;
}
