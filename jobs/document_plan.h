/* document_plan - which documents a run has to make, as a list of their ids. */
#pragma once

#include "jobs/documents.h"
#include "jobs/engine/renderer.h"

struct document_plan {
    const char **ids;
    size_t count;
    size_t capacity;
    uint64_t unchanged; /* looked at and left */
};

/* Pending and failed documents, those whose template is no longer today's, and with `all` every
 * other one; within the selection. In a transaction; the plan lives in `arena`.
 * fails   CORRUPT, RESOURCE */
FALLIBLE document_plan_make(struct session *session, const struct documents_selection *selection,
                            struct renderer *renderer, struct arena *arena,
                            struct document_plan *ret, struct error *err);
