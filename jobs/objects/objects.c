/* objects - see objects.h. */
#include "jobs/objects/objects.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/digest.h"
#include "events/guards.h"
#include "events/holder.h"
#include "events/terms/category.h"
#include "events/terms/identifier.h"
#include "events/terms/identity.h"
#include "events/terms/validity.h"
#include "jobs/engine/parts/trail.h"
#include "jobs/engine/person_ids.h"
#include "jobs/objects/departures.h"
#include "jobs/objects/redact.h"

/* --- views ---------------------------------------------------------------------------------------
 */

FALLIBLE certificate_view(struct session *session, str number, struct arena *arena,
                          CertificateView **ret, struct error *err)
{
    struct view_key key = key_certificate(number);
    TRY(views_get(engine_views(session->engine), VIEW_CERTIFICATE, key, arena, ret, err));
    return trail_complete(engine_views(session->engine), VIEW_CERTIFICATE, key, &(*ret)->base,
                          arena, err);
}

FALLIBLE person_view(struct session *session, str person_id, struct arena *arena, PersonView **ret,
                     struct error *err)
{
    const char *followed = NULL;
    const char *id = arena_c_string(arena, person_id);
    PersonView *person = NULL;
    TRY(views_get(engine_views(session->engine), VIEW_PERSON, key_person(person_id), arena, &person,
                  err));
    BUG_UNLESS(person != NULL); /* what is not there is an empty view */
    if (person->person_id[0] == 0) {
        TRY(person_id_follow(engine_views(session->engine), id, arena, &followed, err));
        if (strcmp(followed, id) != 0) {
            TRY(views_get(engine_views(session->engine), VIEW_PERSON, key_person(str_of(followed)),
                          arena, &person, err));
        }
    }
    person_mark_blocked(session, person);
    *ret = person_redacted(person, arena);
    return OK;
}

FALLIBLE enterprise_view(struct session *session, str code, struct arena *arena,
                         EnterpriseView **ret, struct error *err)
{
    struct view_key key = key_enterprise(code);
    TRY(views_get(engine_views(session->engine), VIEW_ENTERPRISE, key, arena, ret, err));
    return trail_complete(engine_views(session->engine), VIEW_ENTERPRISE, key, &(*ret)->base, arena,
                          err);
}

FALLIBLE document_view(struct session *session, str id, struct arena *arena, DocumentView **ret,
                       struct error *err)
{
    return views_get(engine_views(session->engine), VIEW_DOCUMENT, key_document(id), arena, ret,
                     err);
}

FALLIBLE each_of_index(struct session *session, struct view_key prefix,
                       outcome (*each)(void *state, str part, struct error *err), void *state,
                       struct error *err)
{
    struct views_scan scan = {0};
    bool more = false;
    outcome result;
    TRY(views_scan_open(engine_views(session->engine), VIEW_INDEX, &prefix, (bytes){0}, &scan,
                        err));
    while ((result = views_scan_next(&scan, &more, err)).ok && more) {
        result = each(state, key_last_part(scan.key), err);
        if (!result.ok) {
            break;
        }
    }
    views_scan_close(&scan);
    return result;
}

/* --- parts of objects ----------------------------------------------------------------------------
 */

FALLIBLE object_source_open(struct session *session, bool unmasked, struct arena *arena,
                            struct object_source *ret, struct error *err)
{
    RegistryView *registry = NULL;
    TRY(engine_registry(session->engine, &session->run_arena, &registry, err));
    *ret = (struct object_source){.session = session,
                                  .arena = arena,
                                  .authority_code = str_of(registry->authority_code),
                                  .unmasked = unmasked};
    return OK;
}

static struct json *new_object(const struct object_source *source)
{
    return source->in_arena ? json_new_record_in(source->arena) : json_new_record();
}

void object_put_date(struct json *record, const char *key, const Date *date)
{
    char text[DATE_SIZE];
    if (date == NULL) {
        json_put_null(record, key);
        return;
    }
    date_format(date->days, text);
    json_put_text(record, key, str_of(text));
}

static void put_text_or_null(struct json *record, const char *key, str text)
{
    if (str_empty(text)) {
        json_put_null(record, key);
    } else {
        json_put_text(record, key, text);
    }
}

static void put_numbers(struct json *record, const char *key, const uint64_t *numbers, size_t count)
{
    struct json *list = json_put_list(record, key);
    for (size_t i = 0; i < count; i++) {
        json_add_number(list, (int64_t)numbers[i]);
    }
}

