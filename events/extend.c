/* extend - three more years on the same number (manual 4.1; R-IS-01, R-IS-17, R-NAT-07, D14). */
#include "events/eligible.h"
#include "events/exam.h"
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/validity.h"

/* D30: an expired one answers that its window has closed. */
static FALLIBLE guard_window_not_closed(const CertificateView *certificate, int32_t today,
                                        struct error *err)
{
    if (certificate_is_expired(certificate, today)) {
        int32_t end = day_of(certificate->valid_until);
        FAIL(REFUSED("R-NAT-07"), MESSAGE_EXTENSION_WINDOW_CLOSED,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_DATE("window_opens", validity_extension_opens(end)),
             ARG_DATE("window_closes", end));
    }
    return OK;
}

static FALLIBLE guard_window_open(const CertificateView *certificate, int32_t today,
                                  struct error *err)
{
    int32_t end = day_of(certificate->valid_until);
    int32_t opens = validity_extension_opens(end);
    if (today < opens) {
        FAIL(REFUSED("R-NAT-07"), MESSAGE_EXTENSION_WINDOW_NOT_OPEN,
             ARG_TEXT("certificate", certificate->certificate), ARG_DATE("window_opens", opens),
             ARG_DATE("window_closes", end));
    }
    return OK;
}

FALLIBLE extend_check_certificate(const CertificateView *certificate, int32_t today,
                                  struct error *err)
{
    TRY(guard_in_force(certificate, err));
    TRY(guard_electronic(certificate, err));
    TRY(guard_window_not_closed(certificate, today, err));
    TRY(guard_not_suspended(certificate, today, err));
    return guard_window_open(certificate, today, err);
}

static FALLIBLE check_certificate(const struct dossier *dossier, const Action *action,
                                  int32_t today, struct arena *arena, struct error *err)
{
    const Extend *extend = action->extend;
    const CertificateView *certificate = dossier->certificate;
    TRY(guard_confirmed(extend->confirmed, "R-IS-12", err));
    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_found(certificate, extend->certificate, err));
    TRY(guard_own(certificate, action, err));
    TRY(guard_holder_name(dossier, extend->name, arena, err));
    TRY(guard_holder_collected(dossier, certificate, arena, err));
    return extend_check_certificate(certificate, today, err);
}

outcome decide_extend(const struct dossier *dossier, const Action *action, struct moment moment,
                      struct arena *arena, struct decision *decision, struct error *err)
{
    const CertificateView *certificate = dossier->certificate;
    const ExamView *exam = NULL;
    struct insurance_months months = {.count = 0};

    TRY(check_certificate(dossier, action, moment.today, arena, err));
    TRY(exam_find(dossier, certificate->category, EXAM_KIND__CODE__EXTENSION, moment.today, &exam,
                  err));
    if (!certificate->legal_representative) { /* D11 exempts it */
        TRY(insurance_find(dossier, action->enterprise, moment.today, &months, err));
    }

    int32_t old_end = day_of(certificate->valid_until);
    CertificateExtended *extended =
        decision_event(decision, EVENT__BODY_CERTIFICATE_EXTENDED, arena);
    extended->certificate = arena_c_string(arena, str_of(certificate->certificate));
    extended->issued = date_new(moment.today, arena);
    extended->valid_from = date_new(old_end + 1, arena); /* D7 */
    extended->valid_until = date_new(validity_end_of_extension(old_end), arena);
    extended->identity_event = identity_collected(dossier->person)->event;
    extended->exam = exam_key_of(exam, arena);
    extended->n_insurance_months = months.count;
    extended->insurance_months = insurance_copy(&months, arena);
    extended->enterprise = arena_c_string(arena, str_of(certificate->enterprise));
    extended->enterprise_name = arena_c_string(arena, str_of(certificate->enterprise_name));
    extended->person_id = arena_c_string(arena, str_of(certificate->person_id));
    decision_name_certificate(decision, certificate->certificate, arena);
    decision_detail(decision, ARG_DATE("exam_date", day_of(exam->exam_date)));
    decision_detail(decision, ARG_DATE("valid_until", day_of(extended->valid_until)));
    decision_detail(decision, pointer_to_download());
    return OK;
}
