/* document_page - collects the values that a document shows, from the views and from sealed events,
 * and calls projections/ (which cannot read anything) to make the page. */
#pragma once

#include "core/base/page.h"
#include "jobs/engine/engine.h"

struct document_sheet {
    const DocumentView *document;
    struct page page;
    bytes photo; /* the opened JPEG, or empty */
};

struct document_wish {
    str verify_url;
    uint64_t template_as_at; /* event: the page description that held then; 0: that of today */
    bool as_before;          /* two lines as they were set before decision 0146 */
};

/* The page a document has to show now. In a transaction; everything in the arena.
 * fails   INVALID: this document cannot be made (a fact is missing, the person's key is gone);
 *         CORRUPT, RESOURCE */
FALLIBLE document_sheet(struct engine *engine, const DocumentView *document,
                        const struct document_wish *wish, struct arena *arena,
                        struct document_sheet *ret, struct error *err);
