/* national_record - see national_record.h. */
#include "jobs/platform/national_record.h"

#include "core/io/digest.h"
#include "core/io/image_density.h"
#include "events/terms/category.h"
#include "events/terms/identifier.h"
#include "events/terms/number.h"
#include "jobs/engine/as_at.h"
#include "jobs/objects/objects.h"
#include "jobs/platform/national_learning.h"

enum {
    PHOTO_BYTES_MAX = 50 * 1024, /* the interface's limits */
    PHOTO_DPI_MIN = 200,
    PHOTO_DPI_MAX = 300,
    CERT_ID_BYTES = 16,
    PROVINCE_AT = 2, /* of a credit code: the division's six digits */
    PROVINCE_DIGITS = 6,
};

/* What of a record is the person's. */
struct holder {
    const PersonView *person;
    const IdentityVersion *identity; /* or NULL */
    IdType__Code id_type;
    str id_number; /* masked, or in full */
    bytes photo;
    struct national_learning learning;
};

FALLIBLE national_source_open(struct session *session, bool unmasked, struct arena *arena,
                              struct national_source *ret, struct error *err)
{
    RegistryView *registry = NULL;
    TRY(engine_registry(session->engine, &session->run_arena, &registry, err));
    *ret = (struct national_source){.session = session,
                                    .arena = arena,
                                    .authority_name = str_of(registry->authority_name),
                                    .authority_code = str_of(registry->authority_code),
                                    .origin = str_of(registry->origin),
                                    .unmasked = unmasked};
    return OK;
}

static void put(struct json *record, const char *key, str value)
{
    if (str_empty(value)) {
        json_put_null(record, key);
    } else {
        json_put_text(record, key, value);
    }
}

/* 32 digits that are the same whenever this version is told, and no other's. */
static str cert_id(const struct national_source *source, const CertificateView *certificate)
{
    char hex[DIGEST_HEX_SIZE];
    str text = arena_format(source->arena, "%.*s %s %u", STR_ARGS(source->authority_code),
                            certificate->certificate, certificate->version);
    struct digest digest = digest_sha256(str_bytes(text));
    digest_hex(&digest, hex);
    return arena_str(source->arena, (str){hex, (size_t)CERT_ID_BYTES * 2});
}

static void put_certificate(const struct national_source *source,
                            const CertificateView *certificate, struct json *record)
{
    const Date *from =
        certificate->valid_from != NULL ? certificate->valid_from : certificate->issued;
    str code = source->authority_code;
    put(record, "eCertID", cert_id(source, certificate));
    put(record, "provinceNum",
        code.size < PROVINCE_AT + PROVINCE_DIGITS
            ? (str){0}
            : str_first(str_from(code, PROVINCE_AT), PROVINCE_DIGITS));
    put(record, "certNum", number_full_width(str_of(certificate->certificate), source->arena));
    put(record, "issuAuth", source->authority_name);
    put(record, "issuAuthCode", source->authority_code);
    object_put_date(record, "issuedDate", certificate->first_issued);
    object_put_date(record, "issuDate", certificate->issued);
    object_put_date(record, "effectiveDate", from);
    object_put_date(record, "expiringDate", certificate->valid_until);
    put(record, "categoryCode", category_text(certificate->category));
}

static str gender_of(const struct holder *holder)
{
    const IdentityVersion *identity = holder->identity;
    return identity == NULL                     ? (str){0}
           : identity->sex == SEX__CODE__MALE   ? STR("1")
           : identity->sex == SEX__CODE__FEMALE ? STR("2")
                                                : (str){0};
}

static void put_learning(const struct national_learning *learning, struct json *record)
{
    put(record, "technicalTitle", learning->title != NULL ? str_of(learning->title) : (str){0});
    put(record, "educationDegree",
        learning->education != NULL ? str_of(learning->education) : (str){0});
    put(record, "major", learning->major);
}

/* Where the page has none, the class says it. */
static str post_of(const CertificateView *certificate)
{
    str post = str_of(certificate->post);
    if (str_empty(post)) {
        post = post_prescribed(certificate->category, certificate->legal_representative != 0);
    }
    return str_empty(post) ? STR("99") : post;
}

/* A header that says nothing is none of the wrong ones. */
static bool dots_fit(bytes photo)
{
    struct image_density density = image_density(photo);
    return density.x == 0 || (density.x >= PHOTO_DPI_MIN && density.x <= PHOTO_DPI_MAX &&
                              density.y >= PHOTO_DPI_MIN && density.y <= PHOTO_DPI_MAX);
}

/* The collected picture as it is; the platform takes no larger ones. */
static void put_photo(struct national_source *source, bytes photo, struct json *record)
{
    bool fits = photo.size > 0 && photo.size <= PHOTO_BYTES_MAX;
    source->gaps.photo_missing += source->unmasked && photo.size == 0;
    source->gaps.photo_large += photo.size > PHOTO_BYTES_MAX;
    source->gaps.photo_dots += fits && !dots_fit(photo);
    put(record, "photo", fits ? base64_encode(photo, source->arena) : (str){0});
}

static void put_holder(struct national_source *source, const CertificateView *certificate,
                       const struct holder *holder, struct json *record)
{
    put(record, "name", printed_name(certificate, holder->person));
    put(record, "gender", gender_of(holder));
    object_put_date(record, "birthDate",
                    holder->identity != NULL ? holder->identity->birth_date : NULL);
    put(record, "identityCard", holder->id_number);
    put(record, "identityCardType",
        holder->id_type == ID_TYPE__CODE__RESIDENT ? STR("111") : STR("999"));
    put(record, "companyName", str_of(certificate->enterprise_name));
    put(record, "creditCode", str_of(certificate->enterprise));
    put(record, "appointment", post_of(certificate));
    put_learning(&holder->learning, record);
    put_photo(source, holder->photo, record);
}

