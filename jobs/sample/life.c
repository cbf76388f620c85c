/* life - see life.h: the calendar, and what is intended when. */
#include "jobs/sample/life.h"

#include <stdlib.h>

#include "core/base/date.h"
#include "events/terms/category.h"
#include "events/terms/validity.h"

enum {
    CONCERN_LIFE = 30,
    FAILED_EXAMS_PERMILLE = 600, /* a slot */
    FAILED_DAYS_MIN = 90,        /* before the month: never on the day of an exam that counts */
    FAILED_DAYS_MAX = 110,
};

void life_plan(struct life *life, uint32_t slot, const struct task *task)
{
    if (slot >= SLOTS) {
        return;
    }
    struct task *kept = ARENA_NEW(&life->city->arena, struct task);
    *kept = *task;
    kept->order = life->tasks_count++;
    kept->next = life->waiting[slot];
    life->waiting[slot] = kept;
}

/* A slot of the enterprise between two days, or SLOTS. */
static uint32_t slot_between(struct life *life, uint32_t enterprise, int32_t first, int32_t last)
{
    int32_t from = first > life->day ? first : life->day + 1;
    if (from > last) {
        return SLOTS;
    }
    uint32_t slot = city_slot_after(life->city, enterprise, dice_range(&life->dice, from, last));
    if (slot < SLOTS && city_slot_day(life->city, slot) > last) {
        slot = city_slot_after(life->city, enterprise, from);
    }
    return slot < SLOTS && city_slot_day(life->city, slot) <= last ? slot : SLOTS;
}

void life_plan_extension(struct life *life, uint32_t certificate)
{
    const struct certificate *c = &life->city->certificates[certificate];
    if (dice_permille(&life->dice, 80)) {
        return; /* some are forgotten, and expire */
    }
    struct task task = {.kind = TASK_EXTEND,
                        .actor = c->enterprise,
                        .person = c->person,
                        .certificate = certificate};
    life_plan(
        life,
        slot_between(life, c->enterprise, validity_extension_opens(c->valid_until), c->valid_until),
        &task);
}

static uint32_t other_enterprise(struct life *life, uint32_t enterprise)
{
    uint32_t count = life->city->enterprises_count;
    return count == 1 ? NONE : (enterprise + 1 + dice_roll(&life->dice, count - 1)) % count;
}

void life_plan_future(struct life *life, uint32_t certificate)
{
    const struct certificate *c = &life->city->certificates[certificate];
    struct task task = {.actor = c->enterprise, .person = c->person, .certificate = certificate};
    uint32_t roll = dice_roll(&life->dice, 1000);
    int32_t first = date_add_months(life->day, 1);
    int32_t last = date_add_months(life->day, 16);
    bool narrow_c = category_is_c(c->category) && c->category != CATEGORY__CODE__C3;
    if (c->legal) {
        task.kind = TASK_CANCEL;
        if (roll < 30) {
            life_plan(life, slot_between(life, c->enterprise, first, last), &task);
        }
        return;
    }
    if (narrow_c && dice_permille(&life->dice, 120)) {
        task.kind = TASK_UPGRADE;
        life_plan(life, slot_between(life, c->enterprise, first, last), &task);
    }
    task.kind = roll < 170 ? TASK_RELEASE : roll < 200 ? TASK_DEPART : TASK_CANCEL;
    if (roll < 225) {
        life_plan(life, slot_between(life, c->enterprise, first, last), &task);
    } else if (roll < 245) {
        task.kind = TASK_POACH;
        task.actor = other_enterprise(life, c->enterprise);
        if (task.actor != NONE) {
            life_plan(life, slot_between(life, task.actor, first, last), &task);
        }
    }
}

/* --- the first day -------------------------------------------------------------------------- */

static void plan_paper(struct life *life, uint32_t certificate)
{
    const struct certificate *c = &life->city->certificates[certificate];
    int32_t start = life->city->start;
    int32_t last = c->valid_until - 100;
    struct task task = {.kind = TASK_EXCHANGE,
                        .actor = c->enterprise,
                        .person = c->person,
                        .certificate = certificate};
    last = last < date_add_months(start, 2) ? date_add_months(start, 2) : last;
    last = last > date_add_months(start, 14) ? date_add_months(start, 14) : last;
    bool odd = c->state != STATE_VALID || c->valid_until < start;
    if (!dice_permille(&life->dice, odd ? 200 : 960)) {
        return; /* stays paper */
    }
    life_plan(life, slot_between(life, c->enterprise, start, last), &task);
}

static void plan_person(struct life *life, uint32_t index)
{
    const struct city *city = life->city;
    const struct person *p = &city->persons[index];
    int32_t start = city->start;
    int32_t end = date_add_months(start, MONTHS) - 1;
    struct task task = {.actor = p->enterprise, .person = index, .certificate = NONE};
    if (p->role == ROLE_WORKER && dice_permille(&life->dice, 5)) {
        task.kind = TASK_RENAME_PERSON;
        task.actor = city->enterprises_count + dice_roll(&life->dice, CLERKS);
        life_plan(life, SLOTS / 2 + dice_roll(&life->dice, SLOTS / 2), &task);
        return;
    }
    if (p->role == ROLE_ENTRANT) {
        task.kind = TASK_ENTER;
        int32_t last = city->nationals[p->national].valid_until;
        last = dice_permille(&life->dice, 30) ? end : last < end ? last : end;
        life_plan(life, slot_between(life, p->enterprise, start, last), &task);
    } else if (p->role == ROLE_ELSEWHERE || (p->role == ROLE_WORKER && p->certificates == NONE &&
                                             dice_permille(&life->dice, 850))) {
        static const Category__Code wanted[] = {
            CATEGORY__CODE__A,  CATEGORY__CODE__B,  CATEGORY__CODE__B, CATEGORY__CODE__C1,
            CATEGORY__CODE__C2, CATEGORY__CODE__C2, CATEGORY__CODE__C3};
        task.kind = TASK_ISSUE;
        task.category = wanted[dice_roll(&life->dice, 7)];
        life_plan(life, slot_between(life, p->enterprise, start, end), &task);
    }
}

