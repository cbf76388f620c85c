/* regeneration - 重新生成领证信息 (manual 3; R-QD-07..10, D27): an enterprise asks for a document
 * to be rendered again. Number and values stay; asking twice gives one document. */
#include "events/guards.h"
#include "events/messages.h"
#include "events/rules.h"
#include "events/terms/validity.h"

/* R-QD-08, the note of the page, verbatim. */
static const char REGENERATION_NOTE[] =
    "证书申领后无法查询到电子证书,请点击【重新生成领证信息】按钮"
    "重新生成;电子证书生成需要时间,请耐心等待";

outcome decide_request_regeneration(const struct dossier *dossier, const Action *action,
                                    struct moment moment, struct arena *arena,
                                    struct decision *decision, struct error *err)
{
    const RequestRegeneration *request = action->request_regeneration;
    const CertificateView *certificate = dossier->certificate;

    TRY(guard_enterprise(dossier, action, err));
    TRY(guard_found(certificate, request->certificate, err));
    TRY(guard_own(certificate, action, err));
    TRY(guard_holder_name(dossier, request->name, arena, err));
    if (certificate->medium != MEDIUM__CODE__ELECTRONIC ||
        !certificate_is_valid(certificate, moment.today)) {
        FAIL(REFUSED("R-QD-10"), MESSAGE_REGENERATION_NOT_ALLOWED,
             ARG_TEXT("certificate", certificate->certificate),
             ARG_STR("status", certificate_status_text(certificate, moment.today)),
             ARG_TEXT("medium",
                      certificate->medium == MEDIUM__CODE__PAPER ? "paper" : "electronic"));
    }

    RegenerationRequested *requested =
        decision_event(decision, EVENT__BODY_REGENERATION_REQUESTED, arena);
    requested->certificate = arena_c_string(arena, str_of(certificate->certificate));
    decision_name_certificate(decision, certificate->certificate, arena);
    decision_detail(decision, ARG_TEXT("note", REGENERATION_NOTE));
    return OK;
}
