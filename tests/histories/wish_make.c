/* wish_make - wishes, and how they go wrong. */
#include <string.h>

#include "events/decide.h"
#include "tests/histories/wish.h"

static const char *const unknown_numbers[] = {"沪建安B(2018)9999999", "沪建安D(2018)0000001",
                                              "皖建安B(2019)0000001", "0000001",
                                              "沪建安B(2018)",        NULL};

static const struct wish_kind *any_kind(struct world *world)
{
    uint32_t total = 0;
    for (size_t i = 0; i < wish_kinds_count; i++) {
        total += wish_kinds[i].weight;
    }
    uint32_t pick = dice_below(world->dice, total);
    size_t kind = 0;
    while (pick >= wish_kinds[kind].weight) {
        pick -= wish_kinds[kind++].weight;
    }
    return &wish_kinds[kind];
}

void wish_make(struct world *world, struct wish *ret)
{
    const struct wish_kind *kind = NULL;
    struct aim aim;
    do { /* rather another kind than one that cannot be accepted today */
        kind = any_kind(world);
        aim = (struct aim){.person = (int)dice_below(world->dice, WORLD_PERSONS),
                           .enterprise = (int)dice_below(world->dice, WORLD_ENTERPRISES - 1),
                           .category = CATEGORY__CODE__B};
        kind->aim(world, &aim);
    } while (!aim.hit && !dice_chance(world->dice, 8));
    *ret = (struct wish){.body = kind->body, .action = action_field(kind->body)->name};
    bool by_clerk =
        kind->actor == BY_CLERK || (kind->actor == BY_CLERK_OR_ENTERPRISE && !aim.by_other);
    bool by_person =
        kind->actor == BY_PERSON || (kind->actor == BY_PERSON_OR_ENTERPRISE && !aim.by_other);
    if (by_clerk) {
        ret->clerk = world->clerks[dice_below(world->dice, 2)];
    } else if (!by_person) {
        ret->enterprise = world->enterprises[aim.enterprise < 0 ? 0 : aim.enterprise].code;
    }
    wish_fill(world, &aim, ret);
}

/* --- spoiling
 * ------------------------------------------------------------------------------------- */

static void remove_value(struct wish *wish, size_t index)
{
    memmove(&wish->values[index], &wish->values[index + 1],
            (wish->count - index - 1) * sizeof wish->values[0]);
    wish->count--;
}

static void add_raw(struct wish *wish, const char *field, const char *json)
{
    if (wish->count < WISH_VALUES_MAX) {
        wish->values[wish->count++] =
            (struct wish_value){.field = field, .form = WISH_RAW, .text = str_of(json)};
    }
}

static str any_number(struct world *world)
{
    const struct model *model = world->model;
    if (model->count == 0 || dice_chance(world->dice, 25)) {
        return str_of(dice_pick(world->dice, unknown_numbers));
    }
    return str_of(model->certificates[dice_below(world->dice, (uint32_t)model->count)].number);
}

static void spoil_actor(struct world *world, struct wish *wish)
{
    static const char *const codes[] = {"91310101MATEX", "甲", "913101010000000000", NULL};
    uint32_t how = dice_below(world->dice, 10);
    const char *other = world->enterprises[dice_below(world->dice, WORLD_ENTERPRISES)].code;
    if (how == 0) {
        wish->enterprise = dice_pick(world->dice, codes);
        wish->clerk = NULL;
    } else if (how == 1 || (how == 2 && wish->clerk == NULL)) {
        wish->clerk = world->clerks[dice_below(world->dice, WORLD_CLERKS)];
    } else if (how == 3) {
        wish->clerk = wish->enterprise = NULL;
    } else if (wish->clerk != NULL && how < 6) {
        wish->clerk = world->clerks[2 + dice_below(world->dice, WORLD_CLERKS - 2)];
    } else {
        wish->enterprise = other;
        wish->clerk = NULL;
    }
}

static void spoil_person(struct world *world, struct wish_person *person)
{
    static const char *const numbers[] = {"310101190001010013", "31010119700228", "", "X1", NULL};
    const struct world_person *other = &world->persons[dice_below(world->dice, WORLD_PERSONS)];
    switch (dice_below(world->dice, 5)) {
    case 0: person->name = STR("无此人"); break;
    case 1: person->id_number = str_of(dice_pick(world->dice, numbers)); break;
    case 2: person->id_type = STR("借书证"); break;
    default:
        person->name = str_of(other->name);
        person->id_type = str_of(world_type(other));
        person->id_number = str_of(world_number(other));
    }
}

