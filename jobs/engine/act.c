/* act - see act.h. */
#include "jobs/engine/act.h"

#include <string.h>

#include "core/base/record.h"
#include "events/limits.h"
#include "jobs/engine/dossier.h"
#include "jobs/engine/wish.h"
#include "jobs/messages.h"

const char *verdict_text(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_ACCEPTED: return "accepted";
    case VERDICT_DUPLICATE: return "duplicate";
    case VERDICT_UNCHANGED: return "unchanged";
    case VERDICT_REFUSED: return "refused";
    case VERDICT_INVALID: return "invalid";
    }
    return "invalid";
}

/* A rule's no becomes the result; anything else stays a failure. */
static outcome judge(outcome happened, const struct error *error, struct act_result *ret,
                     bool *ret_go_on, struct error *err)
{
    *ret_go_on = happened.ok;
    if (happened.ok) {
        return OK;
    }
    if (error->class != ERROR_REFUSED && error->class != ERROR_INVALID) {
        *err = *error;
        return error_trace(err, HERE);
    }
    ret->verdict = error->class == ERROR_REFUSED ? VERDICT_REFUSED : VERDICT_INVALID;
    ret->error = *error;
    return OK;
}

/* --- wishes: form, normal form, identity -------------------------------------------------------
 */

static outcome prepare_wish(struct engine *engine, const struct act_context *context,
                            Action *action, struct arena *arena, bytes *ret_plain,
                            struct error *err)
{
    TRY(action_check_form(action, arena, err));
    wish_normalise(action, engine_people(engine), arena);
    TRY(wish_attach(action, context->attachments, arena, ret_plain, err));
    struct wish_parts parts = wish_parts(action);
    if (context->signed_file && parts.attachment != NULL && (*parts.attachment)->found &&
        (*parts.proof_sha256)[0] == 0) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "proof_sha256"));
    }
    return OK;
}

/* The number of the certificate that an event is about, or "". */
static const char *event_certificate(const Event *event)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field(&event__descriptor, event->body_case);
    const ProtobufCFieldDescriptor *field =
        body != NULL ? record_find(body->descriptor, STR("certificate")) : NULL;
    if (field == NULL || field->type != PROTOBUF_C_TYPE_STRING) {
        return "";
    }
    const char *message = *(const char *const *)(const void *)((const char *)event + body->offset);
    return *(const char *const *)(const void *)(message + field->offset);
}

static bool is_named(const struct decision *decision, const char *number)
{
    for (size_t i = 0; i < decision->certificates_count; i++) {
        if (strcmp(decision->certificates[i], number) == 0) {
            return true;
        }
    }
    return false;
}

/* The first answer again: its events, and the certificates they are about. */
static outcome answer_duplicate(struct engine *engine, const struct log_id *id, struct arena *arena,
                                struct act_result *ret, struct error *err)
{
    ret->verdict = VERDICT_DUPLICATE;
    ret->first_event = id->first;
    ret->last_event = id->last;
    for (uint64_t sequence = id->first; sequence <= id->last; sequence++) {
        Event *event = NULL;
        TRY(engine_event(engine, sequence, arena, &event, err));
        const char *number = event_certificate(event);
        if (event->body_case == EVENT__BODY_WAVE_OPENED) {
            ret->decision.is_wave = true;
            ret->decision.wave_count = event->wave_opened->count;
        }
        if (number[0] != 0 && ret->decision.certificates_count < LIMIT_ANSWER_NUMBERS &&
            !is_named(&ret->decision, number)) {
            decision_name_certificate(&ret->decision, number, arena);
        }
    }
    return OK;
}

/* Was the wish there before? Sets the verdict when it was. */
static outcome check_id(struct engine *engine, const Action *action, const struct digest *content,
                        struct arena *arena, struct act_result *ret, bool *ret_known,
                        struct error *err)
{
    struct log_id id;
    TRY(log_id_find(engine_log_txn(engine), wish_id_key(action, arena), &id, ret_known, err));
    if (!*ret_known) {
        return OK;
    }
    if (digest_equal(&id.content, content)) {
        TRY(answer_duplicate(engine, &id, arena, ret, err));
        return OK;
    }
    ret->verdict = VERDICT_REFUSED;
    (void)error_set(&ret->error, REFUSED("D38"), HERE, MESSAGE_ID_REUSED, 1,
                    (const struct error_arg[]){{0}, ARG_TEXT("id", action->id)}); /* the verdict */
    return OK;
}

/* --- what was decided becomes events -----------------------------------------------------------
 */

static Actor *actor_of(const Action *action, const struct act_context *context, struct arena *arena)
{
    Actor *actor = RECORD_NEW(arena, Actor, actor);
    if (context->import_kind != NULL) {
        actor->kind = ACTOR_KIND__CODE__IMPORT;
        actor->id = arena_c_string(arena, str_of(context->import_kind));
    } else if (action->clerk[0] != 0) {
        actor->kind = ACTOR_KIND__CODE__CLERK;
        actor->id = action->clerk;
    } else {
        actor->kind = ACTOR_KIND__CODE__ENTERPRISE;
        actor->id = action->enterprise;
    }
    return actor;
}

