/* deeds - exchange, extension and the ways to a new certificate; see life.h.
 *
 * Every deed follows the order of the rules: `code` is the first fault that the registry will find.
 */
#include "events/terms/category.h"
#include "events/terms/number.h"
#include "events/terms/validity.h"
#include "jobs/sample/life.h"

static const char *const first_exam = "新取证";
static const char *const later_exam = "延期";

/* Exams are passed within this many days before the month; the one that nobody uses is older. An
 * enterprise sends its people once in EXAM_DAYS_COUNT days, each on another day than its
 * neighbours: an exam is known by its day, and who represents two enterprises needs one for each.
 */
enum { EXAM_DAYS_MIN = 5, EXAM_DAYS_COUNT = 76, UNUSED_EXAM_DAYS = 85 };

static void pass_exam(struct life *life, const struct task *task, Category__Code category,
                      const char *kind)
{
    int32_t last = life->month.start - EXAM_DAYS_MIN;
    int32_t turn = (int32_t)(task->actor % EXAM_DAYS_COUNT);
    int32_t since = ((last - turn) % EXAM_DAYS_COUNT + EXAM_DAYS_COUNT) % EXAM_DAYS_COUNT;
    month_exam(&life->month, task->person, category, kind, "合格", EXAM_DAYS_MIN + since);
}

static void pay_insurance(struct life *life, uint32_t person, uint32_t enterprise)
{
    month_insurance(&life->month, &life->city->persons[person], enterprise);
}

/* A new certificate of the day, with its number. */
static uint32_t make_certificate(struct life *life, const struct task *task,
                                 Category__Code category, int32_t first_issued, int32_t valid_until)
{
    struct certificate made = {
        .person = task->person,
        .enterprise = task->actor,
        .category = category,
        .electronic = true,
        .first_issued = first_issued,
        .issued = life->day,
        .valid_until = valid_until,
        .since = life->day,
        .named_on = life->day,
    };
    uint32_t index = city_add_certificate(life->city, &made);
    city_number(life->city, index, life->day);
    return index;
}

/* --- exchange ------------------------------------------------------------------------------- */

static struct json *exchange_wish(struct life *life, const struct task *task)
{
    struct json *wish = wish_begin(life, task, "exchange");
    wish_certificate(life, wish, task->certificate);
    wish_confirm(wish);
    return wish;
}

static const char *exchange_fault(const struct life *life, const struct task *task)
{
    const struct certificate *c = &life->city->certificates[task->certificate];
    return life->city->persons[task->person].role == ROLE_UNCOLLECTED ? "identity_not_collected"
           : c->state == STATE_ENDED                                  ? "certificate_not_in_force"
           : c->valid_until < life->day                               ? "certificate_expired"
           : c->state == STATE_SUSPENDED                              ? "certificate_suspended"
                                                                      : NULL;
}

/* Slips of the pen that come before a good wish. */
static FALLIBLE exchange_slips(struct life *life, const struct task *task, struct error *err)
{
    uint32_t roll = dice_roll(&life->dice, 1000);
    const struct certificate *c = &life->city->certificates[task->certificate];
    if (roll < 4) {
        struct json *wish = wish_begin(life, task, "exchange");
        json_put_text(wish, "certificate",
                      number_format(c->category, c->year, NUMBER_SERIAL_MAX - c->serial,
                                    &life->output->item));
        wish_confirm(wish);
        TRY(wish_end(life, task, wish, "certificate_not_found", err));
    } else if (roll < 8) {
        struct json *wish = wish_begin(life, task, "exchange");
        wish_certificate(life, wish, task->certificate);
        TRY(wish_end(life, task, wish, "not_confirmed", err));
    } else if (roll < 10) {
        struct json *wish = wish_begin(life, task, "exchange");
        wish_confirm(wish);
        TRY(wish_end(life, task, wish, "missing_field", err));
    } else if (roll < 12) {
        struct json *wish = wish_begin(life, task, "exchange_all");
        wish_confirm(wish);
        TRY(wish_end(life, task, wish, "unknown_action", err));
    }
    return OK;
}

