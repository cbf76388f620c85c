/* model_change - which event may follow on what a certificate is; see model.h. */
#include <string.h>

#include "core/base/date.h"
#include "events/terms/streams.h"
#include "tests/histories/model_parts.h"

/* R-AF-03, D14, D7. */
enum { SHORT_MONTHS = 6, WINDOW_MONTHS = 3, YEARS_MONTHS = 36 };

/* What an event demands of the certificate it is about. */
struct demand {
    unsigned statuses;
    bool electronic;
    bool unexpired;
    bool ordinary;          /* no legal-representative A */
    const char *enterprise; /* that the event says, or NULL */
    const char *person;
};

static struct model_certificate *meet(struct model *model, const Event *event, const char *number,
                                      struct demand demand)
{
    struct model_certificate *one = model_find(model, str_of(number));
    const char *why = NULL;
    if (one == NULL) {
        (void)model_complain(model, event, number, "no such certificate");
        return NULL;
    }
    if ((demand.statuses >> one->status & 1) == 0) {
        why = "its status does not allow that";
    } else if (demand.electronic && !one->electronic) {
        why = "it is paper";
    } else if (demand.unexpired && event->business_date->days > one->valid_until) {
        why = "it has expired";
    } else if (demand.ordinary && one->legal) {
        why = "it is a legal representative's";
    } else if (demand.enterprise != NULL && strcmp(demand.enterprise, one->enterprise) != 0) {
        why = "it is in another enterprise";
    } else if (demand.person != NULL && strcmp(demand.person, one->person) != 0) {
        why = "it is another person's";
    }
    if (why != NULL) {
        (void)model_complain(model, event, number, why);
        return NULL;
    }
    return one;
}

static bool apply_status(struct model *model, const Event *event, const char *number,
                         unsigned statuses, bool unexpired, Status__Code status)
{
    struct model_certificate *one =
        meet(model, event, number, (struct demand){.statuses = statuses, .unexpired = unexpired});
    if (one == NULL) {
        return false;
    }
    one->status = status;
    return true;
}

static bool apply_exchanged(struct model *model, const Event *event)
{
    const char *number = event->certificate_exchanged->certificate;
    struct model_certificate *one =
        meet(model, event, number, (struct demand){.statuses = IS(VALID), .unexpired = true});
    if (one == NULL || one->electronic) {
        return one != NULL && model_complain(model, event, number, "it is electronic already");
    }
    one->electronic = true;
    return true;
}

static bool apply_extended(struct model *model, const Event *event)
{
    const CertificateExtended *extended = event->certificate_extended;
    int32_t today = event->business_date->days;
    struct model_certificate *one = meet(model, event, extended->certificate,
                                         (struct demand){.statuses = IS(VALID),
                                                         .electronic = true,
                                                         .unexpired = true,
                                                         .enterprise = extended->enterprise,
                                                         .person = extended->person_id});
    if (one == NULL) {
        return false;
    }
    if (today < date_add_months(one->valid_until, -WINDOW_MONTHS)) {
        return model_complain(model, event, extended->certificate, "before its window");
    }
    if (extended->valid_until->days != date_add_months(one->valid_until, YEARS_MONTHS) ||
        extended->valid_from->days != one->valid_until + 1) {
        return model_complain(model, event, extended->certificate,
                              "another end than three years on");
    }
    one->valid_until = extended->valid_until->days;
    one->issued = today;
    return model_use_exam(model, event, extended->certificate, extended->exam);
}

