/* register - the simple views, which one to three kinds of events feed: the imported registers,
 * policies, page descriptions and trusted roots. */
#include <string.h>

#include "core/base/record.h"
#include "events/terms/identity.h"
#include "events/terms/number.h"
#include "projections/kinds.h"

VIEW_APPLY(clerk_apply)
{
    (void)arena; /* the view points into the event */
    (void)err;   /* a newer row replaces the older one */
    const ClerkRegistered *row = event->clerk_registered;
    ClerkView *clerk = (ClerkView *)view;
    clerk->clerk = row->clerk;
    clerk->name = row->personal != NULL ? row->personal->name : (char *)protobuf_c_empty_string;
    clerk->department = row->department;
    clerk->level = row->level;
    clerk->state = row->state;
    clerk->event = event->sequence;
    return OK;
}

/* The exam that an issuance or extension used; NULL when it needed none. */
static const ExamKey *used_exam(const Event *event)
{
    if (event->body_case == EVENT__BODY_CERTIFICATE_ISSUED) {
        return event->certificate_issued->exam;
    }
    return event->body_case == EVENT__BODY_CERTIFICATE_EXTENDED ? event->certificate_extended->exam
                                                                : NULL;
}

static int32_t days_of(const Date *date)
{
    return date != NULL ? date->days : 0;
}

VIEW_KEY(exam_key)
{
    if (event->body_case == EVENT__BODY_EXAM_RECORDED) {
        const ExamRecorded *row = event->exam_recorded;
        make_key_exam(ret, str_of(row->person_id), row->category, row->kind,
                      days_of(row->exam_date));
        return true;
    }
    const ExamKey *used = used_exam(event);
    if (used == NULL) {
        return false;
    }
    make_key_exam(ret, str_of(used->person_id), used->category, used->kind,
                  days_of(used->exam_date));
    return true;
}

VIEW_APPLY(exam_apply)
{
    (void)arena; /* the view points into the event */
    ExamView *exam = (ExamView *)view;
    if (event->body_case != EVENT__BODY_EXAM_RECORDED) {
        if (exam->event == 0) {
            return log_contradicts(event, "exam", err);
        }
        exam->used_by_event = event->sequence;
        return OK;
    }
    const ExamRecorded *row = event->exam_recorded;
    exam->person_id = row->person_id;
    exam->category = row->category;
    exam->kind = row->kind;
    exam->exam_date = row->exam_date;
    exam->passed = row->passed;
    exam->valid_until = row->valid_until;
    exam->ticket = row->ticket;
    exam->event = event->sequence; /* a row recorded anew stays used */
    return OK;
}

VIEW_KEY(insurance_key)
{
    const InsuranceRecorded *row = event->insurance_recorded;
    make_key_insurance(ret, str_of(row->person_id), row->month, str_of(row->enterprise));
    return true;
}

VIEW_APPLY(insurance_apply)
{
    (void)arena; /* the view points into the event */
    (void)err;   /* a line that is there already says the same */
    const InsuranceRecorded *row = event->insurance_recorded;
    InsuranceView *insurance = (InsuranceView *)view;
    insurance->person_id = row->person_id;
    insurance->enterprise = row->enterprise;
    insurance->month = row->month;
    insurance->event = event->sequence;
    return OK;
}

VIEW_KEY(national_key)
{
    if (event->body_case == EVENT__BODY_CERTIFICATE_ENTERED) {
        const CertificateEntered *entered = event->certificate_entered;
        make_key_national(ret, str_of(entered->national_person_id),
                          str_of(entered->original_certificate));
        return true;
    }
    const NationalRecorded *row = event->national_recorded;
    str number = str_of(row->record != NULL ? row->record->certificate : NULL);
    make_key_national(ret, str_of(row->person_id), number);
    return true;
}

/* A masked row's number is a mask already. */
static char *mask_of(const Personal *personal, struct arena *arena)
{
    str number = str_of(personal->id_number);
    bool masked = str_empty(number) || identity_is_masked(number);
    return masked ? personal->id_number
                  : arena_c_string(arena, identity_mask(personal->id_type, number, arena));
}