/* All of a record's events, also when it comes as a scan found it. */
static FALLIBLE put_events(const struct object_source *source, struct json *record,
                           enum view_id view, struct view_key key, const ProtobufCMessage *found,
                           struct error *err)
{
    ProtobufCMessage *whole = arena_new(source->arena, found->descriptor->sizeof_message);
    memcpy(whole, found, found->descriptor->sizeof_message);
    TRY(trail_complete(engine_views(source->session->engine), view, key, whole, source->arena,
                       err));
    struct trail_fields fields = view_kinds[view].trail(whole);
    put_numbers(record, "events", *fields.events, *fields.count);
    return OK;
}

static void put_texts(struct json *record, const char *key, char *const *texts, size_t count)
{
    struct json *list = json_put_list(record, key);
    for (size_t i = 0; i < count; i++) {
        json_add_text(list, str_of(texts[i]));
    }
}

/* The number as the person may be shown: masked, or in full out of the event that gave it. */
static FALLIBLE number_of(const struct object_source *source, const PersonView *person, str *ret,
                          struct error *err)
{
    Event *event = NULL;
    *ret = str_of(person->masked_number);
    if (!source->unmasked || person->known_by == 0) {
        return OK;
    }
    TRY(engine_event(source->session->engine, person->known_by, source->arena, &event, err));
    struct personal_slot slot = event_personal(event);
    if (slot.personal != NULL && *slot.personal != NULL && *(*slot.personal)->id_number != 0) {
        *ret = str_of((*slot.personal)->id_number);
    }
    return OK;
}

/* Only where it is so: everybody else's objects stay as they are. */
static void put_blocked(struct json *record, const PersonView *person)
{
    if (person->blocked) {
        json_put_bool(record, "blocked", true);
        json_put_bool(record, "erased", person->erased != 0);
    }
}

static FALLIBLE put_person(const struct object_source *source, struct json *record,
                           const PersonView *person, str name, struct error *err)
{
    str number = STR("");
    TRY(number_of(source, person, &number, err));
    struct json *part = json_put_record(record, "person");
    json_put_text(part, "name", name);
    json_put_text(part, "id_type", id_type_text(person->id_type));
    json_put_text(part, "id_number", number);
    put_blocked(part, person);
    return OK;
}

FALLIBLE object_put_person(const struct object_source *source, struct json *record,
                           const PersonView *person, struct error *err)
{
    return put_person(source, record, person, person_current_name(person), err);
}

static void put_enterprise(struct json *record, const char *code, const char *name)
{
    struct json *part = json_put_record(record, "enterprise");
    json_put_text(part, "code", str_of(code));
    json_put_text(part, "name", str_of(name));
}

/* Of the file as it was logged last; false without one. */
static bool hex_of_file(const DocumentView *document, char hex[DIGEST_HEX_SIZE])
{
    struct digest digest;
    if (document->pdf_sha256.len != sizeof digest.data) {
        return false;
    }
    memcpy(digest.data, document->pdf_sha256.data, sizeof digest.data);
    digest_hex(&digest, hex);
    return true;
}

str document_file(const DocumentView *document, struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    if (!hex_of_file(document, hex)) {
        return STR("");
    }
    str folder =
        document->kind == DOCUMENT_KIND__CODE__CERTIFICATE ? STR("certificates/") : STR("proofs/");
    return ARENA_JOIN(arena, folder, ((str){hex, 2}), STR("/"), str_of(hex), STR(".pdf"));
}

/* The files of an erased person are gone, whatever was logged of them. A document that is yet to be
 * made, or could not be, has none: the one before it shows another version (R-BJ-02). */
static void put_document(struct json *record, const DocumentView *logged, const PersonView *person,
                         struct arena *arena)
{
    const DocumentView gone = DOCUMENT_VIEW__INIT;
    const DocumentView *document = person->erased ? &gone : logged;
    struct json *part = json_put_record(record, "document");
    char hex[DIGEST_HEX_SIZE] = "";
    str error = STR("");
    if (document->status == DOCUMENT_STATUS__CODE__FAILED) {
        error = arena_format(arena, "%s%s%s", document->error_code,
                             *document->error_detail != 0 ? ": " : "", document->error_detail);
    }
    json_put_text(
        part, "status",
        record_enum_text(&document_status__code__descriptor, (int)document->status, arena));
    bool is_there = document->status == DOCUMENT_STATUS__CODE__READY && hex_of_file(document, hex);
    put_text_or_null(part, "file", is_there ? document_file(document, arena) : STR(""));
    put_text_or_null(part, "sha256", str_of(hex));
    put_text_or_null(part, "error", error);
}