static void spoil_list(struct world *world, struct wish_value *value)
{
    if (value->form == WISH_TEXTS) {
        value->list[0] = STR("library_card");
    } else if (value->list_count < WISH_LIST_MAX && dice_chance(world->dice, 50)) {
        value->list[value->list_count++] = any_number(world);
    } else if (value->list_count > 0 && value->list_count < WISH_LIST_MAX) {
        value->list[value->list_count] = value->list[0];
        value->list_count++;
    }
}

static void spoil_value(struct world *world, struct wish *wish)
{
    static const char *const raw[] = {"null",  "12",   "[]",  "{}", "\"\"",
                                      "\"?\"", "true", "1.5", NULL};
    struct wish_value *value = &wish->values[dice_below(world->dice, (uint32_t)wish->count)];
    if (dice_chance(world->dice, 12)) {
        value->form = WISH_RAW;
        value->text = str_of(dice_pick(world->dice, raw));
        return;
    }
    switch (value->form) {
    case WISH_CERTIFICATE: value->text = any_number(world); break;
    case WISH_PERSON: spoil_person(world, &value->person); break;
    case WISH_CERTIFICATES:
    case WISH_TEXTS: spoil_list(world, value); break;
    case WISH_TRUTH: value->truth = !value->truth; break;
    case WISH_COUNT: value->text = STR("999"); break;
    case WISH_DAY: value->day += dice_between(world->dice, -2000, 2000); break;
    case WISH_SELECTION: value->selection.category = STR("Z"); break;
    case WISH_TEXT: value->text = dice_chance(world->dice, 50) ? STR("C9") : STR("王"); break;
    case WISH_RAW: break;
    }
}

/* A wrong confirmation, reason or name where the action has one; a missing field; one too many. */
static void spoil_form(struct world *world, struct wish *wish)
{
    static const char *const extra[] = {"note", "person_id", "attachment", "confirm", "name", NULL};
    uint32_t how = dice_below(world->dice, 8);
    size_t index = dice_below(world->dice, (uint32_t)wish->count);
    if (how == 0) {
        add_raw(wish, dice_pick(world->dice, extra), "\"x\"");
    } else if (how == 1) {
        wish->id = "0123456789012345678901234567890123456789012345678901234567890123456789";
    } else if (how == 2) {
        wish->id = dice_chance(world->dice, 50) ? "a b" : NULL;
    } else if (how == 3 && wish->values[index].form == WISH_TEXT) {
        char *large = arena_new(world->arena, 70000);
        memset(large, 'x', 69999);
        wish->values[index].text = dice_chance(world->dice, 8) ? (str){large, 69999} : STR("");
    } else {
        remove_value(wish, index);
    }
}

void wish_spoil(struct world *world, struct wish *wish)
{
    if (wish->count == 0 || dice_chance(world->dice, 30)) {
        spoil_actor(world, wish);
    } else if (dice_chance(world->dice, 65)) {
        spoil_value(world, wish);
    } else {
        spoil_form(world, wish);
    }
}

void wish_alter(struct world *world, struct wish *wish)
{
    for (size_t i = 0; i < wish->count; i++) {
        struct wish_value *value = &wish->values[i];
        if (value->form == WISH_TRUTH && strcmp(value->field, "confirmed") == 0) {
            value->truth = !value->truth;
            return;
        }
        if (value->form == WISH_TEXT && strcmp(value->field, "decision") == 0) {
            value->text = arena_format(world->arena, "%.*s之二", STR_ARGS(value->text));
            return;
        }
        if (value->form == WISH_TEXT && strcmp(value->field, "notice") == 0) {
            value->text = arena_format(world->arena, "%.*s之二", STR_ARGS(value->text));
            return;
        }
        if (value->form == WISH_TEXT && strcmp(value->field, "new_name") == 0) {
            value->text = STR("又改");
            return;
        }
    }
    struct wish_value other = {.field = "name", .form = WISH_TEXT, .text = STR("别名")};
    struct wish_value *name = wish_value_of(wish, "name");
    if (name != NULL) {
        *name = other;
    } else if (wish->count < WISH_VALUES_MAX) {
        wish->values[wish->count++] = other;
    }
}
