/* validity - dates of certificates: valid-until, application windows, and the status that is shown
 * on a given day (RULES 0.1, D1, D7, D14). */
#pragma once

#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/str.h"

/* D7: (issue + 3 years) - 1 day, or the last day of that month where the day does not exist. */
int32_t validity_end_of_issue(int32_t issued);
/* D7: three years on, clamped. */
int32_t validity_end_of_extension(int32_t valid_until);
/* D14: first day of the window of extension; its last day is valid_until. */
int32_t validity_extension_opens(int32_t valid_until);
/* D1: first day on which another enterprise may take the certificate over. */
int32_t validity_takeover_opens(int32_t affiliated_since);

/* Expired is a function of the day: past valid_until, whatever the stored status. */
bool certificate_is_expired(const CertificateView *certificate, int32_t today);
/* Stored status valid or suspended, and not expired. */
bool certificate_in_force(const CertificateView *certificate, int32_t today);
/* Cancelled, departed, superseded, revoked, withdrawn. */
bool status_is_ended(Status__Code status);
/* In force, not suspended. */
bool certificate_is_valid(const CertificateView *certificate, int32_t today);

/* "valid", "expired", ... as CONTRACT 5 shows it: expired replaces valid and suspended. */
str certificate_status_text(const CertificateView *certificate, int32_t today);
/* Lower-case stored status: "valid", "released". */
str status_text(Status__Code status);
bool status_from_text(str text, Status__Code *ret);