str printed_name(const CertificateView *certificate, const PersonView *person)
{
    str printed = holder_printed_name(person, certificate);
    return str_empty(printed) ? person_current_name(person) : printed;
}

/* --- objects -------------------------------------------------------------------------------------
 */

FALLIBLE object_of_certificate(const struct object_source *source,
                               const CertificateView *certificate, struct json **ret,
                               struct error *err)
{
    struct session *session = source->session;
    struct arena *arena = source->arena;
    str number = str_of(certificate->certificate);
    PersonView *person = NULL;
    DocumentView *document = NULL;
    TRY(person_view(session, str_of(certificate->person_id), arena, &person, err));
    TRY(document_view(session, number, arena, &document, err));
    str identifier =
        certificate->medium == MEDIUM__CODE__ELECTRONIC
            ? identifier_format(source->authority_code, number, certificate->version, arena)
            : STR("");

    struct json *record = new_object(source);
    json_put_text(record, "certificate", number);
    json_put_text(record, "category", category_text(certificate->category));
    json_put_bool(record, "legal_representative", certificate->legal_representative != 0);
    put_text_or_null(record, "post", str_of(certificate->post));
    if (!put_person(source, record, person, printed_name(certificate, person), err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    put_enterprise(record, certificate->enterprise, certificate->enterprise_name);
    json_put_text(record, "medium",
                  record_enum_text(&medium__code__descriptor, (int)certificate->medium, arena));
    json_put_text(record, "status",
                  certificate_status_text(certificate, session->run.moment.today));
    object_put_date(record, "first_issued", certificate->first_issued);
    object_put_date(record, "issued", certificate->issued);
    object_put_date(record, "valid_from", certificate->valid_from);
    object_put_date(record, "valid_until", certificate->valid_until);
    object_put_date(record, "affiliated_since", certificate->affiliated_since);
    json_put_number(record, "version", certificate->version);
    put_text_or_null(record, "identifier", identifier);
    put_document(record, document, person, arena);
    if (!put_events(source, record, VIEW_CERTIFICATE, key_certificate(number),
                    (const ProtobufCMessage *)certificate, err)
             .ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    *ret = record;
    return OK;
}

static outcome add_text(void *state, str part, struct error *err)
{
    (void)err; /* a list takes everything */
    json_add_text(state, part);
    return OK;
}

/* What the document says (R-PF-07). Where somebody lives is shown only where it may be seen. */
static void put_identity(struct json *record, const IdentityVersion *identity, bool unmasked,
                         struct arena *arena)
{
    if (identity == NULL) {
        json_put_null(record, "identity");
        return;
    }
    struct json *part = json_put_record(record, "identity");
    json_put_text(part, "name", str_of(identity->name));
    json_put_text(part, "sex", sex_text(identity->sex));
    put_text_or_null(part, "nation", str_of(identity->nation));
    object_put_date(part, "birth_date", identity->birth_date);
    str address = str_of(identity->address);
    put_text_or_null(part, "address", unmasked || str_empty(address) ? address : STR("***"));
    put_text_or_null(part, "issuer", str_of(identity->issuer));
    object_put_date(part, "valid_from", identity->valid_from);
    if (identity->valid_forever) {
        json_put_text(part, "valid_to", STR("长期"));
    } else {
        object_put_date(part, "valid_to", identity->valid_to);
    }
    object_put_date(part, "collected_on", identity->collected_on);
    json_put_text(part, "method",
                  record_enum_text(&collection__code__descriptor, (int)identity->method, arena));
    put_text_or_null(part, "window", str_of(identity->window));
    json_put_bool(part, "photo", identity->photo_sha256.len > 0);
    json_put_bool(part, "digital_certificate", identity->digital_certificate != 0);
}

/* The bound phone; in full only where it may be seen, from the event that bound it. */
static FALLIBLE phone_of(const struct object_source *source, const PersonView *person, str *ret,
                         struct error *err)
{
    *ret = str_of(person->masked_phone);
    for (size_t i = person->n_events; i > 0 && source->unmasked && !str_empty(*ret); i--) {
        Event *event = NULL;
        TRY(engine_event(source->session->engine, person->events[i - 1], source->arena, &event,
                         err));
        struct personal_slot slot = event_personal(event);
        bool binds = event->body_case == EVENT__BODY_PHONE_REGISTERED ||
                     event->body_case == EVENT__BODY_PHONE_CHANGED;
        if (binds) {
            *ret = *slot.personal != NULL ? str_of((*slot.personal)->phone) : *ret;
            break;
        }
    }
    return OK;
}

static FALLIBLE fill_person(const struct object_source *source, struct json *record,
                            const PersonView *person, struct error *err)
{
    str number = STR("");
    str phone = STR("");
    TRY(number_of(source, person, &number, err));
    TRY(phone_of(source, person, &phone, err));
    json_put_text(record, "person", str_of(person->person_id));
    put_blocked(record, person);
    json_put_text(record, "name", person_current_name(person));
    json_put_text(record, "id_type", id_type_text(person->id_type));
    json_put_text(record, "id_number", number);
    put_text_or_null(record, "phone", phone);
    put_texts(record, "former_names", person->former_names, person->n_former_names);
    put_identity(record, identity_collected(person), source->unmasked, source->arena);
    TRY(each_of_index(source->session, index_certificates_of_person(str_of(person->person_id)),
                      add_text, json_put_list(record, "certificates"), err));
    put_numbers(record, "events", person->events, person->n_events);
    return OK;
}

FALLIBLE object_of_person(const struct object_source *source, const PersonView *person,
                          struct json **ret, struct error *err)
{
    struct json *record = new_object(source);
    if (!fill_person(source, record, person, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    *ret = record;
    return OK;
}

static FALLIBLE fill_enterprise(const struct object_source *source, struct json *record,
                                const EnterpriseView *enterprise, struct error *err)
{
    PersonView *legal = NULL;
    str number = STR("");
    json_put_text(record, "code", str_of(enterprise->code));
    json_put_text(record, "name", str_of(enterprise->name));
    put_texts(record, "former_names", enterprise->former_names, enterprise->n_former_names);
    TRY(person_view(source->session, str_of(enterprise->legal_person_id), source->arena, &legal,
                    err));
    TRY(number_of(source, legal, &number, err));
    struct json *part = json_put_record(record, "legal_representative");
    json_put_text(part, "name", person_current_name(legal));
    json_put_text(part, "id_type", id_type_text(legal->id_type));
    json_put_text(part, "id_number", number);
    put_text_or_null(record, "qualification", str_of(enterprise->qualification));
    put_text_or_null(record, "state", str_of(enterprise->state));
    TRY(each_of_index(source->session, index_certificates_of_enterprise(str_of(enterprise->code)),
                      add_text, json_put_list(record, "certificates"), err));
    return put_events(source, record, VIEW_ENTERPRISE, key_enterprise(str_of(enterprise->code)),
                      (const ProtobufCMessage *)enterprise, err);
}

FALLIBLE object_of_enterprise(const struct object_source *source, const EnterpriseView *enterprise,
                              struct json **ret, struct error *err)
{
    struct json *record = new_object(source);
    if (!fill_enterprise(source, record, enterprise, err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    *ret = record;
    return OK;
}

FALLIBLE object_of_record(const struct object_source *source, const RecordView *line,
                          struct json **ret, struct error *err)
{
    struct arena *arena = source->arena;
    PersonView *person = NULL;
    DocumentView *proof = NULL;
    bool withdrawn = false;
    TRY(person_view(source->session, str_of(line->person_id), arena, &person, err));
    TRY(document_view(source->session, str_of(line->document), arena, &proof, err));
    if (line->list == RECORD_LIST__CODE__DEPARTURES) {
        TRY(departure_is_withdrawn(source->session, str_of(line->certificate), line->event, arena,
                                   &withdrawn, err));
    }

    struct json *record = new_object(source);
    json_put_text(record, "certificate", str_of(line->certificate));
    object_put_date(record, "date", line->date);
    json_put_text(record, "kind",
                  record_enum_text(&record_kind__code__descriptor, (int)line->kind, arena));
    put_enterprise(record, line->enterprise, line->enterprise_name);
    if (!put_person(source, record, person, person_current_name(person), err).ok) {
        json_release(record);
        return error_trace(err, HERE);
    }
    if (line->list == RECORD_LIST__CODE__ENTRIES) {
        json_put_text(record, "original_certificate", str_of(line->original_certificate));
    }
    object_put_date(record, "valid_until", line->valid_until);
    if (*line->document != 0) {
        json_put_text(record, "status",
                      withdrawn ? STR("departure_withdrawn") : STR("done")); /* R-CX-02: 已完成 */
        put_document(record, proof, person, arena);
    }
    json_put_number(record, "event", (int64_t)line->event);
    *ret = record;
    return OK;
}
