/* exchange - a paper certificate becomes electronic (manual 2; R-EX). Only the medium changes:
 * number, class, person, enterprise and dates stay (R-EX-10). */
#include "events/eligible.h"
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/number.h"

FALLIBLE exchange_check_certificate(const CertificateView *certificate, int32_t today,
                                    struct error *err)
{
    TRY(guard_in_force(certificate, err));
    if (certificate->medium == MEDIUM__CODE__ELECTRONIC) {
        FAIL(REFUSED("R-EX-11"), MESSAGE_ALREADY_EXCHANGED,
             ARG_TEXT("certificate", certificate->certificate));
    }
    TRY(guard_unexpired(certificate, today, "R-EX-12", err));
    TRY(guard_not_suspended(certificate, today, err));
    if (!number_class_is_known(str_of(certificate->certificate))) { /* R-NAT-03: read only */
        FAIL(REFUSED("D22"), MESSAGE_CATEGORY_NOT_ISSUED,
             ARG_TEXT("certificate", certificate->certificate));
    }
    return OK;
}

outcome decide_exchange(const struct dossier *dossier, const Action *action, struct moment moment,
                        struct arena *arena, struct decision *decision, struct error *err)
{
    const Exchange *exchange = action->exchange;
    const CertificateView *certificate = dossier->certificate;

    TRY(guard_confirmed(exchange->confirmed, "R-EX-06", err));
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_found(certificate, exchange->certificate, err));
    TRY(guard_own(certificate, action, err));
    TRY(guard_holder_name(dossier, exchange->name, arena, err));
    TRY(guard_holder_collected(dossier, certificate, arena, err));
    TRY(exchange_check_certificate(certificate, moment.today, err));

    CertificateExchanged *exchanged =
        decision_event(decision, EVENT__BODY_CERTIFICATE_EXCHANGED, arena);
    exchanged->certificate = arena_c_string(arena, str_of(certificate->certificate));
    exchanged->identity_event = identity_collected(dossier->person)->event;
    decision_name_certificate(decision, certificate->certificate, arena);
    decision_detail(decision, pointer_to_download());
    return OK;
}
