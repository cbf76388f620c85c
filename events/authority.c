/* authority - the authority's actions on one certificate: 暂扣, 返还, 撤销, 吊销, 注销, and the
 * withdrawal of a departure (R-CX-16, R-DP-13; D13, D28..D30, D37). A clerk enters them, with the
 * number of the decision. */
#include "events/guards.h"
#include "events/holding.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/validity.h"

/* What all of them say. */
struct order {
    const char *certificate;
    const char *decision;
    const char *name;
};

/* The ladder that all share: clerk, found, name. */
static FALLIBLE check_order(const struct dossier *dossier, const Action *action,
                            const struct order *order, struct arena *arena, struct error *err)
{
    TRY(guard_authority(dossier, action, "R-CX-16", err));
    TRY(guard_found(dossier->certificate, order->certificate, err));
    return guard_holder_name(dossier, order->name, arena, err);
}

static char *number_of(const struct dossier *dossier, struct arena *arena)
{
    return arena_c_string(arena, str_of(dossier->certificate->certificate));
}

static char *document_number(const struct order *order, struct arena *arena)
{
    return arena_c_string(arena, str_trim(str_of(order->decision)));
}

static void answer(const struct dossier *dossier, str status, struct arena *arena,
                   struct decision *decision)
{
    decision_name_certificate(decision, dossier->certificate->certificate, arena);
    decision_detail(decision, ARG_STR("status", status));
}

/* --- 暂扣, 返还 ------------------------------------------------------------------------------- */

outcome decide_suspend(const struct dossier *dossier, const Action *action, struct moment moment,
                       struct arena *arena, struct decision *decision, struct error *err)
{
    const Suspend *suspend = action->suspend;
    const struct order order = {suspend->certificate, suspend->decision, suspend->name};
    TRY(check_order(dossier, action, &order, arena, err));
    TRY(guard_already_ended(dossier->certificate, "D28", err));
    TRY(guard_unexpired(dossier->certificate, moment.today, "D30", err));
    TRY(guard_not_suspended(dossier->certificate, moment.today, err));

    CertificateSuspended *suspended =
        decision_event(decision, EVENT__BODY_CERTIFICATE_SUSPENDED, arena);
    suspended->certificate = number_of(dossier, arena);
    suspended->decision = document_number(&order, arena);
    answer(dossier, STR("suspended"), arena, decision);
    return OK;
}

/* What comes back is valid, or expired meanwhile. */
static void answer_returned(const struct dossier *dossier, int32_t today, struct arena *arena,
                            struct decision *decision)
{
    bool expired = certificate_is_expired(dossier->certificate, today);
    answer(dossier, expired ? STR("expired") : STR("valid"), arena, decision);
    if (dossier->certificate->medium == MEDIUM__CODE__ELECTRONIC) {
        decision_detail(decision, pointer_to_download());
    }
}

outcome decide_reinstate(const struct dossier *dossier, const Action *action, struct moment moment,
                         struct arena *arena, struct decision *decision, struct error *err)
{
    const Reinstate *reinstate = action->reinstate;
    const struct order order = {reinstate->certificate, reinstate->decision, reinstate->name};
    const CertificateView *certificate = dossier->certificate;
    TRY(check_order(dossier, action, &order, arena, err));
    TRY(guard_already_ended(certificate, "D28", err));
    if (certificate->status != STATUS__CODE__SUSPENDED) {
        FAIL(REFUSED("D29"), MESSAGE_NOT_SUSPENDED,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_STR("status", certificate_status_text(certificate, moment.today)));
    }
    TRY(holding_check_again(dossier, certificate, moment.today, err));

    CertificateReinstated *reinstated =
        decision_event(decision, EVENT__BODY_CERTIFICATE_REINSTATED, arena);
    reinstated->certificate = number_of(dossier, arena);
    reinstated->decision = document_number(&order, arena);
    answer_returned(dossier, moment.today, arena, decision);
    return OK;
}

/* --- 撤销, 吊销, 注销: for ever, also of a released, suspended or expired one -------------------
 */

static FALLIBLE check_ending(const struct dossier *dossier, const Action *action,
                             const struct order *order, struct arena *arena, struct error *err)
{
    TRY(check_order(dossier, action, order, arena, err));
    return guard_can_end(dossier->certificate, "D28", err);
}

outcome decide_revoke(const struct dossier *dossier, const Action *action, struct moment moment,
                      struct arena *arena, struct decision *decision, struct error *err)
{
    const Revoke *revoke = action->revoke;
    const struct order order = {revoke->certificate, revoke->decision, revoke->name};
    (void)moment; /* an end of validity does not matter: D30 */
    TRY(check_ending(dossier, action, &order, arena, err));

    CertificateRevoked *revoked = decision_event(decision, EVENT__BODY_CERTIFICATE_REVOKED, arena);
    revoked->certificate = number_of(dossier, arena);
    revoked->decision = document_number(&order, arena);
    answer(dossier, STR("revoked"), arena, decision);
    return OK;
}

outcome decide_withdraw(const struct dossier *dossier, const Action *action, struct moment moment,
                        struct arena *arena, struct decision *decision, struct error *err)
{
    const Withdraw *withdraw = action->withdraw;
    const struct order order = {withdraw->certificate, withdraw->decision, withdraw->name};
    (void)moment; /* an end of validity does not matter: D30 */
    TRY(check_ending(dossier, action, &order, arena, err));

    CertificateWithdrawn *withdrawn =
        decision_event(decision, EVENT__BODY_CERTIFICATE_WITHDRAWN, arena);
    withdrawn->certificate = number_of(dossier, arena);
    withdrawn->decision = document_number(&order, arena);
    answer(dossier, STR("withdrawn"), arena, decision);
    return OK;
}

outcome decide_cancel_by_authority(const struct dossier *dossier, const Action *action,
                                   struct moment moment, struct arena *arena,
                                   struct decision *decision, struct error *err)
{
    const CancelByAuthority *cancel = action->cancel_by_authority;
    const struct order order = {cancel->certificate, cancel->decision, cancel->name};
    (void)moment; /* an end of validity does not matter: D30 */
    TRY(check_ending(dossier, action, &order, arena, err));

    AuthorityCancelled *cancelled =
        decision_event(decision, EVENT__BODY_AUTHORITY_CANCELLED, arena);
    cancelled->certificate = number_of(dossier, arena);
    cancelled->decision = document_number(&order, arena);
    answer(dossier, STR("cancelled"), arena, decision);
    return OK;
}

/* --- 取消办理转出 ----------------------------------------------------------------------------- */

outcome decide_withdraw_departure(const struct dossier *dossier, const Action *action,
                                  struct moment moment, struct arena *arena,
                                  struct decision *decision, struct error *err)
{
    const WithdrawDeparture *withdraw = action->withdraw_departure;
    const struct order order = {withdraw->certificate, withdraw->decision, withdraw->name};
    const CertificateView *certificate = dossier->certificate;
    TRY(check_order(dossier, action, &order, arena, err));
    if (certificate->status != STATUS__CODE__DEPARTED) {
        FAIL(REFUSED("D37"), MESSAGE_NOT_DEPARTED,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_STR("status", certificate_status_text(certificate, moment.today)));
    }
    TRY(holding_check_again(dossier, certificate, moment.today, err));

    DepartureWithdrawn *withdrawn =
        decision_event(decision, EVENT__BODY_DEPARTURE_WITHDRAWN, arena);
    withdrawn->certificate = number_of(dossier, arena);
    withdrawn->decision = document_number(&order, arena);
    answer_returned(dossier, moment.today, arena, decision);
    return OK;
}
