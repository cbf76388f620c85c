/* national_record - one record about a certificate for the national platform, with the field names,
 * order and codes of its interface (FACTS 3.2, 3.3; decision 0036).
 *
 * Unless `unmasked`, the ID number is masked, and photo, address of the page, title and education
 * are left out. `unmasked` needs the keys; the caller logs the disclosure before (R-PV-07).
 *
 * Every field is present; one that is unknown here or does not apply is null. */
#pragma once

#include "core/io/json.h"
#include "jobs/session.h"
#include "projections/national_codes.h"

/* Records without something that the platform wants. */
struct national_gaps {
    uint64_t photo_missing;
    uint64_t photo_large; /* beyond its limit */
    uint64_t photo_dots;  /* its header says less than 200 dpi, or more than 300 */
    uint64_t previous;    /* moved in: the other province's identifier is not known here */
    uint64_t identifier;  /* a serial of more than 7 digits has none (D16) */
    uint64_t category;    /* plain C, which is not in its table */
};

struct national_source {
    struct session *session;
    struct arena *arena; /* of one record */
    str authority_name;
    str authority_code;
    str origin; /* the log's name */
    bool unmasked;
    struct national_gaps gaps;
};

/* Reads the registry; in a transaction. */
FALLIBLE national_source_open(struct session *session, bool unmasked, struct arena *arena,
                              struct national_source *ret, struct error *err);

/* The record of a certificate as it stood behind `event`, which is NULL for an expiry. *ret_held is
 * true, and there is no record, where the person is blocked or erased (R-PV-02). The caller gives
 * *ret back. fails   CORRUPT, RESOURCE */
FALLIBLE national_record(struct national_source *source, const CertificateView *certificate,
                         const Event *event, const struct national_codes *codes, struct json **ret,
                         bool *ret_held, struct error *err);
