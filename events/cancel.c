/* cancel - an enterprise gives up a certificate: cancellation (manual 6; R-CX, D19, D28..D31) and
 * departure to another province (manual 7; R-DP, D6, D32). Both order a proof. */
#include <string.h>

#include "core/base/record.h"
#include "events/eligible.h"
#include "events/guards.h"
#include "events/limits.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/validity.h"

/* R-DP-05, R-DP-06, verbatim: before it is confirmed, and after. */
static const char DEPARTURE_PROMPT[] = "该人员的电子证书将在本企业注销，并出具变更离沪证明";
static const char DEPARTURE_ACCEPTED[] = "您的变更离沪事项已受理，变更离沪证明文件正在生成中，"
                                         "请一小时后在当前页面查看下载变更离沪证明。";

/* --- cancellation ---------------------------------------------------------------------------- */

FALLIBLE cancel_check_certificate(const CertificateView *certificate, struct error *err)
{
    return guard_already_ended(certificate, "R-CX-14", err);
}

static FALLIBLE check_cancel(const struct dossier *dossier, const Action *action, int32_t today,
                             struct arena *arena, CancelReason__Code *ret, struct error *err)
{
    const Cancel *cancel = action->cancel;
    const CertificateView *certificate = dossier->certificate;
    int reason = record_enum_value(&cancel_reason__code__descriptor, str_of(cancel->reason));
    TRY(guard_confirmed(cancel->confirmed, "R-CX-06", err));
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_found(certificate, cancel->certificate, err));
    TRY(guard_own(certificate, action, err));
    TRY(guard_holder_name(dossier, cancel->name, arena, err));
    TRY(cancel_check_certificate(certificate, err));
    if (reason != CANCEL_REASON__CODE__DECEASED_OR_INCAPACITATED) { /* D29 */
        TRY(guard_not_suspended(certificate, today, err));
    }
    if (reason != CANCEL_REASON__CODE__EMPLOYMENT_ENDED &&
        reason != CANCEL_REASON__CODE__DECEASED_OR_INCAPACITATED) {
        FAIL(REFUSED("R-CX-05"), MESSAGE_BAD_REASON, ARG_TEXT("reason", cancel->reason));
    }
    *ret = (CancelReason__Code)reason;
    return OK;
}

/* RULES 0.1: what another enterprise may take over afterwards. */
static bool is_released(const CertificateView *certificate, CancelReason__Code reason,
                        int32_t today)
{
    return reason == CANCEL_REASON__CODE__EMPLOYMENT_ENDED &&
           certificate->medium == MEDIUM__CODE__ELECTRONIC && !certificate->legal_representative &&
           !certificate_is_expired(certificate, today);
}

/* D19: death ends only the named certificate. The answer names the person's others, so that they
 * can be ended too. */
static void name_others(const struct dossier *dossier, int32_t today, struct arena *arena,
                        struct decision *decision)
{
    const struct certificates *persons = &dossier->persons;
    const char **numbers = ARENA_ARRAY(arena, const char *, persons->count);
    size_t count = 0;
    for (size_t i = 0; i < persons->count; i++) {
        if (certificate_in_force(persons->items[i], today) &&
            !str_equal(str_of(persons->items[i]->certificate),
                       str_of(dossier->certificate->certificate))) {
            numbers[count++] = persons->items[i]->certificate;
        }
    }
    if (count > 0) {
        decision_detail(decision, numbers_detail("others_in_force", numbers, count, arena));
    }
}

outcome decide_cancel(const struct dossier *dossier, const Action *action, struct moment moment,
                      struct arena *arena, struct decision *decision, struct error *err)
{
    const CertificateView *certificate = dossier->certificate;
    CancelReason__Code reason = CANCEL_REASON__CODE__NONE;
    TRY(check_cancel(dossier, action, moment.today, arena, &reason, err));

    /* A certificate that was taken over may be cancelled again, with another proof. */
    unsigned long long order = dossier->next_sequence + 1;
    str document = arena_format(arena, "cancellation:%llu", order);
    CertificateCancelled *cancelled =
        decision_event(decision, EVENT__BODY_CERTIFICATE_CANCELLED, arena);
    cancelled->certificate = arena_c_string(arena, str_of(certificate->certificate));
    cancelled->reason = reason;
    cancelled->released = is_released(certificate, reason, moment.today);
    cancelled->enterprise = arena_c_string(arena, str_of(certificate->enterprise));
    cancelled->enterprise_name = arena_c_string(arena, str_of(certificate->enterprise_name));
    cancelled->person_id = arena_c_string(arena, str_of(certificate->person_id));
    cancelled->valid_until = date_new(day_of(certificate->valid_until), arena);
    cancelled->document = arena_c_string(arena, document);

    CancellationProofOrdered *ordered =
        decision_event(decision, EVENT__BODY_CANCELLATION_PROOF_ORDERED, arena);
    ordered->document = cancelled->document;
    ordered->certificate = cancelled->certificate;
    ordered->person_id = cancelled->person_id;
    ordered->enterprise = cancelled->enterprise;
    ordered->enterprise_name = cancelled->enterprise_name;

    decision_name_certificate(decision, certificate->certificate, arena);
    decision_detail(decision, ARG_TEXT("status", cancelled->released ? "released" : "cancelled"));
    decision_detail(decision, ARG_STR("document", document));
    if (reason == CANCEL_REASON__CODE__DECEASED_OR_INCAPACITATED) {
        name_others(dossier, moment.today, arena, decision);
    }
    return OK;
}

