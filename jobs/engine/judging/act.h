/* act - carries out one action: load the dossier, decide, append the events, apply them to the
 * views. The only place where a rule meets the store.
 *
 * The caller begins and commits the batch around it (engine_begin .. engine_commit). A refused
 * action changes nothing and does not affect the other actions of the batch. If act() itself fails
 * (RESOURCE, CORRUPT), the batch must be aborted.
 *
 * An action that opens a wave commits several times (jobs/engine/judging/wave.h) and is answered
 * when the wave is closed. An open wave is finished first when a new one for the same enterprise's
 * name or the same kind of notice arrives, and when its own wish is submitted again (R-NM-07,
 * R-NM-14). */
#pragma once

#include <action.pb-c.h>

#include "core/io/cms.h"
#include "jobs/engine/engine.h"
#include "jobs/engine/judging/codes.h"

enum verdict {
    VERDICT_ACCEPTED,
    VERDICT_DUPLICATE, /* a wish with a known id and the same content: the first answer again */
    VERDICT_UNCHANGED, /* a register row that equals the register */
    VERDICT_REFUSED,   /* a rule said no */
    VERDICT_INVALID,   /* not a well-formed action, or a bad row */
};

/* What act() needs to know besides the action. */
struct act_context {
    const struct run *run;
    const char *signer;      /* SHA-256 (hex) of the signer's certificate, or NULL */
    const char *import_kind; /* register rows: "paper" ..., the actor's id; NULL for wishes */
    const char *attachments; /* folder below which attachments lie, or NULL */
    /* The signer of the wish, or NULL. The actor must be the signer, and attachments must be bound
     * by digests. */
    const struct cms_signer *signed_by;
    uint64_t cause;   /* envelope */
    bool by_operator; /* the operator acts: no form check, no id */
    /* The expected count of a new wave, from outside the wish: digits, or NULL. Not part of the
     * content. */
    const char *expected_count;
    /* The list of a new wave, if the caller made it under this lock and nothing has changed since;
     * NULL: act() makes it. */
    const struct wave_list *listed;
    bytes plan_sha256;    /* of a new wave: the digest of its plan; or empty */
    bool one_transaction; /* a dry run: waves do not commit */
    void *state;          /* for `progress`, which may be NULL */
    void (*progress)(void *state, uint64_t done, uint64_t total); /* of a wave, as there */
    bytes photo; /* identity rows: the JPEG, checked; empty without */
};

struct act_result {
    enum verdict verdict;
    struct error error;   /* REFUSED, INVALID: code, rule, details */
    uint64_t first_event; /* 0 when there is none */
    uint64_t last_event;
    struct decision decision; /* certificates, details, warnings; of a duplicate: certificates */
    const WaveView
        *wave;    /* the wave that was opened, finished, or is the answer to a duplicate; or NULL */
    bool stopped; /* a signal came while a wave ran: this is no final answer */
    bool changed; /* an event was appended, even if the verdict is a refusal */
    struct outgoing_code outgoing; /* to be delivered when the event is durable */
};

/* `action` is normalised in place (numbers, codes, document numbers). The caller has filled in the
 * person id of a row (person_ids_name_row). All results are in the arena. */
FALLIBLE act(struct engine *engine, const struct act_context *context, Action *action,
             struct arena *arena, struct act_result *ret, struct error *err);

/* "accepted", "duplicate", "unchanged", "refused", "invalid". */
const char *verdict_text(enum verdict verdict);
