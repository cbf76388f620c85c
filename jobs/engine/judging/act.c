/* act - see act.h. */
#include "jobs/engine/judging/act.h"

#include <string.h>

#include "core/base/record.h"
#include "events/actors.h"
#include "events/limits.h"
#include "jobs/engine/erasure.h"
#include "jobs/engine/judging/dossier.h"
#include "jobs/engine/judging/keep.h"
#include "jobs/engine/judging/wave.h"
#include "jobs/engine/judging/wish.h"
#include "jobs/engine/parts/views_walk.h"
#include "jobs/engine/person_ids.h"
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

/* A refusal becomes the verdict; any other error stays a failure of act(). */
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

struct wish {
    Action *action;
    bytes plain;           /* its attachment */
    struct digest content; /* absent when an operator acts */
};

/* The signer must be the actor. A person's certificate must hold the number of the document that
 * the line names. A clerk's action that names no clerk has no actor: the rule refuses it. */
static outcome check_signer(const struct act_context *context, Action *action, struct error *err)
{
    bool fits = true;
    const char *code = action->clerk[0] != 0 ? action->clerk : action->enterprise;
    if (context->signed_by != NULL && action_is_persons(action)) {
        str number = str_of(wish_parts(action).person->id_number);
        fits = cms_signer_names_person(context->signed_by, number);
    } else if (context->signed_by != NULL && code[0] != 0) {
        fits = cms_signer_names(context->signed_by, str_of(code));
    }
    if (!fits) {
        FAIL(REFUSED("R-GEN-01"), MESSAGE_ACTOR_MISMATCH);
    }
    return OK;
}

static outcome prepare_wish(struct engine *engine, const struct act_context *context,
                            Action *action, struct arena *arena, bytes *ret_plain,
                            struct error *err)
{
    TRY(action_check_form(action, arena, err));
    wish_normalise(action, engine_people(engine), arena);
    TRY(person_ids_of_wish(engine, action, arena, err));
    TRY(wish_attach(action, context->attachments, arena, ret_plain, err));
    const char *unbound = context->signed_by != NULL ? wish_unbound(action) : NULL;
    if (unbound != NULL) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", unbound));
    }
    return check_signer(context, action, err);
}

/* --- waves -------------------------------------------------------------------------------------
 */

/* Runs an open wave to its end. `start`: as wave_finish. */
static outcome finish_wave(struct engine *engine, const struct act_context *context, uint64_t wave,
                           const struct wave_start *start, struct arena *arena,
                           struct act_result *ret, struct error *err)
{
    const struct wave_run run = {context->run, context->one_transaction, context->state,
                                 context->progress};
    uint64_t before = engine_last_sequence(engine);
    WaveView *view = NULL;
    TRY(wave_finish(engine, &run, wave, start, arena, &view, err));
    ret->wave = view;
    ret->changed |= engine_last_sequence(engine) > before;
    ret->stopped = !view->closed;
    ret->decision.is_wave = true;
    ret->decision.wave_count = view->count;
    return OK;
}

/* Finishes open waves of the same enterprise or kind first (R-NM-14). */
static outcome finish_earlier(struct engine *engine, const struct act_context *context,
                              const Action *action, struct arena *arena, struct act_result *ret,
                              struct error *err)
{
    struct wave_numbers open = {0};
    WaveKind__Code kind = wave_kind_of(action->body_case);
    TRY(wave_open_ones(engine, kind, str_of(action->enterprise), arena, &open, err));
    for (size_t i = 0; i < open.count && !ret->stopped; i++) {
        TRY(finish_wave(engine, context, open.items[i], NULL, arena, ret, err));
        ret->wave = ret->stopped ? ret->wave : NULL; /* another's */
        ret->decision = (struct decision){.events = NULL};
    }
    return OK;
}

/* --- duplicates: the first answer again ---------------------------------------------------------
 */

static bool is_named(const struct decision *decision, const char *number)
{
    for (size_t i = 0; i < decision->certificates_count; i++) {
        if (strcmp(decision->certificates[i], number) == 0) {
            return true;
        }
    }
    return false;
}

static void name_certificate(const Event *event, struct arena *arena, struct act_result *ret)
{
    const char *number = event_text(event, "certificate");
    if (number[0] != 0 && ret->decision.certificates_count < LIMIT_ANSWER_NUMBERS &&
        !is_named(&ret->decision, number)) {
        decision_name_certificate(&ret->decision, number, arena);
    }
}

