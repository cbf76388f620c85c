/* wish_file - wishes about personnel files: what they are aimed at, and what stands in their
 * fields. */
#include <string.h>

#include "core/base/date.h"
#include "tests/histories/wish.h"

/* --- which record or application ---------------------------------------------------------------
 */

typedef bool record_fits(const struct model_record *record);

static const struct model_record *choose(struct world *world, record_fits *fits, int person)
{
    const struct model_record *chosen = NULL;
    uint32_t seen = 0;
    for (size_t i = 0; i < world->model->records_count; i++) {
        const struct model_record *record = &world->model->records[i];
        bool persons = person < 0 || world_person_of(world, record->person) == person;
        if (persons && fits(record) && dice_below(world->dice, ++seen) == 0) {
            chosen = record;
        }
    }
    return chosen;
}

static bool is_loose(const struct model_record *record)
{
    return !record->deleted && record->level == LEVEL__CODE__D;
}

static bool is_editable(const struct model_record *record)
{
    return is_loose(record) && record->kind != FILE_KIND__CODE__SIGNATURE;
}

static bool is_idle(const struct model_record *record)
{
    return is_loose(record) && record->uses == 0;
}

static bool wants_scan(const struct model_record *record)
{
    return is_loose(record) && model_has_original(record->kind) && record->scans == 0;
}

static bool is_shown(const struct model_record *record)
{
    return is_loose(record) && model_has_original(record->kind) && record->scans > 0;
}

static bool has_original(const struct model_record *record)
{
    return is_loose(record) && model_has_original(record->kind);
}

static bool is_seen(const struct model_record *record)
{
    return !record->deleted && record->level == LEVEL__CODE__C && record->uses == 0;
}

static bool is_any(const struct model_record *record)
{
    (void)record;
    return true;
}

static void aim_at(struct world *world, struct aim *aim, record_fits *fits)
{
    aim->record = choose(world, fits, -1);
    aim->hit = aim->record != NULL;
    if (aim->record == NULL || dice_chance(world->dice, 8)) {
        const struct model_record *other = choose(world, is_any, -1);
        aim->record = other != NULL ? other : aim->record;
    }
    if (aim->record != NULL) {
        aim->person = world_person_of(world, aim->record->person);
    }
    aim->by_other = dice_chance(world->dice, 8); /* an enterprise: seldom its own record */
}

void aim_add(struct world *world, struct aim *aim)
{
    aim->file_kind = (FileKind__Code)dice_between(world->dice, FILE_KIND__CODE__EDUCATION,
                                                  FILE_KIND__CODE__PROJECT);
    aim->by_other = dice_chance(world->dice, 15);
    if (aim->by_other && dice_chance(world->dice, 85)) {
        aim->file_kind = FILE_KIND__CODE__SKILL;
        aim->enterprise = world_place_of(world, aim->person);
    }
    aim->hit = world->persons[aim->person].collected;
}

void aim_edit(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_editable);
}

void aim_delete(struct world *world, struct aim *aim)
{
    aim_at(world, aim, dice_chance(world->dice, 85) ? is_idle : is_loose);
}

void aim_scan(struct world *world, struct aim *aim)
{
    aim_at(world, aim, wants_scan);
}

void aim_verify(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_shown);
}

void aim_refuse(struct world *world, struct aim *aim)
{
    aim_at(world, aim, has_original);
}

void aim_unverify(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_seen);
}

/* Somebody who has something to show, at the place that pays his insurance. */
void aim_open(struct world *world, struct aim *aim)
{
    const struct model_record *record = choose(world, model_may_be_chosen, -1);
    if (record != NULL) {
        aim->person = world_person_of(world, record->person);
    }
    aim->enterprise = world_place_of(world, aim->person);
    aim->hit = record != NULL;
}

static void aim_status(struct world *world, struct aim *aim, unsigned statuses, bool sound)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < world->model->applications_count; i++) {
        const struct model_application *one = &world->model->applications[i];
        bool fits = (statuses >> one->status & 1) != 0 && (!sound || model_may_be_accepted(one));
        if ((fits || dice_chance(world->dice, 1)) && dice_below(world->dice, ++seen) == 0) {
            aim->application = one;
            aim->enterprise = world_enterprise_of(world, one->enterprise);
            aim->hit = fits;
        }
    }
    aim->by_other = dice_chance(world->dice, 50);
}

#define IN(status) (1U << APPLICATION_STATUS__CODE__##status)

void aim_accept(struct world *world, struct aim *aim)
{
    aim_status(world, aim, IN(OPEN), dice_chance(world->dice, 90));
}

void aim_approve(struct world *world, struct aim *aim)
{
    aim_status(world, aim, IN(ACCEPTED), dice_chance(world->dice, 90));
}