/* --- departure ------------------------------------------------------------------------------- */

/* D6: the named ones, or all of the person's in force at this enterprise. */
static struct certificates departing(const struct dossier *dossier, const Action *action,
                                     int32_t today, struct arena *arena)
{
    if (action->depart->n_certificates > 0) {
        return dossier->named;
    }
    struct certificates found = {
        .items = ARENA_ARRAY(arena, const CertificateView *, dossier->persons.count)};
    for (size_t i = 0; i < dossier->persons.count; i++) {
        const CertificateView *held = dossier->persons.items[i];
        if (str_equal(str_of(held->enterprise), str_of(action->enterprise)) &&
            certificate_in_force(held, today)) {
            found.items[found.count++] = held;
        }
    }
    return found;
}

FALLIBLE depart_check_certificate(const CertificateView *certificate, int32_t today,
                                  struct error *err)
{
    TRY(guard_already_ended(certificate, "R-DP-12", err));
    TRY(guard_electronic(certificate, err));
    TRY(guard_unexpired(certificate, today, "R-DP-10", err));
    TRY(guard_not_suspended(certificate, today, err));
    return guard_not_legal(certificate, "D6", err);
}

static FALLIBLE check_departing(const Action *action, const CertificateView *certificate,
                                const char *asked, int32_t today, struct error *err)
{
    TRY(guard_found(certificate, asked, err));
    if (!str_equal(str_of(certificate->person_id), str_of(action->depart->person->person_id))) {
        FAIL(REFUSED("D32"), MESSAGE_CERTIFICATE_NOT_FOUND, ARG_TEXT("certificate", asked));
    }
    TRY(guard_own(certificate, action, err));
    return depart_check_certificate(certificate, today, err);
}

static FALLIBLE check_depart(const struct dossier *dossier, const Action *action, int32_t today,
                             const struct certificates *leaving, struct error *err)
{
    const Depart *depart = action->depart;
    if (leaving->count > LIMIT_LIST_ELEMENTS) { /* as a list that names them: D6 */
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "certificates"),
             ARG_INT("limit", LIMIT_LIST_ELEMENTS));
    }
    for (size_t i = 0; i < leaving->count; i++) {
        const CertificateView *certificate = leaving->items[i];
        const char *asked =
            depart->n_certificates > 0 ? depart->certificates[i] : certificate->certificate;
        TRY(check_departing(action, certificate, asked, today, err));
    }
    if (leaving->count == 0) {
        FAIL(REFUSED("D6"), MESSAGE_CERTIFICATE_NOT_FOUND, ARG_TEXT("certificate", "all in force"),
             ARG_TEXT("enterprise", dossier->enterprise->code));
    }
    return OK;
}

static void add_departed(const CertificateView *certificate, char *document, struct arena *arena,
                         struct decision *decision)
{
    CertificateDeparted *departed =
        decision_event(decision, EVENT__BODY_CERTIFICATE_DEPARTED, arena);
    departed->certificate = arena_c_string(arena, str_of(certificate->certificate));
    departed->enterprise = arena_c_string(arena, str_of(certificate->enterprise));
    departed->enterprise_name = arena_c_string(arena, str_of(certificate->enterprise_name));
    departed->person_id = arena_c_string(arena, str_of(certificate->person_id));
    departed->valid_until = date_new(day_of(certificate->valid_until), arena);
    departed->document = document;
    decision_name_certificate(decision, certificate->certificate, arena);
}

outcome decide_depart(const struct dossier *dossier, const Action *action, struct moment moment,
                      struct arena *arena, struct decision *decision, struct error *err)
{
    const Depart *depart = action->depart;
    if (!depart->confirmed) {
        FAIL(REFUSED("R-DP-05"), MESSAGE_NOT_CONFIRMED, ARG_TEXT("prompt", DEPARTURE_PROMPT));
    }
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_person_name(dossier, depart->person, arena, err));
    struct certificates leaving = departing(dossier, action, moment.today, arena);
    TRY(check_depart(dossier, action, moment.today, &leaving, err));

    /* The order is the event behind the departures; its number names the proof. */
    unsigned long long order = dossier->next_sequence + leaving.count;
    char *document = arena_c_string(arena, arena_format(arena, "departure:%llu", order));
    for (size_t i = 0; i < leaving.count; i++) {
        add_departed(leaving.items[i], document, arena, decision);
    }
    DepartureProofOrdered *ordered =
        decision_event(decision, EVENT__BODY_DEPARTURE_PROOF_ORDERED, arena);
    ordered->document = document;
    ordered->n_certificates = leaving.count;
    ordered->certificates = ARENA_ARRAY(arena, char *, leaving.count);
    for (size_t i = 0; i < leaving.count; i++) {
        ordered->certificates[i] = arena_c_string(arena, str_of(leaving.items[i]->certificate));
    }
    ordered->person_id = arena_c_string(arena, str_of(dossier->person->person_id));
    ordered->enterprise = arena_c_string(arena, str_of(action->enterprise));
    ordered->enterprise_name = arena_c_string(arena, str_of(leaving.items[0]->enterprise_name));
    decision_detail(decision, ARG_TEXT("document", document));
    decision_detail(decision, ARG_TEXT("notice", DEPARTURE_ACCEPTED));
    return OK;
}