static bool apply_affiliation(struct model *model, const Event *event)
{
    const AffiliationChanged *changed = event->affiliation_changed;
    int32_t today = event->business_date->days;
    struct model_certificate *one =
        meet(model, event, changed->certificate,
             (struct demand){.statuses = IS(RELEASED) | (model->release_required ? 0 : IS(VALID)),
                             .electronic = true,
                             .unexpired = true,
                             .ordinary = true,
                             .enterprise = changed->from_enterprise,
                             .person = changed->person_id});
    if (one == NULL) {
        return false;
    }
    if (strcmp(one->enterprise, changed->enterprise) == 0) {
        return model_complain(model, event, changed->certificate, "to the enterprise that had it");
    }
    if (today <= date_add_months(one->since, SHORT_MONTHS)) {
        return model_complain(model, event, changed->certificate, "within six months");
    }
    one->enterprise = model_copy(model, changed->enterprise);
    one->enterprise_name = model_copy(model, changed->enterprise_name);
    one->since = today;
    one->status = STATUS__CODE__VALID;
    return true;
}

static bool apply_cancelled(struct model *model, const Event *event)
{
    const CertificateCancelled *cancelled = event->certificate_cancelled;
    int32_t today = event->business_date->days;
    bool death = cancelled->reason == CANCEL_REASON__CODE__DECEASED_OR_INCAPACITATED;
    struct model_certificate *one = meet(model, event, cancelled->certificate,
                                         (struct demand){.statuses = IS(VALID) | IS(SUSPENDED),
                                                         .enterprise = cancelled->enterprise,
                                                         .person = cancelled->person_id});
    if (one == NULL) {
        return false;
    }
    bool may_be_released = one->electronic && !one->legal && today <= one->valid_until;
    if (one->status == STATUS__CODE__SUSPENDED && !death && today <= one->valid_until) {
        return model_complain(model, event, cancelled->certificate, "it is suspended");
    }
    if ((bool)cancelled->released != (may_be_released && !death)) {
        return model_complain(model, event, cancelled->certificate,
                              "released, or not, against 0.1");
    }
    one->status = cancelled->released ? STATUS__CODE__RELEASED : STATUS__CODE__CANCELLED;
    return true;
}

static bool apply_departed(struct model *model, const Event *event)
{
    const CertificateDeparted *departed = event->certificate_departed;
    struct model_certificate *one = meet(model, event, departed->certificate,
                                         (struct demand){.statuses = IS(VALID),
                                                         .electronic = true,
                                                         .unexpired = true,
                                                         .ordinary = true,
                                                         .enterprise = departed->enterprise,
                                                         .person = departed->person_id});
    if (one == NULL) {
        return false;
    }
    one->status = STATUS__CODE__DEPARTED;
    return true;
}

static bool apply_superseded(struct model *model, const Event *event)
{
    const CertificateSuperseded *superseded = event->certificate_superseded;
    const struct model_certificate *by = model_find(model, str_of(superseded->by));
    struct model_certificate *one =
        meet(model, event, superseded->certificate,
             (struct demand){.statuses = IS(VALID), .unexpired = true, .ordinary = true});
    if (one == NULL) {
        return false;
    }
    if (by == NULL || by->category != CATEGORY__CODE__C3 || !model_is_c(one->category) ||
        one->category == CATEGORY__CODE__C3 || strcmp(by->person, one->person) != 0 ||
        strcmp(by->enterprise, one->enterprise) != 0) {
        return model_complain(model, event, superseded->certificate, "superseded by what cannot");
    }
    one->status = STATUS__CODE__SUPERSEDED;
    return true;
}

static bool apply_name(struct model *model, const Event *event)
{
    const EnterpriseNameChanged *changed = event->enterprise_name_changed;
    struct model_certificate *one = meet(model, event, changed->certificate,
                                         (struct demand){.statuses = IS(VALID) | IS(SUSPENDED),
                                                         .unexpired = true,
                                                         .enterprise = changed->enterprise,
                                                         .person = changed->person_id});
    if (one == NULL) {
        return false;
    }
    if (strcmp(one->enterprise_name, changed->enterprise_name) == 0) {
        return model_complain(model, event, changed->certificate, "to the name it had");
    }
    one->enterprise_name = model_copy(model, changed->enterprise_name);
    return true;
}

