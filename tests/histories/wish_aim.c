/* wish_aim - the table of actions: what each is aimed at, so that it may be accepted. */
#include <string.h>

#include "core/base/date.h"
#include "tests/histories/wish.h"

/* --- which certificates an action may go for -----------------------------------------------------
 */

static bool is_valid(const struct world *world, const struct model_certificate *one)
{
    return model_is_valid(one, world->today);
}

static bool is_paper(const struct world *world, const struct model_certificate *one)
{
    int person = world_person_of(world, one->person);
    return !one->electronic && is_valid(world, one) && person >= 0 &&
           world->persons[person].collected;
}

static bool is_electronic(const struct world *world, const struct model_certificate *one)
{
    return one->electronic && is_valid(world, one);
}

static bool may_leave(const struct world *world, const struct model_certificate *one)
{
    return is_electronic(world, one) && !one->legal;
}

static bool has_exam(const struct world *world, int person, Category__Code category, bool first)
{
    for (size_t i = 0; i < world->exams_count; i++) {
        const struct world_exam *exam = &world->exams[i];
        if (exam->person == person && exam->category == category && exam->first == first &&
            exam->passed && !exam->used && exam->date <= world->today &&
            world->today <= exam->until) {
            return true;
        }
    }
    return false;
}

static bool is_due(const struct world *world, const struct model_certificate *one)
{
    return is_electronic(world, one) && world->today >= date_add_months(one->valid_until, -3) &&
           has_exam(world, world_person_of(world, one->person), one->category, false);
}

static bool is_released(const struct world *world, const struct model_certificate *one)
{
    return one->status == STATUS__CODE__RELEASED && world->today <= one->valid_until;
}

static bool is_free(const struct world *world, const struct model_certificate *one)
{
    return is_released(world, one) && world->today > date_add_months(one->since, 6) &&
           !world_holds(world, world_person_of(world, one->person), one->category) &&
           world_held_at(world, world_person_of(world, one->person)) !=
               world_enterprise_of(world, one->enterprise);
}

static bool is_near(int32_t today, int32_t edge)
{
    return today >= edge - 1 && today <= edge + 1;
}

/* On the very days on which a rule turns. */
static bool is_nearly_free(const struct world *world, const struct model_certificate *one)
{
    return is_released(world, one) && is_near(world->today, date_add_months(one->since, 6));
}

static bool is_nearly_due(const struct world *world, const struct model_certificate *one)
{
    return one->electronic && one->status == STATUS__CODE__VALID &&
           (is_near(world->today, date_add_months(one->valid_until, -3)) ||
            is_near(world->today, one->valid_until)) &&
           has_exam(world, world_person_of(world, one->person), one->category, false);
}

/* Nobody let it go, but nothing else is in the way. */
static bool is_another_s(const struct world *world, const struct model_certificate *one)
{
    return may_leave(world, one) && world->today > date_add_months(one->since, 6) &&
           model_conflicts(world->model, one->person, world->today) == 0;
}

static bool is_gone(const struct world *world, const struct model_certificate *one)
{
    return model_is_ended(one) && one->electronic && world->today <= one->valid_until &&
           world->today > date_add_months(one->since, 6) &&
           !world_holds(world, world_person_of(world, one->person), one->category);
}

static bool is_suspended(const struct world *world, const struct model_certificate *one)
{
    (void)world; /* the day does not matter */
    return one->status == STATUS__CODE__SUSPENDED;
}

static bool is_back(const struct world *world, const struct model_certificate *one)
{
    return is_suspended(world, one) && world->today <= one->valid_until;
}

static bool is_departed(const struct world *world, const struct model_certificate *one)
{
    return one->status == STATUS__CODE__DEPARTED &&
           !world_holds(world, world_person_of(world, one->person), one->category);
}

static bool is_alive(const struct world *world, const struct model_certificate *one)
{
    (void)world; /* the day does not matter */
    return !model_is_ended(one);
}

static bool is_class_a(const struct world *world, const struct model_certificate *one)
{
    return one->category == CATEGORY__CODE__A && is_valid(world, one);
}

static bool is_any(const struct world *world, const struct model_certificate *one)
{
    (void)world;
    (void)one;
    return true;
}

/* --- aims
 * ------------------------------------------------------------------------------------------ */

static void set_certificate(struct world *world, struct aim *aim,
                            const struct model_certificate *one)
{
    aim->certificate = one;
    if (one != NULL) {
        aim->certificates[0] = one->number;
        aim->certificates_count = 1;
        aim->person = world_person_of(world, one->person);
        aim->enterprise = world_enterprise_of(world, one->enterprise);
        aim->category = one->category;
        aim->legal = one->legal;
    }
}

static void aim_at(struct world *world, struct aim *aim, world_fits *best, world_fits *else_one)
{
    const struct model_certificate *one = world_choose(world, best);
    aim->hit = one != NULL;
    if (one == NULL || dice_chance(world->dice, 4)) {
        const struct model_certificate *other =
            world_choose(world, dice_chance(world->dice, 80) ? else_one : is_any);
        one = other != NULL ? other : one;
    }
    set_certificate(world, aim, one);
}

