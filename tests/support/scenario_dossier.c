/* scenario_dossier - see scenario_dossier.h. It loads more than an action needs: the rules must not
 * mind. */
#include "tests/support/scenario_dossier.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "events/form.h"
#include "events/terms/number.h"
#include "events/terms/validity.h"
#include "events/wave.h"
#include "tests/support/scenario_application.h"
#include "tests/support/scenario_wave.h"

/* --- records --------------------------------------------------------------------------------- */

static FALLIBLE unpack(enum view_id view, const struct bytes *value, struct arena *arena,
                       const void **ret, struct error *err)
{
    ProtobufCMessage *message = record_new(view_kinds[view].message, arena);
    if (value != NULL) {
        TRY(record_unpack(view_kinds[view].message, *value, arena, &message, err));
    }
    *ret = message;
    return OK;
}

static FALLIBLE load(struct memory_views *views, enum view_id view, struct view_key key,
                     struct arena *arena, const void **ret, struct error *err)
{
    struct map_entry *entry = map_find(&views->tables[view], (bytes){key.data, key.size});
    return unpack(view, entry == NULL ? NULL : entry->value, arena, ret, err);
}

struct list {
    const void **items;
    size_t count;
};

/* The records of a view whose keys begin with the prefix; of all when it is empty. */
static FALLIBLE load_all(struct memory_views *views, enum view_id view, struct view_key prefix,
                         struct arena *arena, struct list *ret, struct error *err)
{
    struct map *map = &views->tables[view];
    struct map_entry **sorted = map_sorted(map, arena);
    ret->items = ARENA_ARRAY(arena, const void *, map->count);
    ret->count = 0;
    for (size_t i = 0; i < map->count; i++) {
        if (sorted[i]->value != NULL && sorted[i]->key.size >= prefix.size &&
            memcmp(sorted[i]->key.data, prefix.data, prefix.size) == 0) {
            TRY(unpack(view, sorted[i]->value, arena, &ret->items[ret->count], err));
            ret->count++;
        }
    }
    return OK;
}

/* --- the dossier ----------------------------------------------------------------------------- */

/* What an action names; "" and 0 where it names nothing. */
struct subjects {
    const char *certificate;
    const char *person_id;
    const char *enterprise;
    const char *clerk;
    char *const *certificates;
    size_t certificates_count;
};

static void name_person(const PersonName *person, struct subjects *ret)
{
    ret->person_id = person == NULL ? "" : person->person_id;
}

static void subjects_of_row(const Action *action, struct subjects *ret)
{
    if (action->body_case == ACTION__BODY_REGISTER_ENTERPRISE) {
        ret->enterprise = action->register_enterprise->row->code;
        ret->person_id = action->register_enterprise->row->legal_person_id;
    } else if (action->body_case == ACTION__BODY_COLLECT_IDENTITY) {
        ret->person_id = action->collect_identity->row->person_id;
    } else if (action->body_case == ACTION__BODY_REGISTER_CLERK) {
        ret->clerk = action->register_clerk->row->clerk;
    } else if (action->body_case == ACTION__BODY_RECORD_EXAM) {
        ret->person_id = action->record_exam->row->person_id;
    } else if (action->body_case == ACTION__BODY_RECORD_INSURANCE) {
        ret->person_id = action->record_insurance->row->person_id;
    } else if (action->body_case == ACTION__BODY_REGISTER_PAPER) {
        ret->person_id = action->register_paper->row->person_id;
        ret->certificate = action->register_paper->row->certificate;
    } else if (action->body_case == ACTION__BODY_RECORD_NATIONAL) {
        ret->person_id = action->record_national->row->person_id;
    } else if (action->body_case == ACTION__BODY_RECORD_REGISTRATION) {
        ret->person_id = action->record_registration->row->person_id;
    } else if (action->body_case == ACTION__BODY_RECORD_CONTRACT) {
        ret->person_id = action->record_contract->row->person_id;
    }
}

/* The certificate that an action of the authority names, or "". */
static const char *certificate_of_order(const Action *action)
{
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field(&action__descriptor, (unsigned)action->body_case);
    if (action->body_case < ACTION__BODY_SUSPEND || action->body_case > ACTION__BODY_CHANGE_POST) {
        return "";
    }
    const char *body = *(const char *const *)(const void *)((const char *)action + member->offset);
    const ProtobufCFieldDescriptor *field = record_find(member->descriptor, STR("certificate"));
    return field == NULL ? "" : *(const char *const *)(const void *)(body + field->offset);
}