static void set_row(NationalView *national, const NationalRecorded *row, struct arena *arena)
{
    const Personal *personal = row->personal;
    national->person_id = row->person_id;
    national->name = personal != NULL ? personal->name : (char *)protobuf_c_empty_string;
    national->id_type = personal != NULL ? personal->id_type : ID_TYPE__CODE__NONE;
    national->masked_number =
        personal != NULL ? mask_of(personal, arena) : (char *)protobuf_c_empty_string;
    national->record = row->record;
}

VIEW_APPLY(national_apply)
{
    NationalView *national = (NationalView *)view;
    if (event->body_case == EVENT__BODY_CERTIFICATE_ENTERED) {
        if (national->event == 0) {
            return log_contradicts(event, event->certificate_entered->original_certificate, err);
        }
        national->used_by_event = event->sequence;
        return OK;
    }
    const NationalRecorded *row = event->national_recorded;
    set_row(national, row, arena);
    national->event = event->sequence; /* a row recorded anew stays used */
    national->recorded_on = event->business_date;
    return OK;
}

bytes national_beginning(const NationalRecorded *row, str person_id, struct arena *arena)
{
    NationalView national;
    national_view__init(&national);
    set_row(&national, row, arena);
    national.person_id = arena_c_string(arena, person_id);
    return record_pack(&national.base, arena);
}

/* Fields are packed in the order of their numbers: what follows must be another one than `record`.
 */
bool national_begins(bytes stored, bytes beginning)
{
    enum { TAG_SHIFT = 3, RECORD = 5 };
    return stored.size >= beginning.size &&
           memcmp(stored.data, beginning.data, beginning.size) == 0 &&
           (stored.size == beginning.size || stored.data[beginning.size] >> TAG_SHIFT > RECORD);
}

VIEW_INDEX_OF(national_index)
{
    (void)arena; /* every part of the key is there already */
    const NationalView *national = (const NationalView *)view;
    if (national->record != NULL) {
        struct view_key key = index_nationals_of_person(str_of(national->person_id));
        index_add(sink, &key, str_of(national->record->certificate));
    }
}

VIEW_APPLY(policy_apply)
{
    (void)arena; /* the view points into the event */
    (void)err;   /* the newest value counts */
    PolicyView *policy = (PolicyView *)view;
    policy->key = event->policy_set->key;
    policy->value = event->policy_set->value;
    policy->decision = event->policy_set->decision;
    policy->event = event->sequence;
    return OK;
}

VIEW_APPLY(template_apply)
{
    (void)err; /* the newest one counts */
    const TemplateSet *set = event->template_set;
    TemplateView *templates = (TemplateView *)view;
    TemplateVersion *version = ARENA_NEW(arena, TemplateVersion);
    TemplateVersion **versions = ARENA_ARRAY(arena, TemplateVersion *, templates->n_versions + 1);
    template_version__init(version);
    version->event = event->sequence;
    version->sha256 = set->sha256;
    version->decision = set->decision;
    version->set_on = event->business_date;
    for (size_t i = 0; i < templates->n_versions; i++) {
        versions[i] = templates->versions[i];
    }
    versions[templates->n_versions++] = version;
    templates->versions = versions;
    templates->kind = set->kind;
    return OK;
}

VIEW_KEY(trust_key)
{
    const ProtobufCBinaryData *sha256 = event->body_case == EVENT__BODY_ROOT_TRUSTED
                                            ? &event->root_trusted->certificate_sha256
                                            : &event->root_distrusted->certificate_sha256;
    *ret = key_trust((bytes){sha256->data, sha256->len});
    return true;
}

/* A root that is trusted no more keeps its record, without its certificate. */
VIEW_APPLY(trust_apply)
{
    (void)arena; /* the view points into the event */
    TrustView *trust = (TrustView *)view;
    if (event->body_case == EVENT__BODY_ROOT_DISTRUSTED) {
        if (trust->event == 0) {
            return log_contradicts(event, "trust", err);
        }
        trust->certificate_der = (ProtobufCBinaryData){0, NULL};
        trust->event = event->sequence;
        return OK;
    }
    const RootTrusted *root = event->root_trusted;
    trust->certificate_sha256 = root->certificate_sha256;
    trust->certificate_der = root->certificate_der;
    trust->subject = root->subject;
    trust->event = event->sequence;
    return OK;
}
