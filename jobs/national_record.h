/* national_record - a certificate as the national platform's aggregation takes it: one record, the
 * field names, order and codes of its interface (FACTS 3.2, 3.3; decision 0036).
 *
 * Every field is there; what is not known here (titles, education) or does not apply is null. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"
#include "projections/national_codes.h"

struct national_source {
    struct session *session;
    struct arena *arena; /* of one record */
    str authority_name;
    str authority_code;
};

/* Reads the registry; in a transaction. */
FALLIBLE national_source_open(struct session *session, struct arena *arena,
                              struct national_source *ret, struct error *err);

/* The record of a certificate as it stood behind `event`, which is NULL for an expiry. *ret_held is
 * true, and there is no record, where the person is blocked or erased (R-PV-02). The caller gives
 * *ret back. fails   CORRUPT, RESOURCE */
FALLIBLE national_record(const struct national_source *source, const CertificateView *certificate,
                         const Event *event, const struct national_codes *codes, struct json **ret,
                         bool *ret_held, struct error *err);