static struct subjects subjects_of(const Action *action)
{
    struct subjects ret = {"", "", action->enterprise, action->clerk, NULL, 0};
    const PersonName *person = NULL;
    if (action->body_case == ACTION__BODY_EXCHANGE) {
        ret.certificate = action->exchange->certificate;
    } else if (action->body_case == ACTION__BODY_REQUEST_REGENERATION) {
        ret.certificate = action->request_regeneration->certificate;
    } else if (action->body_case == ACTION__BODY_EXTEND) {
        ret.certificate = action->extend->certificate;
    } else if (action->body_case == ACTION__BODY_CANCEL) {
        ret.certificate = action->cancel->certificate;
    } else if (action->body_case == ACTION__BODY_ISSUE) {
        name_person(action->issue->person, &ret);
    } else if (action->body_case == ACTION__BODY_ENTER) {
        name_person(action->enter->person, &ret);
    } else if (action->body_case == ACTION__BODY_RENAME_PERSON) {
        name_person(action->rename_person->person, &ret);
    } else if (action->body_case == ACTION__BODY_CHANGE_AFFILIATION) {
        name_person(action->change_affiliation->person, &ret);
        ret.certificates = action->change_affiliation->certificates;
        ret.certificates_count = action->change_affiliation->n_certificates;
    } else if (action->body_case == ACTION__BODY_DEPART) {
        name_person(action->depart->person, &ret);
        ret.certificates = action->depart->certificates;
        ret.certificates_count = action->depart->n_certificates;
    } else if (action->body_case == ACTION__BODY_CHANGE_ID_NUMBER) {
        name_person(action->change_id_number->person, &ret);
    } else if (action->body_case == ACTION__BODY_VERIFY_RECORD) {
        ret.enterprise = action->verify_record->batch_of; /* a clerk has none */
    } else if (notice_enterprise(action)[0] != 0) {
        ret.enterprise = notice_enterprise(action); /* as above */
    } else if (form_file_person(action, &person)) {
        name_person(person, &ret);
    } else if (certificate_of_order(action)[0] != 0) {
        ret.certificate = certificate_of_order(action);
    } else {
        subjects_of_row(action, &ret);
    }
    return ret;
}

/* Canonical, as the engine makes it; what has no shape stays and finds nothing. */
static str canonical(const char *certificate, struct arena *arena)
{
    struct number number;
    str text = str_of(certificate);
    return number_parse(text, arena, &number) ? number.canonical : text;
}

static FALLIBLE load_named(struct memory_views *views, const struct subjects *subjects,
                           struct arena *arena, struct dossier *dossier, struct error *err)
{
    struct certificates *named = &dossier->named;
    named->items = ARENA_ARRAY(arena, const CertificateView *, subjects->certificates_count);
    named->count = subjects->certificates_count;
    for (size_t i = 0; i < named->count; i++) {
        TRY(load(views, VIEW_CERTIFICATE,
                 key_certificate(canonical(subjects->certificates[i], arena)), arena,
                 (const void **)&named->items[i], err));
    }
    return OK;
}

/* All of the person's, and the enterprise's legal representative's. */
static FALLIBLE load_certificates(struct memory_views *views, const char *enterprise,
                                  struct moment moment, struct arena *arena,
                                  struct dossier *dossier, struct error *err)
{
    struct list all;
    TRY(load_all(views, VIEW_CERTIFICATE, (struct view_key){.size = 0}, arena, &all, err));
    dossier->persons.items = ARENA_ARRAY(arena, const CertificateView *, all.count);
    for (size_t i = 0; i < all.count; i++) {
        const CertificateView *certificate = all.items[i];
        if (!str_empty(str_of(dossier->person->person_id)) &&
            str_equal(str_of(certificate->person_id), str_of(dossier->person->person_id))) {
            dossier->persons.items[dossier->persons.count++] = certificate;
        }
        if (str_equal_c(str_of(certificate->enterprise), enterprise) &&
            certificate->legal_representative && certificate_in_force(certificate, moment.today) &&
            !str_equal_c(str_of(certificate->certificate), dossier->certificate->certificate)) {
            dossier->legal_certificate = certificate;
        }
    }
    return OK;
}

