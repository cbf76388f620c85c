/* departures - see departures.h. A certificate that stays departed has no later events, so this
 * reads no more than its view. */
#include "jobs/objects/departures.h"

#include "jobs/engine/engine.h"
#include "jobs/messages.h"

FALLIBLE departure_is_withdrawn(struct session *session, str certificate, uint64_t since,
                                struct arena *arena, bool *ret, struct error *err)
{
    CertificateView *view = NULL;
    bool withdrawn = false;
    TRY(certificate_view(session, certificate, arena, &view, err));
    for (size_t i = 0; i < view->n_events && !withdrawn; i++) {
        Event *event = NULL;
        if (view->events[i] > since) {
            TRY(engine_event(session->engine, view->events[i], arena, &event, err));
            withdrawn = event->body_case == EVENT__BODY_DEPARTURE_WITHDRAWN;
        }
    }
    *ret = withdrawn;
    return OK;
}

FALLIBLE departure_proof_holds(struct session *session, const DocumentView *proof,
                               struct arena *arena, struct error *err)
{
    if (proof->kind != DOCUMENT_KIND__CODE__DEPARTURE_PROOF) {
        return OK;
    }
    for (size_t i = 0; i < proof->n_certificates; i++) {
        bool withdrawn = false;
        TRY(departure_is_withdrawn(session, str_of(proof->certificates[i]), proof->wanted_event,
                                   arena, &withdrawn, err));
        if (withdrawn) {
            FAIL(REFUSED("R-DP-13"), MESSAGE_DEPARTURE_WITHDRAWN,
                 ARG_TEXT("certificate", proof->certificates[i]), ARG_TEXT("document", proof->id));
        }
    }
    return OK;
}
