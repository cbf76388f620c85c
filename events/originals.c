/* originals - see originals.h. */
#include "events/originals.h"

#include <string.h>

#include "core/base/date.h"
#include "events/file_guards.h"
#include "events/file_kinds.h"
#include "events/messages.h"

#define RURAL_LABEL "是否为农村系列职称"

enum { COMPARED_MAX = 5 };

/* R-DL-17, the guide's answer 4. Degrees are handled like education (R-PF-25), site posts like the
 * skilled workers' certificates, whose fields they have. */
static const struct compared {
    FileKind__Code kind;
    const char *labels[COMPARED_MAX];
} compared_fields[] = {
    {FILE_KIND__CODE__EDUCATION, {"学校名称", "所学专业", "学历", "发证日期"}},
    {FILE_KIND__CODE__DEGREE, {"学校名称", "所学专业", "学位名称", "发证日期"}},
    {FILE_KIND__CODE__TITLE, {"职称", "专业", "通过(批准)日期", RURAL_LABEL}},
    {FILE_KIND__CODE__SKILL, {"证书名称", "专业工种", "级别"}},
    {FILE_KIND__CODE__POST, {"证书名称", "专业工种", "级别"}},
};

/* The guide's answer calls two labels of its own screen otherwise. */
static const struct {
    const char *answer;
    const char *label;
} spellings[] = {
    {"职称名称", "职称"},
    {"通过日期", "通过(批准)日期"},
};

static const struct compared *compared_of(FileKind__Code kind)
{
    for (size_t i = 0; i < sizeof compared_fields / sizeof compared_fields[0]; i++) {
        if (compared_fields[i].kind == kind) {
            return &compared_fields[i];
        }
    }
    return NULL;
}

bool original_exists(FileKind__Code kind)
{
    return compared_of(kind) != NULL;
}

/* R-DL-24: since the new standards hold. */
static int32_t rural_ended_on(void)
{
    return date_from_civil((struct civil){2015, 1, 1});
}

static bool contains(str text, const char *part)
{
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

FALLIBLE original_guard(const FileRecordView *record, int32_t today, struct error *err)
{
    struct file_fields fields = file_record_fields(record);
    str title = file_fields_value(fields, "职称");
    if (!original_exists(record->kind)) {
        FAIL(REFUSED("R-DL-06"), MESSAGE_NOT_VERIFIABLE, ARG_TEXT("record", record->record),
             ARG_TEXT("original", "none"));
    }
    if (record->kind != FILE_KIND__CODE__TITLE) {
        return OK;
    }
    if (contains(title, "助理工程师")) {
        FAIL(REFUSED("R-DL-22"), MESSAGE_NOT_VERIFIABLE, ARG_TEXT("record", record->record),
             ARG_TEXT("original", "assistant_engineer"));
    }
    bool rural =
        str_equal(file_fields_value(fields, RURAL_LABEL), STR("是")) || contains(title, "农村");
    if (rural && today >= rural_ended_on()) {
        FAIL(REFUSED("R-DL-24"), MESSAGE_NOT_VERIFIABLE, ARG_TEXT("record", record->record),
             ARG_TEXT("original", "rural_series"));
    }
    return OK;
}

/* --- what is compared ------------------------------------------------------------------------ */

/* As records spell it; NULL when the kind has no such label. */
static const char *label_named(const struct file_kind *kind, const char *name, struct arena *arena)
{
    str word = file_word(str_of(name), arena);
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (str_equal_c(word, spellings[i].answer)) {
            word = str_of(spellings[i].label);
        }
    }
    const struct file_label *label = file_label_of(kind, word);
    return label == NULL ? NULL : label->name;
}

static bool is_among(char *const *labels, size_t count, const char *label)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(labels[i], label) == 0) {
            return true;
        }
    }
    return false;
}

static str all_of(const struct compared *wanted, struct arena *arena)
{
    str text = STR("");
    for (size_t i = 0; i < COMPARED_MAX && wanted->labels[i] != NULL; i++) {
        text =
            arena_format(arena, "%.*s%s%s", STR_ARGS(text), i > 0 ? "、" : "", wanted->labels[i]);
    }
    return text;
}

/* A title that says nothing of a rural series is of none. */
static FALLIBLE check_compared(const FileRecordView *record, char *const *labels, size_t count,
                               struct arena *arena, struct error *err)
{
    const struct compared *wanted = compared_of(record->kind);
    struct file_fields fields = file_record_fields(record);
    for (size_t i = 0; i < COMPARED_MAX && wanted->labels[i] != NULL; i++) {
        const char *label = wanted->labels[i];
        if (str_empty(file_fields_value(fields, label)) && strcmp(label, RURAL_LABEL) != 0) {
            FAIL(REFUSED("R-DL-19"), MESSAGE_RECORD_INCOMPLETE, ARG_TEXT("record", record->record),
                 ARG_TEXT("field", label));
        }
    }
    for (size_t i = 0; i < COMPARED_MAX && wanted->labels[i] != NULL; i++) {
        if (!is_among(labels, count, wanted->labels[i])) {
            FAIL(REFUSED("R-DL-17"), MESSAGE_COMPARED_INCOMPLETE,
                 ARG_TEXT("record", record->record), ARG_TEXT("field", wanted->labels[i]),
                 ARG_STR("compared", all_of(wanted, arena)));
        }
    }
    return OK;
}

FALLIBLE original_compare(const FileRecordView *record, char *const *compared, size_t count,
                          struct arena *arena, char ***ret, size_t *ret_count, struct error *err)
{
    const struct file_kind *kind = file_kind_of(record->kind);
    char **labels = ARENA_ARRAY(arena, char *, count + 1);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const char *label = label_named(kind, compared[i], arena);
        if (label == NULL) {
            FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", "compared"),
                 ARG_TEXT("why", "label"), ARG_TEXT("value", compared[i]));
        }
        if (!is_among(labels, found, label)) {
            labels[found++] = arena_c_string(arena, str_of(label));
        }
    }
    TRY(check_compared(record, labels, found, arena, err));
    *ret = labels;
    *ret_count = found;
    return OK;
}

/* --- which department ------------------------------------------------------------------------ */

/* The city's: 施工特级, 勘察, 设计, 监理综合甲级. */
static bool is_citys(str item)
{
    return contains(item, "特级") || contains(item, "勘察") || contains(item, "设计") ||
           (contains(item, "监理") && contains(item, "综合"));
}

bool original_competent(str level, str qualification, const char **ret_wanted)
{
    bool citys = false;
    bool others = false;
    for (str rest = qualification; rest.data != NULL;) {
        str item = str_cut_item(&rest);
        citys |= is_citys(item);
        others |= !str_empty(item) && !is_citys(item);
    }
    bool is_city = str_starts_with(level, STR("市"));
    *ret_wanted = citys ? "市" : "区";
    return is_city ? citys : others || !citys;
}
