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

/* What comes with an action besides its fields. */
struct act_context {
    const struct run *run;
    const char *signer;      /* SHA-256 (hex) of the signer's certificate, or NULL */
    const char *import_kind; /* register rows: "paper" ..., the actor's id; NULL for wishes */
    const char *attachments; /* folder below which attachments lie, or NULL */
    /* Whoever signed the wish, or NULL: its actor must be he, attachments are bound by digests. */
    const struct cms_signer *signed_by;
    uint64_t cause;   /* envelope */
    bool by_operator; /* no wish: the actor is who runs it, and the id need not be new */
    /* Of a new wave, beside what the wish says of it: digits, or NULL. No part of the content. */
    const char *expected_count;
    /* What a new wave would take, where it was listed since the store was locked and nothing of it
     * changed since then; NULL: it is listed. */
    const struct wave_list *listed;
    bytes plan_sha256;    /* of a new wave: the digest of the plan that it is a part of; or empty */
    bool one_transaction; /* a dry run: waves commit nothing on their way */
    void *state;          /* of the call below, which may be NULL */
    void (*progress)(void *state, uint64_t done, uint64_t total); /* of a wave, as there */
    bytes photo; /* identity rows: the JPEG, checked; empty without */
};

struct act_result {
    enum verdict verdict;
    struct error error;   /* REFUSED, INVALID: code, rule, details */
    uint64_t first_event; /* 0 when there is none */
    uint64_t last_event;
    struct decision decision; /* certificates, details, warnings; of a duplicate: certificates */
    const WaveView *wave;     /* the wave that was opened, finished or answered again; or NULL */
    bool stopped;             /* a signal came while a wave ran: what is said is no answer yet */
    bool changed;             /* something was appended, also when the verdict is a refusal */
    struct outgoing_code outgoing; /* to be handed on when the event is durable */
};

/* `action` is normalised in place (numbers, codes, document numbers); the person of a row is named
 * already (person_ids_name_row). All results in the arena. */
FALLIBLE act(struct engine *engine, const struct act_context *context, Action *action,
             struct arena *arena, struct act_result *ret, struct error *err);

/* "accepted", "duplicate", "unchanged", "refused", "invalid". */
const char *verdict_text(enum verdict verdict);
