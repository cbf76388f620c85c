/* document_plan - which documents a run has to make, as a list of their ids. */
#pragma once

#include "jobs/documents/documents.h"
#include "jobs/engine/rendering/renderer.h"

/* What documents would be made with; both NULL where only proofs are looked for, whose plan asks
 * for neither. */
struct document_printer {
    struct renderer *renderer;
    const uint8_t *signer_sha256;
};

struct document_plan {
    const char **ids;
    size_t count;
    size_t capacity;
    uint64_t unchanged; /* looked at and left */
    uint64_t by_reason[DOCUMENT_REASONS];
    uint64_t
        earlier_signer; /* of the unchanged ones, in a dry run: signed by another certificate */
};

/* Pending and failed documents, those whose template is no longer today's, and with `all` every
 * other one; within the selection. In a transaction; the plan lives in `arena`.
 * fails   CORRUPT, RESOURCE */
FALLIBLE document_plan_make(struct session *session, const struct documents_selection *selection,
                            const struct document_printer *printer, struct arena *arena,
                            struct document_plan *ret, struct error *err);
