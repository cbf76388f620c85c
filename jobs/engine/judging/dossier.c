/* dossier - see dossier.h. */
#include "jobs/engine/judging/dossier.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/form.h"
#include "events/person_number.h"
#include "events/terms/streams.h"
#include "events/terms/validity.h"
#include "events/wave.h"
#include "jobs/engine/judging/dossier_parts.h"
#include "jobs/engine/judging/wave.h"
#include "jobs/engine/judging/wish.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/engine/person_ids.h"

/* What the rule of an action needs besides the policies and the actor. */
enum need {
    NEEDS_CERTIFICATE = 1 << 0, /* the named one, and its holder */
    NEEDS_PERSON = 1 << 1,      /* the named one */
    NEEDS_PERSONS = 1 << 2,     /* the person's certificates */
    NEEDS_NAMED = 1 << 3,       /* a list of certificates */
    NEEDS_WAVE = 1 << 4,        /* the list of a wave */
    NEEDS_LEGAL = 1 << 5,       /* the enterprise's legal-representative A */
    NEEDS_EXAMS = 1 << 6,       /* the person's */
    NEEDS_INSURANCES = 1 << 7,  /* the person's */
    NEEDS_NATIONALS = 1 << 8,   /* the person's, and those of the named original number */
    NEEDS_SERIAL = 1 << 9,
    NEEDS_HOME = 1 << 10, /* the named certificate's enterprise, and its legal-representative A */
    NEEDS_AS_OTHER = 1 << 11, /* national records of the person under the kind 其他 */
};

static unsigned needs_of(const Action *action)
{
    if (action->body_case == ACTION__BODY_BLOCK_PERSON ||
        action->body_case == ACTION__BODY_ERASE_PERSON) {
        return NEEDS_PERSON | NEEDS_PERSONS | NEEDS_NATIONALS;
    }
    switch (action->body_case) {
    case ACTION__BODY_EXCHANGE: return NEEDS_CERTIFICATE;
    case ACTION__BODY_REQUEST_REGENERATION: return NEEDS_CERTIFICATE;
    case ACTION__BODY_ISSUE:
        return NEEDS_PERSON | NEEDS_PERSONS | NEEDS_EXAMS | NEEDS_INSURANCES | NEEDS_NATIONALS |
               NEEDS_AS_OTHER | NEEDS_SERIAL |
               (action->issue->legal_representative ? NEEDS_LEGAL : 0U);
    case ACTION__BODY_EXTEND: return NEEDS_CERTIFICATE | NEEDS_EXAMS | NEEDS_INSURANCES;
    case ACTION__BODY_ENTER:
        return NEEDS_PERSON | NEEDS_PERSONS | NEEDS_NATIONALS | NEEDS_AS_OTHER | NEEDS_SERIAL;
    case ACTION__BODY_CHANGE_AFFILIATION:
        return NEEDS_PERSON | NEEDS_PERSONS | NEEDS_NAMED | NEEDS_NATIONALS | NEEDS_AS_OTHER;
    case ACTION__BODY_RENAME_ENTERPRISE: return NEEDS_WAVE;
    case ACTION__BODY_CANCEL: return NEEDS_CERTIFICATE | NEEDS_PERSONS;
    case ACTION__BODY_DEPART: return NEEDS_PERSON | NEEDS_PERSONS | NEEDS_NAMED;
    case ACTION__BODY_RENAME_PERSON: return NEEDS_PERSON | NEEDS_PERSONS;
    case ACTION__BODY_SUSPEND:
    case ACTION__BODY_REVOKE:
    case ACTION__BODY_WITHDRAW:
    case ACTION__BODY_CANCEL_BY_AUTHORITY: return NEEDS_CERTIFICATE;
    case ACTION__BODY_REINSTATE:
    case ACTION__BODY_WITHDRAW_DEPARTURE:
    case ACTION__BODY_CORRECT_CERTIFICATE:
    case ACTION__BODY_CHANGE_POST:
        return NEEDS_CERTIFICATE | NEEDS_PERSONS | NEEDS_NATIONALS | NEEDS_AS_OTHER | NEEDS_HOME;
    case ACTION__BODY_CHANGE_ID_NUMBER: return NEEDS_PERSON;
    case ACTION__BODY_EXTEND_BY_NOTICE:
    case ACTION__BODY_CONVERT_CATEGORY: return NEEDS_WAVE;
    case ACTION__BODY_REGISTER_ENTERPRISE:
    case ACTION__BODY_COLLECT_IDENTITY:
    case ACTION__BODY_RECORD_EXAM: return NEEDS_PERSON;
    case ACTION__BODY_REGISTER_PAPER: return NEEDS_PERSON | NEEDS_CERTIFICATE;
    case ACTION__BODY_REGISTER_CLERK:
    case ACTION__BODY_RECORD_INSURANCE:
    case ACTION__BODY_RECORD_NATIONAL:
    case ACTION__BODY_RECORD_REGISTRATION:
    case ACTION__BODY_RECORD_CONTRACT:
    CASE_PERSONNEL_FILE_ACTION:
    case ACTION__BODY__NOT_SET:
    case _ACTION__BODY__CASE_IS_INT_SIZE: break;
    }
    return 0;
}

