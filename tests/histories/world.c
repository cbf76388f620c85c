/* world - see world.h. */
#include "tests/histories/world.h"

#include <string.h>

#include "core/base/date.h"
#include "events/terms/credit_code.h"
#include "events/terms/identity.h"

static const struct {
    const char *name;
    const char *id_type;
    const char *number; /* NULL: a resident's */
    int year, month, day;
} people[WORLD_PERSONS] = {
    {"赵一", "身份证", NULL, 1970, 2, 28},
    {"钱二", "身份证", NULL, 1972, 2, 29},
    {"阿·买提", "身份证", NULL, 1980, 12, 31},
    {"李四", "身份证", NULL, 1985, 6, 30},
    {"周五", "身份证", NULL, 1990, 1, 1},
    {"吴六", "身份证", NULL, 1991, 8, 31},
    {"郑七", "身份证", NULL, 2000, 2, 29},
    {"王八斤", "身份证", NULL, 1966, 10, 10},
    {"JOHN DOE", "外国护照", "E12345678", 1977, 7, 7},
    {"冯九", "军官证", "军字第20180001号", 1978, 3, 31},
    {"陈十", "身份证", NULL, 1999, 11, 30},
    {"欧阳百", "身份证", NULL, 1988, 5, 5},
};

const char *world_resident(int32_t birth, unsigned order, struct arena *arena)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    struct civil day = date_to_civil(birth);
    str start =
        arena_format(arena, "310101%04d%02d%02d%03u", day.year, day.month, day.day, order % 1000);
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        sum += (start.data[i] - '0') * weights[i];
    }
    return arena_format(arena, "%.*s%c", STR_ARGS(start), "10X98765432"[sum % 11]).data;
}

void world_init(struct world *world, struct arena *arena, struct dice *dice, struct model *model)
{
    static const char *const clerks[WORLD_CLERKS] = {"SH1", "SH2", "SH3", "SH9"};
    static const char *const names[] = {"甲", "乙", "丙（集团）", "丁", "戊"};
    *world = (struct world){.arena = arena, .dice = dice, .model = model};
    world->exams = ARENA_ARRAY(arena, struct world_exam, WORLD_RECORDS_MAX);
    world->nationals = ARENA_ARRAY(arena, struct world_national, WORLD_RECORDS_MAX);
    memcpy(world->clerks, clerks, sizeof clerks);
    for (int i = 0; i < WORLD_PERSONS; i++) {
        struct world_person *person = &world->persons[i];
        person->types[0] = people[i].id_type;
        person->name = people[i].name;
        person->birth =
            date_from_civil((struct civil){people[i].year, people[i].month, people[i].day});
        person->sex = i % 2 == 0 ? "男" : "女";
        person->home = i % (WORLD_ENTERPRISES - 1);
        person->numbers[person->numbers_count++] =
            people[i].number != NULL
                ? people[i].number
                : world_resident(person->birth, (unsigned)(i * 2 + (i % 2 == 0)), arena);
    }
    for (int i = 0; i < WORLD_ENTERPRISES; i++) {
        struct world_enterprise *enterprise = &world->enterprises[i];
        enterprise->code =
            credit_code_complete(arena_format(arena, "91310101MATEX%04d", i + 1), arena).data;
        enterprise->name = arena_format(arena, "上海%s示例建设有限公司", names[i]).data;
        enterprise->legal = i < 2 ? 0 : i; /* one person is it of two */
        enterprise->active = true;
    }
}

int world_person_of(const struct world *world, const char *person_id)
{
    for (int i = 0; i < WORLD_PERSONS; i++) {
        if (world->persons[i].id != NULL && strcmp(world->persons[i].id, person_id) == 0) {
            return i;
        }
    }
    return -1;
}

