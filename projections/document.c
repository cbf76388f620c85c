/* document - the view of documents: what has to be rendered, and what was rendered.
 *
 * The key of a certificate's document is the certificate's number, the key of a proof the id from
 * its order. A document is PENDING until it was rendered with the event that last changed its page.
 * Only electronic certificates have a document; a certificate without one is therefore paper.
 * Suspending a certificate does not touch its document: the page shows no status, and nobody can
 * download it meanwhile. */
#include "projections/kinds.h"

/* A page that shows this event is wanted from now on. */
static void want(DocumentView *document, const Event *event)
{
    document->status = DOCUMENT_STATUS__CODE__PENDING;
    document->wanted_event = event->sequence;
    document->error_code = (char *)protobuf_c_empty_string;
    document->error_detail = (char *)protobuf_c_empty_string;
}

static void want_certificate(DocumentView *document, const Event *event, struct arena *arena)
{
    document->id = arena_c_string(arena, str_of(event_subject(event)));
    document->kind = DOCUMENT_KIND__CODE__CERTIFICATE;
    want(document, event);
}

/* Who ended or released a certificate waits for no page of it; what was rendered stays. What is
 * corrected on a released one wants a page again, as on every one that has not ended (R-PN-07). */
static void end(DocumentView *document)
{
    if (document->status == DOCUMENT_STATUS__CODE__PENDING ||
        document->status == DOCUMENT_STATUS__CODE__FAILED) {
        document->status = document->rendered_event != 0 ? DOCUMENT_STATUS__CODE__READY
                                                         : DOCUMENT_STATUS__CODE__NONE;
        document->error_code = (char *)protobuf_c_empty_string;
        document->error_detail = (char *)protobuf_c_empty_string;
        document->attempts = 0;
    }
}

static void order(DocumentView *document, DocumentKind__Code kind, const Event *event)
{
    document->kind = kind;
    document->ordered_on = event->business_date;
    document->ordered_at_us = event->recorded_at_us;
    want(document, event);
}

static void apply_cancellation_proof(DocumentView *document, const Event *event,
                                     struct arena *arena)
{
    const CancellationProofOrdered *ordered = event->cancellation_proof_ordered;
    document->id = ordered->document;
    document->certificates = texts_with(NULL, 0, ordered->certificate, arena);
    document->n_certificates = 1;
    document->person_id = ordered->person_id;
    document->enterprise = ordered->enterprise;
    document->enterprise_name = ordered->enterprise_name;
    order(document, DOCUMENT_KIND__CODE__CANCELLATION_PROOF, event);
}

static void apply_departure_proof(DocumentView *document, const Event *event)
{
    const DepartureProofOrdered *ordered = event->departure_proof_ordered;
    document->id = ordered->document;
    document->certificates = ordered->certificates;
    document->n_certificates = ordered->n_certificates;
    document->person_id = ordered->person_id;
    document->enterprise = ordered->enterprise;
    document->enterprise_name = ordered->enterprise_name;
    order(document, DOCUMENT_KIND__CODE__DEPARTURE_PROOF, event);
}

/* A page of an older state is kept, but does not end the waiting. */
static void apply_rendered(DocumentView *document, const DocumentRendered *rendered)
{
    document->rendered_event = rendered->content_event;
    document->page_sha256 = rendered->page_sha256;
    document->pdf_sha256 = rendered->pdf_sha256;
    document->template_id = rendered->template_id;
    document->size = rendered->size;
    document->signer_sha256 = rendered->signer_sha256;
    if (rendered->content_event == document->wanted_event) {
        document->status = DOCUMENT_STATUS__CODE__READY;
        document->error_code = (char *)protobuf_c_empty_string;
        document->error_detail = (char *)protobuf_c_empty_string;
        document->attempts = 0;
    }
}

static void apply_failed(DocumentView *document, const DocumentFailed *failed)
{
    if (document->status == DOCUMENT_STATUS__CODE__NONE) {
        return; /* ended meanwhile: nobody waits for it */
    }
    document->attempts++;
    if (failed->content_event == document->wanted_event) {
        document->status = DOCUMENT_STATUS__CODE__FAILED;
        document->error_code = failed->code;
        document->error_detail = failed->detail;
    }
}

