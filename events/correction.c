/* correction - the authority corrects a certificate: its dates and printed identity (R-GEN-05), and
 * the post on a class A certificate (D23, R-NAT-14). */
#include "core/base/date.h"
#include "events/form.h"
#include "events/guards.h"
#include "events/holding.h"
#include "events/messages.h"
#include "events/person_number.h"
#include "events/rules.h"
#include "events/terms/category.h"
#include "events/terms/validity.h"

/* --- correct_certificate -----------------------------------------------------------------------
 */

enum dates { FIRST_ISSUED, ISSUED, VALID_FROM, VALID_UNTIL, AFFILIATED_SINCE, DATES };

/* A date of the certificate, as it was and as it should be. */
struct corrected_date {
    const char *name;
    const Date *old; /* may be absent */
    bool given;
    int32_t days; /* from now on; of an absent one that is not given: nothing */
};

static bool is_known(const struct corrected_date *date)
{
    return date->given || date->old != NULL;
}

static bool is_changed(const struct corrected_date *date)
{
    return date->given && (date->old == NULL || date->old->days != date->days);
}

static struct corrected_date date_of(const char *name, const char *text, const Date *old)
{
    struct corrected_date date = {.name = name, .old = old, .days = old == NULL ? 0 : old->days};
    date.given = !str_empty(str_trim(str_of(text)));
    if (date.given && !date_parse(str_of(text), &date.days)) {
        BUG("action_check_form lets no such date through");
    }
    return date;
}

/* Only pairs with a corrected date are judged: an old fault hinders no correction of others. */
static FALLIBLE check_dates(const struct corrected_date dates[DATES], int32_t today,
                            struct error *err)
{
    static const struct {
        enum dates first, last;
        const char *why;
    } pairs[] = {
        {FIRST_ISSUED, ISSUED, "first issued after issued"},
        {FIRST_ISSUED, AFFILIATED_SINCE, "first issued after affiliated since"},
        {ISSUED, VALID_UNTIL, "issued after valid until"},
        {VALID_FROM, VALID_UNTIL, "valid from after valid until"},
    };
    static const enum dates past[] = {FIRST_ISSUED, ISSUED, AFFILIATED_SINCE};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct corrected_date *first = &dates[pairs[i].first];
        const struct corrected_date *last = &dates[pairs[i].last];
        if ((first->given || last->given) && is_known(first) && is_known(last) &&
            first->days > last->days) {
            return form_bad(first->given ? first->name : last->name, pairs[i].why, err);
        }
    }
    for (size_t i = 0; i < sizeof past / sizeof past[0]; i++) {
        if (dates[past[i]].given && dates[past[i]].days > today) {
            return form_bad(dates[past[i]].name, "in the future", err);
        }
    }
    return OK;
}

/* Clerk, found, name, collected, not ended, medium. */
static FALLIBLE check_correctable(const struct dossier *dossier, const Action *action,
                                  struct arena *arena, struct error *err)
{
    const CorrectCertificate *correct = action->correct_certificate;
    const CertificateView *certificate = dossier->certificate;
    TRY(guard_authority(dossier, action, "R-GEN-05", err));
    TRY(guard_found(certificate, correct->certificate, err));
    TRY(guard_holder_name(dossier, correct->name, arena, err));
    if (correct->identity) {
        TRY(guard_holder_collected(dossier, certificate, arena, err));
    }
    TRY(guard_can_end(certificate, "D28", err));
    return correct->identity ? guard_electronic(certificate, err) : OK;
}

/* A correction that ends an expiry brings the certificate back into force. */
static FALLIBLE check_returned(const struct dossier *dossier, const struct corrected_date *end,
                               int32_t today, struct arena *arena, struct error *err)
{
    CertificateView corrected = *dossier->certificate;
    bool was_expired = certificate_is_expired(&corrected, today);
    if (!end->given || !was_expired || corrected.status == STATUS__CODE__RELEASED) {
        return OK;
    }
    corrected.valid_until = date_new(end->days, arena);
    return holding_check_again(dossier, &corrected, today, err);
}