/* The certificate that the action names, or "". */
struct subjects {
    const char *certificate;
    const char *person_id;
    const char *enterprise;
    const char *clerk;
};

static struct subjects subjects_of(const Action *action)
{
    struct subjects subjects = {"", "", action->enterprise, action->clerk};
    const char *selected = notice_enterprise(action);
    Action shallow = *action;
    struct wish_parts parts = wish_parts(&shallow);
    if (parts.certificate != NULL && action->body_case != ACTION__BODY_ENTER) {
        subjects.certificate = *parts.certificate;
    }
    subjects.person_id =
        parts.person != NULL ? parts.person->person_id : person_id_of_row(&shallow);
    if (action->body_case == ACTION__BODY_REGISTER_ENTERPRISE) {
        subjects.enterprise = action->register_enterprise->row->code;
    } else if (action->body_case == ACTION__BODY_REGISTER_CLERK) {
        subjects.clerk = action->register_clerk->row->clerk;
    } else if (action->body_case == ACTION__BODY_REGISTER_PAPER) {
        subjects.certificate = action->register_paper->row->certificate;
    } else if (action->body_case == ACTION__BODY_VERIFY_RECORD) {
        subjects.enterprise = action->verify_record->batch_of; /* a clerk has none */
    } else if (selected[0] != 0) {
        subjects.enterprise = selected; /* as above */
    }
    return subjects;
}

/* --- lists ------------------------------------------------------------------------------------ */

/* The certificates of an index, in its order. */
static outcome load_certificates(struct views *views, const struct view_key *prefix,
                                 struct arena *arena, struct certificates *ret, struct error *err)
{
    struct views_list numbers = {0};
    struct views_list records = {0};
    TRY(views_list_index(views, prefix, arena, &numbers, err));
    for (size_t i = 0; i < numbers.count; i++) {
        CertificateView *certificate = NULL;
        TRY(views_get(views, VIEW_CERTIFICATE, key_certificate(str_of(numbers.items[i])), arena,
                      &certificate, err));
        views_list_add(&records, certificate, arena);
    }
    *ret = (struct certificates){(const CertificateView **)records.items, records.count};
    return OK;
}

static outcome load_named(struct views *views, const Action *action, struct arena *arena,
                          struct certificates *ret, struct error *err)
{
    Action shallow = *action;
    struct wish_parts parts = wish_parts(&shallow);
    struct views_list records = {0};
    for (size_t i = 0; i < *parts.certificates_count; i++) {
        CertificateView *certificate = NULL;
        str number = dossier_key_part((*parts.certificates)[i]);
        TRY(views_get(views, VIEW_CERTIFICATE, key_certificate(number), arena, &certificate, err));
        views_list_add(&records, certificate, arena);
    }
    *ret = (struct certificates){(const CertificateView **)records.items, records.count};
    return OK;
}

/* What is in a view under each number that the person had (D24). */
static outcome load_records_of(struct views *views, enum view_id view,
                               struct view_key (*prefix_of)(str person_id),
                               const struct person_id_list *ids, struct arena *arena,
                               struct views_list *list, struct error *err)
{
    for (size_t i = 0; i < ids->count; i++) {
        struct view_key prefix = prefix_of(str_of(ids->items[i]));
        TRY(views_list_records(views, view, &prefix, arena, list, err));
    }
    return OK;
}