static bool apply_corrected(struct model *model, const Event *event)
{
    const CertificateCorrected *corrected = event->certificate_corrected;
    struct model_certificate *one =
        meet(model, event, corrected->certificate,
             (struct demand){.statuses = IS(VALID) | IS(SUSPENDED) | IS(RELEASED)});
    if (one == NULL) {
        return false;
    }
    one->issued = corrected->issued != NULL ? corrected->issued->days : one->issued;
    one->valid_until =
        corrected->valid_until != NULL ? corrected->valid_until->days : one->valid_until;
    one->since =
        corrected->affiliated_since != NULL ? corrected->affiliated_since->days : one->since;
    return true;
}

static bool apply_post(struct model *model, const Event *event)
{
    const PostChanged *changed = event->post_changed;
    struct model_certificate *one =
        meet(model, event, changed->certificate,
             (struct demand){.statuses = IS(VALID) | IS(SUSPENDED) | IS(RELEASED)});
    if (one == NULL) {
        return false;
    }
    one->legal = changed->legal_representative;
    return true;
}

/* R-NAT-24: what is not over, made longer or another C. */
static bool apply_wave_item(struct model *model, const Event *event)
{
    bool longer = event->body_case == EVENT__BODY_VALIDITY_EXTENDED;
    const char *number =
        longer ? event->validity_extended->certificate : event->category_converted->certificate;
    struct model_certificate *one = meet(
        model, event, number,
        (struct demand){.statuses = IS(VALID) | IS(SUSPENDED) | IS(RELEASED), .unexpired = true});
    if (one == NULL) {
        return false;
    }
    if (longer) {
        int32_t end = event->validity_extended->valid_until->days;
        bool later = end > one->valid_until;
        one->valid_until = end;
        return later || model_complain(model, event, number, "extended to an end before its own");
    }
    Category__Code category = event->category_converted->category;
    bool is_right = model_is_c(one->category) && model_is_c(category) && category != one->category;
    one->category = category;
    return is_right || model_complain(model, event, number, "converted from or to what is no C");
}

static bool apply_policy(struct model *model, const PolicySet *policy)
{
    if (strcmp(policy->key, "affiliation.require_release") == 0) {
        model->release_required = strcmp(policy->value, "yes") == 0;
    }
    return true;
}

static bool apply_authority(struct model *model, const Event *event)
{
    const unsigned alive = IS(VALID) | IS(SUSPENDED) | IS(RELEASED);
    if (event->body_case == EVENT__BODY_CERTIFICATE_SUSPENDED) {
        return apply_status(model, event, event->certificate_suspended->certificate, IS(VALID),
                            true, STATUS__CODE__SUSPENDED);
    }
    if (event->body_case == EVENT__BODY_CERTIFICATE_REINSTATED) {
        return apply_status(model, event, event->certificate_reinstated->certificate, IS(SUSPENDED),
                            false, STATUS__CODE__VALID);
    }
    if (event->body_case == EVENT__BODY_CERTIFICATE_REVOKED) {
        return apply_status(model, event, event->certificate_revoked->certificate, alive, false,
                            STATUS__CODE__REVOKED);
    }
    if (event->body_case == EVENT__BODY_CERTIFICATE_WITHDRAWN) {
        return apply_status(model, event, event->certificate_withdrawn->certificate, alive, false,
                            STATUS__CODE__WITHDRAWN);
    }
    if (event->body_case == EVENT__BODY_AUTHORITY_CANCELLED) {
        return apply_status(model, event, event->authority_cancelled->certificate, alive, false,
                            STATUS__CODE__CANCELLED);
    }
    return apply_status(model, event, event->departure_withdrawn->certificate, IS(DEPARTED), false,
                        STATUS__CODE__VALID);
}

static bool apply_holder(struct model *model, const Event *event)
{
    const HolderRenamed *renamed = event->holder_renamed;
    return meet(model, event, renamed->certificate,
                (struct demand){.statuses = IS(VALID) | IS(SUSPENDED) | IS(RELEASED),
                                .enterprise = renamed->enterprise,
                                .person = renamed->person_id}) != NULL;
}