static FALLIBLE load_lists(struct memory_views *views, const Action *action,
                           const struct subjects *subjects, struct arena *arena,
                           struct dossier *dossier, struct error *err)
{
    struct list list;
    str person_id = str_of(subjects->person_id);
    TRY(load_all(views, VIEW_EXAM, prefix_exams_of(person_id), arena, &list, err));
    dossier->exams = (struct exams){(const ExamView **)list.items, list.count};
    TRY(load_all(views, VIEW_INSURANCE, prefix_insurances_of(person_id), arena, &list, err));
    dossier->insurances = (struct insurances){(const InsuranceView **)list.items, list.count};
    TRY(load_all(views, VIEW_NATIONAL, (struct view_key){.size = 0}, arena, &list, err));
    dossier->nationals.items = ARENA_ARRAY(arena, const NationalView *, list.count);
    for (size_t i = 0; i < list.count; i++) {
        const NationalView *national = list.items[i];
        bool candidate = action->body_case == ACTION__BODY_ENTER && national->record != NULL &&
                         str_equal_c(canonical(action->enter->original_certificate, arena),
                                     national->record->certificate);
        if (candidate || str_equal(str_of(national->person_id), person_id)) {
            dossier->nationals.items[dossier->nationals.count++] = national;
        }
    }
    return OK;
}

/* The person whom an id names by now (D24). */
static FALLIBLE follow(struct memory_views *views, const char *id, struct arena *arena,
                       const char **ret, struct error *err)
{
    const AliasView *alias = NULL;
    TRY(load(views, VIEW_ALIAS, key_alias(str_of(id)), arena, (const void **)&alias, err));
    *ret = alias->person_id[0] != 0 ? alias->person_id : id;
    return OK;
}

static FALLIBLE load_other(struct memory_views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err)
{
    const char *id = "";
    if (action->body_case == ACTION__BODY_CHANGE_ID_NUMBER) {
        TRY(follow(views, action->change_id_number->new_person_id, arena, &id, err));
    }
    return load(views, VIEW_PERSON, key_person(str_of(id)), arena, (const void **)&dossier->other,
                err);
}

/* The phone that a wish names: the last code for it, and whose it is. */
static FALLIBLE load_phone(struct memory_views *views, const Action *action, struct arena *arena,
                           struct dossier *dossier, struct error *err)
{
    str phone_id = str_of(form_phone_id(action));
    struct list list;
    dossier->phone_person_id = "";
    TRY(load(views, VIEW_CODE, key_code(phone_id), arena, (const void **)&dossier->code, err));
    TRY(load_all(views, VIEW_PERSON, (struct view_key){.size = 0}, arena, &list, err));
    for (size_t i = 0; i < list.count && !str_empty(phone_id); i++) {
        const PersonView *person = list.items[i];
        if (str_equal_c(phone_id, person->phone_id)) {
            dossier->phone_person_id = person->person_id;
        }
    }
    return OK;
}

static FALLIBLE load_row(struct memory_views *views, const Action *action, struct arena *arena,
                         struct dossier *dossier, struct error *err)
{
    if (action->body_case == ACTION__BODY_RECORD_EXAM) {
        const ExamRecorded *row = action->record_exam->row;
        return load(
            views, VIEW_EXAM,
            key_exam(str_of(row->person_id), row->category, row->kind, row->exam_date->days), arena,
            (const void **)&dossier->exam, err);
    }
    if (action->body_case == ACTION__BODY_RECORD_INSURANCE) {
        const InsuranceRecorded *row = action->record_insurance->row;
        return load(views, VIEW_INSURANCE,
                    key_insurance(str_of(row->person_id), row->month, str_of(row->enterprise)),
                    arena, (const void **)&dossier->insurance, err);
    }
    if (action->body_case == ACTION__BODY_RECORD_NATIONAL) {
        const NationalRecorded *row = action->record_national->row;
        return load(views, VIEW_NATIONAL,
                    key_national(str_of(row->person_id), str_of(row->record->certificate)), arena,
                    (const void **)&dossier->national, err);
    }
    return OK;
}

/* The id of the record of level A that a row is about, or "". */
static const char *record_of_row(const Action *action)
{
    if (action->body_case == ACTION__BODY_RECORD_REGISTRATION) {
        return action->record_registration->row->record;
    }
    return action->body_case == ACTION__BODY_RECORD_CONTRACT ? action->record_contract->row->record
                                                             : "";
}

