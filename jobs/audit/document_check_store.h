/* document_check_store - the checks of a document that need an open store. */
#pragma once

#include "core/io/pdf_reader.h"
#include "jobs/audit/document_check.h"

/* The rendering of a document, as the log has it. */
struct document_rendering {
    const Event *event; /* NULL: none is known */
    str token;          /* what the QR code has to end in; empty: not known without keys */
    bool is_current;    /* these bytes are what the document is today */
    const bytes *roots; /* that were trusted when it was made */
    size_t roots_count;
};

/* Whether the log has the entry that the document names. */
struct document_store_answer {
    enum document_verdict verdict;
    struct error error;
    const Event *entry; /* when it has */
};

/* In a transaction. `ret_rendering` keeps an event that it has already.
 * fails   RESOURCE, CORRUPT (the store) */
FALLIBLE document_look_up(struct session *session, const struct pdf_reading *reading,
                          struct arena *arena, struct document_rendering *ret_rendering,
                          struct document_store_answer *ret, struct error *err);
