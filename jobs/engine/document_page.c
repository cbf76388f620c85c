/* document_page - see document_page.h. */
#include "jobs/engine/document_page.h"

#include <string.h>

#include "jobs/engine/as_at.h"
#include "jobs/engine/templates.h"
#include "jobs/messages.h"
#include "projections/certificate_page.h"
#include "projections/proof_page.h"

/* When the event that a page shows was recorded. A page depends on no other time. */
static outcome recorded_at(struct engine *engine, uint64_t event, struct arena *arena,
                           int64_t *ret_us, struct error *err)
{
    Event *found = NULL;
    TRY(engine_event(engine, event, arena, &found, err));
    *ret_us = found->recorded_at_us;
    return OK;
}

static outcome certificate_sheet(struct engine *engine, const struct template *template,
                                 str verify_url, struct arena *arena, struct document_sheet *sheet,
                                 struct error *err)
{
    const DocumentView *document = sheet->document;
    struct certificate_facts facts = {.template = template, .verify_url = verify_url};
    const PersonView *person = NULL;
    RegistryView *registry = NULL;
    TRY(views_get(engine_views(engine), VIEW_CERTIFICATE, key_certificate(str_of(document->id)),
                  arena, &facts.certificate, err));
    TRY(views_get(engine_views(engine), VIEW_PERSON,
                  key_person(str_of(facts.certificate->person_id)), arena, &person, err));
    TRY(engine_registry(engine, arena, &registry, err));
    facts.identity = person_identity(person, facts.certificate->identity_event);
    facts.holder_name = str_of(person->name);
    facts.authority_name = str_of(registry->authority_name);
    facts.authority_code = str_of(registry->authority_code);
    facts.token = people_token(
        engine_people(engine),
        arena_format(arena, "%s:%u", facts.certificate->certificate, facts.certificate->version),
        arena);
    TRY(recorded_at(engine, document->wanted_event, arena, &facts.created_us, err));
    TRY(person_photo(engine, person, facts.identity, arena, &sheet->photo, err));
    return certificate_page(&facts, arena, &sheet->page, err);
}

/* The person's name when the proof was ordered (R-BJ-02), if a collected identity has it; else the
 * present name. */
static str name_at(const PersonView *person, uint64_t event)
{
    str name = str_of(person->name);
    for (size_t i = 0; i < person->n_identities && person->identities[i]->event <= event; i++) {
        if (person->identities[i]->name[0] != 0) {
            name = str_of(person->identities[i]->name);
        }
    }
    return name;
}

static outcome proof_sheet(struct engine *engine, const struct template *template,
                           struct arena *arena, struct document_sheet *sheet, struct error *err)
{
    const DocumentView *document = sheet->document;
    struct proof_facts facts = {.template = template,
                                .document = str_of(document->id),
                                .enterprise_name = str_of(document->enterprise_name),
                                .certificates_count = document->n_certificates,
                                .ordered_on = document->ordered_on->days,
                                .created_us = document->ordered_at_us};
    const CertificateView **certificates =
        ARENA_ARRAY(arena, const CertificateView *, document->n_certificates);
    const PersonView *person = NULL;
    RegistryView *registry = NULL;
    Event *order = NULL;
    for (size_t i = 0; i < document->n_certificates; i++) {
        /* later events (a withdrawn departure, an extension, a correction) are not in the proof,
         * however late it is drawn (R-BJ-02) */
        TRY(certificate_as_at(engine, document->certificates[i], document->wanted_event, arena,
                              &certificates[i], err));
    }
    facts.certificates = certificates;
    TRY(views_get(engine_views(engine), VIEW_PERSON, key_person(str_of(document->person_id)), arena,
                  &person, err));
    TRY(engine_registry(engine, arena, &registry, err));
    facts.authority_name = str_of(registry->authority_name);
    facts.holder_name = name_at(person, document->wanted_event);
    const Personal *personal = NULL;
    TRY(person_number_as_at(engine, person, document->wanted_event, arena, &personal, err));
    facts.id_type = personal->id_type;
    facts.id_number = str_of(personal->id_number);
    TRY(engine_event(engine, document->wanted_event, arena, &order, err));
    facts.signer = str_of(order->signer);
    if (document->kind == DOCUMENT_KIND__CODE__CANCELLATION_PROOF) {
        TRY(cancellation_proof_page(&facts, arena, &sheet->page, err));
    } else {
        TRY(departure_proof_page(&facts, arena, &sheet->page, err));
    }
    return OK;
}

static enum template_kind template_kind_of(const DocumentView *document)
{
    return document->kind == DOCUMENT_KIND__CODE__CERTIFICATE          ? TEMPLATE_CERTIFICATE
           : document->kind == DOCUMENT_KIND__CODE__CANCELLATION_PROOF ? TEMPLATE_CANCELLATION
                                                                       : TEMPLATE_DEPARTURE;
}

FALLIBLE document_sheet(struct engine *engine, const DocumentView *document,
                        const struct document_wish *wish, struct arena *arena,
                        struct document_sheet *ret, struct error *err)
{
    struct document_sheet sheet = {.document = document};
    const struct template *holds = NULL;
    enum template_kind kind = template_kind_of(document);
    TRY(engine_template(engine, kind, wish->template_as_at, &holds, err));
    struct template template = *holds;
    template.as_before = wish->as_before;
    if (kind == TEMPLATE_CERTIFICATE) {
        TRY(certificate_sheet(engine, &template, wish->verify_url, arena, &sheet, err));
    } else {
        TRY(proof_sheet(engine, &template, arena, &sheet, err));
    }
    *ret = sheet;
    return OK;
}