static bool is_among(const struct person_id_list *ids, str id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (str_equal_c(id, ids->items[i])) {
            return true;
        }
    }
    return false;
}

/* The person's, under each number that he had. */
static outcome load_nationals_of(struct views *views, const struct person_id_list *ids,
                                 struct arena *arena, struct views_list *list, struct error *err)
{
    for (size_t i = 0; i < ids->count; i++) {
        str person_id = str_of(ids->items[i]);
        struct view_key prefix = index_nationals_of_person(person_id);
        struct views_list numbers = {0};
        TRY(views_list_index(views, &prefix, arena, &numbers, err));
        for (size_t k = 0; k < numbers.count; k++) {
            NationalView *national = NULL;
            struct view_key key = key_national(person_id, str_of(numbers.items[k]));
            TRY(views_get(views, VIEW_NATIONAL, key, arena, &national, err));
            views_list_add(list, national, arena);
        }
    }
    return OK;
}

/* The person's, and those of the named original number: a masked one has a key of its own. */
static outcome load_nationals(struct views *views, const Action *action,
                              const struct person_id_list *ids, struct arena *arena,
                              struct nationals *ret, struct error *err)
{
    struct views_list records = {0};
    if (ids->items[0][0] != 0) {
        TRY(load_nationals_of(views, ids, arena, &records, err));
    }
    if (ids->count > 1) {
        struct nationals united = {(const NationalView **)records.items, records.count};
        nationals_unite(&united, arena);
        records.count = united.count;
    }
    if (action->body_case == ACTION__BODY_ENTER) {
        struct views_list owned = {0};
        str number = dossier_key_part(action->enter->original_certificate);
        struct view_key prefix = prefix_nationals_of_number(number);
        TRY(views_list_records(views, VIEW_NATIONAL, &prefix, arena, &owned, err));
        for (size_t i = 0; i < owned.count; i++) {
            const NationalView *national = owned.items[i];
            if (!is_among(ids, str_of(national->person_id))) { /* else among the person's already */
                views_list_add(&records, owned.items[i], arena);
            }
        }
    }
    *ret = (struct nationals){(const NationalView **)records.items, records.count};
    return OK;
}

/* Loads the legal-representative A of the certificate's enterprise, unless it is the named
 * certificate itself. */
static outcome load_legal(struct views *views, str enterprise, int32_t today, struct arena *arena,
                          struct dossier *dossier, struct error *err)
{
    str named = str_of(dossier->certificate->certificate);
    struct certificates all = {0};
    struct view_key prefix = index_certificates_of_enterprise(enterprise);
    TRY(load_certificates(views, &prefix, arena, &all, err));
    for (size_t i = 0; i < all.count; i++) {
        const CertificateView *certificate = all.items[i];
        if (certificate->legal_representative && certificate_in_force(certificate, today) &&
            !str_equal(named, str_of(certificate->certificate))) {
            dossier->legal_certificate = certificate;
            break;
        }
    }
    return OK;
}

/* The next serial of the year that no class has taken (D16). */
static outcome load_serial(struct engine *engine, int32_t today, struct arena *arena, uint32_t *ret,
                           struct error *err)
{
    struct views *views = engine_views(engine);
    RegistryView *registry = NULL;
    TRY(engine_registry(engine, arena, &registry, err));
    int year = date_to_civil(today).year;
    uint32_t serial = 1;
    for (size_t i = 0; i < registry->n_serials; i++) {
        if (registry->serials[i]->year == year) {
            serial = registry->serials[i]->last + 1;
        }
    }
    for (bool taken = true; taken; serial++) {
        struct view_key prefix = index_certificates_of_serial(year, serial);
        TRY(views_any(views, VIEW_INDEX, &prefix, &taken, err));
    }
    *ret = serial - 1;
    return OK;
}