/* Photos and proofs are kept sealed before an event names them; an unchanged photo is kept once. */
static outcome keep_attachments(struct engine *engine, const struct dossier *dossier, Event *event,
                                bytes plain, struct arena *arena, struct error *err)
{
    if (event->body_case == EVENT__BODY_IDENTITY_COLLECTED && plain.size > 0) {
        IdentityCollected *identity = event->identity_collected;
        size_t versions = dossier->person->n_identities;
        const IdentityVersion *last =
            versions > 0 ? dossier->person->identities[versions - 1] : NULL;
        if (last != NULL && last->photo_blob.len > 0 && identity->personal != NULL &&
            bytes_equal(bytes_of(last->photo_sha256.data, last->photo_sha256.len),
                        bytes_of(identity->personal->photo_sha256.data,
                                 identity->personal->photo_sha256.len))) {
            identity->photo_blob = last->photo_blob;
            return OK;
        }
        TRY(engine_blob_seal(engine, str_of(identity->person_id), plain, arena,
                             &identity->photo_blob, err));
    } else if (event->body_case == EVENT__BODY_CERTIFICATE_ENTERED && plain.size > 0) {
        CertificateEntered *entered = event->certificate_entered;
        TRY(engine_blob_seal(engine, str_of(entered->person_id), plain, arena, &entered->proof_blob,
                             err));
    }
    return OK;
}

/* The digest that a wave announces: its numbers, sorted, each followed by a line feed. */
static void fill_wave_digest(const struct decision *decision, struct arena *arena)
{
    struct digester digester;
    WaveOpened *opened = NULL;
    digester_init(&digester);
    for (size_t i = 0; i < decision->count; i++) {
        const Event *event = decision->events[i];
        if (event->body_case == EVENT__BODY_WAVE_OPENED) {
            opened = event->wave_opened;
        } else if (event->body_case == EVENT__BODY_ENTERPRISE_NAME_CHANGED) {
            digester_update(&digester,
                            str_bytes(str_of(event->enterprise_name_changed->certificate)));
            digester_update(&digester, str_bytes(STR("\n")));
        }
    }
    struct digest digest = digester_final(&digester);
    if (opened != NULL) {
        opened->numbers_sha256 = record_binary(digest_bytes(&digest), arena);
    }
}

static outcome append_decision(struct engine *engine, const struct act_context *context,
                               const Action *action, const struct dossier *dossier, bytes plain,
                               struct arena *arena, struct act_result *ret, struct error *err)
{
    Actor *actor = actor_of(action, context, arena);
    fill_wave_digest(&ret->decision, arena);
    for (size_t i = 0; i < ret->decision.count; i++) {
        Event *event = ret->decision.events[i];
        uint64_t sequence = 0;
        event->actor = actor;
        event->action_id = action->id;
        if (event->cause == 0) {
            event->cause = context->cause;
        }
        if (context->signer != NULL) {
            event->signer = arena_c_string(arena, str_of(context->signer));
        }
        TRY(keep_attachments(engine, dossier, event, plain, arena, err));
        TRY(engine_append(engine, context->run, event, arena, &sequence, err));
        ret->first_event = ret->first_event == 0 ? sequence : ret->first_event;
        ret->last_event = sequence;
    }
    return OK;
}

static outcome decide_and_append(struct engine *engine, const struct act_context *context,
                                 const Action *action, bytes plain, struct arena *arena,
                                 struct act_result *ret, struct error *err)
{
    struct dossier dossier;
    struct error refusal;
    bool go_on = false;
    TRY(dossier_load(engine, action, context->run->moment, arena, &dossier, err));
    outcome decided =
        decide(&dossier, action, context->run->moment, arena, &ret->decision, &refusal);
    TRY(judge(decided, &refusal, ret, &go_on, err));
    if (!go_on) {
        return OK;
    }
    BUG_UNLESS(ret->decision.count > 0 || !action_is_wish(action->body_case));
    ret->verdict = ret->decision.count > 0 ? VERDICT_ACCEPTED : VERDICT_UNCHANGED;
    TRY(append_decision(engine, context, action, &dossier, plain, arena, ret, err));
    return OK;
}

static outcome act_wish(struct engine *engine, const struct act_context *context, Action *action,
                        struct arena *arena, struct act_result *ret, struct error *err)
{
    struct error refusal;
    bytes plain = {0};
    bool go_on = false;
    bool known = false;
    outcome prepared = prepare_wish(engine, context, action, arena, &plain, &refusal);
    TRY(judge(prepared, &refusal, ret, &go_on, err));
    if (!go_on) {
        return OK;
    }
    struct digest content = wish_content(action, arena);
    TRY(check_id(engine, action, &content, arena, ret, &known, err));
    if (known) {
        return OK;
    }
    TRY(decide_and_append(engine, context, action, plain, arena, ret, err));
    if (ret->verdict == VERDICT_ACCEPTED) {
        struct log_id id = {content, ret->first_event, ret->last_event};
        TRY(log_id_put(engine_log_txn(engine), wish_id_key(action, arena), &id, err));
    }
    return OK;
}

FALLIBLE act(struct engine *engine, const struct act_context *context, Action *action,
             struct arena *arena, struct act_result *ret, struct error *err)
{
    *ret = (struct act_result){.verdict = VERDICT_INVALID};
    if (action_is_wish(action->body_case)) {
        TRY(act_wish(engine, context, action, arena, ret, err));
        return OK;
    }
    dossier_name_persons(engine, action, arena);
    TRY(decide_and_append(engine, context, action, context->photo, arena, ret, err));
    return OK;
}
