/* list_certificates - certificates and the work lists over them, by number. */
#include <string.h>

#include "jobs/reading/listing.h"

/* The filters, the holder's name (the printed one counts too), then the work list's own. */
static FALLIBLE takes(struct listing *listing, const struct listed *listed, bool *ret,
                      struct error *err)
{
    const CertificateView *certificate = listed->certificate;
    const struct work_list *work = listing->kind->work;
    TRY(listing_takes_certificate(listing, certificate, ret, err));
    if (*ret && !str_empty(listing->name_key)) {
        PersonView *person = NULL;
        TRY(person_view(listing->session, str_of(certificate->person_id), listing->source.arena,
                        &person, err));
        *ret = listing_takes_person(listing, person) ||
               listing_takes_name(listing, printed_name(certificate, person));
    }
    if (*ret && work != NULL) {
        TRY(work->takes(listing, listed, ret, err));
    }
    return OK;
}

static outcome visit(struct listing *listing, const ProtobufCMessage *message, struct error *err)
{
    const struct work_list *work = listing->kind->work;
    EnterpriseView *enterprise = NULL;
    struct listed listed = {.certificate = (const CertificateView *)(const void *)message};
    struct json *record = NULL;
    bool wanted = false;
    TRY(enterprise_view(listing->session, str_of(listed.certificate->enterprise),
                        listing->source.arena, &enterprise, err));
    listed.enterprise = enterprise;
    TRY(takes(listing, &listed, &wanted, err));
    if (!wanted) {
        return OK;
    }
    TRY(object_of_certificate(&listing->source, listed.certificate, &record, err));
    if (work != NULL && work->add != NULL && !work->add(listing, &listed, record, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    return listing_add(listing, record, err);
}

outcome list_certificates(struct listing *listing, struct error *err)
{
    const struct work_list *work = listing->kind->work;
    struct keys numbers = {.arena = &listing->session->run_arena};
    bool gathered = false;
    if (work != NULL && work->prepare != NULL) {
        TRY(work->prepare(listing, err));
    }
    TRY(listing_gather(listing, &numbers, &gathered, err));
    return gathered ? listing_visit_keys(listing, VIEW_CERTIFICATE, &numbers, visit, err)
                    : listing_walk(listing, VIEW_CERTIFICATE, visit, err);
}
