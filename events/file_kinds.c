/* file_kinds - see file_kinds.h. */
#include "events/file_kinds.h"

#include "core/base/unicode.h"
#include "events/terms/roles.h"

/* R-PF-25; the screen marks nothing. */
static const struct file_label education_labels[] = {
    {"学校名称", FORM_TEXT, true},  {"学制", FORM_TEXT, false},
    {"学历", FORM_TEXT, false},     {"校(院)长", FORM_TEXT, false},
    {"所学专业", FORM_TEXT, false}, {"发证日期", FORM_DATE, false},
    {"开始时间", FORM_DATE, false}, {"结束时间", FORM_END, false},
    {"证书编号", FORM_TEXT, false}, {"电子注册号", FORM_TEXT, false},
};
static const struct file_label degree_labels[] = {
    {"学校名称", FORM_TEXT, true},  {"所学专业", FORM_TEXT, false},
    {"学位名称", FORM_TEXT, false}, {"学位评定委员会主席", FORM_TEXT, false},
    {"发证日期", FORM_DATE, false}, {"证书编号", FORM_TEXT, false},
};
/* R-PF-26. A title without a specialty says 无 (R-DL-23); one that was obtained by an exam has no
 * committee. Whether it is of the rural series is compared at the counter (R-DL-17). */
static const struct file_label title_labels[] = {
    {"职称", FORM_TEXT, true},
    {"专业", FORM_TEXT, false},
    {"证书编号", FORM_TEXT, true},
    {"通过(批准)日期", FORM_DATE, true},
    {"钢印单位全称", FORM_TEXT, true},
    {"职称评审委员会全称", FORM_TEXT, false},
    {"考试取得", FORM_YES_NO, false},
    {"制(发)证机构", FORM_TEXT, true},
    {"是否为农村系列职称", FORM_YES_NO, false},
};
/* 参照学历填报; what is compared at the counter (R-DL-17), and what every certificate has. */
static const struct file_label certificate_labels[] = {
    {"证书名称", FORM_TEXT, true},  {"专业工种", FORM_TEXT, false}, {"级别", FORM_TEXT, false},
    {"发证机构", FORM_TEXT, false}, {"发证日期", FORM_DATE, false}, {"证书编号", FORM_TEXT, false},
    {"有效期至", FORM_DATE, false},
};
/* R-PF-19. */
static const struct file_label work_labels[] = {
    {"工作单位", FORM_TEXT, true}, {"开始时间", FORM_DATE, true},
    {"结束时间", FORM_END, true},  {"职称", FORM_TEXT, true},
    {"职务", FORM_TEXT, true},     {"从事工作专业", FORM_TEXT, true},
    {"证明人", FORM_TEXT, true},   {"证明人电话", FORM_PHONE, true},
};
/* R-PF-21. */
static const struct file_label project_labels[] = {
    {"项目名称", FORM_TEXT, true},
    {"项目规模及技术指标", FORM_TEXT, false},
    {"开始时间", FORM_DATE, false},
    {"结束时间", FORM_END, false},
    {"本人在工程中所起的作用", FORM_ROLE, false},
    {"完成项目的工程单位", FORM_TEXT, false},
    {"资质名称及等级", FORM_TEXT, false},
    {"证明人", FORM_TEXT, false},
    {"项目所在地省市", FORM_TEXT, true},
    {"业绩完成单位所在地省市", FORM_TEXT, true},
};

#define LABELS(array) (array), sizeof(array) / sizeof *(array)

static const struct file_kind kinds[] = {
    {FILE_KIND__CODE__EDUCATION, "education", true, LABELS(education_labels)},
    {FILE_KIND__CODE__DEGREE, "degree", true, LABELS(degree_labels)},
    {FILE_KIND__CODE__TITLE, "title", true, LABELS(title_labels)},
    {FILE_KIND__CODE__SKILL, "skill", true, LABELS(certificate_labels)},
    {FILE_KIND__CODE__POST, "post", true, LABELS(certificate_labels)},
    {FILE_KIND__CODE__WORK, "work", false, LABELS(work_labels)},
    {FILE_KIND__CODE__PROJECT, "project", false, LABELS(project_labels)},
    {FILE_KIND__CODE__SIGNATURE, "signature", true, NULL, 0},
};
enum { KINDS_COUNT = sizeof kinds / sizeof kinds[0] };

const struct file_kind *file_kind_of(FileKind__Code kind)
{
    static const struct file_kind none = {FILE_KIND__CODE__NONE, "", false, NULL, 0};
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        if (kinds[i].kind == kind) {
            return &kinds[i];
        }
    }
    return &none;
}

const struct file_kind *file_kind_named(str name)
{
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        if (str_equal_c(name, kinds[i].name)) {
            return &kinds[i];
        }
    }
    return NULL;
}

const struct file_label *file_label_of(const struct file_kind *kind, str name)
{
    for (size_t i = 0; i < kind->count; i++) {
        if (str_equal_c(name, kind->labels[i].name)) {
            return &kind->labels[i];
        }
    }
    return NULL;
}

const struct file_label *file_label_any(str name, size_t *ret_place)
{
    size_t place = 0;
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        for (size_t k = 0; k < kinds[i].count; k++, place++) {
            if (str_equal_c(name, kinds[i].labels[k].name)) {
                *ret_place = place;
                return &kinds[i].labels[k];
            }
        }
    }
    *ret_place = place;
    return NULL;
}

str file_word(str text, struct arena *arena)
{
    return unicode_without_blanks(unicode_narrow(text, arena), arena);
}

const char *file_role(str text, struct arena *arena)
{
    return role_from_text(text, arena);
}