static outcome load_subjects(struct views *views, const Action *action, unsigned needs,
                             struct arena *arena, struct dossier *dossier, struct error *err)
{
    struct subjects subjects = subjects_of(action);
    if (subjects.enterprise[0] != 0) {
        TRY(views_get(views, VIEW_ENTERPRISE, key_enterprise(dossier_key_part(subjects.enterprise)),
                      arena, &dossier->enterprise, err));
    }
    if (subjects.clerk[0] != 0) {
        TRY(views_get(views, VIEW_CLERK, key_clerk(dossier_key_part(subjects.clerk)), arena,
                      &dossier->clerk, err));
    }
    if ((needs & NEEDS_CERTIFICATE) != 0 && subjects.certificate[0] != 0) {
        TRY(views_get(views, VIEW_CERTIFICATE,
                      key_certificate(dossier_key_part(subjects.certificate)), arena,
                      &dossier->certificate, err));
        if ((needs & NEEDS_PERSON) == 0) {
            subjects.person_id = dossier->certificate->person_id;
        }
    }
    if (action->body_case == ACTION__BODY_RECORD_NATIONAL) {
        return dossier_load_blocked(views, subjects.person_id, arena, dossier, err);
    }
    if (subjects.person_id[0] != 0) {
        TRY(views_get(views, VIEW_PERSON, key_person(dossier_key_part(subjects.person_id)), arena,
                      &dossier->person, err));
    }
    return OK;
}

static outcome load_person_lists(struct views *views, const Action *action, unsigned needs,
                                 struct arena *arena, struct dossier *dossier, struct error *err)
{
    if ((needs & (NEEDS_PERSONS | NEEDS_EXAMS | NEEDS_INSURANCES | NEEDS_NATIONALS)) == 0) {
        return OK;
    }
    const char *named = (needs & NEEDS_PERSON) != 0 ? subjects_of(action).person_id
                                                    : dossier->certificate->person_id;
    const struct person_id_list ids = person_ids_all(dossier->person, named, arena);
    str person_id = str_of(named);
    struct views_list list = {0};
    struct view_key prefix;
    if ((needs & NEEDS_NATIONALS) != 0) {
        TRY(load_nationals(views, action, &ids, arena, &dossier->nationals, err));
    }
    if (str_empty(person_id)) {
        return OK;
    }
    if ((needs & NEEDS_PERSONS) != 0) {
        prefix = index_certificates_of_person(person_id);
        TRY(load_certificates(views, &prefix, arena, &dossier->persons, err));
    }
    if ((needs & NEEDS_EXAMS) != 0) {
        TRY(load_records_of(views, VIEW_EXAM, prefix_exams_of, &ids, arena, &list, err));
        dossier->exams = (struct exams){(const ExamView **)list.items, list.count};
    }
    if ((needs & NEEDS_INSURANCES) != 0) {
        list = (struct views_list){0};
        TRY(load_records_of(views, VIEW_INSURANCE, prefix_insurances_of, &ids, arena, &list, err));
        dossier->insurances = (struct insurances){(const InsuranceView **)list.items, list.count};
    }
    return OK;
}

/* A missing record is an empty one, never NULL. Nobody writes to the records of a dossier, so one
 * empty record of each kind is enough. */
static struct dossier dossier_empty(void)
{
    static const EnterpriseView enterprise = ENTERPRISE_VIEW__INIT;
    static const ClerkView clerk = CLERK_VIEW__INIT;
    static const CertificateView certificate = CERTIFICATE_VIEW__INIT;
    static const PersonView person = PERSON_VIEW__INIT;
    static const ExamView exam = EXAM_VIEW__INIT;
    static const InsuranceView insurance = INSURANCE_VIEW__INIT;
    static const NationalView national = NATIONAL_VIEW__INIT;
    static const CodeView code = CODE_VIEW__INIT;
    static const FileRecordView file_record = FILE_RECORD_VIEW__INIT;
    static const VisitView visit = VISIT_VIEW__INIT;
    static const ApplicationView application = APPLICATION_VIEW__INIT;
    return (struct dossier){
        .enterprise = &enterprise,
        .clerk = &clerk,
        .certificate = &certificate,
        .person = &person,
        .other = &person,
        .legal_certificate = &certificate,
        .exam = &exam,
        .insurance = &insurance,
        .national = &national,
        .file_record = &file_record,
        .visit = &visit,
        .application = &application,
        .code = &code,
        .phone_person_id = "",
    };
}

