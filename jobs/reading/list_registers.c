/* list_registers - persons, enterprises and clerks, by key. Filters that speak of a certificate
 * take the persons and enterprises that hold, or held last, one that passes. */
#include <string.h>

#include "jobs/reading/listing.h"

static bool asks_for_certificate(const struct listing *listing)
{
    return !str_empty(listing->certificate) || !str_empty(listing->document) ||
           *listing->options->status != 0;
}

/* Is there one certificate below an index that passes the filters? */
struct holding {
    struct listing *listing;
    bool found;
};

static outcome look_at_certificate(void *state, str number, struct error *err)
{
    struct holding *holding = state;
    struct listing *listing = holding->listing;
    CertificateView *certificate = NULL;
    bool takes = false;
    if (holding->found) {
        return OK;
    }
    TRY(certificate_view(listing->session, number, listing->source.arena, &certificate, err));
    TRY(listing_takes_certificate(listing, certificate, &takes, err));
    holding->found = takes;
    return OK;
}

static FALLIBLE holds_one(struct listing *listing, struct view_key index, bool *ret,
                          struct error *err)
{
    struct holding holding = {.listing = listing};
    TRY(each_of_index(listing->session, index, look_at_certificate, &holding, err));
    *ret = holding.found;
    return OK;
}

static const char *person_of(const CertificateView *certificate)
{
    return certificate->person_id;
}

static const char *enterprise_of(const CertificateView *certificate)
{
    return certificate->enterprise;
}

/* The holders of gathered certificates. */
static FALLIBLE holders_of(struct listing *listing, const struct keys *numbers,
                           const char *(*holder_of)(const CertificateView *certificate),
                           struct keys *ret, struct error *err)
{
    for (size_t i = 0; i < numbers->count; i++) {
        CertificateView *certificate = NULL;
        TRY(listing_go_on(err));
        arena_reset(listing->source.arena);
        TRY(certificate_view(listing->session, numbers->items[i], listing->source.arena,
                             &certificate, err));
        if (*certificate->certificate != 0) {
            keys_add(ret, str_of(holder_of(certificate)));
        }
    }
    keys_sort(ret);
    return OK;
}

/* --- persons -------------------------------------------------------------------------------------
 */

static outcome visit_person(struct listing *listing, const ProtobufCMessage *message,
                            struct error *err)
{
    const PersonView *person = (const PersonView *)(const void *)message;
    struct json *record = NULL;
    bool takes =
        *person->person_id != 0 && !person->blocked && listing_takes_person(listing, person) &&
        (str_empty(listing->person_id) || str_equal_c(listing->person_id, person->person_id));
    if (takes && (!str_empty(listing->enterprise) || asks_for_certificate(listing))) {
        TRY(holds_one(listing, index_certificates_of_person(str_of(person->person_id)), &takes,
                      err));
    }
    if (!takes) {
        return OK;
    }
    TRY(object_of_person(&listing->source, person, &record, err));
    return listing_add(listing, record, err);
}

outcome list_persons(struct listing *listing, struct error *err)
{
    struct arena *arena = &listing->session->run_arena;
    struct keys numbers = {.arena = arena};
    struct keys persons = {.arena = arena};
    bool gathered = true;
    if (!str_empty(listing->person_id)) {
        keys_add(&persons, listing->person_id);
    } else if (!str_empty(listing->name_key) && str_empty(listing->certificate)) {
        TRY(each_of_index(listing->session,
                          index_persons_of_name(listing->name_key, listing->name_prefix), keys_take,
                          &persons, err));
        keys_sort(&persons);
    } else {
        TRY(listing_gather(listing, &numbers, &gathered, err));
        TRY(holders_of(listing, &numbers, person_of, &persons, err));
    }
    return gathered ? listing_visit_keys(listing, VIEW_PERSON, &persons, visit_person, err)
                    : listing_walk(listing, VIEW_PERSON, visit_person, err);
}

/* --- enterprises ---------------------------------------------------------------------------------
 */

/* The name, or one it had before. */
static bool takes_enterprise_name(struct listing *listing, const EnterpriseView *enterprise)
{
    bool takes = listing_takes_enterprise_name(listing, str_of(enterprise->name));
    for (size_t i = 0; i < enterprise->n_former_names && !takes; i++) {
        takes = listing_takes_enterprise_name(listing, str_of(enterprise->former_names[i]));
    }
    return takes;
}

static outcome visit_enterprise(struct listing *listing, const ProtobufCMessage *message,
                                struct error *err)
{
    const EnterpriseView *enterprise = (const EnterpriseView *)(const void *)message;
    struct json *record = NULL;
    bool takes =
        *enterprise->code != 0 && takes_enterprise_name(listing, enterprise) &&
        (str_empty(listing->enterprise) || str_equal_c(listing->enterprise, enterprise->code));
    if (takes && (!str_empty(listing->person_id) || asks_for_certificate(listing))) {
        TRY(holds_one(listing, index_certificates_of_enterprise(str_of(enterprise->code)), &takes,
                      err));
    }
    if (!takes) {
        return OK;
    }
    TRY(object_of_enterprise(&listing->source, enterprise, &record, err));
    return listing_add(listing, record, err);
}

/* There are few enterprises: a name is looked for among all of them. */
outcome list_enterprises(struct listing *listing, struct error *err)
{
    struct arena *arena = &listing->session->run_arena;
    struct keys numbers = {.arena = arena};
    struct keys enterprises = {.arena = arena};
    bool gathered = true;
    if (!str_empty(listing->enterprise)) {
        keys_add(&enterprises, listing->enterprise);
    } else {
        listing->name_key = STR(""); /* a name is an enterprise's here */
        TRY(listing_gather(listing, &numbers, &gathered, err));
        TRY(holders_of(listing, &numbers, enterprise_of, &enterprises, err));
    }
    return gathered
               ? listing_visit_keys(listing, VIEW_ENTERPRISE, &enterprises, visit_enterprise, err)
               : listing_walk(listing, VIEW_ENTERPRISE, visit_enterprise, err);
}

/* --- clerks --------------------------------------------------------------------------------------
 */

static outcome visit_clerk(struct listing *listing, const ProtobufCMessage *message,
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
    return listing_add(listing, record, err);
}

outcome list_clerks(struct listing *listing, struct error *err)
{
    return listing_walk(listing, VIEW_CLERK, visit_clerk, err);
}
