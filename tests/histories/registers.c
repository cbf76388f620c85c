/* registers - see registers.h. */
#include "tests/histories/registers.h"

#include <stdio.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/map.h"
#include "events/terms/category.h"
#include "events/terms/identity.h"
#include "events/terms/validity.h"
#include "tests/support/test.h"

struct row {
    str cells[IMPORT_COLUMNS_MAX]; /* by column of the kind */
    str key;                       /* what the row is about */
    bool damaged;                  /* the world must not count on it */
    struct arena *arena;
};

static const char *const ordinary[] = {"A", "B", "C1", "C2", "C3", NULL};
static const char *const numbers_of_class[] = {"A", "B", "C", "C1", "C2", "C3", NULL};

static str day_text(struct world *world, int32_t day, struct row *row)
{
    return spell_day(world, day, row->arena);
}

static Category__Code category_of(const char *text)
{
    Category__Code category = CATEGORY__CODE__NONE;
    (void)category_from_text(str_of(text), &category); /* NONE for nonsense */
    return category;
}

static int any_person(struct world *world)
{
    return (int)dice_below(world->dice, WORLD_PERSONS);
}

static int any_enterprise(struct world *world)
{
    return (int)dice_below(world->dice, WORLD_ENTERPRISES - 1);
}

/* Name, kind and number of a person into three cells. */
static void put_person(struct world *world, struct row *row, int index, int name, int type,
                       int number)
{
    const struct world_person *person = &world->persons[index];
    if (name >= 0) {
        row->cells[name] = spell_person_name(world, person->name, row->arena);
    }
    row->cells[type] = str_of(world_type(person));
    row->cells[number] =
        spell_person_number(world, row->cells[type], world_number(person), row->arena);
}

static void write_enterprise(struct world *world, struct row *row)
{
    static const char *const endings[] = {"", "（集团）", "(集团)", "一", "二", NULL};
    int index = any_enterprise(world);
    for (int i = 0; i < 4 && world->enterprises[index].active; i++) { /* rather one that rests */
        index = any_enterprise(world);
    }
    struct world_enterprise *enterprise = &world->enterprises[index];
    struct world_enterprise now = *enterprise;
    if (dice_chance(world->dice, 40)) {
        now.name = arena_format(world->arena, "上海第%d示例建设%s有限公司", index + 1,
                                dice_pick(world->dice, endings))
                       .data;
    }
    if (dice_chance(world->dice, 25)) {
        now.legal = any_person(world);
    }
    now.active = dice_chance(world->dice, enterprise->active ? 95 : 80);
    row->cells[0] = str_of(now.code);
    row->cells[1] = str_of(now.name);
    put_person(world, row, now.legal, 2, 3, 4);
    row->cells[5] = STR("建筑工程施工总承包二级");
    row->cells[6] = now.active ? STR("正常") : STR("注销");
    row->key = str_of(now.code);
    *enterprise = row->damaged ? *enterprise : now;
}

static void write_identity(struct world *world, struct row *row)
{
    static const char *const methods[] = {"读卡", "在线", "人工", NULL};
    int index = any_person(world);
    for (int i = 0; i < 3 && world->persons[index].collected; i++) { /* rather somebody new */
        index = any_person(world);
    }
    const struct world_person *person = &world->persons[index];
    bool resident = strcmp(world_type(person), "身份证") == 0;
    put_person(world, row, index, 0, 5, 6);
    row->cells[1] = str_of(person->sex);
    row->cells[2] = STR("汉");
    row->cells[3] = day_text(world, person->birth, row);
    row->cells[7] = STR("示例分局");
    row->cells[8] = STR("2016-01-01");
    row->cells[9] = STR("长期");
    row->cells[10] = dice_chance(world->dice, 40) ? STR("photo.jpg") : STR("");
    row->cells[11] = STR("示例区1号窗");
    row->cells[12] = day_text(world, world->today - dice_between(world->dice, 0, 3), row);
    row->cells[13] = resident ? str_of(dice_pick(world->dice, methods)) : STR("人工");
    row->cells[14] = dice_chance(world->dice, 75) ? STR("有") : STR("无");
    row->key = str_of(person->id);
}