static void aim_exchange(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_paper, is_valid);
}

static void aim_regeneration(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_electronic, is_alive);
}

static bool may_be_issued(struct world *world, const struct world_exam *exam)
{
    return exam->first && exam->passed && !exam->used && exam->date <= world->today &&
           world->today <= exam->until &&
           (!world_holds(world, exam->person, exam->category) || dice_chance(world->dice, 20));
}

static void aim_issue(struct world *world, struct aim *aim)
{
    uint32_t seen = 0;
    aim->category =
        (Category__Code)dice_between(world->dice, CATEGORY__CODE__A, CATEGORY__CODE__C3);
    if (dice_chance(world->dice, 20)) {
        aim->enterprise = (int)dice_below(world->dice, WORLD_ENTERPRISES - 1);
        aim->person =
            dice_chance(world->dice, 90) ? world->enterprises[aim->enterprise].legal : aim->person;
        aim->category = CATEGORY__CODE__A;
        aim->legal = true;
        aim->hit = model_legal(world->model, world->enterprises[aim->enterprise].code,
                               world->today) == 0 ||
                   dice_chance(world->dice, 20);
        return;
    }
    for (size_t i = 0; i < world->exams_count; i++) {
        const struct world_exam *exam = &world->exams[i];
        if (may_be_issued(world, exam) && dice_below(world->dice, ++seen) == 0) {
            aim->person = exam->person;
            aim->category = exam->category;
            aim->hit = true;
        }
    }
    aim->enterprise = world_place_of(world, aim->person);
}

static void aim_extend(struct world *world, struct aim *aim)
{
    aim_at(world, aim, dice_chance(world->dice, 60) ? is_nearly_due : is_due, is_electronic);
}

static void aim_enter(struct world *world, struct aim *aim)
{
    uint32_t seen = 0;
    bool aimed = dice_chance(world->dice, 90);
    for (size_t i = 0; i < world->nationals_count; i++) {
        const struct world_national *national = &world->nationals[i];
        bool good = !national->used && world->today <= national->until &&
                    strcmp(national->state, "注销") == 0 &&
                    !world_holds(world, national->person, national->category) &&
                    world->persons[national->person].collected;
        if ((good || !aimed) && dice_below(world->dice, ++seen) == 0) {
            aim->person = national->person;
            aim->original = national->number;
            aim->hit = true;
        }
    }
    aim->enterprise = world_place_of(world, aim->person);
}

/* Other certificates of the person for which the same holds, into the list. */
static void add_others(struct world *world, struct aim *aim, world_fits *fits)
{
    for (size_t i = 0; i < world->model->count; i++) {
        const struct model_certificate *one = &world->model->certificates[i];
        if (one != aim->certificate && aim->certificates_count < WISH_LIST_MAX &&
            fits(world, one) && strcmp(one->person, aim->certificate->person) == 0 &&
            dice_chance(world->dice, 70)) {
            aim->certificates[aim->certificates_count++] = one->number;
        }
    }
}

static void aim_affiliation(struct world *world, struct aim *aim)
{
    bool takes = dice_chance(world->dice, 12);
    bool wakes = dice_chance(world->dice, 4);
    aim_at(world, aim,
           wakes                          ? is_gone
           : takes                        ? is_another_s
           : dice_chance(world->dice, 40) ? is_nearly_free
                                          : is_free,
           is_released);
    if (aim->certificate == NULL) {
        return;
    }
    int place = takes ? -1 : world_held_at(world, aim->person);
    if (dice_chance(world->dice, 30)) {
        add_others(world, aim, is_free);
    }
    while (place < 0 || (place == aim->enterprise && !dice_chance(world->dice, 8))) {
        place = (int)dice_below(world->dice, WORLD_ENTERPRISES - 1);
    }
    aim->enterprise = place;
}

/* An enterprise whose name on some certificate is another than the register's. */
static bool has_old_name(const struct world *world, const struct model_certificate *one)
{
    int enterprise = world_enterprise_of(world, one->enterprise);
    return model_in_force(one, world->today) && enterprise >= 0 &&
           strcmp(one->enterprise_name, world->enterprises[enterprise].name) != 0;
}

static void aim_rename(struct world *world, struct aim *aim)
{
    aim_at(world, aim, has_old_name, is_valid);
}

static void aim_cancel(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_valid, is_alive);
}

static void aim_depart(struct world *world, struct aim *aim)
{
    aim_at(world, aim, may_leave, is_valid);
    if (aim->certificate != NULL && dice_chance(world->dice, 30)) {
        add_others(world, aim, may_leave);
    }
    if (dice_chance(world->dice, 40)) {
        aim->certificates_count = 0;
    }
}

static void aim_person(struct world *world, struct aim *aim)
{
    aim->person = (int)dice_below(world->dice, WORLD_PERSONS);
    aim->hit = true;
}

static void aim_suspend(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_valid, is_alive);
}

static void aim_reinstate(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_back, is_suspended);
}

static void aim_alive(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_alive, is_any);
}

static void aim_departed(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_departed, is_alive);
}

