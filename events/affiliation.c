/* affiliation - another enterprise takes over the released certificates of a person (manual 5.1;
 * R-AF, D1, D2, D4, D18). All of the named certificates or none; number and dates stay. */
#include "events/guards.h"
#include "events/holding.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/validity.h"

/* D2: released by the holder, unless the policy lets a valid one be taken over as well. */
static FALLIBLE guard_released(const struct dossier *dossier, const CertificateView *certificate,
                               struct error *err)
{
    if (certificate->status != STATUS__CODE__RELEASED && dossier->policies.require_release) {
        FAIL(REFUSED("R-AF-08"), MESSAGE_NOT_RELEASED,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}

/* D1: strictly more than six months with the enterprise that holds or released it. */
static FALLIBLE guard_held_long_enough(const CertificateView *certificate, int32_t today,
                                       struct error *err)
{
    int32_t since = day_of(certificate->affiliated_since);
    int32_t first_allowed = validity_takeover_opens(since);
    if (today < first_allowed) {
        FAIL(REFUSED("R-AF-03"), MESSAGE_HELD_SIX_MONTHS_OR_LESS,
             ARG_TEXT("certificate", certificate->certificate), ARG_DATE("affiliated_since", since),
             ARG_DATE("first_allowed", first_allowed));
    }
    return OK;
}

/* The ladder of one certificate of the list. */
static FALLIBLE check_one(const struct dossier *dossier, const Action *action, size_t i,
                          int32_t today, struct error *err)
{
    const ChangeAffiliation *change = action->change_affiliation;
    const CertificateView *certificate = dossier->named.items[i];
    TRY(guard_found(certificate, change->certificates[i], err));
    if (!str_equal(str_of(certificate->person_id), str_of(change->person->person_id))) {
        FAIL(REFUSED("D32"), MESSAGE_CERTIFICATE_NOT_FOUND,
             ARG_TEXT("certificate", change->certificates[i]));
    }
    if (str_equal(str_of(certificate->enterprise), str_of(action->enterprise))) {
        FAIL(REFUSED("R-AF-14"), MESSAGE_SAME_ENTERPRISE,
             ARG_TEXT("certificate", certificate->certificate));
    }
    TRY(guard_not_ended(certificate, err));
    TRY(guard_electronic(certificate, err));
    TRY(guard_unexpired(certificate, today, "R-AF-09", err));
    TRY(guard_not_suspended(certificate, today, err));
    TRY(guard_not_legal(certificate, "R-AF-02", err));
    TRY(guard_released(dossier, certificate, err));
    TRY(guard_held_long_enough(certificate, today, err));
    struct holding holding = {.dossier = dossier,
                              .enterprise = action->enterprise,
                              .today = today,
                              .category = certificate->category,
                              .taken = certificate,
                              .together = &dossier->named};
    return holding_check(&holding, err);
}

outcome decide_change_affiliation(const struct dossier *dossier, const Action *action,
                                  struct moment moment, struct arena *arena,
                                  struct decision *decision, struct error *err)
{
    const ChangeAffiliation *change = action->change_affiliation;
    BUG_UNLESS(dossier->named.count == change->n_certificates);

    TRY(guard_confirmed(change->confirmed, "R-AF-06", err));
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_person_name(dossier, change->person, arena, err));
    for (size_t i = 0; i < dossier->named.count; i++) {
        TRY(check_one(dossier, action, i, moment.today, err));
    }

    for (size_t i = 0; i < dossier->named.count; i++) {
        const CertificateView *certificate = dossier->named.items[i];
        AffiliationChanged *changed =
            decision_event(decision, EVENT__BODY_AFFILIATION_CHANGED, arena);
        changed->certificate = arena_c_string(arena, str_of(certificate->certificate));
        changed->enterprise = arena_c_string(arena, str_of(action->enterprise));
        changed->enterprise_name = arena_c_string(arena, str_of(dossier->enterprise->name));
        changed->from_enterprise = arena_c_string(arena, str_of(certificate->enterprise));
        changed->person_id = arena_c_string(arena, str_of(certificate->person_id));
        changed->valid_until = date_new(day_of(certificate->valid_until), arena);
        decision_name_certificate(decision, certificate->certificate, arena);
    }
    decision_detail(decision, pointer_to_download());
    return OK;
}