/* The number of the decision that the authority's own actions rest on. */
static str decision_of(const Event *event)
{
    switch ((int)event->body_case) {
    case EVENT__BODY_CERTIFICATE_SUSPENDED: return str_of(event->certificate_suspended->decision);
    case EVENT__BODY_CERTIFICATE_REINSTATED: return str_of(event->certificate_reinstated->decision);
    case EVENT__BODY_CERTIFICATE_REVOKED: return str_of(event->certificate_revoked->decision);
    case EVENT__BODY_CERTIFICATE_WITHDRAWN: return str_of(event->certificate_withdrawn->decision);
    case EVENT__BODY_AUTHORITY_CANCELLED: return str_of(event->authority_cancelled->decision);
    case EVENT__BODY_DEPARTURE_WITHDRAWN: return str_of(event->departure_withdrawn->decision);
    case EVENT__BODY_CERTIFICATE_CORRECTED: return str_of(event->certificate_corrected->decision);
    case EVENT__BODY_POST_CHANGED: return str_of(event->post_changed->decision);
    }
    return (str){0};
}

static str address_of_page(const struct national_source *source, const CertificateView *certificate)
{
    struct session *session = source->session;
    struct arena *arena = source->arena;
    if (!source->unmasked) {
        return (str){0};
    }
    str token = people_token(
        engine_people(session->engine),
        arena_format(arena, "%s:%u", certificate->certificate, certificate->version), arena);
    return arena_format(arena, "%s%.*s", session->config->verify_url, STR_ARGS(token));
}

static void put_operation(struct national_source *source, const CertificateView *certificate,
                          const Event *event, const struct national_codes *codes,
                          struct json *record)
{
    struct arena *arena = source->arena;
    str number = str_of(certificate->certificate);
    uint32_t version = certificate->version;
    str identifier = identifier_format(source->authority_code, number, version, arena);
    put(record, "certState", str_of(codes->state));
    json_put_null(record, "certStatusDescription"); /* of state 99, which is never told */
    put(record, "associatedZzeCertID",
        version > 1 ? identifier_format(source->authority_code, number, version - 1, arena)
                    : (str){0});
    put(record, "businessInformation", event != NULL ? decision_of(event) : (str){0});
    put(record, "operateType", str_of(codes->operation));
    put(record, "oldcertNum", number_full_width(str_of(certificate->original_certificate), arena));
    put(record, "zzeCertID", identifier);
    put(record, "url", address_of_page(source, certificate));
    source->gaps.previous += event != NULL && event->body_case == EVENT__BODY_CERTIFICATE_ENTERED;
    source->gaps.identifier += str_empty(identifier);
    source->gaps.category += certificate->category == CATEGORY__CODE__C;
}

/* The number as it was then. */
static FALLIBLE read_number(const struct national_source *source, uint64_t event,
                            struct holder *holder, struct error *err)
{
    const PersonView *person = holder->person;
    const Personal *personal = NULL;
    holder->id_type = person->id_type;
    holder->id_number = str_of(person->masked_number);
    for (size_t i = 0; i < person->n_numbers && (i == 0 || person->numbers[i]->event <= event);
         i++) {
        holder->id_type = person->numbers[i]->id_type;
        holder->id_number = str_of(person->numbers[i]->masked_number);
    }
    if (source->unmasked) {
        TRY(person_number_as_at(source->session->engine, person, event, source->arena, &personal,
                                err));
        holder->id_type = personal->id_type;
        holder->id_number = str_of(personal->id_number);
    }
    return OK;
}

/* A photo that is gone is no reason to keep the rest back. */
static FALLIBLE read_holder(const struct national_source *source,
                            const CertificateView *certificate, uint64_t event, struct holder *ret,
                            bool *ret_held, struct error *err)
{
    struct engine *engine = source->session->engine;
    struct holder holder = {0};
    PersonView *person = NULL;
    struct error failure;
    TRY(person_view(source->session, str_of(certificate->person_id), source->arena, &person, err));
    holder.person = person;
    holder.identity = person_identity(person, certificate->identity_event);
    *ret_held = person->blocked; /* so is who was erased */
    if (*ret_held) {
        return OK;
    }
    TRY(read_number(source, event, &holder, err));
    if (source->unmasked) {
        TRY(national_learning_as_at(source->session, str_of(certificate->person_id), event,
                                    source->arena, &holder.learning, err));
    }
    if (source->unmasked &&
        !person_photo(engine, person, holder.identity, source->arena, &holder.photo, &failure).ok) {
        holder.photo = (bytes){0};
    }
    *ret = holder;
    return OK;
}

FALLIBLE national_record(struct national_source *source, const CertificateView *certificate,
                         const Event *event, const struct national_codes *codes, struct json **ret,
                         bool *ret_held, struct error *err)
{
    struct holder holder = {0};
    TRY(read_holder(source, certificate, event != NULL ? event->sequence : UINT64_MAX, &holder,
                    ret_held, err));
    if (*ret_held) {
        return OK;
    }
    struct json *record = json_new_record();
    put_certificate(source, certificate, record);
    put_holder(source, certificate, &holder, record);
    put_operation(source, certificate, event, codes, record);
    *ret = record;
    return OK;
}