FALLIBLE deed_exchange(struct life *life, const struct task *task, struct error *err)
{
    struct certificate *c = &life->city->certificates[task->certificate];
    const char *fault = exchange_fault(life, task);
    if (c->electronic || c->enterprise != task->actor) {
        return OK;
    }
    if (fault == NULL) {
        TRY(exchange_slips(life, task, err));
    }
    struct json *wish = exchange_wish(life, task);
    bool twice = fault == NULL && dice_permille(&life->dice, 6);
    if (twice && !wish_send(life, task, wish, NULL, err).ok) {
        json_release(wish);
        return error_trace(err, HERE);
    }
    TRY(wish_end(life, task, wish, twice ? "duplicate" : fault, err));
    if (fault != NULL) {
        return OK;
    }
    c->electronic = true;
    if (dice_permille(&life->dice, 8)) {
        TRY(wish_end(life, task, exchange_wish(life, task), "already_exchanged", err));
    }
    life_plan_extension(life, task->certificate);
    life_plan_future(life, task->certificate);
    return OK;
}

/* --- extension ------------------------------------------------------------------------------ */

static struct json *extend_wish(struct life *life, const struct task *task)
{
    struct json *wish = wish_begin(life, task, "extend");
    wish_certificate(life, wish, task->certificate);
    wish_confirm(wish);
    return wish;
}

/* May a wish be written that fails for want of insurance? The month's lines are there before its
 * first day, so nothing may have been paid, and nothing else may be wished that needs them. */
static bool is_uninsured(const struct life *life, uint32_t person, uint32_t enterprise)
{
    const struct city *city = life->city;
    uint32_t newest = city->persons[person].certificates;
    bool several = newest != NONE && city->certificates[newest].next != NONE;
    return city->persons[person].insured_at != enterprise && !several;
}

FALLIBLE deed_extend(struct life *life, const struct task *task, struct error *err)
{
    struct certificate *c = &life->city->certificates[task->certificate];
    bool open =
        validity_extension_opens(c->valid_until) <= life->day && life->day <= c->valid_until;
    if (c->enterprise != task->actor || c->state != STATE_VALID || !c->electronic || !open) {
        return OK;
    }
    if (dice_permille(&life->dice, 12)) { /* too early: the exam comes before the next wish */
        life_plan_extension(life, task->certificate);
        return wish_end(life, task, extend_wish(life, task), "no_valid_exam", err);
    }
    pass_exam(life, task, c->category, later_exam);
    bool unpaid = !c->legal && dice_permille(&life->dice, 12) &&
                  is_uninsured(life, task->person, task->actor);
    if (unpaid) {
        return wish_end(life, task, extend_wish(life, task), "no_social_insurance", err);
    }
    if (!c->legal) {
        pay_insurance(life, task->person, task->actor);
    }
    TRY(wish_end(life, task, extend_wish(life, task), NULL, err));
    c->issued = life->day;
    c->valid_until = validity_end_of_extension(c->valid_until);
    if (dice_permille(&life->dice, 8)) {
        TRY(wish_end(life, task, extend_wish(life, task), "extension_window_not_open", err));
    }
    life_plan_extension(life, task->certificate);
    return OK;
}

/* --- issue ---------------------------------------------------------------------------------- */

static struct json *issue_wish(struct life *life, const struct task *task, Category__Code category)
{
    struct json *wish = wish_begin(life, task, "issue");
    json_put_text(wish, "category", category_text(category));
    wish_person(life, wish, task->person);
    if (category == CATEGORY__CODE__A) {
        json_put_text(wish, "post", STR("05"));
    }
    wish_confirm(wish);
    return wish;
}