/* Names the certificates of a wave, from its items, up to the limit of an answer. Items of the
 * oldest waves have no cause. */
static outcome name_items(struct engine *engine, const WaveView *wave, struct arena *arena,
                          struct act_result *ret, struct error *err)
{
    for (uint64_t sequence = wave->wave + 1;
         sequence < wave->closed_by && ret->decision.certificates_count < LIMIT_ANSWER_NUMBERS;
         sequence++) {
        Event *event = NULL;
        TRY(engine_event(engine, sequence, arena, &event, err));
        bool old_item =
            event->cause == 0 && event->body_case == EVENT__BODY_ENTERPRISE_NAME_CHANGED;
        if (event->cause == wave->wave || old_item) {
            name_certificate(event, arena, ret);
        }
    }
    return OK;
}

/* The answer of a wave is complete when the wave is closed, so it is finished first. */
static outcome answer_duplicate_wave(struct engine *engine, const struct act_context *context,
                                     uint64_t wave, struct arena *arena, struct act_result *ret,
                                     struct error *err)
{
    TRY(finish_wave(engine, context, wave, NULL, arena, ret, err));
    ret->last_event = ret->wave->closed_by;
    return name_items(engine, ret->wave, arena, ret, err);
}

/* What a wish about a personnel file was about: its first event says so. */
static void name_file(const Event *event, struct act_result *ret)
{
    const char *application = event_text(event, "application");
    const char *record = event_text(event, "record");
    if (application[0] != 0) {
        ret->decision.application = application;
    } else if (record[0] != 0) {
        ret->decision.record = record;
    }
}

/* Of a blocked or erased person the answer names the certificates, which stay. */
static outcome name_persons(struct engine *engine, const Event *event, struct arena *arena,
                            struct act_result *ret, struct error *err)
{
    bool is_one = event->body_case == EVENT__BODY_PERSON_BLOCKED ||
                  event->body_case == EVENT__BODY_PERSON_ERASED;
    struct view_key prefix = index_certificates_of_person(str_of(event_text(event, "person_id")));
    struct views_list numbers = {0};
    if (is_one) {
        TRY(views_list_index(engine_views(engine), &prefix, arena, &numbers, err));
    }
    for (size_t i = 0; i < numbers.count; i++) {
        decision_name_certificate(&ret->decision, numbers.items[i], arena);
    }
    return OK;
}

/* The first answer again: its events, and the certificates they are about. */
static outcome answer_duplicate(struct engine *engine, const struct act_context *context,
                                const struct log_id *id, struct arena *arena,
                                struct act_result *ret, struct error *err)
{
    ret->verdict = VERDICT_DUPLICATE;
    ret->first_event = id->first;
    ret->last_event = id->last;
    for (uint64_t sequence = id->first; sequence <= id->last; sequence++) {
        Event *event = NULL;
        TRY(engine_event(engine, sequence, arena, &event, err));
        if (event->body_case == EVENT__BODY_WAVE_OPENED) {
            return answer_duplicate_wave(engine, context, sequence, arena, ret, err);
        }
        if (sequence == id->first) {
            name_file(event, ret);
            TRY(name_persons(engine, event, arena, ret, err));
        }
        if (event->body_case != EVENT__BODY_CERTIFICATE_SUPERSEDED) { /* a detail, no answer's */
            name_certificate(event, arena, ret);
        }
    }
    return OK;
}

/* Was the wish done before? If so, sets the verdict. */
static outcome check_id(struct engine *engine, const struct act_context *context,
                        const struct wish *wish, struct arena *arena, struct act_result *ret,
                        bool *ret_known, struct error *err)
{
    struct log_id id;
    const Action *action = wish->action;
    TRY(engine_log_ready(engine, err));
    TRY(log_id_find(engine_log_txn(engine), wish_id_key(action, arena), &id, ret_known, err));
    if (!*ret_known) {
        return OK;
    }
    if (digest_equal(&id.content, &wish->content)) {
        TRY(answer_duplicate(engine, context, &id, arena, ret, err));
        return OK;
    }
    ret->verdict = VERDICT_REFUSED;
    (void)ERROR_SET(&ret->error, REFUSED("D38"), MESSAGE_ID_REUSED,
                    ARG_TEXT("id", action->id)); /* the verdict */
    return OK;
}