void aim_close(struct world *world, struct aim *aim)
{
    aim_status(world, aim, IN(OPEN) | IN(ACCEPTED), false);
}

/* --- fields ------------------------------------------------------------------------------------
 */

static const struct {
    FileKind__Code kind;
    const char *name;
    const char *fields;  /* as JSON, with the changing one last and open */
    const char *changes; /* the label that an edit gives another value */
    const char *compared[4];
} kinds[] = {
    {FILE_KIND__CODE__EDUCATION,
     "education",
     "\"学校名称\":\"示例大学\",\"学历\":\"本科\",\"所学专业\":\"土木\",\"发证日期\":"
     "\"2012年7月1日\",",
     "证书编号",
     {"学校名称", "所学专业", "学历", "发证日期"}},
    {FILE_KIND__CODE__DEGREE,
     "degree",
     "\"学校名称\":\"示例大学\",\"学位名称\":\"学士\",\"所学专业\":\"土木\",\"发证日期\":"
     "\"20120701\",",
     "证书编号",
     {"学校名称", "所学专业", "学位名称", "发证日期"}},
    {FILE_KIND__CODE__TITLE,
     "title",
     "\"职称\":\"工程师\",\"通过（批准）日期\":\"2016/12/"
     "1\",\"钢印单位全称\":\"示例局\",\"考试取得\":\"是\","
     "\"制(发)证机构\":\"示例局\",",
     "证书编号",
     {"职称名称", "专业", "通过日期", "是否为农村系列职称"}},
    {FILE_KIND__CODE__SKILL,
     "skill",
     "\"证书名称\":\"技能证书\",\"专业工种\":\"木工\",\"级别\":\"中级\",",
     "证书编号",
     {"证书名称", "专业工种", "级别", NULL}},
    {FILE_KIND__CODE__POST,
     "post",
     "\"证书名称\":\"施工员\",\"专业工种\":\"土建\",\"级别\":\"无\",",
     "证书编号",
     {"证书名称", "专业工种", "级别", NULL}},
    {FILE_KIND__CODE__WORK,
     "work",
     "\"工作单位\":\"示例公司\",\"起止时间\":\"2015-03-01至今\",\"职称\":\"工程师\","
     "\"从事工作专业\":\"土木\","
     "\"证明人\":\"某\",\"证明人电话\":\"13500000000\",",
     "职务",
     {NULL}},
    {FILE_KIND__CODE__PROJECT,
     "project",
     "\"项目所在地省市\":\"上海市\",\"业绩完成单位所在地省市\":\"上海市\",",
     "项目名称",
     {NULL}},
};

static size_t row_of(FileKind__Code kind)
{
    size_t row = 0;
    while (row + 1 < sizeof kinds / sizeof kinds[0] && kinds[row].kind != kind) {
        row++;
    }
    return row;
}

bool put_kind(struct world *world, const struct aim *aim, const struct wish *wish,
              struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->text = str_of(kinds[row_of(aim->file_kind)].name);
    return true;
}

bool put_fields(struct world *world, const struct aim *aim, const struct wish *wish,
                struct wish_value *value)
{
    bool adds = wish->body == ACTION__BODY_ADD_RECORD;
    FileKind__Code kind = adds                  ? aim->file_kind
                          : aim->record != NULL ? aim->record->kind
                                                : FILE_KIND__CODE__WORK;
    size_t row = row_of(kind);
    value->form = WISH_RAW;
    value->text = arena_format(world->arena, "{%s\"%s\":\"%u号\"}", adds ? kinds[row].fields : "",
                               kinds[row].changes, dice_below(world->dice, 1000000));
    return true;
}

bool put_record(struct world *world, const struct aim *aim, const struct wish *wish,
                struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->text = aim->record != NULL ? str_of(aim->record->id) : STR("R1");
    return true;
}

bool put_scan(struct world *world, const struct aim *aim, const struct wish *wish,
              struct wish_value *value)
{
    static const char *const bad[] = {"none.jpg", "photo.jpg",   "empty.pdf", "large.jpg",
                                      "text.pdf", "../else.jpg", "link.pdf",  NULL};
    (void)aim;
    (void)wish;
    value->text =
        dice_chance(world->dice, 85) ? STR("scan.jpg") : str_of(dice_pick(world->dice, bad));
    return true;
}

bool put_role(struct world *world, const struct aim *aim, const struct wish *wish,
              struct wish_value *value)
{
    static const char *const roles[] = {"original", "letter", "review", "copy", NULL};
    (void)aim;
    (void)wish;
    value->text = str_of(dice_pick(world->dice, roles));
    return dice_chance(world->dice, 10);
}

