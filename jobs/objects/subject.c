/* subject - see subject.h. */
#include "jobs/objects/subject.h"

#include <string.h>

#include "core/base/unicode.h"
#include "core/io/seal.h"
#include "events/terms/credit_code.h"
#include "events/terms/identity.h"
#include "events/terms/number.h"
#include "jobs/engine/parts/views_walk.h"

static FALLIBLE find_certificate(struct session *session, str text, struct arena *arena,
                                 struct subject *ret, struct error *err)
{
    CertificateView *certificate = NULL;
    struct number number;
    str asked = number_parse(text, arena, &number) ? number.canonical : text;
    TRY(certificate_view(session, asked, arena, &certificate, err));
    if (*certificate->certificate == 0) {
        FAIL(REFUSED(NULL), MESSAGE_CERTIFICATE_NOT_FOUND, ARG_STR("certificate", asked));
    }
    *ret = (struct subject){
        .kind = SUBJECT_CERTIFICATE, .key = certificate->certificate, .certificate = certificate};
    return OK;
}

static FALLIBLE find_enterprise(struct session *session, str text, struct arena *arena,
                                struct subject *ret, struct error *err)
{
    EnterpriseView *enterprise = NULL;
    str code = text;
    (void)credit_code_normalise(text, arena, &code); /* else as it was given: not found */
    TRY(enterprise_view(session, code, arena, &enterprise, err));
    if (*enterprise->code == 0) {
        FAIL(REFUSED(NULL), MESSAGE_ENTERPRISE_NOT_FOUND, ARG_STR("enterprise", code));
    }
    *ret = (struct subject){
        .kind = SUBJECT_ENTERPRISE, .key = enterprise->code, .enterprise = enterprise};
    return OK;
}

enum { ID_TYPES_COUNT = ID_TYPE__CODE__OTHER + 1 };

/* The number in each kind of document whose form it fits: one of them may be known. */
static FALLIBLE find_by_number(struct session *session, str text, struct arena *arena,
                               PersonView **ret, struct error *err)
{
    struct people *people = engine_people(session->engine);
    IdType__Code guess = id_type_guess(text);
    for (int i = 0; i < ID_TYPES_COUNT && people != NULL; i++) {
        IdType__Code type = i == 0 ? guess : (IdType__Code)i;
        str normal;
        PersonView *person = NULL;
        if (type == ID_TYPE__CODE__NONE || !identity_normalise(type, text, arena, &normal)) {
            continue;
        }
        TRY(person_view(session, str_of(people_id(people, type, normal, arena)), arena, &person,
                        err));
        if (*person->person_id != 0) {
            *ret = person;
            return OK;
        }
    }
    return OK;
}

/* The number as it is, or as it was before a correction. */
static bool has_mask_of(const PersonView *person, str number)
{
    bool has =
        *person->masked_number != 0 && identity_mask_agrees(str_of(person->masked_number), number);
    for (size_t i = 0; i < person->n_numbers && !has; i++) {
        const char *mask = person->numbers[i]->masked_number;
        has = *mask != 0 && identity_mask_agrees(str_of(mask), number);
    }
    return has;
}

/* Without keys a number leads nowhere; its mask may. */
static FALLIBLE find_by_mask(struct session *session, str text, struct arena *arena,
                             PersonView **ret, struct error *err)
{
    VIEWS_WALK_AUTO walk = {0};
    str number = unicode_upper_ascii(unicode_without_blanks(text, arena), arena);
    int64_t found = 0;
    TRY(views_walk_open(engine_views(session->engine), VIEW_PERSON, NULL, &session->item_arena,
                        &walk, err));
    while (walk.record != NULL) {
        const PersonView *person = walk.record;
        if (!person->blocked && has_mask_of(person, number)) {
            ProtobufCMessage *kept = NULL;
            TRY(views_scan_record(&walk.scan, arena, &kept, err));
            *ret = (PersonView *)(void *)kept;
            found++;
        }
        TRY(views_walk_next(&walk, err));
    }
    if (found > 1) {
        FAIL(REFUSED(NULL), MESSAGE_PERSON_AMBIGUOUS, ARG_INT("count", found));
    }
    return OK;
}

static FALLIBLE find_person(struct session *session, str text, struct arena *arena,
                            struct subject *ret, struct error *err)
{
    PersonView *person = NULL;
    str trimmed = str_trim(text);
    if (trimmed.size == PERSON_ID_SIZE - 1) {
        TRY(person_view(session, trimmed, arena, &person, err));
    }
    if (person == NULL || *person->person_id == 0) {
        TRY(find_by_number(session, trimmed, arena, &person, err));
    }
    if ((person == NULL || *person->person_id == 0) && engine_people(session->engine) == NULL) {
        TRY(find_by_mask(session, trimmed, arena, &person, err));
    }
    if (person == NULL || *person->person_id == 0) {
        FAIL(REFUSED(NULL), MESSAGE_PERSON_NOT_FOUND);
    }
    *ret = (struct subject){.kind = SUBJECT_PERSON, .key = person->person_id, .person = person};
    return OK;
}

FALLIBLE subject_find(struct session *session, const char *what, const char *number,
                      struct arena *arena, struct subject *ret, struct error *err)
{
    str text = str_of(number);
    if (strcmp(what, "certificate") == 0) {
        return find_certificate(session, text, arena, ret, err);
    }
    if (strcmp(what, "person") == 0) {
        return find_person(session, text, arena, ret, err);
    }
    if (strcmp(what, "enterprise") == 0) {
        return find_enterprise(session, text, arena, ret, err);
    }
    FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", what),
         ARG_TEXT("known", strcmp(session->verb->name, "audit history") == 0
                               ? "certificate person enterprise file actor wave import day code"
                               : "certificate person enterprise"));
}
