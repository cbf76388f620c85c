/* certificate_page - the page of a certificate: 安全生产考核合格证书 (FACTS 3.1; RULES D25).
 *
 * Every printed value comes from the certificate's view and the identity version that the view
 * names. Neither the page nor its QR code shows the ID number. */
#pragma once

#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/page.h"
#include "projections/template.h"

struct certificate_facts {
    const struct template *template; /* the description of the page */
    const CertificateView *certificate;
    const IdentityVersion *identity; /* the one the certificate names, or NULL */
    str holder_name;                 /* printed when `identity` is NULL or has no name */
    str authority_name;              /* 发证机关: issuer line and seal */
    str authority_code;              /* its unified social credit code, for the identifier */
    str verify_url;     /* "https://host/verify?t=": the QR code is this and the token */
    str token;          /* opaque: 20 hex digits, from no personal data */
    int64_t created_us; /* recorded_at_us of the event whose state the page shows */
};

/* fails   INVALID MESSAGE_PAGE_FACT_MISSING (which fact), MESSAGE_TEMPLATE_TEXT_LONG: a page with a
 * hole is never printed */
FALLIBLE certificate_page(const struct certificate_facts *facts, struct arena *arena,
                          struct page *ret, struct error *err);