/* The person whom the new number of a correction already names. */
static outcome load_other(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err)
{
    const char *id = NULL;
    if (action->body_case == ACTION__BODY_CHANGE_ID_NUMBER) {
        TRY(person_id_follow(views, action->change_id_number->new_person_id, arena, &id, err));
        TRY(views_get(views, VIEW_PERSON, key_person(str_of(id)), arena, &dossier->other, err));
    }
    return OK;
}

/* The phone that a wish names: its code, and its person. */
static outcome load_phone(struct views *views, const Action *action, struct arena *arena,
                          struct dossier *dossier, struct error *err)
{
    str phone_id = str_of(form_phone_id(action));
    if (str_empty(phone_id)) {
        return OK;
    }
    struct view_key owners = index_persons_of_phone(phone_id);
    TRY(views_get(views, VIEW_CODE, key_code(phone_id), arena, &dossier->code, err));
    return views_first_of_index(views, &owners, arena, &dossier->phone_person_id, err);
}

/* A clerk has no enterprise: loads the certificate's. */
static outcome load_home(struct views *views, int32_t today, struct arena *arena,
                         struct dossier *dossier, struct error *err)
{
    str code = str_of(dossier->certificate->enterprise);
    if (str_empty(code)) {
        return OK;
    }
    TRY(views_get(views, VIEW_ENTERPRISE, key_enterprise(code), arena, &dossier->enterprise, err));
    return load_legal(views, code, today, arena, dossier, err);
}

static outcome load_list(struct engine *engine, const Action *action, int32_t today,
                         struct arena *arena, struct dossier *dossier, struct error *err)
{
    const WaveOpened *intent = wave_intent(action, dossier->enterprise, arena);
    return wave_list_make(engine, intent, today, arena, &dossier->wave, err);
}

FALLIBLE dossier_load(struct engine *engine, const Action *action, struct moment moment,
                      struct arena *arena, struct dossier *ret, struct error *err)
{
    return dossier_load_listed(engine, action, moment, NULL, arena, ret, err);
}

FALLIBLE dossier_load_listed(struct engine *engine, const Action *action, struct moment moment,
                             const struct wave_list *listed, struct arena *arena,
                             struct dossier *ret, struct error *err)
{
    struct views *views = engine_views(engine);
    struct dossier dossier = dossier_empty();
    unsigned needs = needs_of(action);
    dossier.next_sequence = engine_last_sequence(engine) + 1;
    TRY(engine_policies(engine, arena, &dossier.policies, err));
    TRY(load_subjects(views, action, needs, arena, &dossier, err));
    TRY(load_person_lists(views, action, needs, arena, &dossier, err));
    if ((needs & NEEDS_AS_OTHER) != 0) {
        TRY(dossier_load_as_other(engine, action, arena, &dossier, err));
    }
    TRY(dossier_load_row(views, action, arena, &dossier, err));
    TRY(load_other(views, action, arena, &dossier, err));
    TRY(load_phone(views, action, arena, &dossier, err));
    TRY(dossier_load_file(views, action, arena, &dossier, err));
    if ((needs & NEEDS_NAMED) != 0) {
        TRY(load_named(views, action, arena, &dossier.named, err));
    }
    if ((needs & NEEDS_WAVE) != 0 && listed != NULL) {
        dossier.wave = *listed;
    } else if ((needs & NEEDS_WAVE) != 0) {
        TRY(load_list(engine, action, moment.today, arena, &dossier, err));
    }
    if ((needs & NEEDS_LEGAL) != 0) {
        TRY(load_legal(views, dossier_key_part(action->enterprise), moment.today, arena, &dossier,
                       err));
    }
    if ((needs & NEEDS_HOME) != 0) {
        TRY(load_home(views, moment.today, arena, &dossier, err));
    }
    if ((needs & NEEDS_SERIAL) != 0) {
        TRY(load_serial(engine, moment.today, arena, &dossier.next_serial, err));
    }
    *ret = dossier;
    return OK;
}
