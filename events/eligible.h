/* eligible - may a certificate, as it stands, be exchanged, extended, cancelled, departed or
 * renamed on a given day?
 *
 * These are the checks that depend only on the certificate and the day. The rules call them, and so
 * do the work lists of the manual (R-EX-02, R-NM-02, R-CX-03, R-DP-03), so that a list and the
 * action behind it cannot differ. A listed certificate may still be refused because of the person
 * or the enterprise (no collected identity, no exam).
 *
 * The certificate must be known. Each check fails REFUSED as its rule does. */
#pragma once

#include "events/decide.h"

/* R-EX-02, R-EX-11, R-EX-12, D22: in force, on paper, unexpired, not suspended, of a class that is
 * issued. */
FALLIBLE exchange_check_certificate(const CertificateView *certificate, int32_t today,
                                    struct error *err);
/* D14, D29..D31: in force, electronic, not suspended, within the window. */
FALLIBLE extend_check_certificate(const CertificateView *certificate, int32_t today,
                                  struct error *err);
/* R-CX-14: neither ended nor released. A suspended one may be cancelled for death alone (D29). */
FALLIBLE cancel_check_certificate(const CertificateView *certificate, struct error *err);
/* R-DP-10, R-DP-12, D6: not ended, electronic, unexpired, not suspended, no legal-representative A.
 */
FALLIBLE depart_check_certificate(const CertificateView *certificate, int32_t today,
                                  struct error *err);
/* R-NM-02, R-NM-09, D5: in force, and another name on it than `register_name`. */
bool rename_takes_certificate(const CertificateView *certificate, str register_name, int32_t today,
                              struct arena *arena);
