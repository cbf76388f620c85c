/* proof_page - the pages of the two proofs: cancellation 证书注销证明 (R-CX-11) and departure
 * 变更离沪证明 (R-DP-08, R-DP-09).
 *
 * They carry the full ID number (R-DP-15): restricted documents. Wording, tables and date forms are
 * those of the manual: 2020-7-15 without zero padding on the first, 2020年8月21日 and 2021-06-13 on
 * the other. More certificates than a sheet holds continue on the next one; the opinion, the issuer
 * and the seal stand below the last. */
#pragma once

#include <view.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/page.h"
#include "projections/template.h"

/* As many as a departure may name (LIMIT_LIST_ELEMENTS): whatever was accepted can be drawn. */
enum { PROOF_CERTIFICATES_MAX = 1000 };

struct proof_facts {
    const struct template *template; /* the description of the page, of that proof */
    str document;                    /* "cancellation:<event>", "departure:<event>" */
    str holder_name;
    IdType__Code id_type;
    str id_number;                              /* in full */
    str enterprise_name;                        /* of the order, not of today */
    const CertificateView *const *certificates; /* one for a cancellation, 1.. for a departure */
    size_t certificates_count;
    int32_t ordered_on; /* business day of the order */
    int64_t created_us; /* recorded_at_us of the order */
    str authority_name;
    str signer; /* of a cancellation: SHA-256 (hex) of the signer's certificate; empty: not signed
                 */
};

/* fails   INVALID MESSAGE_PAGE_FACT_MISSING, MESSAGE_PAGE_TOO_MANY, MESSAGE_TEMPLATE_TEXT_LONG
 */
FALLIBLE cancellation_proof_page(const struct proof_facts *facts, struct arena *arena,
                                 struct page *ret, struct error *err);
FALLIBLE departure_proof_page(const struct proof_facts *facts, struct arena *arena,
                              struct page *ret, struct error *err);
