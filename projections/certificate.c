/* certificate - the view of certificates: what is printed on each, and its stored status.
 *
 * Some events make a certificate, the others change it. An event that makes an existing certificate
 * or changes a missing one contradicts the log (CORRUPT). */
#include "events/terms/number.h"
#include "events/terms/validity.h"
#include "projections/kinds.h"

static void apply_paper(CertificateView *view, const PaperRegistered *row)
{
    view->certificate = row->certificate;
    view->category = row->category;
    view->legal_representative = row->legal_representative;
    view->post = row->post;
    view->person_id = row->person_id;
    view->enterprise = row->enterprise;
    view->enterprise_name = row->enterprise_name;
    view->medium = MEDIUM__CODE__PAPER;
    view->status = row->status;
    view->first_issued = row->first_issued;
    view->issued = row->issued;
    view->valid_from = row->issued;
    view->valid_until = row->valid_until;
    view->affiliated_since = row->issued; /* D1 */
    view->spelled = row->spelled;
    view->paper = (PaperRegistered *)(uintptr_t)row; /* only read: packed at once */
}

static void apply_issued(CertificateView *view, const CertificateIssued *issued, Date *today)
{
    view->certificate = issued->certificate;
    view->category = issued->category;
    view->legal_representative = issued->legal_representative;
    view->post = issued->post;
    view->person_id = issued->person_id;
    view->identity_event = issued->identity_event;
    view->enterprise = issued->enterprise;
    view->enterprise_name = issued->enterprise_name;
    view->medium = MEDIUM__CODE__ELECTRONIC;
    view->status = STATUS__CODE__VALID;
    view->first_issued = issued->first_issued;
    view->issued = issued->issued;
    view->valid_from = issued->issued;
    view->valid_until = issued->valid_until;
    view->affiliated_since = today;
    view->version = 1;
}

static void apply_entered(CertificateView *view, const CertificateEntered *entered, Date *today)
{
    view->certificate = entered->certificate;
    view->category = entered->category;
    view->post = entered->post;
    view->person_id = entered->person_id;
    view->identity_event = entered->identity_event;
    view->enterprise = entered->enterprise;
    view->enterprise_name = entered->enterprise_name;
    view->medium = MEDIUM__CODE__ELECTRONIC;
    view->status = STATUS__CODE__VALID;
    view->first_issued = entered->first_issued;
    view->issued = entered->issued;
    view->valid_from = entered->issued;
    view->valid_until = entered->valid_until;
    view->affiliated_since = today;
    view->version = 1;
    view->original_certificate = entered->original_certificate;
}

static void apply_extended(CertificateView *view, const CertificateExtended *extended)
{
    view->issued = extended->issued;
    view->valid_from = extended->valid_from;
    view->valid_until = extended->valid_until;
    view->identity_event = extended->identity_event;
    view->version++;
}

static void apply_affiliation(CertificateView *view, const AffiliationChanged *changed, Date *today)
{
    view->enterprise = changed->enterprise;
    view->enterprise_name = changed->enterprise_name;
    view->status = STATUS__CODE__VALID;
    view->affiliated_since = today;
    view->version++;
}

/* A paper certificate has no document, so its document version stays 0. */
static void next_version(CertificateView *view)
{
    view->version += view->medium == MEDIUM__CODE__ELECTRONIC;
}

static void apply_renamed(CertificateView *view, const HolderRenamed *renamed)
{
    if (renamed->identity_event != 0) {
        view->identity_event = renamed->identity_event;
    }
    next_version(view);
}

/* What is absent stays as it was. */
static void apply_corrected(CertificateView *view, const CertificateCorrected *corrected)
{
    view->first_issued =
        corrected->first_issued != NULL ? corrected->first_issued : view->first_issued;
    view->issued = corrected->issued != NULL ? corrected->issued : view->issued;
    view->valid_from = corrected->valid_from != NULL ? corrected->valid_from : view->valid_from;
    view->valid_until = corrected->valid_until != NULL ? corrected->valid_until : view->valid_until;
    view->affiliated_since =
        corrected->affiliated_since != NULL ? corrected->affiliated_since : view->affiliated_since;
    view->identity_event =
        corrected->identity_event != 0 ? corrected->identity_event : view->identity_event;
    next_version(view);
}

static void apply_exchanged(CertificateView *view, const CertificateExchanged *exchanged)
{
    view->medium = MEDIUM__CODE__ELECTRONIC;
    view->version = 1;
    view->identity_event = exchanged->identity_event;
}

static void apply_post(CertificateView *view, const PostChanged *changed)
{
    view->post = changed->post;
    view->legal_representative = changed->legal_representative;
    next_version(view);
}

static void set_enterprise_name(CertificateView *view, char *enterprise_name)
{
    view->enterprise_name = enterprise_name;
    next_version(view);
}

static void set_end(CertificateView *view, Date *valid_until)
{
    view->valid_until = valid_until;
    next_version(view);
}

static void set_category(CertificateView *view, Category__Code category)
{
    view->category = category;
    next_version(view);
}

