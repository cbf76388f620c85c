/* validity - see validity.h. */
#include "events/terms/validity.h"

#include "core/base/date.h"
#include "core/base/record.h"

enum { VALID_MONTHS = 36, WINDOW_MONTHS = 3, HELD_MONTHS = 6 };

int32_t validity_end_of_issue(int32_t issued)
{
    int32_t end = date_add_months(issued, VALID_MONTHS);
    bool clamped = date_to_civil(end).day != date_to_civil(issued).day;
    return clamped ? end : end - 1;
}

int32_t validity_end_of_extension(int32_t valid_until)
{
    return date_add_months(valid_until, VALID_MONTHS);
}

int32_t validity_extension_opens(int32_t valid_until)
{
    return date_add_months(valid_until, -WINDOW_MONTHS);
}

int32_t validity_takeover_opens(int32_t affiliated_since)
{
    return date_add_months(affiliated_since, HELD_MONTHS) + 1;
}

bool certificate_is_expired(const CertificateView *certificate, int32_t today)
{
    return certificate->valid_until != NULL && today > certificate->valid_until->days;
}

bool certificate_in_force(const CertificateView *certificate, int32_t today)
{
    return (certificate->status == STATUS__CODE__VALID ||
            certificate->status == STATUS__CODE__SUSPENDED) &&
           !certificate_is_expired(certificate, today);
}

bool status_is_ended(Status__Code status)
{
    switch (status) {
    case STATUS__CODE__CANCELLED:
    case STATUS__CODE__DEPARTED:
    case STATUS__CODE__SUPERSEDED:
    case STATUS__CODE__REVOKED:
    case STATUS__CODE__WITHDRAWN: return true;
    case STATUS__CODE__NONE:
    case STATUS__CODE__VALID:
    case STATUS__CODE__SUSPENDED:
    case STATUS__CODE__RELEASED:
    case _STATUS__CODE_IS_INT_SIZE: break;
    }
    return false;
}

bool certificate_is_valid(const CertificateView *certificate, int32_t today)
{
    return certificate->status == STATUS__CODE__VALID &&
           !certificate_is_expired(certificate, today);
}

/* Expired replaces valid and suspended on display, nothing else (RULES 0.1). */
static bool shows_expired(const CertificateView *certificate, int32_t today)
{
    return (certificate->status == STATUS__CODE__VALID ||
            certificate->status == STATUS__CODE__SUSPENDED) &&
           certificate_is_expired(certificate, today);
}

str certificate_status_text(const CertificateView *certificate, int32_t today)
{
    return shows_expired(certificate, today) ? STR("expired") : status_text(certificate->status);
}

str status_text(Status__Code status)
{
    switch (status) {
    case STATUS__CODE__VALID: return STR("valid");
    case STATUS__CODE__SUSPENDED: return STR("suspended");
    case STATUS__CODE__RELEASED: return STR("released");
    case STATUS__CODE__CANCELLED: return STR("cancelled");
    case STATUS__CODE__DEPARTED: return STR("departed");
    case STATUS__CODE__SUPERSEDED: return STR("superseded");
    case STATUS__CODE__REVOKED: return STR("revoked");
    case STATUS__CODE__WITHDRAWN: return STR("withdrawn");
    case STATUS__CODE__NONE:
    case _STATUS__CODE_IS_INT_SIZE: break;
    }
    return STR("");
}

bool status_from_text(str text, Status__Code *ret)
{
    int value = record_enum_value(&status__code__descriptor, text);
    if (value <= STATUS__CODE__NONE) {
        return false;
    }
    *ret = (Status__Code)value;
    return true;
}
