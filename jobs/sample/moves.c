/* moves - leaving, coming, ending and new names; see life.h. */
#include "events/terms/validity.h"
#include "jobs/sample/life.h"
#include "jobs/sample/names.h"

enum { HELD_MAX = 8 };

/* The person's ordinary certificates in force, newest first. */
struct held {
    uint32_t items[HELD_MAX];
    uint32_t count;
    bool clean; /* all electronic, not suspended, at one enterprise, and nothing else is in force */
};

static struct held held_at(const struct life *life, uint32_t person, uint32_t enterprise)
{
    const struct city *city = life->city;
    struct held held = {.clean = true};
    for (uint32_t i = city->persons[person].certificates; i != NONE;
         i = city->certificates[i].next) {
        const struct certificate *c = &city->certificates[i];
        if (!city_in_force(c, life->day)) {
            continue;
        }
        if (c->legal || c->enterprise != enterprise || !c->electronic || c->state != STATE_VALID ||
            held.count == HELD_MAX) {
            held.clean = false;
        } else {
            held.items[held.count++] = i;
        }
    }
    held.clean = held.clean && held.count != 0;
    return held;
}

static struct json *cancel_wish(struct life *life, const struct task *task, uint32_t certificate,
                                const char *reason)
{
    struct json *wish = wish_begin(life, task, "cancel");
    wish_certificate(life, wish, certificate);
    json_put_text(wish, "reason", str_of(reason));
    wish_confirm(wish);
    return wish;
}

static struct json *list_wish(struct life *life, const struct task *task, const char *action,
                              const struct held *held)
{
    struct json *wish = wish_begin(life, task, action);
    struct json *list = NULL;
    wish_person(life, wish, task->person);
    for (uint32_t i = 0; i < held->count; i++) {
        wish_list(life, wish, held->items[i], &list);
    }
    wish_confirm(wish);
    return wish;
}

/* --- from one enterprise to another --------------------------------------------------------- */

FALLIBLE deed_poach(struct life *life, const struct task *task, struct error *err)
{
    const struct certificate *c = &life->city->certificates[task->certificate];
    struct held one = {.items = {task->certificate}, .count = 1};
    if (c->state != STATE_VALID || life->day > c->valid_until || c->enterprise == task->actor) {
        return OK;
    }
    if (dice_permille(&life->dice, 500)) {
        struct json *wish = cancel_wish(life, task, task->certificate, "employment_ended");
        return wish_end(life, task, wish, "not_own_certificate", err);
    }
    return wish_end(life, task, list_wish(life, task, "change_affiliation", &one), "not_released",
                    err);
}

/* Somebody else employs the person, in most cases. */
static void plan_take_over(struct life *life, const struct task *task, const struct held *held)
{
    struct city *city = life->city;
    int32_t opens = life->day + 5;
    int32_t last = INT32_MAX;
    for (uint32_t i = 0; i < held->count; i++) {
        const struct certificate *c = &city->certificates[held->items[i]];
        int32_t takeover = validity_takeover_opens(c->since);
        opens = takeover > opens ? takeover : opens;
        last = c->valid_until < last ? c->valid_until : last;
    }
    if (city->enterprises_count < 2 || dice_permille(&life->dice, 120)) {
        return;
    }
    struct task next = *task;
    next.actor = (task->actor + 1 + dice_roll(&life->dice, city->enterprises_count - 1)) %
                 city->enterprises_count;
    uint32_t early = city_slot_after(city, next.actor, life->day + 3);
    if (early < SLOTS && city_slot_day(city, early) < opens && dice_permille(&life->dice, 250)) {
        next.kind = TASK_TAKE_EARLY;
        life_plan(life, early, &next);
    }
    uint32_t slot = city_slot_after(city, next.actor, opens + dice_range(&life->dice, 0, 60));
    if (slot < SLOTS && city_slot_day(city, slot) <= last) {
        next.kind = TASK_TAKE_OVER;
        life_plan(life, slot, &next);
    }
}

