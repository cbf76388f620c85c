/* records - see records.h. Schools, issuers and projects are invented. */
#include "jobs/sample/records.h"

#include "core/base/date.h"
#include "jobs/sample/names.h"

enum { SCHOOL_AGE = 18, STUDY_YEARS = 4, TITLE_AGE = 28, LABELS_MAX = 4 };

static const struct {
    const char *name;
    const char *compared[LABELS_MAX]; /* NULL: there is no original */
} kinds[RECORD_KINDS] = {
    [RECORD_EDUCATION] = {"education", {"学校名称", "所学专业", "学历", "发证日期"}},
    [RECORD_DEGREE] = {"degree", {"学校名称", "所学专业", "学位名称", "发证日期"}},
    [RECORD_TITLE] = {"title", {"职称", "专业", "通过(批准)日期", "是否为农村系列职称"}},
    [RECORD_ASSISTANT] = {"title", {NULL}},
    [RECORD_SKILL] = {"skill", {"证书名称", "专业工种", "级别"}},
    [RECORD_POST] = {"post", {"证书名称", "专业工种", "级别"}},
    [RECORD_WORK] = {"work", {NULL}},
    [RECORD_PROJECT] = {"project", {NULL}},
};

const char *record_kind_name(enum record_kind kind)
{
    return kinds[kind].name;
}

bool record_has_original(enum record_kind kind)
{
    return kinds[kind].compared[0] != NULL;
}

void record_compared(enum record_kind kind, struct json *list)
{
    for (size_t i = 0; i < LABELS_MAX && kinds[kind].compared[i] != NULL; i++) {
        json_add_text(list, str_of(kinds[kind].compared[i]));
    }
}

/* --- cells of a record ---------------------------------------------------------------------- */

struct sheet {
    const struct city *city;
    uint32_t person;
    struct dice *dice;
    struct json *fields;
    struct arena *arena;
};

static void put(const struct sheet *sheet, const char *label, const char *value)
{
    json_put_text(sheet->fields, label, str_of(value));
}

static const char *one_of(const struct sheet *sheet, const char *const *words, uint32_t count)
{
    return words[dice_roll(sheet->dice, count)];
}

#define ONE_OF(sheet, words) one_of((sheet), (words), sizeof(words) / sizeof *(words))

/* A day when the person had that age, and never one of the life of the city. */
static int32_t day_at_age(const struct sheet *sheet, int age, int month)
{
    int32_t birth = sheet->city->persons[sheet->person].birth;
    struct civil civil = {date_to_civil(birth).year + age, month, 1};
    int32_t day = date_from_civil(civil);
    int32_t last = sheet->city->start - 400;
    return day < last ? day : last;
}

static void put_day(const struct sheet *sheet, const char *label, int32_t day)
{
    char text[DATE_SIZE];
    date_format(day, text);
    put(sheet, label, text);
}

static void put_serial(const struct sheet *sheet, const char *label, const char *prefix)
{
    uint32_t serial = dice_roll(sheet->dice, 1000000);
    json_put_text(sheet->fields, label,
                  arena_format(sheet->arena, "%s%06u%06u", prefix, sheet->person + 1, serial));
}

static void put_name(const struct sheet *sheet, const char *label)
{
    json_put_text(sheet->fields, label, name_person(sheet->dice, SEX__CODE__MALE, sheet->arena));
}

static void put_employer(const struct sheet *sheet, const char *label)
{
    uint32_t enterprise = sheet->city->persons[sheet->person].enterprise;
    json_put_text(sheet->fields, label, sheet->city->enterprises[enterprise].name);
}

static const char *const schools[] = {"示例工业大学", "样板建筑职业技术学院", "演示理工学院"};
static const char *const majors[] = {"土木工程", "工程管理", "给排水科学与工程", "建筑电气"};
static const char *const trades[] = {"砌筑工", "钢筋工", "混凝土工", "架子工", "木工"};

static void put_education(const struct sheet *sheet)
{
    static const char *const degrees[] = {"本科", "专科"};
    put(sheet, "学校名称", ONE_OF(sheet, schools));
    put(sheet, "学制", "四年");
    put(sheet, "学历", ONE_OF(sheet, degrees));
    put_name(sheet, "校(院)长");
    put(sheet, "所学专业", ONE_OF(sheet, majors));
    put_day(sheet, "发证日期", day_at_age(sheet, SCHOOL_AGE + STUDY_YEARS, 7));
    put_day(sheet, "开始时间", day_at_age(sheet, SCHOOL_AGE, 9));
    put_day(sheet, "结束时间", day_at_age(sheet, SCHOOL_AGE + STUDY_YEARS, 7));
    put_serial(sheet, "证书编号", "XL");
    put_serial(sheet, "电子注册号", "DZ");
}