outcome decide_correct_certificate(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    const CorrectCertificate *correct = action->correct_certificate;
    const CertificateView *old = dossier->certificate;
    TRY(check_correctable(dossier, action, arena, err));
    const struct corrected_date dates[DATES] = {
        [FIRST_ISSUED] = date_of("first_issued", correct->first_issued, old->first_issued),
        [ISSUED] = date_of("issued", correct->issued, old->issued),
        [VALID_FROM] = date_of("valid_from", correct->valid_from, old->valid_from),
        [VALID_UNTIL] = date_of("valid_until", correct->valid_until, old->valid_until),
        [AFFILIATED_SINCE] =
            date_of("affiliated_since", correct->affiliated_since, old->affiliated_since),
    };
    uint64_t identity = correct->identity ? identity_collected(dossier->person)->event : 0;
    bool changed = correct->identity && identity != old->identity_event;
    TRY(check_dates(dates, moment.today, err));
    for (size_t i = 0; i < DATES; i++) {
        changed = changed || is_changed(&dates[i]);
    }
    if (!changed) {
        FAIL(REFUSED("R-GEN-05"), MESSAGE_NOTHING_CORRECTED,
             ARG_TEXT("certificate", old->certificate));
    }
    TRY(check_returned(dossier, &dates[VALID_UNTIL], moment.today, arena, err));

    CertificateCorrected *corrected =
        decision_event(decision, EVENT__BODY_CERTIFICATE_CORRECTED, arena);
    Date **slots[DATES] = {&corrected->first_issued, &corrected->issued, &corrected->valid_from,
                           &corrected->valid_until, &corrected->affiliated_since};
    corrected->certificate = arena_c_string(arena, str_of(old->certificate));
    corrected->decision = arena_c_string(arena, str_trim(str_of(correct->decision)));
    for (size_t i = 0; i < DATES; i++) {
        *slots[i] = is_changed(&dates[i]) ? date_new(dates[i].days, arena) : NULL;
    }
    corrected->identity_event = identity != old->identity_event ? identity : 0;
    decision_name_certificate(decision, old->certificate, arena);
    if (old->medium == MEDIUM__CODE__ELECTRONIC) {
        decision_detail(decision, pointer_to_download());
    }
    return OK;
}

/* --- change_post --------------------------------------------------------------------------------
 */

/* D23: B and C have one post only, and A never theirs. */
static FALLIBLE check_fits(const CertificateView *certificate, str post, bool legal,
                           struct error *err)
{
    Category__Code category = certificate->category;
    if (!post_fits(post, category, legal)) {
        return form_bad("post",
                        category == CATEGORY__CODE__A   ? "post of any A"
                        : category == CATEGORY__CODE__B ? "post of B"
                                                        : "post of C",
                        err);
    }
    return OK;
}

/* R-NAT-14: the post follows the legal representative. */
static FALLIBLE check_to_legal(const struct dossier *dossier, int32_t today, struct error *err)
{
    const CertificateView *certificate = dossier->certificate;
    if (!person_has_id(dossier->person, dossier->enterprise->legal_person_id)) {
        FAIL(REFUSED("R-NAT-14"), MESSAGE_NOT_LEGAL_REPRESENTATIVE);
    }
    return holding_check_legal(dossier, certificate, today, err);
}

static FALLIBLE check_change(const struct dossier *dossier, str post, bool legal, int32_t today,
                             struct error *err)
{
    const CertificateView *certificate = dossier->certificate;
    TRY(check_fits(certificate, post, legal, err));
    if (str_equal(post, str_of(certificate->post)) && legal == certificate->legal_representative) {
        FAIL(REFUSED("R-NAT-14"), MESSAGE_POST_NOT_CHANGED,
             ARG_TEXT("certificate", certificate->certificate), ARG_STR("post", post));
    }
    if (legal && !certificate->legal_representative) {
        return check_to_legal(dossier, today, err);
    }
    if (!legal && certificate->legal_representative) { /* D13: from now on an ordinary A */
        return holding_check_ordinary(dossier, certificate, today, err);
    }
    return OK;
}

outcome decide_change_post(const struct dossier *dossier, const Action *action,
                           struct moment moment, struct arena *arena, struct decision *decision,
                           struct error *err)
{
    const ChangePost *change = action->change_post;
    const CertificateView *certificate = dossier->certificate;
    str post = str_trim(str_of(change->post));
    bool legal = certificate->category == CATEGORY__CODE__A && str_equal_c(post, "01");
    TRY(guard_authority(dossier, action, "R-NAT-14", err));
    TRY(guard_found(certificate, change->certificate, err));
    TRY(guard_holder_name(dossier, change->name, arena, err));
    TRY(guard_already_ended(certificate, "D28", err));
    TRY(guard_unexpired(certificate, moment.today, "D30", err));
    TRY(check_change(dossier, post, legal, moment.today, err));

    PostChanged *changed = decision_event(decision, EVENT__BODY_POST_CHANGED, arena);
    changed->certificate = arena_c_string(arena, str_of(certificate->certificate));
    changed->decision = arena_c_string(arena, str_trim(str_of(change->decision)));
    changed->post = arena_c_string(arena, post);
    changed->legal_representative = legal;
    decision_name_certificate(decision, certificate->certificate, arena);
    decision_detail(decision, ARG_STR("post", post));
    if (certificate->medium == MEDIUM__CODE__ELECTRONIC) {
        decision_detail(decision, pointer_to_download());
    }
    return OK;
}