/* --- what was decided becomes events -----------------------------------------------------------
 */

static Actor *actor_of(Action *action, const struct act_context *context, struct arena *arena)
{
    Actor *actor = RECORD_NEW(arena, Actor, actor);
    if (context->import_kind != NULL) {
        actor->kind = ACTOR_KIND__CODE__IMPORT;
        actor->id = arena_c_string(arena, str_of(context->import_kind));
    } else if (context->by_operator) {
        actor->kind = ACTOR_KIND__CODE__OPERATOR;
        actor->id = arena_c_string(arena, str_of(context->run->operator));
    } else if (action->clerk[0] != 0) {
        actor->kind = ACTOR_KIND__CODE__CLERK;
        actor->id = action->clerk;
    } else if (action_is_persons(action)) {
        actor->kind = ACTOR_KIND__CODE__PERSON;
        actor->id = wish_parts(action).person->person_id;
    } else {
        actor->kind = ACTOR_KIND__CODE__ENTERPRISE;
        actor->id = action->enterprise;
    }
    return actor;
}

/* Adds to the answer how much of an erased person there was. */
static outcome complete_erasure(struct engine *engine, Event *event, struct arena *arena,
                                struct act_result *ret, struct error *err)
{
    PersonErased *erased = event->person_erased;
    if (event->body_case != EVENT__BODY_PERSON_ERASED) {
        return OK;
    }
    TRY(erasure_complete(engine, erased, arena, err));
    decision_detail(&ret->decision, ARG_INT("keys", 1 + erased->n_further_ids));
    decision_detail(&ret->decision, ARG_INT("files", erased->blobs));
    decision_detail(&ret->decision, ARG_INT("documents", erased->documents));
    return OK;
}

static outcome append_decision(struct engine *engine, const struct act_context *context,
                               const struct wish *wish, const struct dossier *dossier,
                               struct arena *arena, struct act_result *ret, struct error *err)
{
    Actor *actor = actor_of(wish->action, context, arena);
    for (size_t i = 0; i < ret->decision.count; i++) {
        Event *event = ret->decision.events[i];
        uint64_t sequence = 0;
        event->actor = actor;
        event->action_id = wish->action->id;
        if (event->cause == 0) {
            event->cause = context->cause;
        }
        if (event->body_case == EVENT__BODY_WAVE_OPENED && context->plan_sha256.size > 0) {
            event->wave_opened->plan_sha256 = record_binary(context->plan_sha256, arena);
        }
        if (context->signer != NULL) {
            event->signer = arena_c_string(arena, str_of(context->signer));
        }
        TRY(keep_files(engine, dossier, event, wish->plain, arena, err));
        TRY(complete_erasure(engine, event, arena, ret, err));
        TRY(engine_append(engine, context->run, event, arena, &sequence, err));
        ret->first_event = ret->first_event == 0 ? sequence : ret->first_event;
        ret->last_event = sequence;
    }
    return OK;
}

/* Appends the events of a refused wish (stands_refused); the answer does not name them. */
static outcome keep_refused(struct engine *engine, const struct act_context *context,
                            const struct wish *wish, const struct dossier *dossier,
                            struct arena *arena, struct act_result *ret, struct error *err)
{
    TRY(append_decision(engine, context, wish, dossier, arena, ret, err));
    ret->changed |= ret->decision.count > 0;
    ret->decision = (struct decision){.events = NULL};
    ret->first_event = ret->last_event = 0;
    return OK;
}

/* *ret_numbers is the list of a wave that was opened. */
static outcome decide_and_append(struct engine *engine, const struct act_context *context,
                                 const struct wish *wish, struct arena *arena,
                                 struct act_result *ret, str *ret_numbers, struct error *err)
{
    const Action *action = wish->action;
    struct dossier dossier;
    struct error refusal;
    bool go_on = false;
    codes_draw(wish->action, engine_people(engine), arena);
    /* A wave that was finished first may have changed what was listed. */
    const struct wave_list *listed = ret->changed ? NULL : context->listed;
    TRY(dossier_load_listed(engine, action, context->run->moment, listed, arena, &dossier, err));
    dossier.is_trial = context->one_transaction;
    outcome decided =
        decide(&dossier, action, context->run->moment, arena, &ret->decision, &refusal);
    TRY(judge(decided, &refusal, ret, &go_on, err));
    if (!go_on) {
        return keep_refused(engine, context, wish, &dossier, arena, ret, err);
    }
    BUG_UNLESS(ret->decision.count > 0 || !action_is_wish(action->body_case));
    ret->verdict = ret->decision.count > 0 ? VERDICT_ACCEPTED : VERDICT_UNCHANGED;
    TRY(append_decision(engine, context, wish, &dossier, arena, ret, err));
    ret->changed |= ret->decision.count > 0;
    if (ret->decision.count > 0) {
        ret->outgoing = codes_outgoing(action, ret->decision.events[0]);
    }
    *ret_numbers = dossier.wave.numbers;
    return OK;
}