static void aim_post(struct world *world, struct aim *aim)
{
    aim_at(world, aim, is_class_a, is_alive);
}

/* One person each, and seldom: nothing happens to those any more. */
static void aim_block(struct world *world, struct aim *aim)
{
    aim->person = WORLD_PERSONS - 1;
    aim->hit = dice_chance(world->dice, 15);
}

static void aim_erase(struct world *world, struct aim *aim)
{
    aim->person = WORLD_PERSONS - 2;
    aim->hit = dice_chance(world->dice, 15);
}

const struct wish_kind wish_kinds[] = {
    {ACTION__BODY_EXCHANGE, 10, BY_ENTERPRISE, aim_exchange},
    {ACTION__BODY_REQUEST_REGENERATION, 3, BY_ENTERPRISE, aim_regeneration},
    {ACTION__BODY_ISSUE, 18, BY_ENTERPRISE, aim_issue},
    {ACTION__BODY_EXTEND, 9, BY_ENTERPRISE, aim_extend},
    {ACTION__BODY_ENTER, 10, BY_ENTERPRISE, aim_enter},
    {ACTION__BODY_CHANGE_AFFILIATION, 10, BY_ENTERPRISE, aim_affiliation},
    {ACTION__BODY_RENAME_ENTERPRISE, 3, BY_ENTERPRISE, aim_rename},
    {ACTION__BODY_CANCEL, 9, BY_ENTERPRISE, aim_cancel},
    {ACTION__BODY_DEPART, 3, BY_ENTERPRISE, aim_depart},
    {ACTION__BODY_RENAME_PERSON, 1, BY_CLERK, aim_person},
    {ACTION__BODY_SUSPEND, 3, BY_CLERK, aim_suspend},
    {ACTION__BODY_REINSTATE, 4, BY_CLERK, aim_reinstate},
    {ACTION__BODY_REVOKE, 1, BY_CLERK, aim_alive},
    {ACTION__BODY_WITHDRAW, 1, BY_CLERK, aim_alive},
    {ACTION__BODY_CANCEL_BY_AUTHORITY, 1, BY_CLERK, aim_alive},
    {ACTION__BODY_WITHDRAW_DEPARTURE, 3, BY_CLERK, aim_departed},
    {ACTION__BODY_CORRECT_CERTIFICATE, 2, BY_CLERK, aim_alive},
    {ACTION__BODY_CHANGE_ID_NUMBER, 1, BY_CLERK, aim_person},
    {ACTION__BODY_CHANGE_POST, 2, BY_CLERK, aim_post},
    {ACTION__BODY_EXTEND_BY_NOTICE, 2, BY_CLERK, aim_alive},
    {ACTION__BODY_CONVERT_CATEGORY, 2, BY_CLERK, aim_alive},
    {ACTION__BODY_ADD_RECORD, 12, BY_PERSON_OR_ENTERPRISE, aim_add},
    {ACTION__BODY_EDIT_RECORD, 3, BY_PERSON_OR_ENTERPRISE, aim_edit},
    {ACTION__BODY_DELETE_RECORD, 2, BY_PERSON_OR_ENTERPRISE, aim_delete},
    {ACTION__BODY_ATTACH_SCAN, 10, BY_PERSON_OR_ENTERPRISE, aim_scan},
    {ACTION__BODY_UPLOAD_SIGNATURE, 1, BY_PERSON, aim_person},
    {ACTION__BODY_VERIFY_RECORD, 10, BY_CLERK, aim_verify},
    {ACTION__BODY_REFUSE_RECORD, 2, BY_CLERK, aim_refuse},
    {ACTION__BODY_CANCEL_VERIFICATION, 2, BY_CLERK, aim_unverify},
    {ACTION__BODY_OPEN_APPLICATION, 8, BY_ENTERPRISE, aim_open},
    {ACTION__BODY_ACCEPT_APPLICATION, 5, BY_CLERK, aim_accept},
    {ACTION__BODY_APPROVE_APPLICATION, 4, BY_CLERK, aim_approve},
    {ACTION__BODY_CLOSE_APPLICATION, 2, BY_CLERK_OR_ENTERPRISE, aim_close},
    /* Codes are drawn at random, so the same history in pieces would have others: tests/jobs and
     * tests/scenarios have them. */
    {ACTION__BODY_REQUEST_CODE, 0, BY_PERSON, aim_person},
    {ACTION__BODY_REGISTER_PHONE, 0, BY_PERSON, aim_person},
    {ACTION__BODY_CHANGE_PHONE, 0, BY_CLERK, aim_person},
    {ACTION__BODY_BLOCK_PERSON, 2, BY_CLERK, aim_block},
    {ACTION__BODY_ERASE_PERSON, 2, BY_CLERK, aim_erase},
};
const size_t wish_kinds_count = sizeof wish_kinds / sizeof wish_kinds[0];

const struct wish_kind *wish_kind_find(Action__BodyCase body)
{
    for (size_t i = 0; i < wish_kinds_count; i++) {
        if (wish_kinds[i].body == body) {
            return &wish_kinds[i];
        }
    }
    return NULL;
}
