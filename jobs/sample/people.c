/* people - see people.h.
 *
 * The first persons are the legal representatives. Shares of the others are in permille and made so
 * that every wish and most refusals occur from some hundred persons on. */
#include "jobs/sample/people.h"

#include "core/base/date.h"
#include "core/base/error.h"
#include "events/terms/number.h"
#include "events/terms/validity.h"
#include "jobs/sample/dice.h"
#include "jobs/sample/names.h"

enum concern {
    CONCERN_ENTERPRISES = 1,
    CONCERN_PERSONS,
    CONCERN_PAPERS,
    CONCERN_NATIONALS,
};

static void invent_enterprise(struct city *city, uint32_t index, struct dice *dice)
{
    struct enterprise *e = &city->enterprises[index];
    e->code = code_enterprise(index, &city->arena);
    e->name = name_enterprise(dice, index, &city->arena);
    e->slot = dice_roll(dice, SLOTS_A_MONTH);
    /* Some persons represent two enterprises: the second certificate takes the first one's dates.
     */
    uint32_t person = index % 25 == 7 ? index - 1 : index;
    e->legal_person = person % city->persons_count;
    if (dice_permille(dice, 90)) {
        e->new_name = name_enterprise(dice, index + city->enterprises_count, &city->arena);
        e->renamed_on = city_month_start(city, 6 + dice_roll(dice, MONTHS - 8));
    }
}

static IdType__Code invent_id_type(struct dice *dice)
{
    static const IdType__Code others[] = {
        ID_TYPE__CODE__PERMANENT_RESIDENT, ID_TYPE__CODE__HK_MACAU_RESIDENCE,
        ID_TYPE__CODE__TAIWAN_RESIDENCE,   ID_TYPE__CODE__HK_MACAU_PERMIT,
        ID_TYPE__CODE__TAIWAN_PERMIT,      ID_TYPE__CODE__PASSPORT,
    };
    return dice_permille(dice, 15) ? others[dice_roll(dice, 6)] : ID_TYPE__CODE__RESIDENT;
}

static enum role invent_role(const struct city *city, uint32_t index, struct dice *dice)
{
    uint32_t roll = dice_roll(dice, 1000);
    if (index < city->enterprises_count) {
        return ROLE_LEGAL;
    }
    return roll < 80   ? ROLE_ENTRANT
           : roll < 84 ? ROLE_ELSEWHERE
           : roll < 90 ? ROLE_UNCOLLECTED
                       : ROLE_WORKER;
}

/* Enterprises are of very different size: the lower of two throws. */
static uint32_t invent_employer(const struct city *city, struct dice *dice)
{
    uint32_t a = dice_roll(dice, city->enterprises_count);
    uint32_t b = dice_roll(dice, city->enterprises_count);
    return a < b ? a : b;
}

static void invent_person(struct city *city, uint32_t index, struct dice *dice)
{
    struct person *p = &city->persons[index];
    p->sex = dice_permille(dice, 190) ? SEX__CODE__FEMALE : SEX__CODE__MALE;
    p->id_type = invent_id_type(dice);
    p->number = number_resident(index, p->sex, &city->arena, &p->birth);
    if (p->id_type != ID_TYPE__CODE__RESIDENT) {
        p->number = number_other(p->id_type, index, p->sex, p->birth, &city->arena);
    }
    p->name = dice_permille(dice, 12) ? name_dotted(dice, &city->arena)
                                      : name_person(dice, p->sex, &city->arena);
    p->role = invent_role(city, index, dice);
    p->enterprise = index < city->enterprises_count ? index : invent_employer(city, dice);
    p->certificates = NONE;
    p->insured_at = NONE;
    p->national = NONE;
}

/* --- paper ---------------------------------------------------------------------------------- */

static Category__Code invent_category(struct dice *dice)
{
    uint32_t roll = dice_roll(dice, 100);
    return roll < 10   ? CATEGORY__CODE__A
           : roll < 48 ? CATEGORY__CODE__B
           : roll < 66 ? CATEGORY__CODE__C
           : roll < 74 ? CATEGORY__CODE__C1
           : roll < 88 ? CATEGORY__CODE__C2
                       : CATEGORY__CODE__C3;
}

/* Paper numbers are of years before the life of the city, so that they never meet new ones. */
static uint32_t add_paper(struct city *city, uint32_t person, Category__Code category,
                          int32_t issued, struct dice *dice)
{
    struct certificate paper = {
        .person = person,
        .enterprise = city->persons[person].enterprise,
        .category = category,
        .legal = city->persons[person].role == ROLE_LEGAL,
        .paper_state = "有效",
        .first_issued = issued,
        .issued = issued,
        .valid_until = validity_end_of_issue(issued),
        .since = issued,
        .named_on = city->start - 1,
    };
    paper.year = date_to_civil(issued).year;
    /* One in five was extended once: the number is older than the paper. */
    if (dice_permille(dice, 200)) {
        paper.first_issued = date_add_months(issued, -36);
        paper.year = date_to_civil(paper.first_issued).year;
    }
    paper.serial = city->certificates_count + 1; /* unique, whatever the year */
    return city_add_certificate(city, &paper);
}