bool put_compared(struct world *world, const struct aim *aim, const struct wish *wish,
                  struct wish_value *value)
{
    size_t row = row_of(aim->record != NULL ? aim->record->kind : FILE_KIND__CODE__WORK);
    (void)wish;
    value->form = WISH_TEXTS;
    for (size_t i = 0; i < 4 && kinds[row].compared[i] != NULL; i++) {
        if (!dice_chance(world->dice, 2)) {
            value->list[value->list_count++] = str_of(kinds[row].compared[i]);
        }
    }
    if (value->list_count == 0) {
        value->list[value->list_count++] = STR("级别");
    }
    return true;
}

/* One name for years: some visits come to more than twenty records. */
bool put_visit(struct world *world, const struct aim *aim, const struct wish *wish,
               struct wish_value *value)
{
    struct civil civil = date_to_civil(world->today);
    (void)aim;
    (void)wish;
    value->text = arena_format(world->arena, "V%d", civil.year / 5);
    return true;
}

bool put_presenter(struct world *world, const struct aim *aim, const struct wish *wish,
                   struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->text = dice_chance(world->dice, 70) ? STR("本人") : STR("委托人");
    return dice_chance(world->dice, 80);
}

bool put_appointment(struct world *world, const struct aim *aim, const struct wish *wish,
                     struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->text = STR("约-1");
    return dice_chance(world->dice, 40);
}

/* Batches are a district's: no enterprise of the world has a city's qualification (R-DL-18). */
bool put_batch(struct world *world, const struct aim *aim, const struct wish *wish,
               struct wish_value *value)
{
    (void)wish;
    value->text = str_of(world->enterprises[aim->enterprise < 0 ? 0 : aim->enterprise].code);
    return dice_chance(world->dice, 12);
}

bool put_refusal(struct world *world, const struct aim *aim, const struct wish *wish,
                 struct wish_value *value)
{
    static const char *const reasons[] = {"scan_unclear",
                                          "scan_not_of_original",
                                          "entry_differs",
                                          "entry_incomplete",
                                          "扫描件与证书原件不一致",
                                          "dislike",
                                          NULL};
    (void)aim;
    (void)wish;
    value->text = str_of(dice_pick(world->dice, reasons));
    return true;
}

bool put_item(struct world *world, const struct aim *aim, const struct wish *wish,
              struct wish_value *value)
{
    (void)world;
    (void)aim;
    (void)wish;
    value->text = STR("建筑工程施工总承包二级");
    return true;
}

/* One person of the list, with some of what may be chosen and now and then something else. */
static str used_of(struct world *world, int index)
{
    const struct world_person *person = &world->persons[index];
    str records = STR("");
    for (size_t i = 0; i < world->model->records_count; i++) {
        const struct model_record *record = &world->model->records[i];
        bool wanted = world_person_of(world, record->person) == index &&
                      model_may_be_chosen(record) && dice_chance(world->dice, 40);
        if ((wanted || dice_below(world->dice, 4000) == 0) && records.size < 300) {
            records = arena_format(world->arena, "%.*s%s\"%s\"", STR_ARGS(records),
                                   str_empty(records) ? "" : ",", record->id);
        }
    }
    return arena_format(world->arena,
                        "{\"person\":{\"name\":\"%s\",\"id_type\":\"%s\",\"id_number\":\"%s\"},"
                        "\"records\":[%.*s]}",
                        person->name, world_type(person), world_number(person), STR_ARGS(records));
}

bool put_persons(struct world *world, const struct aim *aim, const struct wish *wish,
                 struct wish_value *value)
{
    (void)wish;
    int other = (int)dice_below(world->dice, WORLD_PERSONS);
    str one = used_of(world, aim->person < 0 ? 0 : aim->person);
    str two = used_of(world, other);
    bool both = dice_chance(world->dice, 20);
    value->form = WISH_RAW;
    value->text = arena_format(world->arena, "[%.*s%s%.*s]", STR_ARGS(one), both ? "," : "",
                               STR_ARGS(both ? two : STR("")));
    return true;
}

bool put_months(struct world *world, const struct aim *aim, const struct wish *wish,
                struct wish_value *value)
{
    (void)aim;
    (void)wish;
    value->form = WISH_TEXTS;
    for (int i = 0; i < 3; i++) {
        int back = dice_chance(world->dice, 97) ? i : 3 + i;
        struct civil civil = date_to_civil(date_add_months(world->today, -back));
        value->list[value->list_count++] =
            arena_format(world->arena, "%04d-%02d", civil.year, civil.month);
    }
    return dice_chance(world->dice, 40);
}

bool put_application(struct world *world, const struct aim *aim, const struct wish *wish,
                     struct wish_value *value)
{
    (void)world;
    (void)wish;
    value->text = aim->application != NULL ? str_of(aim->application->id) : STR("A1");
    return true;
}
