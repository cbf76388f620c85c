/* list_certificates - certificates and the two work lists over them: what can be exchanged, what is
 * to be renamed. By number; candidates come from the narrowest index that the filters allow. */
#include <stdlib.h>
#include <string.h>

#include "events/terms/names.h"
#include "events/terms/validity.h"
#include "jobs/listing.h"

struct candidates {
    struct listing *listing;
    struct arena *arena;
    str *items;
    size_t count;
    size_t capacity;
};

static outcome add_candidate(void *state, str number, struct error *err)
{
    struct candidates *candidates = state;
    (void)err; /* memory is the arena's */
    if (candidates->count == candidates->capacity) {
        size_t capacity = candidates->capacity == 0 ? 64 : candidates->capacity * 2;
        str *items = ARENA_ARRAY(candidates->arena, str, capacity);
        if (candidates->count > 0) {
            memcpy(items, candidates->items, candidates->count * sizeof *items);
        }
        candidates->items = items;
        candidates->capacity = capacity;
    }
    candidates->items[candidates->count++] = arena_str(candidates->arena, number);
    return OK;
}

static outcome add_certificates_of(void *state, str person_id, struct error *err)
{
    struct candidates *candidates = state;
    return each_of_index(candidates->listing->session, index_certificates_of_person(person_id),
                         add_candidate, candidates, err);
}

/* Proofs are documents too; their ids have a colon. */
static outcome add_document(void *state, str id, struct error *err)
{
    return str_find_byte(id, ':') < id.size ? OK : add_candidate(state, id, err);
}

static int compare_numbers(const void *a, const void *b)
{
    return str_compare(*(const str *)a, *(const str *)b);
}

static DocumentStatus__Code document_status(str text)
{
    if (str_equal_c(text, "pending")) {
        return DOCUMENT_STATUS__CODE__PENDING;
    }
    return str_equal_c(text, "ready") ? DOCUMENT_STATUS__CODE__READY
                                      : DOCUMENT_STATUS__CODE__FAILED;
}

/* False when only a walk over all certificates will do. */
static FALLIBLE gather(struct candidates *candidates, bool *ret_gathered, struct error *err)
{
    struct listing *listing = candidates->listing;
    struct session *session = listing->session;
    *ret_gathered = true;
    if (!str_empty(listing->certificate)) {
        TRY(add_candidate(candidates, listing->certificate, err));
    } else if (!str_empty(listing->enterprise)) {
        TRY(each_of_index(session, index_certificates_of_enterprise(listing->enterprise),
                          add_candidate, candidates, err));
    } else if (!str_empty(listing->name_key)) {
        TRY(each_of_index(session, index_persons_of_name(listing->name_key, listing->name_prefix),
                          add_certificates_of, candidates, err));
    } else if (!str_empty(listing->document)) {
        TRY(each_of_index(session, index_documents(document_status(listing->document)),
                          add_document, candidates, err));
    } else {
        *ret_gathered = false;
    }
    if (candidates->count > 1) {
        qsort(candidates->items, candidates->count, sizeof *candidates->items, compare_numbers);
    }
    return OK;
}

static bool is_work_list(const struct listing *listing, const char *name)
{
    return strcmp(listing->kind->name, name) == 0;
}

/* R-EX-02, D15: paper, and good; R-NM-02, D5: in force, and another name in the register. */
static FALLIBLE takes_by_kind(const struct listing *listing, const CertificateView *certificate,
                              const EnterpriseView *enterprise, bool *ret, struct error *err)
{
    int32_t today = listing->session->run.moment.today;
    (void)err; /* the enterprise was read before */
    *ret = true;
    if (is_work_list(listing, "exchangeable")) {
        *ret =
            certificate->medium == MEDIUM__CODE__PAPER && certificate_is_valid(certificate, today);
    }
    if (is_work_list(listing, "renamable")) {
        *ret = certificate_in_force(certificate, today) && *enterprise->code != 0 &&
               !enterprise_names_equal(str_of(certificate->enterprise_name),
                                       str_of(enterprise->name), listing->source.arena);
    }
    return OK;
}

static FALLIBLE takes(struct listing *listing, const CertificateView *certificate,
                      const EnterpriseView *enterprise, bool *ret, struct error *err)
{
    struct arena *arena = listing->source.arena;
    str status = certificate_status_text(certificate, listing->session->run.moment.today);
    *ret = false;
    if (*certificate->certificate == 0 ||
        (!str_empty(listing->enterprise) &&
         !str_equal_c(listing->enterprise, certificate->enterprise)) ||
        (*listing->options->status != 0 && !str_equal_c(status, listing->options->status))) {
        return OK;
    }
    if (!str_empty(listing->name_key)) {
        PersonView *person = NULL;
        TRY(person_view(listing->session, str_of(certificate->person_id), arena, &person, err));
        if (!listing_takes_person(listing, person) &&
            !listing_takes_name(listing, printed_name(certificate, person))) {
            return OK;
        }
    }
    if (!str_empty(listing->document)) {
        DocumentView *document = NULL;
        TRY(document_view(listing->session, str_of(certificate->certificate), arena, &document,
                          err));
        if (document->status != document_status(listing->document)) {
            return OK;
        }
    }
    return takes_by_kind(listing, certificate, enterprise, ret, err);
}

static FALLIBLE visit(struct listing *listing, const CertificateView *certificate,
                      struct error *err)
{
    EnterpriseView *enterprise = NULL;
    struct json *record = NULL;
    bool wanted = false;
    TRY(enterprise_view(listing->session, str_of(certificate->enterprise), listing->source.arena,
                        &enterprise, err));
    TRY(takes(listing, certificate, enterprise, &wanted, err));
    if (!wanted) {
        return OK;
    }
    TRY(object_of_certificate(&listing->source, certificate, &record, err));
    if (is_work_list(listing, "exchangeable")) {
        json_put_text(record, "exchange_status", STR("not_exchanged"));
    }
    if (is_work_list(listing, "renamable")) {
        json_put_text(record, "register_name", str_of(enterprise->name));
    }
    TRY(listing_add(listing, record, err));
    return OK;
}

static FALLIBLE visit_candidates(struct candidates *candidates, struct error *err)
{
    struct listing *listing = candidates->listing;
    for (size_t i = 0; i < candidates->count && listing->left > 0; i++) {
        str number = candidates->items[i];
        CertificateView *certificate = NULL;
        bool twice = i > 0 && str_equal(number, candidates->items[i - 1]);
        if (twice || str_compare(number, listing->after) <= 0) {
            continue;
        }
        arena_reset(listing->source.arena);
        TRY(certificate_view(listing->session, number, listing->source.arena, &certificate, err));
        TRY(visit(listing, certificate, err));
    }
    return OK;
}

static outcome visit_message(struct listing *listing, const ProtobufCMessage *message,
                             struct error *err)
{
    return visit(listing, (const CertificateView *)(const void *)message, err);
}

outcome list_certificates(struct listing *listing, struct error *err)
{
    struct candidates candidates = {.listing = listing, .arena = &listing->session->run_arena};
    bool gathered = false;
    TRY(gather(&candidates, &gathered, err));
    return gathered ? visit_candidates(&candidates, err)
                    : listing_walk(listing, VIEW_CERTIFICATE, visit_message, err);
}