static void put_degree(const struct sheet *sheet)
{
    put(sheet, "学校名称", ONE_OF(sheet, schools));
    put(sheet, "所学专业", ONE_OF(sheet, majors));
    put(sheet, "学位名称", "工学学士");
    put_name(sheet, "学位评定委员会主席");
    put_day(sheet, "发证日期", day_at_age(sheet, SCHOOL_AGE + STUDY_YEARS, 7));
    put_serial(sheet, "证书编号", "XW");
}

static void put_title(const struct sheet *sheet, bool assistant)
{
    static const char *const titles[] = {"工程师", "高级工程师"};
    bool by_exam = dice_permille(sheet->dice, 300);
    put(sheet, "职称", assistant ? "助理工程师" : ONE_OF(sheet, titles));
    put(sheet, "专业", "建筑施工");
    put_serial(sheet, "证书编号", "ZC");
    put_day(sheet, "通过(批准)日期", day_at_age(sheet, TITLE_AGE, 12));
    put(sheet, "钢印单位全称", "示例市人力资源和社会保障局");
    if (by_exam) {
        put(sheet, "考试取得", "是");
    } else {
        put(sheet, "职称评审委员会全称", "示例市建设工程中级职称评审委员会");
    }
    put(sheet, "制(发)证机构", "示例市人力资源和社会保障局");
    put(sheet, "是否为农村系列职称", "否");
}

static void put_certificate(const struct sheet *sheet, const char *name, const char *trade,
                            const char *level)
{
    put(sheet, "证书名称", name);
    put(sheet, "专业工种", trade);
    put(sheet, "级别", level);
    put(sheet, "发证机构", "示例市建设行业培训中心");
    put_day(sheet, "发证日期", day_at_age(sheet, TITLE_AGE - 3, 5));
    put_serial(sheet, "证书编号", "JN");
}

static void put_work(const struct sheet *sheet)
{
    put_employer(sheet, "工作单位");
    put_day(sheet, "开始时间", day_at_age(sheet, TITLE_AGE - 4, 3));
    put(sheet, "结束时间", "至今");
    put(sheet, "职称", "工程师");
    put(sheet, "职务", "项目技术负责人");
    put(sheet, "从事工作专业", "建筑施工");
    put_name(sheet, "证明人");
    json_put_text(sheet->fields, "证明人电话",
                  arena_format(sheet->arena, "1350000%04u", dice_roll(sheet->dice, 10000)));
}

static void put_project(const struct sheet *sheet)
{
    static const char *const projects[] = {"示例路住宅楼", "样板区第一小学", "演示大厦"};
    static const char *const roles[] = {"施工-项目经理", "施工-项目技术负责人"};
    put(sheet, "项目名称", ONE_OF(sheet, projects));
    put(sheet, "项目规模及技术指标", "建筑面积 12000 平方米");
    put_day(sheet, "开始时间", day_at_age(sheet, TITLE_AGE - 2, 2));
    put_day(sheet, "结束时间", day_at_age(sheet, TITLE_AGE - 1, 11));
    put(sheet, "本人在工程中所起的作用", ONE_OF(sheet, roles));
    put_employer(sheet, "完成项目的工程单位");
    put(sheet, "资质名称及等级", "建筑工程施工总承包二级");
    put_name(sheet, "证明人");
    put(sheet, "项目所在地省市", "上海市");
    put(sheet, "业绩完成单位所在地省市", "上海市");
}

void record_fields(enum record_kind kind, const struct city *city, uint32_t person,
                   struct dice *dice, struct json *fields, struct arena *arena)
{
    struct sheet sheet = {city, person, dice, fields, arena};
    switch (kind) {
    case RECORD_EDUCATION: put_education(&sheet); break;
    case RECORD_DEGREE: put_degree(&sheet); break;
    case RECORD_TITLE:
    case RECORD_ASSISTANT: put_title(&sheet, kind == RECORD_ASSISTANT); break;
    case RECORD_SKILL:
        put_certificate(&sheet, "职业资格证书", ONE_OF(&sheet, trades), "中级");
        break;
    case RECORD_POST: put_certificate(&sheet, "施工员岗位证书", "土建", "岗位"); break;
    case RECORD_WORK: put_work(&sheet); break;
    case RECORD_PROJECT: put_project(&sheet); break;
    case RECORD_KINDS: BUG("a record of no kind");
    }
}