/* Judges the wish, binds its id, and runs the wave that it opened to its end. */
static outcome decide_wish(struct engine *engine, const struct act_context *context,
                           const struct wish *wish, struct arena *arena, struct act_result *ret,
                           struct error *err)
{
    const Action *action = wish->action;
    str numbers = STR("");
    if (action_is_wave(action->body_case)) {
        TRY(finish_earlier(engine, context, action, arena, ret, err));
        if (ret->stopped) {
            return OK;
        }
        if (context->expected_count != NULL) {
            *wave_expected(wish->action) = arena_c_string(arena, str_of(context->expected_count));
        }
    }
    TRY(decide_and_append(engine, context, wish, arena, ret, &numbers, err));
    if (ret->verdict != VERDICT_ACCEPTED) {
        return OK;
    }
    if (!context->by_operator) {
        struct log_id id = {wish->content, ret->first_event, ret->last_event};
        TRY(engine_log_ready(engine, err));
        TRY(log_id_put(engine_log_txn(engine), wish_id_key(action, arena), &id, err));
    }
    if (ret->decision.is_wave) {
        const struct wave_start start = {ret->decision.events[0], numbers};
        TRY(finish_wave(engine, context, ret->first_event, &start, arena, ret, err));
        ret->last_event = ret->wave->closed_by;
    }
    return OK;
}

static outcome act_wish(struct engine *engine, const struct act_context *context, Action *action,
                        struct arena *arena, struct act_result *ret, struct error *err)
{
    struct error refusal;
    struct wish wish = {.action = action};
    bool go_on = false;
    bool known = false;
    outcome prepared = prepare_wish(engine, context, action, arena, &wish.plain, &refusal);
    TRY(judge(prepared, &refusal, ret, &go_on, err));
    if (!go_on) {
        return OK;
    }
    wish.content = wish_content(action, arena);
    TRY(check_id(engine, context, &wish, arena, ret, &known, err));
    if (known) {
        return OK;
    }
    return decide_wish(engine, context, &wish, arena, ret, err);
}

/* A row with a masked number, or with a document that the platform calls 其他, has an id of its own
 * that no person's record has: only the destroyed key under that id shows that the person was
 * erased. */
static outcome check_erased(struct engine *engine, const Action *row, struct error *err)
{
    bool erased = false;
    const NationalRecorded *national =
        row->body_case == ACTION__BODY_RECORD_NATIONAL ? row->record_national->row : NULL;
    if (national != NULL &&
        (national->record->masked || national->personal->id_type == ID_TYPE__CODE__OTHER)) {
        TRY(people_is_erased(engine_people(engine), str_of(national->person_id), &erased, err));
    }
    if (erased) {
        FAIL(REFUSED("R-PV-02"), MESSAGE_PERSON_BLOCKED);
    }
    return OK;
}

FALLIBLE act(struct engine *engine, const struct act_context *context, Action *action,
             struct arena *arena, struct act_result *ret, struct error *err)
{
    const struct wish row = {.action = action, .plain = context->photo};
    str none;
    *ret = (struct act_result){.verdict = VERDICT_INVALID};
    if (context->by_operator) {
        TRY(decide_wish(engine, context, &row, arena, ret, err));
        return OK;
    }
    if (action_is_wish(action->body_case)) {
        TRY(act_wish(engine, context, action, arena, ret, err));
        return OK;
    }
    struct error refusal;
    bool go_on = false;
    TRY(person_ids_follow_row(engine, action, arena, err));
    TRY(judge(check_erased(engine, action, &refusal), &refusal, ret, &go_on, err));
    if (!go_on) {
        return OK;
    }
    return decide_and_append(engine, context, &row, arena, ret, &none, err);
}
