/* documents - renders all documents that are due: plans from the index of documents, lets workers
 * draw and sign, makes the files durable, and only then logs them.
 *
 * To restart after a crash, run it again: logged documents are no longer due. A document that
 * cannot be made is logged as failed with its reason and tried again in the next run. */
#pragma once

#include "core/io/digest.h"
#include "jobs/session.h"

struct documents_selection {
    char **certificates; /* these numbers; none: by the rest */
    size_t certificates_count;
    const char *enterprise; /* code, or "" */
    bool all;               /* also those that are ready */
    bool proofs_only;
    unsigned workers; /* 0: as many as processors */
    bool dry_run;
};

/* Why a document is made. */
enum document_reason {
    DOCUMENT_NEW,      /* it was never made */
    DOCUMENT_CONTENT,  /* what it shows has changed */
    DOCUMENT_TEMPLATE, /* its page description, or the program's drawing, has changed */
    DOCUMENT_SIGNER,   /* all are made anew, and this one was signed by another certificate */
    DOCUMENT_ASKED,    /* all are made anew */
    DOCUMENT_AGAIN,    /* it could not be made before */
    DOCUMENT_REASONS,
};

struct documents_report {
    uint64_t by_reason[DOCUMENT_REASONS]; /* of the wanted ones */
    uint64_t earlier_signer;              /* of the unchanged ones, in a dry run */
    uint64_t wanted;
    uint64_t rendered;
    uint64_t unchanged;
    uint64_t failed;
    uint64_t bytes;
    bool stopped;
};

/* fails   CONFIG as document_signer_open and what workers_start says, before anything is made;
 *         RESOURCE, CORRUPT: what was logged stays */
FALLIBLE documents_render(struct session *session, const struct documents_selection *selection,
                          struct documents_report *ret, struct error *err);

/* The proofs that a submission ordered, right after it; failures are told, not fatal. */
FALLIBLE documents_render_proofs(struct session *session, struct error *err);