/* The named record of a personnel file, and all of its person's; see dossier_file.c. */
static FALLIBLE load_file(struct memory_views *views, const struct policies *policies,
                          const Action *action, struct arena *arena, struct dossier *dossier,
                          struct error *err)
{
    const PersonName *person = NULL;
    struct list all;
    bool by_person = form_file_person(action, &person);
    bool by_row = record_of_row(action)[0] != 0;
    str record = str_of(by_row ? record_of_row(action) : form_file_record(action));
    TRY(load_all(views, VIEW_FILE_RECORD, (struct view_key){.size = 0}, arena, &all, err));
    dossier->file_records.items = ARENA_ARRAY(arena, const FileRecordView *, all.count);
    dossier->file_record = RECORD_NEW(arena, FileRecordView, file_record_view);
    for (size_t i = 0; i < all.count; i++) {
        const FileRecordView *item = all.items[i];
        bool persons = str_equal_c(str_of(item->person_id), dossier->person->person_id);
        bool owned = by_person || policies->b_require_registration;
        if (owned && persons) {
            dossier->file_records.items[dossier->file_records.count++] = item;
        }
        if (str_equal_c(record, item->record) && (persons || !by_person) &&
            (!by_row || !item->deleted)) {
            dossier->file_record = item;
        }
    }
    if (!by_person && !by_row && dossier->file_record->person_id[0] != 0) {
        TRY(load(views, VIEW_PERSON, key_person(str_of(dossier->file_record->person_id)), arena,
                 (const void **)&dossier->person, err));
    }
    return OK;
}

/* D16: behind the last one given out in the year, and taken by no class. */
static uint32_t next_serial(const struct memory_views *views, const RegistryView *registry,
                            int32_t today)
{
    int year = date_to_civil(today).year;
    uint32_t serial = 1;
    for (size_t i = 0; i < registry->n_serials; i++) {
        if (registry->serials[i]->year == year) {
            serial = registry->serials[i]->last + 1;
        }
    }
    struct view_key taken = index_certificates_of_serial(year, serial);
    while (memory_views_count(views, VIEW_INDEX, &taken) > 0) {
        taken = index_certificates_of_serial(year, ++serial);
    }
    return serial;
}

static struct dossier empty(struct arena *arena)
{
    return (struct dossier){
        .legal_certificate = RECORD_NEW(arena, CertificateView, certificate_view),
        .exam = RECORD_NEW(arena, ExamView, exam_view),
        .insurance = RECORD_NEW(arena, InsuranceView, insurance_view),
        .national = RECORD_NEW(arena, NationalView, national_view),
    };
}

FALLIBLE scenario_dossier_load(struct memory_views *views, const struct policies *policies,
                               const Action *action, struct moment moment, uint64_t next_sequence,
                               struct arena *arena, struct dossier *ret, struct error *err)
{
    struct subjects subjects = subjects_of(action);
    struct dossier dossier = empty(arena);
    dossier.policies = *policies;
    dossier.next_sequence = next_sequence;
    const RegistryView *registry = NULL;
    TRY(load(views, VIEW_REGISTRY, key_registry(), arena, (const void **)&registry, err));
    TRY(load(views, VIEW_CLERK, key_clerk(str_of(subjects.clerk)), arena,
             (const void **)&dossier.clerk, err));
    TRY(load(views, VIEW_CERTIFICATE, key_certificate(canonical(subjects.certificate, arena)),
             arena, (const void **)&dossier.certificate, err));
    if (certificate_of_order(action)[0] != 0 && str_empty(str_of(action->enterprise))) {
        subjects.enterprise = dossier.certificate->enterprise; /* a clerk has none */
    }
    TRY(load(views, VIEW_ENTERPRISE, key_enterprise(str_of(subjects.enterprise)), arena,
             (const void **)&dossier.enterprise, err));
    if (str_empty(str_of(subjects.person_id))) {
        subjects.person_id = dossier.certificate->person_id;
    }
    TRY(load(views, VIEW_PERSON, key_person(str_of(subjects.person_id)), arena,
             (const void **)&dossier.person, err));
    TRY(load_named(views, &subjects, arena, &dossier, err));
    TRY(load_certificates(views, subjects.enterprise, moment, arena, &dossier, err));
    TRY(load_lists(views, action, &subjects, arena, &dossier, err));
    TRY(load_row(views, action, arena, &dossier, err));
    TRY(load_other(views, action, arena, &dossier, err));
    TRY(load_phone(views, action, arena, &dossier, err));
    TRY(load_file(views, policies, action, arena, &dossier, err));
    scenario_application_load(views, action, arena, &dossier);
    TRY(scenario_wave_list(views, action, dossier.enterprise, moment.today, arena, &dossier.wave,
                           err));
    dossier.next_serial = next_serial(views, registry, moment.today);
    *ret = dossier;
    return OK;
}