FALLIBLE deed_release(struct life *life, const struct task *task, struct error *err)
{
    struct held held = held_at(life, task->person, task->actor);
    if (!held.clean) {
        return OK;
    }
    for (uint32_t i = 0; i < held.count; i++) {
        struct json *wish = cancel_wish(life, task, held.items[i], "employment_ended");
        TRY(wish_end(life, task, wish, NULL, err));
        life->city->certificates[held.items[i]].state = STATE_RELEASED;
    }
    if (dice_permille(&life->dice, 20)) {
        struct json *wish = cancel_wish(life, task, held.items[0], "employment_ended");
        TRY(wish_end(life, task, wish, "already_ended", err));
    }
    plan_take_over(life, task, &held);
    return OK;
}

/* What was released together and is still there to be taken; nothing when the person holds anything
 * in force meanwhile. */
static struct held released(const struct life *life, const struct task *task)
{
    const struct city *city = life->city;
    uint32_t from = city->certificates[task->certificate].enterprise;
    struct held held = {.clean = true};
    for (uint32_t i = city->persons[task->person].certificates; i != NONE;
         i = city->certificates[i].next) {
        const struct certificate *c = &city->certificates[i];
        if (city_in_force(c, life->day) && !c->legal) {
            held.clean = false;
        }
        if (c->state == STATE_RELEASED && c->enterprise == from && life->day <= c->valid_until &&
            held.count < HELD_MAX) {
            held.items[held.count++] = i;
        }
    }
    held.clean = held.clean && held.count != 0 && from != task->actor;
    return held;
}

static bool takeover_open(const struct life *life, const struct held *held)
{
    for (uint32_t i = 0; i < held->count; i++) {
        if (life->day < validity_takeover_opens(life->city->certificates[held->items[i]].since)) {
            return false;
        }
    }
    return true;
}

FALLIBLE deed_take_early(struct life *life, const struct task *task, struct error *err)
{
    struct held held = released(life, task);
    if (!held.clean || takeover_open(life, &held)) {
        return OK;
    }
    /* The first faulty one of the list answers: only that one is named. */
    for (uint32_t i = 0; i < held.count; i++) {
        struct held one = {.items = {held.items[i]}, .count = 1};
        if (!takeover_open(life, &one)) {
            return wish_end(life, task, list_wish(life, task, "change_affiliation", &one),
                            "held_six_months_or_less", err);
        }
    }
    return OK;
}

FALLIBLE deed_take_over(struct life *life, const struct task *task, struct error *err)
{
    struct city *city = life->city;
    struct held held = released(life, task);
    if (!held.clean || !takeover_open(life, &held)) {
        return OK;
    }
    TRY(wish_end(life, task, list_wish(life, task, "change_affiliation", &held), NULL, err));
    city->persons[task->person].enterprise = task->actor;
    for (uint32_t i = 0; i < held.count; i++) {
        struct certificate *c = &city->certificates[held.items[i]];
        c->state = STATE_VALID;
        c->enterprise = task->actor;
        c->since = life->day;
        c->named_on = life->day;
        life_plan_extension(life, held.items[i]);
    }
    if (dice_permille(&life->dice, 30)) {
        TRY(wish_end(life, task, list_wish(life, task, "change_affiliation", &held),
                     "same_enterprise", err));
    }
    life_plan_future(life, held.items[0]);
    return OK;
}

/* --- ends ----------------------------------------------------------------------------------- */

FALLIBLE deed_depart(struct life *life, const struct task *task, struct error *err)
{
    struct held held = held_at(life, task->person, task->actor);
    if (!held.clean) {
        return OK;
    }
    struct held none = {.count = 0}; /* without a list it means all */
    const struct held *named = dice_permille(&life->dice, 400) ? &none : &held;
    TRY(wish_end(life, task, list_wish(life, task, "depart", named), NULL, err));
    for (uint32_t i = 0; i < held.count; i++) {
        life->city->certificates[held.items[i]].state = STATE_ENDED;
    }
    if (dice_permille(&life->dice, 60)) {
        TRY(wish_end(life, task, list_wish(life, task, "depart", &held), "already_ended", err));
    }
    return OK;
}

