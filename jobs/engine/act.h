/* act - one action: dossier, decide, append, apply. The only way a rule meets the store.
 *
 * The batch around it is the caller's (engine_begin .. engine_commit): a refused action changes
 * nothing and does not undo its neighbours; an outcome that fails (RESOURCE, CORRUPT) means the
 * batch must be aborted. */
#pragma once

#include <action.pb-c.h>

#include "jobs/engine/engine.h"

enum verdict {
    VERDICT_ACCEPTED,
    VERDICT_DUPLICATE, /* a wish with a known id and the same content: the first answer again */
    VERDICT_UNCHANGED, /* a register row that equals the register */
    VERDICT_REFUSED,   /* a rule said no */
    VERDICT_INVALID,   /* not a well-formed action, or a bad row */
};

/* What comes with an action besides its fields. */
struct act_context {
    const struct run *run;
    const char *signer;      /* SHA-256 (hex) of the signer's certificate, or NULL */
    const char *import_kind; /* register rows: "paper" ..., the actor's id; NULL for wishes */
    const char *attachments; /* folder below which attachments lie, or NULL */
    bool signed_file;        /* attachments must be bound by their digests */
    uint64_t cause;          /* envelope */
    bytes photo;             /* identity rows: the JPEG, checked; empty without */
};

struct act_result {
    enum verdict verdict;
    struct error error;   /* REFUSED, INVALID: code, rule, details */
    uint64_t first_event; /* 0 when there is none */
    uint64_t last_event;
    struct decision decision; /* certificates, details, warnings; of a duplicate: certificates */
};

/* `action` is normalised in place (numbers, codes, document numbers). All results in the arena. */
FALLIBLE act(struct engine *engine, const struct act_context *context, Action *action,
             struct arena *arena, struct act_result *ret, struct error *err);

/* "accepted", "duplicate", "unchanged", "refused", "invalid". */
const char *verdict_text(enum verdict verdict);
