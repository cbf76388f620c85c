/* national_codes - see national_codes.h. */
#include "projections/national_codes.h"

#include <stddef.h>

#include "events/terms/streams.h"

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
    case EVENT__BODY_AUTHORITY_CANCELLED: return "05";
    case EVENT__BODY_CERTIFICATE_CANCELLED:
        return event->certificate_cancelled->released ? "07" : "05";
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

static const char *state_of(Status__Code status)
{
    switch (status) {
    case STATUS__CODE__VALID: return "01";
    case STATUS__CODE__SUSPENDED: return "02";
    case STATUS__CODE__REVOKED: return "03";
    case STATUS__CODE__CANCELLED:
    case STATUS__CODE__SUPERSEDED: return "04";
    case STATUS__CODE__DEPARTED: return "06";
    case STATUS__CODE__WITHDRAWN: return "07";
    case STATUS__CODE__RELEASED: return "99";
    case STATUS__CODE__NONE:
    case _STATUS__CODE_IS_INT_SIZE: break;
    }
    return NULL;
}

bool national_codes_of_event(const Event *event, const CertificateView *after,
                             struct national_codes *ret)
{
    const char *operation = operation_of(event);
    const char *state = state_of(after->status);
    if (operation == NULL || state == NULL || after->medium != MEDIUM__CODE__ELECTRONIC) {
        return false;
    }
    *ret = (struct national_codes){
        .state = state,
        .operation = operation,
        .description = after->status == STATUS__CODE__RELEASED ? "已解聘待转" : NULL};
    return true;
}

bool national_codes_of_expiry(const CertificateView *certificate, struct national_codes *ret)
{
    bool open = certificate->status == STATUS__CODE__VALID ||
                certificate->status == STATUS__CODE__SUSPENDED ||
                certificate->status == STATUS__CODE__RELEASED;
    if (!open || certificate->medium != MEDIUM__CODE__ELECTRONIC) {
        return false;
    }
    *ret = (struct national_codes){.state = "05", .operation = "04"};
    return true;
}