static bool apply_regeneration(struct model *model, const Event *event)
{
    return meet(model, event, event->regeneration_requested->certificate,
                (struct demand){.statuses = IS(VALID), .electronic = true, .unexpired = true}) !=
           NULL;
}

bool model_apply(struct model *model, const Event *event)
{
    switch (event->body_case) {
    case EVENT__BODY_PAPER_REGISTERED: return model_apply_paper(model, event);
    case EVENT__BODY_CERTIFICATE_ISSUED: return model_apply_issued(model, event);
    case EVENT__BODY_CERTIFICATE_ENTERED: return model_apply_entered(model, event);
    case EVENT__BODY_CERTIFICATE_EXCHANGED: return apply_exchanged(model, event);
    case EVENT__BODY_CERTIFICATE_EXTENDED: return apply_extended(model, event);
    case EVENT__BODY_AFFILIATION_CHANGED: return apply_affiliation(model, event);
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED: return apply_name(model, event);
    case EVENT__BODY_HOLDER_RENAMED: return apply_holder(model, event);
    case EVENT__BODY_CERTIFICATE_CANCELLED: return apply_cancelled(model, event);
    case EVENT__BODY_CERTIFICATE_DEPARTED: return apply_departed(model, event);
    case EVENT__BODY_CERTIFICATE_SUPERSEDED: return apply_superseded(model, event);
    case EVENT__BODY_REGENERATION_REQUESTED: return apply_regeneration(model, event);
    case EVENT__BODY_CERTIFICATE_SUSPENDED:
    case EVENT__BODY_CERTIFICATE_REINSTATED:
    case EVENT__BODY_CERTIFICATE_REVOKED:
    case EVENT__BODY_CERTIFICATE_WITHDRAWN:
    case EVENT__BODY_AUTHORITY_CANCELLED:
    case EVENT__BODY_DEPARTURE_WITHDRAWN: return apply_authority(model, event);
    case EVENT__BODY_CERTIFICATE_CORRECTED: return apply_corrected(model, event);
    case EVENT__BODY_POST_CHANGED: return apply_post(model, event);
    case EVENT__BODY_VALIDITY_EXTENDED:
    case EVENT__BODY_CATEGORY_CONVERTED: return apply_wave_item(model, event);
    case EVENT__BODY_POLICY_SET: return apply_policy(model, event->policy_set);
    case EVENT__BODY_STORE_CREATED:
    case EVENT__BODY_TEMPLATE_SET:
    case EVENT__BODY_ROOT_TRUSTED:
    case EVENT__BODY_ROOT_DISTRUSTED:
    case EVENT__BODY_FILE_PROCESSED:
    case EVENT__BODY_DATA_DISCLOSED:
    case EVENT__BODY_ENTERPRISE_REGISTERED:
    case EVENT__BODY_CLERK_REGISTERED:
    case EVENT__BODY_PERSON_RECORDED:
    case EVENT__BODY_IDENTITY_COLLECTED:
    case EVENT__BODY_PERSON_RENAMED:
    case EVENT__BODY_PERSON_NUMBER_CHANGED:
    case EVENT__BODY_EXAM_RECORDED:
    case EVENT__BODY_INSURANCE_RECORDED:
    case EVENT__BODY_NATIONAL_RECORDED:
    case EVENT__BODY_WAVE_OPENED:
    case EVENT__BODY_WAVE_CLOSED:
    case EVENT__BODY_WAVE_ITEM_FAILED:
    case EVENT__BODY_DOCUMENT_RENDERED:
    case EVENT__BODY_DOCUMENT_FAILED:
    case EVENT__BODY_DEPARTURE_PROOF_ORDERED:
    case EVENT__BODY_CANCELLATION_PROOF_ORDERED:
    CASE_PERSONNEL_FILE_EVENT:
        return model_apply_file(model, event);
    case EVENT__BODY__NOT_SET:
    case _EVENT__BODY__CASE_IS_INT_SIZE: break;
    }
    return true;
}