static void apply_event(DocumentView *document, const Event *event, struct arena *arena)
{
    switch ((int)event->body_case) {
    case EVENT__BODY_CERTIFICATE_ISSUED:
    case EVENT__BODY_CERTIFICATE_ENTERED:
    case EVENT__BODY_CERTIFICATE_EXCHANGED:
    case EVENT__BODY_CERTIFICATE_EXTENDED:
    case EVENT__BODY_AFFILIATION_CHANGED: want_certificate(document, event, arena); return;
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:
    case EVENT__BODY_HOLDER_RENAMED:
    case EVENT__BODY_CERTIFICATE_CORRECTED:
    case EVENT__BODY_POST_CHANGED:
    case EVENT__BODY_VALIDITY_EXTENDED:
    case EVENT__BODY_CATEGORY_CONVERTED:
        if (document->status != DOCUMENT_STATUS__CODE__NONE) {
            want(document, event);
        }
        return;
    case EVENT__BODY_REGENERATION_REQUESTED:
        if (document->status != DOCUMENT_STATUS__CODE__PENDING) {
            want_certificate(document, event, arena); /* asking twice makes one job: R-QD-09 */
        }
        return;
    case EVENT__BODY_CERTIFICATE_REINSTATED:
    case EVENT__BODY_DEPARTURE_WITHDRAWN:
        if (document->kind == DOCUMENT_KIND__CODE__CERTIFICATE) { /* not paper */
            want(document, event);
        }
        return;
    case EVENT__BODY_CERTIFICATE_CANCELLED:
    case EVENT__BODY_CERTIFICATE_DEPARTED:
    case EVENT__BODY_CERTIFICATE_SUPERSEDED:
    case EVENT__BODY_CERTIFICATE_REVOKED:
    case EVENT__BODY_CERTIFICATE_WITHDRAWN:
    case EVENT__BODY_AUTHORITY_CANCELLED: end(document); return;
    case EVENT__BODY_CANCELLATION_PROOF_ORDERED:
        apply_cancellation_proof(document, event, arena);
        return;
    case EVENT__BODY_DEPARTURE_PROOF_ORDERED: apply_departure_proof(document, event); return;
    case EVENT__BODY_DOCUMENT_RENDERED: apply_rendered(document, event->document_rendered); return;
    case EVENT__BODY_DOCUMENT_FAILED: apply_failed(document, event->document_failed); return;
    }
    BUG("an event of no document");
}

VIEW_APPLY(document_apply)
{
    DocumentView *document = (DocumentView *)view;
    bool unknown = document->kind == DOCUMENT_KIND__CODE__NONE;
    bool needs_one = event->body_case == EVENT__BODY_DOCUMENT_RENDERED ||
                     event->body_case == EVENT__BODY_DOCUMENT_FAILED;
    bool orders_one = event->body_case == EVENT__BODY_CANCELLATION_PROOF_ORDERED ||
                      event->body_case == EVENT__BODY_DEPARTURE_PROOF_ORDERED;
    /* Released, taken over and cancelled again: the proof of the last cancellation counts. */
    bool orders_again = event->body_case == EVENT__BODY_CANCELLATION_PROOF_ORDERED &&
                        document->kind == DOCUMENT_KIND__CODE__CANCELLATION_PROOF;
    if ((unknown && needs_one) || (!unknown && orders_one && !orders_again)) {
        return log_contradicts(event, event_subject(event), err);
    }
    apply_event(document, event, arena);
    return OK;
}

VIEW_INDEX_OF(document_index)
{
    (void)arena; /* every part of the key is there already */
    const DocumentView *document = (const DocumentView *)view;
    if (document->status != DOCUMENT_STATUS__CODE__NONE) {
        str template_id = str_of(document->template_id);
        struct view_key key;
        make_index_documents_of_template(&key, document->status, template_id);
        index_add(sink, &key, str_of(document->id));
    }
}