FALLIBLE deed_issue(struct life *life, const struct task *task, struct error *err)
{
    struct city *city = life->city;
    bool fits = city_may_hold(city, task->person, task->actor, task->category, life->day);
    bool elsewhere = city->persons[task->person].role == ROLE_ELSEWHERE;
    if (!fits && !elsewhere) {
        return OK;
    }
    if (dice_permille(&life->dice, 20)) {
        life_plan(life, city_slot_after(city, task->actor, life->day + 20), task);
        return wish_end(life, task, issue_wish(life, task, task->category), "no_valid_exam", err);
    }
    pass_exam(life, task, task->category, first_exam);
    if (dice_permille(&life->dice, 12) && is_uninsured(life, task->person, task->actor)) {
        return wish_end(life, task, issue_wish(life, task, task->category), "no_social_insurance",
                        err);
    }
    pay_insurance(life, task->person, task->actor);
    TRY(wish_end(life, task, issue_wish(life, task, task->category),
                 elsewhere ? "valid_elsewhere" : NULL, err));
    if (elsewhere) {
        return OK;
    }
    uint32_t made =
        make_certificate(life, task, task->category, life->day, validity_end_of_issue(life->day));
    if (dice_permille(&life->dice, 10)) { /* the exam is used up */
        TRY(wish_end(life, task, issue_wish(life, task, task->category), "no_valid_exam", err));
    } else if (dice_permille(&life->dice, 10)) {
        month_exam(&life->month, task->person, task->category, first_exam, "合格",
                   UNUSED_EXAM_DAYS);
        TRY(wish_end(life, task, issue_wish(life, task, task->category), "category_conflict", err));
    }
    life_plan_extension(life, made);
    life_plan_future(life, made);
    return OK;
}

/* D3: the valid A elsewhere with the latest end, of several the one with the smallest number. */
static uint32_t find_source(const struct life *life, const struct task *task)
{
    const struct city *city = life->city;
    uint32_t best = NONE;
    for (uint32_t i = city->persons[task->person].certificates; i != NONE;
         i = city->certificates[i].next) {
        const struct certificate *c = &city->certificates[i];
        bool valid = c->state == STATE_VALID && life->day <= c->valid_until;
        if (c->category != CATEGORY__CODE__A || c->enterprise == task->actor || !valid) {
            continue;
        }
        const struct certificate *b = best == NONE ? NULL : &city->certificates[best];
        bool smaller =
            b != NULL && (c->year < b->year || (c->year == b->year && c->serial < b->serial));
        if (b == NULL || c->valid_until > b->valid_until ||
            (c->valid_until == b->valid_until && smaller)) {
            best = i;
        }
    }
    return best;
}

static struct json *legal_wish(struct life *life, const struct task *task)
{
    struct json *wish = wish_begin(life, task, "issue");
    json_put_text(wish, "category", STR("A"));
    json_put_bool(wish, "legal_representative", true);
    wish_person(life, wish, task->person);
    wish_confirm(wish);
    return wish;
}

FALLIBLE deed_issue_legal(struct life *life, const struct task *task, struct error *err)
{
    struct city *city = life->city;
    if (city_has_legal(city, task->actor, life->day)) {
        return OK;
    }
    if (dice_permille(&life->dice, 20)) {
        struct task wrong = *task;
        wrong.person = (task->person + 1) % city->persons_count;
        bool good =
            wrong.person != task->person && city->persons[wrong.person].role != ROLE_UNCOLLECTED;
        if (good) {
            TRY(wish_end(life, task, legal_wish(life, &wrong), "not_legal_representative", err));
        }
    }
    uint32_t source = find_source(life, task);
    if (source == NONE) {
        pass_exam(life, task, CATEGORY__CODE__A, first_exam);
    }
    TRY(wish_end(life, task, legal_wish(life, task), NULL, err));
    int32_t first = source == NONE ? life->day : city->certificates[source].first_issued;
    int32_t end =
        source == NONE ? validity_end_of_issue(life->day) : city->certificates[source].valid_until;
    uint32_t made = make_certificate(life, task, CATEGORY__CODE__A, first, end);
    city->certificates[made].legal = true;
    if (dice_permille(&life->dice, 30)) {
        TRY(wish_end(life, task, legal_wish(life, task), "legal_representative_exists", err));
    }
    life_plan_extension(life, made);
    life_plan_future(life, made);
    return OK;
}

/* The one C, C1 or C2 that a C3 of this enterprise would end; NONE when something else is held that
 * does not go with it. */