FALLIBLE deed_cancel(struct life *life, const struct task *task, struct error *err)
{
    struct certificate *c = &life->city->certificates[task->certificate];
    bool deceased = dice_permille(&life->dice, 250);
    if (c->enterprise != task->actor || c->state != STATE_VALID) {
        return OK;
    }
    if (dice_permille(&life->dice, 30)) {
        struct json *wish = cancel_wish(life, task, task->certificate, "other");
        TRY(wish_end(life, task, wish, "bad_reason", err));
    }
    struct json *wish = cancel_wish(life, task, task->certificate,
                                    deceased ? "deceased_or_incapacitated" : "employment_ended");
    TRY(wish_end(life, task, wish, NULL, err));
    bool stays = !deceased && !c->legal && c->electronic && life->day <= c->valid_until;
    c->state = stays ? STATE_RELEASED : STATE_ENDED;
    return OK;
}

/* --- names ---------------------------------------------------------------------------------- */

static struct json *rename_wish(struct life *life, const struct task *task)
{
    struct json *wish = wish_begin(life, task, "rename_enterprise");
    wish_confirm(wish);
    return wish;
}

FALLIBLE deed_rename_enterprise(struct life *life, const struct task *task, struct error *err)
{
    struct city *city = life->city;
    int32_t since = city->enterprises[task->actor].renamed_on;
    uint32_t count = 0;
    for (uint32_t i = 0; i < city->certificates_count; i++) {
        struct certificate *c = &city->certificates[i];
        if (c->enterprise == task->actor && city_in_force(c, life->day) && c->named_on < since) {
            c->named_on = life->day;
            count++;
        }
    }
    TRY(wish_end(life, task, rename_wish(life, task), count == 0 ? "name_not_changed" : NULL, err));
    if (dice_permille(&life->dice, 100)) {
        TRY(wish_end(life, task, rename_wish(life, task), "name_not_changed", err));
    }
    return OK;
}

enum materials { MATERIALS_COMPLETE, MATERIALS_INCOMPLETE };

static struct json *rename_person_wish(struct life *life, const struct task *task, str name,
                                       enum materials materials)
{
    struct json *wish = wish_begin(life, task, "rename_person");
    wish_person(life, wish, task->person);
    json_put_text(wish, "new_name", name);
    struct json *list = json_put_list(wish, "materials");
    json_add_text(list, STR("enterprise_statement"));
    json_add_text(list, STR("id_card"));
    json_add_text(list, STR("household_register"));
    if (materials == MATERIALS_COMPLETE) {
        json_add_text(list, STR("certificates"));
    }
    return wish;
}

FALLIBLE deed_rename_person(struct life *life, const struct task *task, struct error *err)
{
    struct city *city = life->city;
    struct person *person = &city->persons[task->person];
    str name = name_person(&life->dice, person->sex, &city->arena);
    for (uint32_t i = person->certificates; i != NONE; i = city->certificates[i].next) {
        if (!city->certificates[i].electronic) {
            return OK; /* what is on paper keeps its name */
        }
    }
    if (str_equal(name, person->name)) {
        return OK;
    }
    if (dice_permille(&life->dice, 200)) {
        struct json *wish = rename_person_wish(life, task, name, MATERIALS_INCOMPLETE);
        TRY(wish_end(life, task, wish, "materials_incomplete", err));
    }
    TRY(wish_end(life, task, rename_person_wish(life, task, name, MATERIALS_COMPLETE), NULL, err));
    if (dice_permille(&life->dice, 150)) { /* still the old name */
        struct json *wish = rename_person_wish(life, task, name, MATERIALS_COMPLETE);
        TRY(wish_end(life, task, wish, "identity_mismatch", err));
    }
    person->name = name;
    return OK;
}