static void write_clerk(struct world *world, struct row *row)
{
    uint32_t index = dice_below(world->dice, WORLD_CLERKS - 1);
    row->cells[0] = str_of(world->clerks[index]);
    row->cells[1] = STR("石窗口");
    row->cells[2] = index == 1 ? STR("示例区窗口") : STR("示例窗口");
    row->cells[3] = index == 1 ? STR("区") : STR("市");
    row->cells[4] = index == 2 ? STR("离岗") : STR("在岗");
    row->key = row->cells[0];
}

static bool is_nearly_due(const struct world *world, const struct model_certificate *one)
{
    return one->electronic && model_is_valid(one, world->today) &&
           world->today >= date_add_months(one->valid_until, -4);
}

/* What somebody could use: an extension in its window, or a class that is not held. */
static struct world_exam wanted_exam(struct world *world)
{
    struct world_exam exam = {.person = any_person(world), .first = true};
    const struct model_certificate *one = world_choose(world, is_nearly_due);
    if (one != NULL && dice_chance(world->dice, 50)) {
        return (struct world_exam){.person = world_person_of(world, one->person),
                                   .category = one->category};
    }
    for (int i = 0; i < 4; i++) {
        exam.category = category_of(dice_pick(world->dice, ordinary));
        if (!world_holds(world, exam.person, exam.category)) {
            break;
        }
        exam.person = any_person(world);
    }
    return exam;
}

static void write_exam(struct world *world, struct row *row)
{
    struct world_exam exam = wanted_exam(world);
    exam.date = world->today - dice_between(world->dice, 0, 40);
    exam.until = exam.date + dice_between(world->dice, 30, 500);
    exam.passed = dice_chance(world->dice, 93);
    put_person(world, row, exam.person, 0, 1, 2);
    row->cells[3] = category_text(exam.category);
    row->cells[4] = exam.first ? STR("新取证") : STR("延期");
    row->cells[5] = day_text(world, exam.date, row);
    row->cells[6] = exam.passed ? STR("合格") : STR("不合格");
    row->cells[7] = day_text(world, exam.until, row);
    row->cells[8] = arena_format(row->arena, "T%u", ++world->serial);
    row->key = arena_format(row->arena, "%d %d %d %d", exam.person, (int)exam.category, exam.first,
                            exam.date);
    if (!row->damaged && world->exams_count < WORLD_RECORDS_MAX) {
        world->exams[world->exams_count++] = exam;
    }
}

static void write_insurance(struct world *world, struct row *row)
{
    int person = any_person(world);
    int enterprise =
        dice_chance(world->dice, 85) ? world_place_of(world, person) : any_enterprise(world);
    struct civil month =
        date_to_civil(date_add_months(world->today, -dice_between(world->dice, 0, 3)));
    put_person(world, row, person, -1, 0, 1);
    row->cells[2] = str_of(world->enterprises[enterprise < 0 ? 0 : enterprise].code);
    row->cells[3] = arena_format(row->arena, "%04d-%02d", month.year, month.month);
    row->key = arena_format(row->arena, "%d %d %d-%d", person, enterprise, month.year, month.month);
}