static uint32_t find_narrow(const struct life *life, const struct task *task)
{
    const struct city *city = life->city;
    uint32_t narrow = NONE;
    for (uint32_t i = city->persons[task->person].certificates; i != NONE;
         i = city->certificates[i].next) {
        const struct certificate *c = &city->certificates[i];
        if (c->legal || !city_in_force(c, life->day)) {
            continue;
        }
        if (c->enterprise != task->actor || c->state != STATE_VALID ||
            c->category == CATEGORY__CODE__C3) {
            return NONE;
        }
        if (category_is_c(c->category)) {
            narrow = i;
        }
    }
    return narrow;
}

FALLIBLE deed_upgrade(struct life *life, const struct task *task, struct error *err)
{
    uint32_t narrow = find_narrow(life, task);
    if (narrow == NONE) {
        return OK;
    }
    pass_exam(life, task, CATEGORY__CODE__C3, first_exam);
    pay_insurance(life, task->person, task->actor);
    TRY(wish_end(life, task, issue_wish(life, task, CATEGORY__CODE__C3), NULL, err));
    uint32_t made = make_certificate(life, task, CATEGORY__CODE__C3, life->day,
                                     validity_end_of_issue(life->day));
    life->city->certificates[narrow].state = STATE_ENDED;
    life_plan_extension(life, made);
    life_plan_future(life, made);
    return OK;
}

/* --- entry ---------------------------------------------------------------------------------- */

enum declaration { DECLARED, UNDECLARED };

static FALLIBLE enter_wish(struct life *life, const struct task *task, enum declaration declaration,
                           bool is_pdf, struct json **ret, struct error *err)
{
    const struct national *n = &life->city->nationals[life->city->persons[task->person].national];
    struct json *wish = wish_begin(life, task, "enter");
    str proof = {0};
    char digest[DIGEST_HEX_SIZE];
    if (!output_proof(life->output, json_text(json_member(wish, "id")), is_pdf, &proof, digest, err)
             .ok) {
        json_release(wish);
        return error_trace(err, HERE);
    }
    wish_person(life, wish, task->person);
    json_put_text(wish, "original_certificate", n->number);
    if (declaration == DECLARED) {
        json_put_bool(wish, "declaration_accepted", true);
    }
    json_put_text(wish, "proof", proof);
    json_put_text(wish, "proof_sha256", str_of(digest));
    wish_confirm(wish);
    *ret = wish;
    return OK;
}

/* Writes one entry; the registry answers with `code`. */
static FALLIBLE enter_once(struct life *life, const struct task *task, const char *code,
                           struct error *err)
{
    struct json *wish = NULL;
    bool undeclared = code != NULL && str_equal_c(STR("declaration_not_accepted"), code);
    bool is_pdf = code == NULL || !str_equal_c(STR("proof_not_pdf"), code);
    TRY(enter_wish(life, task, undeclared ? UNDECLARED : DECLARED, is_pdf, &wish, err));
    return wish_end(life, task, wish, code, err);
}

FALLIBLE deed_enter(struct life *life, const struct task *task, struct error *err)
{
    struct city *city = life->city;
    const struct national *n = &city->nationals[city->persons[task->person].national];
    Category__Code category = n->category == CATEGORY__CODE__C ? CATEGORY__CODE__C3 : n->category;
    bool transferred = str_equal_c(STR("办理转出"), n->state);
    const char *fault = life->day > n->valid_until ? "national_record_expired"
                        : transferred              ? "national_record_state"
                                                   : NULL;
    if (fault != NULL) {
        return enter_once(life, task, fault, err);
    }
    if (!city_may_hold(city, task->person, task->actor, category, life->day)) {
        return OK;
    }
    if (dice_permille(&life->dice, 20)) {
        TRY(enter_once(life, task, "declaration_not_accepted", err));
    }
    if (dice_permille(&life->dice, 20)) {
        TRY(enter_once(life, task, "proof_not_pdf", err));
    }
    TRY(enter_once(life, task, NULL, err));
    uint32_t made = make_certificate(life, task, category, n->first_issued, n->valid_until);
    if (dice_permille(&life->dice, 20)) {
        TRY(enter_once(life, task, "national_record_used", err));
    }
    life_plan_extension(life, made);
    life_plan_future(life, made);
    return OK;
}
