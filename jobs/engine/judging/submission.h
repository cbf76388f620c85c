/* submission - processes a file of wishes: verifies its signature, judges each line in order, and
 * answers each only after its events are durable (CONTRACT 4).
 *
 * File, signature and answers are kept (jobs/engine/judging/evidence.h), also those of a stopped
 * run, so that refused wishes can be found later. */
#pragma once

#include <stdio.h>

#include "core/io/cms.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/judging/tally.h"

enum { SUBMISSION_BATCH_LINES = 1000 };

/* One answer as an object of CONTRACT 4; the caller (jobs/wishes/answer.c) puts it into words. */
struct answer {
    uint64_t line;
    str id; /* as far as the line told */
    str action;
    const struct act_result *result;
};

struct submission_request {
    const char *path;
    const char *signature_path; /* NULL: none given */
    bool dry_run;
    const struct run *run;
    const bytes *revocation_lists;
    size_t revocation_lists_count;
    void *state;
    /* Writes an answer and its line feed to `file`. */
    outcome (*write)(void *state, const struct answer *answer, FILE *file, struct error *err);
    /* Hands a code on (result->outgoing), whose event is durable, and adds to the details of the
     * answer what became of it. That it could not is no failure. NULL: nobody does. */
    outcome (*send)(void *state, struct act_result *result, struct error *err);
    /* Answers that are durable now; called once a batch. */
    outcome (*deliver)(void *state, str lines, struct error *err);
    void (*progress)(void *state, uint64_t done, uint64_t total); /* bytes; or NULL */
};

struct submission_report {
    struct tally tally;
    struct digest file_sha256;
    bool stopped;
    uint64_t stopped_at; /* line */
    bool full;           /* stopped because there is no room for more answers */
};

/* fails   MISSING; MALFORMED FILE_TOO_LARGE (told before it is read), TOO_MANY_LINES; SIGNATURE:
 *         nothing was processed */
FALLIBLE submission_run(struct engine *engine, const struct submission_request *request,
                        struct submission_report *ret, struct error *err);

/* The roots that the store trusts now, as the views have them, into `trust`. In a transaction. */
FALLIBLE submission_roots(struct engine *engine, struct arena *arena, struct trust *trust,
                          struct error *err);

/* Who signed `content`, judged against the store's trusted roots. In a transaction. With a missing
 * signature: SIGNATURE MESSAGE_SIGNATURE_REQUIRED when the store demands one and not every line of
 * `content` is a wish of a person for the person's own file (persons have no certificates: the
 * phone is what they are known by); else *ret_signed is false. */
FALLIBLE submission_signer(struct engine *engine, const struct submission_request *request,
                           bytes content, bytes signature, struct arena *arena,
                           struct cms_signer *ret, bool *ret_signed, struct error *err);

/* The SHA-256 of the signer's certificate as it stands in events: hexadecimal. */
const char *submission_signer_hex(const struct cms_signer *signer, struct arena *arena);
