/* list_registers - persons, enterprises and clerks, by key. */
#include <string.h>

#include "core/base/record.h"
#include "jobs/listing.h"

/* Does the person hold, or held last, a certificate that the filters name? */
struct holding {
    struct listing *listing;
    bool found;
};

static outcome look_at_certificate(void *state, str number, struct error *err)
{
    struct holding *holding = state;
    struct listing *listing = holding->listing;
    CertificateView *certificate = NULL;
    TRY(certificate_view(listing->session, number, listing->source.arena, &certificate, err));
    bool enterprise =
        str_empty(listing->enterprise) || str_equal_c(listing->enterprise, certificate->enterprise);
    bool numbered = str_empty(listing->certificate) || str_equal(listing->certificate, number);
    holding->found = holding->found || (enterprise && numbered);
    return OK;
}

static FALLIBLE visit_person(struct listing *listing, const ProtobufCMessage *message,
                             struct error *err)
{
    const PersonView *person = (const PersonView *)(const void *)message;
    struct holding holding = {.listing = listing};
    struct json *record = NULL;
    if (!listing_takes_person(listing, person)) {
        return OK;
    }
    if (!str_empty(listing->enterprise) || !str_empty(listing->certificate)) {
        TRY(each_of_index(listing->session, index_certificates_of_person(str_of(person->person_id)),
                          look_at_certificate, &holding, err));
        if (!holding.found) {
            return OK;
        }
    }
    TRY(object_of_person(&listing->source, person, &record, err));
    TRY(listing_add(listing, record, err));
    return OK;
}

outcome list_persons(struct listing *listing, struct error *err)
{
    return listing_walk(listing, VIEW_PERSON, visit_person, err);
}

static FALLIBLE visit_enterprise(struct listing *listing, const ProtobufCMessage *message,
                                 struct error *err)
{
    const EnterpriseView *enterprise = (const EnterpriseView *)(const void *)message;
    struct json *record = NULL;
    if (!str_empty(listing->enterprise) && !str_equal_c(listing->enterprise, enterprise->code)) {
        return OK;
    }
    TRY(object_of_enterprise(&listing->source, enterprise, &record, err));
    TRY(listing_add(listing, record, err));
    return OK;
}

outcome list_enterprises(struct listing *listing, struct error *err)
{
    return listing_walk(listing, VIEW_ENTERPRISE, visit_enterprise, err);
}

static FALLIBLE visit_clerk(struct listing *listing, const ProtobufCMessage *message,
                            struct error *err)
{
    const ClerkView *clerk = (const ClerkView *)(const void *)message;
    if (!listing_takes_name(listing, str_of(clerk->name))) {
        return OK;
    }
    struct json *record = json_new_record();
    json_put_text(record, "clerk", str_of(clerk->clerk));
    json_put_text(record, "name", str_of(clerk->name));
    json_put_text(record, "department", str_of(clerk->department));
    json_put_text(record, "level", str_of(clerk->level));
    json_put_text(record, "state", str_of(clerk->state));
    TRY(listing_add(listing, record, err));
    return OK;
}

outcome list_clerks(struct listing *listing, struct error *err)
{
    return listing_walk(listing, VIEW_CLERK, visit_clerk, err);
}