int world_enterprise_of(const struct world *world, const char *code)
{
    for (int i = 0; i < WORLD_ENTERPRISES; i++) {
        if (strcmp(world->enterprises[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

const char *world_number(const struct world_person *person)
{
    return person->numbers[person->numbers_count - 1];
}

const char *world_type(const struct world_person *person)
{
    return person->types[person->numbers_count - 1];
}

/* --- learning -----------------------------------------------------------------------------------
 */

static void learn_exam(struct world *world, const ExamKey *key)
{
    if (key == NULL) {
        return;
    }
    int person = world_person_of(world, key->person_id);
    for (size_t i = 0; i < world->exams_count; i++) {
        struct world_exam *exam = &world->exams[i];
        exam->used |= exam->person == person && exam->category == key->category &&
                      exam->first == (key->kind == EXAM_KIND__CODE__FIRST) &&
                      exam->date == key->exam_date->days;
    }
}

static void learn_entry(struct world *world, const CertificateEntered *entered)
{
    for (size_t i = 0; i < world->nationals_count; i++) {
        struct world_national *national = &world->nationals[i];
        national->used |= strcmp(national->number, entered->original_certificate) == 0;
    }
}

static void learn_name(struct world *world, const char *person_id, const Personal *personal,
                       bool collected)
{
    int person = world_person_of(world, person_id);
    if (person >= 0 && personal != NULL && personal->name[0] != 0) {
        world->persons[person].name = arena_c_string(world->arena, str_of(personal->name));
        world->persons[person].collected |= collected;
    }
}

static void learn_number(struct world *world, const PersonNumberChanged *changed)
{
    int index = world_person_of(world, changed->person_id);
    if (index < 0 || changed->personal == NULL) {
        return;
    }
    struct world_person *person = &world->persons[index];
    if (person->numbers_count < WORLD_NUMBERS_MAX) {
        person->types[person->numbers_count] =
            arena_c_string(world->arena, id_type_text(changed->personal->id_type));
        person->numbers[person->numbers_count++] =
            arena_c_string(world->arena, str_of(changed->personal->id_number));
    }
}

void world_learn(struct world *world, const Event *event)
{
    /* Only what later wishes lean on; the model knows the certificates. */
    if (event->body_case == EVENT__BODY_CERTIFICATE_ISSUED) {
        learn_exam(world, event->certificate_issued->exam);
    } else if (event->body_case == EVENT__BODY_CERTIFICATE_EXTENDED) {
        learn_exam(world, event->certificate_extended->exam);
    } else if (event->body_case == EVENT__BODY_CERTIFICATE_ENTERED) {
        learn_entry(world, event->certificate_entered);
    } else if (event->body_case == EVENT__BODY_PERSON_RENAMED) {
        learn_name(world, event->person_renamed->person_id, event->person_renamed->personal, false);
    } else if (event->body_case == EVENT__BODY_IDENTITY_COLLECTED) {
        learn_name(world, event->identity_collected->person_id, event->identity_collected->personal,
                   true);
    } else if (event->body_case == EVENT__BODY_PERSON_NUMBER_CHANGED) {
        learn_number(world, event->person_number_changed);
    }
}

/* --- choosing -----------------------------------------------------------------------------------
 */

const struct model_certificate *world_choose(const struct world *world, world_fits *fits)
{
    const struct model_certificate *chosen = NULL;
    uint32_t seen = 0;
    for (size_t i = 0; i < world->model->count; i++) {
        if (fits(world, &world->model->certificates[i]) && dice_below(world->dice, ++seen) == 0) {
            chosen = &world->model->certificates[i];
        }
    }
    return chosen;
}

int world_held_at(const struct world *world, int person)
{
    for (size_t i = 0; i < world->model->count; i++) {
        const struct model_certificate *one = &world->model->certificates[i];
        if (!one->legal && model_in_force(one, world->today) &&
            world_person_of(world, one->person) == person) {
            return world_enterprise_of(world, one->enterprise);
        }
    }
    return -1;
}

int world_place_of(const struct world *world, int person)
{
    int held = world_held_at(world, person);
    return held >= 0 ? held : world->persons[person].home;
}

bool world_holds(const struct world *world, int person, Category__Code category)
{
    for (size_t i = 0; i < world->model->count; i++) {
        const struct model_certificate *one = &world->model->certificates[i];
        if (!one->legal && model_in_force(one, world->today) &&
            model_same_kind(one->category, category) &&
            world_person_of(world, one->person) == person) {
            return true;
        }
    }
    return false;
}

/* --- days ---------------------------------------------------------------------------------------
 */

static int32_t month_end(int32_t day)
{
    struct civil civil = date_to_civil(day);
    return date_add_months(date_from_civil((struct civil){civil.year, civil.month, 1}), 1) - 1;
}

static bool has_edges(const struct world *world, const struct model_certificate *one)
{
    return !model_is_ended(one) && world->today <= one->valid_until + 1;
}

/* An edge in the life of some certificate, if it is soon. */
static int32_t edge_of(struct world *world)
{
    for (int i = 0; i < 4; i++) {
        const struct model_certificate *one = world_choose(world, has_edges);
        if (one == NULL) {
            break;
        }
        bool released = one->status == STATUS__CODE__RELEASED;
        int32_t edge = released                       ? date_add_months(one->since, 6)
                       : dice_chance(world->dice, 70) ? date_add_months(one->valid_until, -3)
                                                      : one->valid_until;
        edge += dice_between(world->dice, -1, 1);
        if (edge > world->today && edge < world->today + 150) {
            return edge;
        }
    }
    return world->today;
}

int32_t world_next_day(struct world *world)
{
    int32_t today = world->today;
    int year = date_to_civil(today).year;
    switch (dice_below(world->dice, 12)) {
    case 0:
    case 1: return today;
    case 2: return today + 1;
    case 3: return month_end(today);
    case 4: return month_end(today) + 1;
    case 5:
        return date_from_civil((struct civil){year + 1, 3, 1}) - 1 - today < 120
                   ? date_from_civil((struct civil){year + 1, 3, 1}) - 1
                   : today + 7;
    case 6:
    case 7:
    case 8: return edge_of(world);
    case 9: return today + dice_between(world->dice, 20, 45);
    case 10: return today + dice_between(world->dice, 1, 15);
    default: return dice_chance(world->dice, 15) ? date_add_months(today, 6) + 1 : today + 3;
    }
}

/* --- spellings ----------------------------------------------------------------------------------
 */

str spell_certificate(struct world *world, str number, struct arena *arena)
{
    size_t open = str_find_byte(number, '(');
    size_t close = str_find_byte(number, ')');
    if (close >= number.size || open >= close || dice_chance(world->dice, 55)) {
        return number;
    }
    str before = str_first(number, open);
    str year = str_first(str_from(number, open + 1), close - open - 1);
    str serial = str_from(number, close + 1);
    switch (dice_below(world->dice, 4)) {
    case 0:
        return arena_format(arena, "%.*s（%.*s）%.*s", STR_ARGS(before), STR_ARGS(year),
                            STR_ARGS(serial));
    case 1:
        return arena_format(arena, " %.*s (%.*s) %.*s　", STR_ARGS(before), STR_ARGS(year),
                            STR_ARGS(serial));
    case 2:
        return arena_format(arena, "%.*s（%.*s)%.*s ", STR_ARGS(before), STR_ARGS(year),
                            STR_ARGS(serial));
    default: break;
    }
    str wide = STR("");
    for (size_t i = 0; i < serial.size; i++) { /* U+FF10 + digit */
        wide = arena_format(arena, "%.*s\xef\xbc%c", STR_ARGS(wide),
                            (char)(0x90 + (serial.data[i] - '0')));
    }
    return arena_format(arena, "%.*s(%.*s)%.*s", STR_ARGS(before), STR_ARGS(year), STR_ARGS(wide));
}

str spell_day(struct world *world, int32_t day, struct arena *arena)
{
    struct civil civil = date_to_civil(day);
    switch (dice_below(world->dice, 4)) {
    case 0: return arena_format(arena, "%d/%d/%d", civil.year, civil.month, civil.day);
    case 1: return arena_format(arena, "%04d%02d%02d", civil.year, civil.month, civil.day);
    case 2: return arena_format(arena, "%d年%d月%d日", civil.year, civil.month, civil.day);
    default: break;
    }
    return arena_format(arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

str spell_person_number(struct world *world, str type, const char *number, struct arena *arena)
{
    str text = str_of(number);
    bool resident = text.size == 18 && str_equal(type, STR("身份证"));
    if (dice_chance(world->dice, 60)) {
        return text;
    }
    if (resident && str_starts_with(str_from(text, 6), STR("19")) && dice_chance(world->dice, 50)) {
        str middle = str_first(str_from(text, 8), 9);
        return arena_format(arena, "%.*s%.*s", STR_ARGS(str_first(text, 6)),
                            STR_ARGS(middle)); /* as it was before 1999 */
    }
    if (resident && text.data[17] == 'X') {
        return arena_format(arena, "%.*sx", STR_ARGS(str_first(text, 17)));
    }
    return arena_format(arena, " %.*s　", STR_ARGS(text));
}

str spell_person_name(struct world *world, const char *name, struct arena *arena)
{
    const char *dot = strstr(name, "·");
    if (dice_chance(world->dice, 70)) {
        return str_of(name);
    }
    if (dot != NULL) {
        str before = {name, (size_t)(dot - name)};
        return arena_format(arena, "%.*s•%s", STR_ARGS(before), dot + strlen("·"));
    }
    return arena_format(arena, "　%s ", name);
}