static void plan_enterprise(struct life *life, uint32_t index)
{
    const struct enterprise *e = &life->city->enterprises[index];
    int32_t start = life->city->start;
    bool second = life->city->persons[e->legal_person].enterprise != index;
    struct task task = {.kind = TASK_ISSUE_LEGAL,
                        .actor = index,
                        .person = e->legal_person,
                        .certificate = NONE,
                        .category = CATEGORY__CODE__A};
    if (!city_has_legal(life->city, index, start) && dice_permille(&life->dice, 850)) {
        life_plan(life,
                  slot_between(life, index, date_add_months(start, second ? 8 : 0),
                               date_add_months(start, second ? 20 : 12)),
                  &task);
    }
    if (!str_empty(e->new_name)) {
        task.kind = TASK_RENAME_ENTERPRISE;
        life_plan(life, city_slot_after(life->city, index, e->renamed_on), &task);
    }
}

/* --- days ----------------------------------------------------------------------------------- */

static int task_compare(const void *a, const void *b)
{
    const struct task *x = *(const struct task *const *)a;
    const struct task *y = *(const struct task *const *)b;
    if (x->actor != y->actor) {
        return x->actor < y->actor ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static FALLIBLE do_task(struct life *life, const struct task *task, struct error *err)
{
    switch (task->kind) {
    case TASK_EXCHANGE: return deed_exchange(life, task, err);
    case TASK_EXTEND: return deed_extend(life, task, err);
    case TASK_ISSUE: return deed_issue(life, task, err);
    case TASK_ISSUE_LEGAL: return deed_issue_legal(life, task, err);
    case TASK_UPGRADE: return deed_upgrade(life, task, err);
    case TASK_ENTER: return deed_enter(life, task, err);
    case TASK_POACH: return deed_poach(life, task, err);
    case TASK_RELEASE: return deed_release(life, task, err);
    case TASK_TAKE_EARLY: return deed_take_early(life, task, err);
    case TASK_TAKE_OVER: return deed_take_over(life, task, err);
    case TASK_DEPART: return deed_depart(life, task, err);
    case TASK_CANCEL: return deed_cancel(life, task, err);
    case TASK_RENAME_ENTERPRISE: return deed_rename_enterprise(life, task, err);
    case TASK_RENAME_PERSON: return deed_rename_person(life, task, err);
    }
    BUG("a task of no kind");
}

static FALLIBLE live_day(struct life *life, uint32_t slot, struct error *err)
{
    uint32_t count = 0;
    for (const struct task *task = life->waiting[slot]; task != NULL; task = task->next) {
        count++;
    }
    if (count == 0) {
        return OK;
    }
    const struct task **sorted = ARENA_ARRAY(&life->city->arena, const struct task *, count);
    uint32_t at = 0;
    for (const struct task *task = life->waiting[slot]; task != NULL; task = task->next) {
        sorted[at++] = task;
    }
    qsort(sorted, count, sizeof(*sorted), task_compare);
    life->day = city_slot_day(life->city, slot);
    TRY(output_day_begin(life->output, life->day, err));
    for (uint32_t i = 0; i < count; i++) {
        TRY(do_task(life, sorted[i], err));
    }
    return output_day_end(life->output, err);
}

static FALLIBLE live_month(struct life *life, uint32_t month, struct error *err)
{
    for (uint32_t i = 0; i < SLOTS_A_MONTH; i++) {
        TRY(live_day(life, month * SLOTS_A_MONTH + i, err));
        /* Not everybody passes. */
        if (dice_permille(&life->dice, FAILED_EXAMS_PERMILLE)) {
            month_exam(&life->month, dice_roll(&life->dice, life->city->persons_count),
                       CATEGORY__CODE__B, "新取证", "不合格",
                       dice_range(&life->dice, FAILED_DAYS_MIN, FAILED_DAYS_MAX));
        }
    }
    return OK;
}

FALLIBLE life_live(struct city *city, struct output *output, struct error *err)
{
    struct life *life = ARENA_NEW(&city->arena, struct life);
    life->city = city;
    life->output = output;
    life->dice = dice_new(city->options.seed, CONCERN_LIFE);
    life->day = city->start - 1;
    for (uint32_t i = 0; i < city->certificates_count; i++) {
        plan_paper(life, i);
    }
    for (uint32_t i = 0; i < city->persons_count; i++) {
        plan_person(life, i);
    }
    for (uint32_t i = 0; i < city->enterprises_count; i++) {
        plan_enterprise(life, i);
    }
    for (uint32_t month = 0; month < MONTHS; month++) {
        TRY(month_open(output, month, &life->month, err));
        if (!live_month(life, month, err).ok) {
            month_abandon(&life->month);
            return error_trace(err, HERE);
        }
        TRY(month_close(&life->month, err));
    }
    return OK;
}
