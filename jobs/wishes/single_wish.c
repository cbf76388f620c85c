/* single_wish - see single_wish.h. */
#include "jobs/wishes/single_wish.h"

#include "core/io/file.h"
#include "core/io/sign.h"
#include "events/wave.h"
#include "jobs/wishes/answer.h"
#include "jobs/wishes/code_delivery.h"
#include "jobs/wishes/revocations.h"
#include "jobs/wishes/wave_report.h"

/* Of the store's own keys an absent file is a wrong set-up; of a wish it is an absent input. */
static outcome check_readable(const char *path, struct error *err)
{
    uint64_t size = 0;
    return file_size(path, &size, err);
}

FALLIBLE single_wish_check_signer(const struct session *session, const char *certificate,
                                  const char *key, struct error *err)
{
    if ((*certificate == 0) != (*key == 0)) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", session->verb->name),
             ARG_TEXT("option", *certificate == 0 ? "signer-cert" : "signer-key"));
    }
    return OK;
}

FALLIBLE single_wish_sign(struct single_wish *wish, const char *certificate, const char *key,
                          struct error *err)
{
    struct session *session = wish->session;
    struct signer *signer = NULL;
    if (*certificate == 0 && *key == 0) {
        return OK;
    }
    TRY(single_wish_check_signer(session, certificate, key, err));
    TRY(check_readable(certificate, err));
    TRY(check_readable(key, err));
    /* Certificates of intermediate authorities stand behind the signer's in the same file. */
    TRY(signer_open(key, certificate, certificate, &signer, err));
    outcome is_signed = signer_detached(signer, wish->evidence.content, &session->run_arena,
                                        &wish->evidence.signature, err);
    signer_close(signer);
    return is_signed;
}

/* Whether he may is judged with the wish. */
static outcome check_signer(const struct single_wish *wish, struct act_context *context,
                            struct error *err)
{
    struct session *session = wish->session;
    struct arena *arena = &session->run_arena;
    struct submission_request request = {.run = &session->run};
    struct cms_signer *who = ARENA_NEW(arena, struct cms_signer);
    bool is_signed = false;
    TRY(revocations_read(session, &request.revocation_lists, &request.revocation_lists_count, err));
    TRY(submission_signer(session->engine, &request, wish->evidence.content,
                          wish->evidence.signature, arena, who, &is_signed, err));
    if (is_signed) {
        context->signed_by = who;
        context->signer = submission_signer_hex(who, arena);
    }
    return OK;
}

struct json *single_wish_answer(const struct single_wish *wish, const struct act_result *result)
{
    const struct answer answer = {
        .line = 1, .id = str_of(wish->action->id), .action = wish->name, .result = result};
    return answer_record(wish->session, &answer, &wish->session->run_arena);
}

/* Of one that was stopped in its wave there is no answer yet. */
static outcome keep_evidence(const struct single_wish *wish, const struct act_context *context,
                             const struct act_result *result, struct error *err)
{
    struct session *session = wish->session;
    struct arena *arena = &session->run_arena;
    struct evidence evidence = wish->evidence;
    struct tally tally = {0};
    if (!result->stopped) {
        JSON_AUTO record = single_wish_answer(wish, result);
        str text = arena_format(arena, "%.*s\n", STR_ARGS(json_dump(record, arena)));
        evidence.answers = str_bytes(text);
        tally.rows = 1;
        tally_result(&tally, result);
    }
    return evidence_keep(session->engine, &session->run, &tally, &evidence, context->signer, arena,
                         err);
}

/* Nothing new came of a duplicate. */
static outcome keep_and_commit(const struct single_wish *wish, const struct act_context *context,
                               struct act_result *result, struct error *err)
{
    struct engine *engine = wish->session->engine;
    bool keep =
        context->signed_by != NULL && (result->changed || result->verdict != VERDICT_DUPLICATE);
    if (wish->dry_run || !(keep || result->changed)) {
        engine_abort(engine);
        return OK;
    }
    if (result->outgoing.code != NULL) { /* when its event is durable, and before the answer */
        TRY(engine_next_batch(engine, err));
        TRY(code_deliver(wish->session, result, err));
    }
    if (keep) {
        TRY(keep_evidence(wish, context, result, err));
    }
    return engine_commit(engine, err);
}

static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct progress *progress = state;
    progress->total = total;
    progress_step(progress, done);
}

FALLIBLE single_wish_run(const struct single_wish *wish, struct act_result *ret, struct error *err)
{
    struct session *session = wish->session;
    struct progress progress;
    struct act_context context = {
        .run = &session->run,
        .attachments = wish->attachments,
        .expected_count = wish->expected_count,
        .one_transaction = wish->dry_run,
        .state = &progress,
        .progress = show_progress,
    };
    if (wish->dry_run) {
        engine_rehearse(session->engine);
    } else if (action_is_wave(wish->action->body_case)) {
        TRY(engine_write_behind(session->engine, err));
    }
    TRY(engine_begin(session->engine, err));
    TRY(check_signer(wish, &context, err));
    progress_start(&progress, &session->terminal, wish->name, 0);
    outcome acted = act(session->engine, &context, wish->action, &session->run_arena, ret, err);
    acted = acted.ok ? keep_and_commit(wish, &context, ret, err) : acted;
    progress_end(&progress);
    TRY(acted);
    engine_write_directly(session->engine); /* what follows on it reads the log, too */
    if (ret->stopped && wish->dry_run) {
        report_dry_run_stopped(session);
    } else if (ret->stopped) {
        wave_stopped(session);
    }
    return OK;
}