static void write_paper(struct world *world, struct row *row)
{
    static const char *const ended[] = {"注销", "失效", "撤销", "吊销", "办理转出", NULL};
    static const char *const posts[] = {"总经理", "技术负责人", "", "门卫", NULL};
    int person = any_person(world);
    const char *class = dice_pick(world->dice, numbers_of_class);
    int enterprise = world_place_of(world, person);
    bool legal = strcmp(class, "A") == 0 && dice_chance(world->dice, 20);
    bool lives = !world_holds(world, person, category_of(class)) && dice_chance(world->dice, 80);
    int32_t issued = world->today - dice_between(world->dice, 0, 1100);
    struct civil day = date_to_civil(issued);
    bool near = dice_chance(world->dice, 25); /* a serial that an issue will come to */
    uint32_t serial = near ? 1 + dice_below(world->dice, 120) : 500000 + ++world->serial;
    str number = arena_format(row->arena, "沪建安%s(%d)%0*u", class, day.year,
                              dice_chance(world->dice, 90) ? 7 : 5, serial);
    row->cells[0] = spell_certificate(world, number, row->arena);
    row->cells[1] = str_of(class);
    put_person(world, row, person, 2, 3, 4);
    row->cells[5] = str_of(world->enterprises[enterprise < 0 ? 0 : enterprise].code);
    row->cells[6] = str_of(world->enterprises[enterprise < 0 ? 0 : enterprise].name);
    row->cells[7] = legal ? STR("法定代表人") : str_of(dice_pick(world->dice, posts));
    row->cells[8] = dice_chance(world->dice, 50) ? day_text(world, issued - 400, row) : STR("");
    row->cells[9] = day_text(world, issued, row);
    row->cells[10] = day_text(world, validity_end_of_issue(issued), row);
    row->cells[11] = lives && dice_chance(world->dice, 93) ? STR("有效")
                     : lives                               ? STR("暂扣")
                                                           : str_of(dice_pick(world->dice, ended));
    row->key = arena_format(row->arena, "%s %d %u", class, day.year, serial);
}

static struct world_national new_national(struct world *world)
{
    static const char *const states[] = {"注销", "注销",     "注销", "注销", "注销", "失效",
                                         "失效", "办理转出", "暂扣", "吊销", "有效", "其他",
                                         "注销", "注销",     "失效", NULL};
    static const char *const provinces[] = {"皖", "苏", "浙", NULL};
    struct world_national national = {.person = any_person(world)};
    const char *class = dice_pick(world->dice, numbers_of_class);
    national.category = category_of(class);
    national.state = dice_pick(world->dice, states);
    bool blocks = strcmp(national.state, "有效") == 0; /* its person wishes for nothing meanwhile */
    national.until = world->today + dice_between(world->dice, -60, blocks ? 90 : 900);
    national.number = arena_format(world->arena, "%s建安%s(2019)%07u",
                                   dice_pick(world->dice, provinces), class, ++world->serial)
                          .data;
    return national;
}

/* Some rows hide the number; two masks of one number are two records. */
static str maybe_masked(struct world *world, const struct world_person *person, str number,
                        struct row *row)
{
    IdType__Code type = ID_TYPE__CODE__NONE;
    if (!dice_chance(world->dice, 18) || !id_type_from_text(str_of(world_type(person)), &type)) {
        return number;
    }
    str plain = str_of(world_number(person));
    if (plain.size == 18 && type == ID_TYPE__CODE__RESIDENT && dice_chance(world->dice, 50)) {
        return arena_format(row->arena, "%.*s************%.*s", STR_ARGS(str_first(plain, 4)),
                            STR_ARGS(str_from(plain, 16)));
    }
    return identity_mask(type, plain, row->arena);
}

static void write_national(struct world *world, struct row *row)
{
    bool again = world->nationals_count > 0 && dice_chance(world->dice, 45);
    struct world_national *known =
        again ? &world->nationals[dice_below(world->dice, (uint32_t)world->nationals_count)] : NULL;
    struct world_national national = again ? *known : new_national(world);
    if (again && strcmp(national.state, "有效") == 0) {
        national.state = "注销";
    }
    int32_t issued = national.until - 1094;
    put_person(world, row, national.person, 1, 2, 3);
    row->cells[0] = spell_certificate(world, str_of(national.number), row->arena);
    row->cells[3] = maybe_masked(world, &world->persons[national.person], row->cells[3], row);
    row->cells[4] = category_text(national.category);
    row->cells[5] = STR("安徽示例建设有限公司");
    row->cells[7] = STR("示例厅");
    row->cells[9] = day_text(world, issued, row);
    row->cells[10] = day_text(world, national.until, row);
    row->cells[11] = str_of(national.state);
    row->key = str_of(national.number);
    if (row->damaged) {
        return;
    }
    if (again) {
        *known = national;
    } else if (world->nationals_count < WORLD_RECORDS_MAX) {
        world->nationals[world->nationals_count++] = national;
    }
}