static int32_t invent_issue_day(const struct city *city, struct dice *dice)
{
    int32_t first = date_add_months(city->start, -36) + 20;
    int32_t last = date_from_civil((struct civil){date_to_civil(city->start).year - 1, 12, 31});
    return dice_range(dice, first, last);
}

/* What was over before the life of the city, and what stays suspended. */
static void add_odd_paper(struct city *city, uint32_t person, struct dice *dice)
{
    static const char *const states[] = {"暂扣", "注销", "撤销", "吊销", "办理转出", "失效"};
    uint32_t roll = dice_roll(dice, 100);
    uint32_t index = add_paper(
        city, person, CATEGORY__CODE__B,
        roll < 60 ? date_add_months(city->start, -36) - 40 : invent_issue_day(city, dice), dice);
    struct certificate *paper = &city->certificates[index];
    if (roll >= 60) {
        uint32_t which = roll < 80 ? 0 : dice_roll(dice, 6);
        paper->paper_state = states[which];
        paper->state = which == 0 ? STATE_SUSPENDED : STATE_ENDED;
    }
}

static void invent_papers(struct city *city, uint32_t person, struct dice *dice)
{
    uint32_t roll = dice_roll(dice, 1000);
    enum role role = city->persons[person].role;
    uint32_t own = city->persons[person].enterprise;
    if (role == ROLE_LEGAL) {
        if (roll < 620 && city->enterprises[own].legal_person == person) {
            (void)add_paper(city, person, CATEGORY__CODE__A, invent_issue_day(city, dice), dice);
        }
    } else if (role == ROLE_UNCOLLECTED) {
        (void)add_paper(city, person, CATEGORY__CODE__B, invent_issue_day(city, dice), dice);
    } else if (role == ROLE_WORKER && roll < 620) {
        (void)add_paper(city, person, invent_category(dice), invent_issue_day(city, dice), dice);
    } else if (role == ROLE_WORKER && roll < 690) {
        int32_t issued = invent_issue_day(city, dice);
        (void)add_paper(city, person, CATEGORY__CODE__B, issued, dice);
        (void)add_paper(city, person, CATEGORY__CODE__C3, issued, dice);
    } else if (role == ROLE_WORKER && roll < 720) {
        add_odd_paper(city, person, dice);
    }
}

/* --- other provinces ------------------------------------------------------------------------ */

static void invent_national(struct city *city, uint32_t person, struct dice *dice)
{
    BUG_UNLESS(city->nationals_count < city->nationals_room);
    uint32_t index = city->nationals_count++;
    struct national *n = &city->nationals[index];
    bool elsewhere = city->persons[person].role == ROLE_ELSEWHERE;
    uint32_t roll = dice_roll(dice, 1000);
    city->persons[person].national = index;
    n->person = person;
    n->category = invent_category(dice);
    n->enterprise_name = name_foreign_enterprise(dice, &n->province, &city->arena);
    int32_t end = elsewhere ? city->options.today + 100
                            : city_month_start(city, 3 + dice_roll(dice, MONTHS - 2));
    n->valid_until = end + dice_range(dice, 0, 27);
    n->issued = date_add_months(n->valid_until, -36) + 1;
    n->first_issued = dice_permille(dice, 300) ? date_add_months(n->issued, -36) : n->issued;
    n->state = elsewhere ? "有效" : roll < 600 ? "注销" : roll < 960 ? "失效" : "办理转出";
    n->masked = !elsewhere && dice_permille(dice, 60);
    str own =
        number_format(n->category, date_to_civil(n->first_issued).year, index + 1, &city->arena);
    n->number = arena_format(&city->arena, "%.*s%.*s", STR_ARGS(n->province),
                             STR_ARGS(str_from(own, sizeof("沪") - 1)));
}

void people_invent(struct city *city)
{
    const struct sample_options *options = &city->options;
    city->enterprises_count = options->enterprises;
    city->persons_count = options->persons;
    city->enterprises = ARENA_ARRAY(&city->arena, struct enterprise, city->enterprises_count);
    city->persons = ARENA_ARRAY(&city->arena, struct person, city->persons_count);
    city->certificates_room = 4 * city->persons_count + 2 * city->enterprises_count + 16;
    city->certificates = ARENA_ARRAY(&city->arena, struct certificate, city->certificates_room);
    city->nationals_room = city->persons_count;
    city->nationals = ARENA_ARRAY(&city->arena, struct national, city->nationals_room);

    struct dice dice = dice_new(options->seed, CONCERN_PERSONS);
    for (uint32_t i = 0; i < city->persons_count; i++) {
        invent_person(city, i, &dice);
    }
    dice = dice_new(options->seed, CONCERN_ENTERPRISES);
    for (uint32_t i = 0; i < city->enterprises_count; i++) {
        invent_enterprise(city, i, &dice);
    }
    dice = dice_new(options->seed, CONCERN_PAPERS);
    for (uint32_t i = 0; i < city->persons_count; i++) {
        invent_papers(city, i, &dice);
    }
    dice = dice_new(options->seed, CONCERN_NATIONALS);
    for (uint32_t i = 0; i < city->persons_count; i++) {
        if (city->persons[i].role == ROLE_ENTRANT || city->persons[i].role == ROLE_ELSEWHERE) {
            invent_national(city, i, &dice);
        }
    }
}