static bool makes_a_certificate(const Event *event)
{
    return event->body_case == EVENT__BODY_PAPER_REGISTERED ||
           event->body_case == EVENT__BODY_CERTIFICATE_ISSUED ||
           event->body_case == EVENT__BODY_CERTIFICATE_ENTERED;
}

static void apply_event(CertificateView *view, const Event *event)
{
    switch ((int)event->body_case) {
    case EVENT__BODY_PAPER_REGISTERED: apply_paper(view, event->paper_registered); return;
    case EVENT__BODY_CERTIFICATE_ISSUED:
        apply_issued(view, event->certificate_issued, event->business_date);
        return;
    case EVENT__BODY_CERTIFICATE_ENTERED:
        apply_entered(view, event->certificate_entered, event->business_date);
        return;
    case EVENT__BODY_CERTIFICATE_EXCHANGED:
        apply_exchanged(view, event->certificate_exchanged);
        return;
    case EVENT__BODY_CERTIFICATE_EXTENDED:
        apply_extended(view, event->certificate_extended);
        return;
    case EVENT__BODY_AFFILIATION_CHANGED:
        apply_affiliation(view, event->affiliation_changed, event->business_date);
        return;
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:
        set_enterprise_name(view, event->enterprise_name_changed->enterprise_name);
        return;
    case EVENT__BODY_HOLDER_RENAMED:
        apply_renamed(view, event->holder_renamed);
        view->renamed_event = event->sequence;
        return;
    case EVENT__BODY_CERTIFICATE_CANCELLED:
        view->status = event->certificate_cancelled->released ? STATUS__CODE__RELEASED
                                                              : STATUS__CODE__CANCELLED;
        return;
    case EVENT__BODY_CERTIFICATE_DEPARTED: view->status = STATUS__CODE__DEPARTED; return;
    case EVENT__BODY_CERTIFICATE_SUPERSEDED: view->status = STATUS__CODE__SUPERSEDED; return;
    case EVENT__BODY_CERTIFICATE_SUSPENDED: view->status = STATUS__CODE__SUSPENDED; return;
    case EVENT__BODY_CERTIFICATE_REINSTATED:
    case EVENT__BODY_DEPARTURE_WITHDRAWN: view->status = STATUS__CODE__VALID; return;
    case EVENT__BODY_CERTIFICATE_REVOKED: view->status = STATUS__CODE__REVOKED; return;
    case EVENT__BODY_CERTIFICATE_WITHDRAWN: view->status = STATUS__CODE__WITHDRAWN; return;
    case EVENT__BODY_AUTHORITY_CANCELLED: view->status = STATUS__CODE__CANCELLED; return;
    case EVENT__BODY_CERTIFICATE_CORRECTED:
        apply_corrected(view, event->certificate_corrected);
        return;
    case EVENT__BODY_POST_CHANGED: apply_post(view, event->post_changed); return;
    case EVENT__BODY_VALIDITY_EXTENDED:
        set_end(view, event->validity_extended->valid_until);
        return;
    case EVENT__BODY_CATEGORY_CONVERTED:
        set_category(view, event->category_converted->category);
        return;
    case EVENT__BODY_REGENERATION_REQUESTED: return; /* the document's business */
    }
    BUG("an event of no certificate");
}

VIEW_APPLY(certificate_apply)
{
    CertificateView *certificate = (CertificateView *)view;
    bool exists = !str_empty(str_of(certificate->certificate));
    if (exists == makes_a_certificate(event)) {
        return log_contradicts(event, event_subject(event), err);
    }
    apply_event(certificate, event);
    certificate->events =
        numbers_with(certificate->events, certificate->n_events, event->sequence, arena);
    certificate->n_events++;
    return OK;
}

struct trail_fields certificate_trail(ProtobufCMessage *view)
{
    CertificateView *certificate = (CertificateView *)view;
    return (struct trail_fields){&certificate->events, &certificate->n_events,
                                 &certificate->trailed};
}

/* Local numbers alone: a serial is taken in Shanghai, whatever the class (D16). */
static void index_serial(const CertificateView *certificate, struct arena *arena,
                         const struct index_sink *sink)
{
    struct number number;
    str text = str_of(certificate->certificate);
    if (number_parse(text, arena, &number) && number.local && number.serial <= UINT32_MAX) {
        struct view_key key;
        make_index_certificates_of_serial(&key, number.year, (uint32_t)number.serial);
        index_add(sink, &key, text);
    }
}

VIEW_INDEX_OF(certificate_index)
{
    const CertificateView *certificate = (const CertificateView *)view;
    str number = str_of(certificate->certificate);
    struct view_key key;
    make_index_certificates_of_enterprise(&key, str_of(certificate->enterprise));
    index_add(sink, &key, number);
    make_index_certificates_of_person(&key, str_of(certificate->person_id));
    index_add(sink, &key, number);
    index_serial(certificate, arena, sink);
    if (certificate->valid_until != NULL && !status_is_ended(certificate->status)) {
        make_index_certificates_of_end(&key, certificate->valid_until->days);
        index_add(sink, &key, number);
    }
}
