/* national_codes - see national_codes.h. */
#include "projections/national_codes.h"

#include <stddef.h>

#include "events/terms/streams.h"
#include "events/terms/validity.h"

/* The operation, or NULL. */
static const char *operation_of(const Event *event)
{
    switch (event->body_case) {
    case EVENT__BODY_CERTIFICATE_ISSUED:
    case EVENT__BODY_CERTIFICATE_EXCHANGED: return "01";
    case EVENT__BODY_CERTIFICATE_EXTENDED:
    case EVENT__BODY_VALIDITY_EXTENDED: return "02";
    case EVENT__BODY_CERTIFICATE_SUSPENDED: return "03";
    case EVENT__BODY_CERTIFICATE_DEPARTED:
    case EVENT__BODY_CERTIFICATE_SUPERSEDED:
    case EVENT__BODY_CERTIFICATE_REVOKED:
    case EVENT__BODY_CERTIFICATE_WITHDRAWN:
    case EVENT__BODY_AUTHORITY_CANCELLED:
    case EVENT__BODY_CERTIFICATE_CANCELLED: return "05";
    case EVENT__BODY_CERTIFICATE_REINSTATED: return "06";
    case EVENT__BODY_CERTIFICATE_ENTERED: return "08";
    case EVENT__BODY_AFFILIATION_CHANGED:
    case EVENT__BODY_ENTERPRISE_NAME_CHANGED:
    case EVENT__BODY_HOLDER_RENAMED:
    case EVENT__BODY_CERTIFICATE_CORRECTED:
    case EVENT__BODY_POST_CHANGED:
    case EVENT__BODY_CATEGORY_CONVERTED: return "09";
    case EVENT__BODY_DEPARTURE_WITHDRAWN:
        return "10";
    CASE_STORE_EVENT:
    CASE_PERSONNEL_FILE_EVENT:
    case EVENT__BODY_FILE_PROCESSED:
    case EVENT__BODY_DATA_DISCLOSED:
    case EVENT__BODY_ENTERPRISE_REGISTERED:
    case EVENT__BODY_CLERK_REGISTERED:
    case EVENT__BODY_PERSON_RECORDED:
    case EVENT__BODY_IDENTITY_COLLECTED:
    case EVENT__BODY_PERSON_RENAMED:
    case EVENT__BODY_EXAM_RECORDED:
    case EVENT__BODY_INSURANCE_RECORDED:
    case EVENT__BODY_NATIONAL_RECORDED:
    case EVENT__BODY_PERSON_NUMBER_CHANGED:
    case EVENT__BODY_PAPER_REGISTERED:
    case EVENT__BODY_REGENERATION_REQUESTED:
    case EVENT__BODY_WAVE_OPENED:
    case EVENT__BODY_WAVE_CLOSED:
    case EVENT__BODY_WAVE_ITEM_FAILED:
    case EVENT__BODY_DOCUMENT_RENDERED:
    case EVENT__BODY_DOCUMENT_FAILED:
    case EVENT__BODY_DEPARTURE_PROOF_ORDERED:
    case EVENT__BODY_CANCELLATION_PROOF_ORDERED:
    case EVENT__BODY__NOT_SET:
    case _EVENT__BODY__CASE_IS_INT_SIZE: break;
    }
    return NULL;
}

/* Released is cancelled to the platform: another enterprise takes it over by a change. 99 is never
 * told: what moves together moves in one step here. */
static const char *state_of(const CertificateView *certificate, int32_t day)
{
    bool expired = certificate_is_expired(certificate, day);
    switch (certificate->status) {
    case STATUS__CODE__VALID: return expired ? "05" : "01";
    case STATUS__CODE__SUSPENDED: return expired ? "05" : "02";
    case STATUS__CODE__REVOKED: return "03";
    case STATUS__CODE__RELEASED:
    case STATUS__CODE__CANCELLED:
    case STATUS__CODE__SUPERSEDED: return "04";
    case STATUS__CODE__DEPARTED: return "06";
    case STATUS__CODE__WITHDRAWN: return "07";
    case STATUS__CODE__NONE:
    case _STATUS__CODE_IS_INT_SIZE: break;
    }
    return NULL;
}

bool national_codes_of_event(const Event *event, const CertificateView *after,
                             struct national_codes *ret)
{
    const char *operation = operation_of(event);
    if (operation == NULL || after->medium != MEDIUM__CODE__ELECTRONIC) {
        return false;
    }
    *ret = (struct national_codes){.state = state_of(after, event->business_date->days),
                                   .operation = operation};
    return ret->state != NULL;
}

bool national_codes_of_expiry(const CertificateView *certificate, struct national_codes *ret)
{
    bool open = certificate->status == STATUS__CODE__VALID ||
                certificate->status == STATUS__CODE__SUSPENDED;
    if (!open || certificate->medium != MEDIUM__CODE__ELECTRONIC) {
        return false;
    }
    *ret = (struct national_codes){.state = "05", .operation = "04"};
    return true;
}
