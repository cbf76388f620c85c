/* issue - a new certificate for a person of this city (manual 4.1; R-IS): an ordinary A, B, C1, C2
 * or C3 on an exam and paid insurance, or the A of the enterprise's legal representative, whose
 * dates come from a valid A at another enterprise or else from an exam (RULES D3). */
#include "events/exam.h"
#include "events/guards.h"
#include "events/holding.h"
#include "events/messages.h"
#include "events/number_next.h"
#include "events/person_number.h"
#include "events/rules.h"
#include "events/terms/category.h"
#include "events/terms/validity.h"

/* What the certificate rests on. */
struct grounds {
    Category__Code category;
    const ExamView *exam;          /* or NULL */
    const CertificateView *source; /* D3, or NULL */
    struct insurance_months months;
};

static bool is_elsewhere(const CertificateView *certificate, const Action *action)
{
    return !str_equal(str_of(certificate->enterprise), str_of(action->enterprise));
}

/* D3: the valid A at another enterprise with the latest end, then the smallest number. */
static const CertificateView *find_source(const struct dossier *dossier, const Action *action,
                                          int32_t today)
{
    const CertificateView *best = NULL;
    for (size_t i = 0; i < dossier->persons.count; i++) {
        const CertificateView *held = dossier->persons.items[i];
        if (held->category != CATEGORY__CODE__A || !is_elsewhere(held, action) ||
            !certificate_is_valid(held, today)) {
            continue;
        }
        int32_t later = best == NULL ? 1 : held->valid_until->days - best->valid_until->days;
        if (later > 0 ||
            (later == 0 && str_compare(str_of(held->certificate), str_of(best->certificate)) < 0)) {
            best = held;
        }
    }
    return best;
}

/* D38: not_legal_representative, legal_representative_exists, category_conflict, then source or
 * exam. */
static FALLIBLE check_legal(const struct dossier *dossier, const Action *action, int32_t today,
                            struct grounds *grounds, struct error *err)
{
    if (!person_has_id(dossier->person, dossier->enterprise->legal_person_id)) {
        FAIL(REFUSED("R-IS-05"), MESSAGE_NOT_LEGAL_REPRESENTATIVE);
    }
    if (certificate_in_force(dossier->legal_certificate, today)) {
        FAIL(REFUSED("R-NAT-14"), MESSAGE_LEGAL_REPRESENTATIVE_EXISTS,
             ARG_TEXT("certificate", dossier->legal_certificate->certificate));
    }
    for (size_t i = 0; i < dossier->persons.count; i++) {
        const CertificateView *held = dossier->persons.items[i];
        if (held->category == CATEGORY__CODE__A && !held->legal_representative &&
            !is_elsewhere(held, action) && certificate_in_force(held, today)) {
            FAIL(REFUSED("D3"), MESSAGE_CATEGORY_CONFLICT,
                 ARG_TEXT("certificate", held->certificate));
        }
    }
    grounds->source = find_source(dossier, action, today);
    if (grounds->source == NULL) {
        TRY(exam_find(dossier, grounds->category, EXAM_KIND__CODE__FIRST, today, &grounds->exam,
                      err));
    }
    return OK;
}

static struct holding holding_of(const struct dossier *dossier, const Action *action, int32_t today,
                                 Category__Code category)
{
    return (struct holding){.dossier = dossier,
                            .enterprise = action->enterprise,
                            .today = today,
                            .category = category,
                            .issued = true};
}

/* 0.3: exam (D12), insurance (D11), holding (D13). */
static FALLIBLE check_ordinary(const struct dossier *dossier, const Action *action, int32_t today,
                               struct grounds *grounds, struct error *err)
{
    struct holding holding = holding_of(dossier, action, today, grounds->category);
    TRY(exam_find(dossier, grounds->category, EXAM_KIND__CODE__FIRST, today, &grounds->exam, err));
    TRY(insurance_find(dossier, action->enterprise, today, &grounds->months, err));
    return holding_check(&holding, err);
}

/* R-IS-10: the certificates that were looked at. */
static void fill_held(CertificateIssued *issued, const struct certificates *persons, int32_t today,
                      struct arena *arena)
{
    issued->held = ARENA_ARRAY(arena, char *, persons->count);
    for (size_t i = 0; i < persons->count; i++) {
        if (certificate_in_force(persons->items[i], today)) {
            issued->held[issued->n_held++] =
                arena_c_string(arena, str_of(persons->items[i]->certificate));
        }
    }
}