static void write_registration(struct world *world, struct row *row)
{
    static const char *const kinds[] = {"一级注册建造师", "二级注册建造师", NULL};
    int person = any_person(world);
    const char *kind = dice_pick(world->dice, kinds);
    uint32_t number = dice_below(world->dice, 40);
    put_person(world, row, person, -1, 0, 1);
    row->cells[2] = str_of(kind);
    row->cells[3] = arena_format(row->arena, "沪13%08u", number);
    row->cells[4] = str_of(world->enterprises[any_enterprise(world)].code);
    row->cells[5] = dice_chance(world->dice, 80) ? STR("正常") : STR("注销");
    row->cells[7] = day_text(world, world->today + dice_between(world->dice, -100, 900), row);
    row->key = arena_format(row->arena, "%s %u", kind, number);
}

static void write_contract(struct world *world, struct row *row)
{
    static const char *const roles[] = {"施工-项目经理", "施工-施工管理人员", "监理-总监", NULL};
    int person = any_person(world);
    const char *role = dice_pick(world->dice, roles);
    uint32_t project = dice_below(world->dice, 12);
    put_person(world, row, person, -1, 0, 1);
    row->cells[2] = arena_format(row->arena, "示例%u号楼", project);
    row->cells[4] = str_of(role);
    row->cells[5] = STR("示例建设有限公司");
    row->cells[6] = dice_chance(world->dice, 50) ? STR("二级") : STR("一级");
    row->cells[9] = STR("上海市");
    row->cells[10] = STR("上海市");
    row->key = arena_format(row->arena, "%d %u %s", person, project, role);
}

static const struct {
    const char *kind;
    void (*write)(struct world *world, struct row *row);
} writers[] = {
    {"enterprises", write_enterprise}, {"identities", write_identity},
    {"clerks", write_clerk},           {"exams", write_exam},
    {"insurance", write_insurance},    {"paper", write_paper},
    {"national", write_national},      {"registrations", write_registration},
    {"contracts", write_contract},
};

static int writer_of(const char *kind)
{
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        if (strcmp(writers[i].kind, kind) == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool registers_know(const char *kind)
{
    return writer_of(kind) >= 0;
}

static void damage(struct world *world, const struct import_kind *kind, struct row *row)
{
    static const char *const nonsense[] = {"", "？", "2021-02-29", "\xef\xbf\xbd", "x*", NULL};
    size_t column = 0;
    while (!kind->columns[column].mandatory || dice_chance(world->dice, 50)) {
        column = (column + 1) % kind->columns_count;
    }
    row->cells[column] = str_of(dice_pick(world->dice, nonsense));
}

void registers_write(struct world *world, const struct import_kind *kind, const char *path,
                     unsigned count, bool *ret_unique)
{
    int writer = writer_of(kind->name);
    struct arena arena;
    struct map keys;
    FILE *file = fopen(path, "wb");
    assert_true(writer >= 0);
    assert_non_null(file);
    arena_init(&arena, 0);
    map_init(&keys, &arena);
    *ret_unique = true;
    for (size_t i = 0; i < kind->columns_count; i++) {
        (void)fprintf(file, "%s%s", i > 0 ? "," : "", kind->columns[i].name); /* fclose tells */
    }
    (void)fputc('\n', file);
    for (unsigned n = 0; n < count; n++) {
        bool made = true;
        struct row row = {.damaged = dice_chance(world->dice, 4), .arena = &arena};
        writers[writer].write(world, &row);
        if (row.damaged) {
            damage(world, kind, &row);
            made = false; /* nobody knows what it is about now */
        } else {
            (void)map_put(&keys, str_bytes(row.key), &made);
        }
        *ret_unique &= made;
        for (size_t i = 0; i < kind->columns_count; i++) {
            (void)fprintf(file, "%s%.*s", i > 0 ? "," : "", STR_ARGS(row.cells[i]));
        }
        (void)fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
    arena_release(&arena);
}
