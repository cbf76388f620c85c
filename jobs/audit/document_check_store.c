/* document_check_store - see document_check_store.h. */
#include "jobs/audit/document_check_store.h"

#include <string.h>

#include "events/terms/number.h"
#include "jobs/engine/judging/evidence.h"
#include "jobs/objects/objects.h"

/* Is the entry there, with the bytes that the document names by their hash? */
static FALLIBLE look_for_entry(struct session *session, const struct pdf_facts *facts,
                               struct arena *arena, struct document_store_answer *ret,
                               struct error *err)
{
    bytes stored = {0};
    Event *event = NULL;
    struct log_txn *txn = engine_log_txn(session->engine);
    uint64_t events = log_size(txn);
    if (facts->event == 0) {
        return OK; /* it names none */
    }
    bool there = facts->event <= events;
    if (there) {
        TRY(log_get(txn, facts->event, &stored, err));
        struct digest leaf = digest_leaf(stored);
        there = digest_equal(&leaf, &facts->leaf);
    }
    if (!there) {
        ret->verdict = VERDICT_BAD;
        (void)ERROR_SET(&ret->error, CORRUPT, MESSAGE_DOCUMENT_ENTRY_NOT_THERE,
                        ARG_INT("event", facts->event)); /* told */
        return OK;
    }
    TRY(engine_event(session->engine, facts->event, arena, &event, err));
    ret->verdict = VERDICT_GOOD;
    ret->entry = event;
    return OK;
}

/* The event that made these bytes. A rendering names the digest of its file, so events that do not
 * hold these 32 bytes need not be unpacked. */
static FALLIBLE look_for_rendering(struct session *session, const struct pdf_reading *reading,
                                   struct arena *arena, const Event **ret, struct error *err)
{
    struct log_txn *txn = engine_log_txn(session->engine);
    uint64_t last = log_size(txn);
    for (uint64_t number = reading->facts.event + 1; number <= last; number++) {
        bytes stored = {0};
        Event *event = NULL;
        TRY(log_get(txn, number, &stored, err));
        if (memmem(stored.data, stored.size, reading->pdf_sha256.data, DIGEST_SIZE) == NULL) {
            continue;
        }
        TRY(engine_event(session->engine, number, arena, &event, err));
        if (event->body_case == EVENT__BODY_DOCUMENT_RENDERED) {
            *ret = event;
            return OK;
        }
    }
    return OK;
}

/* The token of a certificate's code hangs on the store's keys and the version that is printed,
 * which ends the identifier: ".001.Y". */
static FALLIBLE look_for_token(struct session *session, const struct pdf_facts *facts,
                               bool is_current, struct arena *arena, str *ret, struct error *err)
{
    CertificateView *certificate = NULL;
    struct people *people = engine_people(session->engine);
    struct number number;
    if (people == NULL || !number_parse(facts->number, arena, &number)) {
        return OK;
    }
    TRY(certificate_view(session, facts->number, arena, &certificate, err));
    str version =
        str_from(facts->identifier,
                 facts->identifier.size < 5 ? facts->identifier.size : facts->identifier.size - 5);
    uint64_t printed = 0;
    bool has_version = version.size == 5 && str_to_uint64(str_first(version, 3), &printed);
    if (!has_version && !is_current) {
        return OK; /* the code is of an older version, which it does not name */
    }
    printed = has_version ? printed : certificate->version;
    *ret = people_token(
        people, arena_format(arena, "%.*s:%u", STR_ARGS(facts->number), (unsigned)printed), arena);
    return OK;
}

FALLIBLE document_look_up(struct session *session, const struct pdf_reading *reading,
                          struct arena *arena, struct document_rendering *ret_rendering,
                          struct document_store_answer *ret, struct error *err)
{
    const DocumentView *document = NULL;
    struct trust trust = {.roots_count = 0};
    TRY(look_for_entry(session, &reading->facts, arena, ret, err));
    if (ret_rendering->event == NULL) {
        TRY(look_for_rendering(session, reading, arena, &ret_rendering->event, err));
    }
    if (ret_rendering->event != NULL) {
        TRY(evidence_roots(session->engine, ret_rendering->event->sequence, arena, &trust, err));
        ret_rendering->roots = trust.roots;
        ret_rendering->roots_count = trust.roots_count;
    }
    TRY(views_get(engine_views(session->engine), VIEW_DOCUMENT, key_document(reading->facts.number),
                  arena, &document, err));
    ret_rendering->is_current =
        bytes_equal(bytes_of(document->pdf_sha256.data, document->pdf_sha256.len),
                    digest_bytes(&reading->pdf_sha256));
    return look_for_token(session, &reading->facts, ret_rendering->is_current, arena,
                          &ret_rendering->token, err);
}