static void fill_dates(CertificateIssued *issued, const struct grounds *grounds, int32_t today,
                       struct arena *arena)
{
    const CertificateView *source = grounds->source;
    int32_t first = today;
    int32_t end = validity_end_of_issue(today);
    if (source != NULL) {
        first = source->first_issued != NULL ? source->first_issued->days : today;
        end = day_of(source->valid_until);
        issued->source_certificate = arena_c_string(arena, str_of(source->certificate));
    }
    issued->first_issued = date_new(first, arena);
    issued->issued = date_new(today, arena);
    issued->valid_until = date_new(end, arena);
}

static CertificateIssued *add_issued(const struct dossier *dossier, const Action *action,
                                     const struct grounds *grounds, const char *number,
                                     struct arena *arena, struct decision *decision)
{
    const Issue *issue = action->issue;
    str prescribed = post_prescribed(grounds->category, issue->legal_representative);
    str post = !str_empty(prescribed)           ? prescribed
               : str_empty(str_of(issue->post)) ? STR("99")
                                                : str_of(issue->post);
    CertificateIssued *issued = decision_event(decision, EVENT__BODY_CERTIFICATE_ISSUED, arena);
    issued->certificate = arena_c_string(arena, str_of(number));
    issued->category = grounds->category;
    issued->legal_representative = issue->legal_representative;
    issued->post = arena_c_string(arena, post);
    issued->person_id = arena_c_string(arena, str_of(issue->person->person_id));
    issued->enterprise = arena_c_string(arena, str_of(action->enterprise));
    issued->enterprise_name = arena_c_string(arena, str_of(dossier->enterprise->name));
    issued->identity_event = identity_collected(dossier->person)->event;
    issued->exam = grounds->exam == NULL ? NULL : exam_key_of(grounds->exam, arena);
    issued->n_insurance_months = grounds->months.count;
    issued->insurance_months = insurance_copy(&grounds->months, arena);
    return issued;
}

/* D13: a C3 ends the C1, C2 or C of the same enterprise. */
static void add_superseded(const struct holding *holding, const char *number, struct arena *arena,
                           struct decision *decision)
{
    const struct certificates *persons = &holding->dossier->persons;
    const char **numbers = ARENA_ARRAY(arena, const char *, persons->count);
    size_t count = 0;
    for (size_t i = 0; i < persons->count; i++) {
        const CertificateView *held = persons->items[i];
        if (!held->legal_representative && holding_supersedes(holding, held)) {
            CertificateSuperseded *superseded =
                decision_event(decision, EVENT__BODY_CERTIFICATE_SUPERSEDED, arena);
            superseded->certificate = arena_c_string(arena, str_of(held->certificate));
            superseded->by = arena_c_string(arena, str_of(number));
            numbers[count++] = superseded->certificate;
        }
    }
    if (count > 0) {
        decision_detail(decision, numbers_detail("superseded", numbers, count, arena));
    }
}

outcome decide_issue(const struct dossier *dossier, const Action *action, struct moment moment,
                     struct arena *arena, struct decision *decision, struct error *err)
{
    const Issue *issue = action->issue;
    struct grounds grounds = {.category = CATEGORY__CODE__NONE};
    const char *number = NULL;
    BUG_UNLESS(category_from_text(str_of(issue->category), &grounds.category));

    TRY(guard_confirmed(issue->confirmed, issue->legal_representative ? "R-IS-08" : "R-IS-12",
                        err));
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_person_collected(dossier, issue->person, arena, err));
    if (issue->legal_representative) {
        TRY(check_legal(dossier, action, moment.today, &grounds, err));
    } else {
        TRY(check_ordinary(dossier, action, moment.today, &grounds, err));
    }
    TRY(number_next(dossier, grounds.category, moment.today, arena, &number, err));

    CertificateIssued *issued = add_issued(dossier, action, &grounds, number, arena, decision);
    fill_dates(issued, &grounds, moment.today, arena);
    fill_held(issued, &dossier->persons, moment.today, arena);
    decision_name_certificate(decision, number, arena);
    if (!issue->legal_representative) {
        struct holding holding = holding_of(dossier, action, moment.today, grounds.category);
        add_superseded(&holding, number, arena, decision);
    }
    if (grounds.source != NULL) {
        decision_detail(decision, ARG_TEXT("source_certificate", grounds.source->certificate));
    }
    if (grounds.exam != NULL) {
        decision_detail(decision, ARG_DATE("exam_date", day_of(grounds.exam->exam_date)));
    }
    decision_detail(decision, ARG_DATE("valid_until", day_of(issued->valid_until)));
    decision_detail(decision, pointer_to_download());
    return OK;
}
