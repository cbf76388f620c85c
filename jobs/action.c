/* action - one action of CONTRACT 4 as a verb: the options are the fields, by reflection; the wish
 * is judged as a line of a submission would be, and answered the same way. Where signatures are
 * required, the line is signed here with --signer-cert and --signer-key and verified like any;
 * line, signature and answer are kept as those of a submission. With --dry-run all is judged and
 * nothing kept: what the manual shows before it is confirmed (the exam, the original's end). */
#include <string.h>

#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/sign.h"
#include "jobs/answer.h"
#include "jobs/applicants.h"
#include "jobs/code_delivery.h"
#include "jobs/documents.h"
#include "jobs/engine/attachment.h"
#include "jobs/engine/evidence.h"
#include "jobs/engine/wish.h"
#include "jobs/record_json.h"
#include "jobs/revocations.h"

enum { ID_RANDOM_SIZE = 15 };

/* "change-affiliation" to "change_affiliation". */
static const char *action_of_verb(const struct verb *verb, struct arena *arena)
{
    char *name = arena_c_string(arena, str_of(verb->name));
    for (size_t i = 0; name[i] != 0; i++) {
        name[i] = name[i] == '-' ? '_' : name[i];
    }
    return name;
}

static void give_id(Action *action, struct arena *arena)
{
    uint8_t random[ID_RANDOM_SIZE];
    char id[2 * ID_RANDOM_SIZE + 1];
    if (*action->id == 0) {
        random_bytes(random, sizeof random);
        base32_format(bytes_of(random, sizeof random), id);
        action->id = arena_c_string(arena, str_of(id));
    }
}

/* The wish as the line of a submission: what is signed. */
static str line_of(const Action *action, const char *name, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&action__descriptor, action->body_case);
    const ProtobufCMessage *body =
        *(const ProtobufCMessage *const *)(const void *)((const char *)action + field->offset);
    JSON_AUTO record = json_new_record();
    json_put_text(record, "id", str_of(action->id));
    json_put_text(record, "action", str_of(name));
    if (*action->enterprise != 0) {
        json_put_text(record, "enterprise", str_of(action->enterprise));
    }
    if (*action->clerk != 0) {
        json_put_text(record, "clerk", str_of(action->clerk));
    }
    record_put_json(body, record, arena);
    return arena_format(arena, "%.*s\n", STR_ARGS(json_dump(record, arena)));
}

static FALLIBLE sign_line(struct session *session, const ActionOptions *options, str line,
                          bytes *ret_signature, struct error *err)
{
    struct signer *signer = NULL;
    if (*options->signer_cert == 0 && *options->signer_key == 0) {
        return OK; /* whether one is needed is the store's to say */
    }
    if (*options->signer_cert == 0 || *options->signer_key == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", session->verb->name),
             ARG_TEXT("option", *options->signer_cert == 0 ? "signer-cert" : "signer-key"));
    }
    TRY(signer_open(options->signer_key, options->signer_cert, options->signer_cert, &signer, err));
    outcome is_signed =
        signer_detached(signer, str_bytes(line), &session->run_arena, ret_signature, err);
    signer_close(signer);
    return is_signed;
}

/* *ret is NULL when nobody had to sign. Whether he may is judged with the wish. */
static FALLIBLE check_signer(struct session *session, str line, bytes signature,
                             const struct cms_signer **ret, struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct submission_request request = {.run = &session->run};
    struct cms_signer *who = ARENA_ARRAY(arena, struct cms_signer, 1);
    bool is_signed = false;
    TRY(revocations_read(session, &request.revocation_lists, &request.revocation_lists_count, err));
    TRY(submission_signer(session->engine, &request, str_bytes(line), signature, arena, who,
                          &is_signed, err));
    *ret = is_signed ? who : NULL;
    return OK;
}

/* A proof is named by any path here, and by a name below its own folder inside. */
static FALLIBLE place_attachment(Action *action, struct arena *arena, const char **ret_folder,
                                 struct error *err)
{
    struct wish_parts parts = wish_parts(action);
    *ret_folder = ".";
    if (parts.proof == NULL || **parts.proof == 0) {
        return OK;
    }
    const char *path = *parts.proof;
    const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    *ret_folder = attachment_folder(path, arena);
    *parts.proof = arena_c_string(arena, str_of(name));
    if (**parts.proof_sha256 == 0 && file_exists(path)) {
        bytes content = {0};
        char hex[DIGEST_HEX_SIZE];
        TRY(file_read(path, arena, SIZE_MAX, &content, err));
        struct digest digest = digest_sha256(content);
        digest_hex(&digest, hex);
        *parts.proof_sha256 = arena_c_string(arena, str_of(hex)); /* binds it to the signature */
    }
    return OK;
}

/* Who signed shall be able to be shown what he signed: a signed verb leaves what a submission of
 * one line leaves. Nothing new came of a duplicate. */
static FALLIBLE keep_evidence(struct session *session, const struct act_context *context,
                              struct evidence evidence, const struct answer *answer,
                              struct error *err)
{
    struct arena *arena = &session->run_arena;
    struct tally tally = {0};
    if (!answer->result->stopped) {
        JSON_AUTO record = answer_record(session, answer, arena);
        str text = arena_format(arena, "%.*s\n", STR_ARGS(json_dump(record, arena)));
        evidence.answers = str_bytes(text);
        tally.rows = 1;
        tally_result(&tally, answer->result);
    }
    TRY(evidence_keep(session->engine, &session->run, &tally, &evidence, context->signer, arena,
                      err));
    return OK;
}

/* A wave is shown running (R-NM-04). */
static void show_progress(void *state, uint64_t done, uint64_t total)
{
    struct progress *progress = state;
    progress->total = total;
    progress_step(progress, done);
}

static FALLIBLE act_and_commit(struct session *session, const struct act_context *context,
                               struct evidence evidence, struct act_result *ret,
                               const struct answer *answer, struct error *err)
{
    TRY(act(session->engine, context, session->action, &session->run_arena, ret, err));
    if (context->one_transaction) { /* a dry run: only the answer is wanted */
        engine_abort(session->engine);
        return OK;
    }
    if (ret->outgoing.code != NULL) { /* when its event is durable, and before the answer */
        TRY(engine_next_batch(session->engine, err));
        TRY(code_deliver(session, ret, err));
    }
    bool keep = context->signed_by != NULL && (ret->changed || ret->verdict != VERDICT_DUPLICATE);
    if (keep) {
        TRY(keep_evidence(session, context, evidence, answer, err));
    }
    if (keep || ret->changed) {
        TRY(engine_commit(session->engine, err));
    } else {
        engine_abort(session->engine);
    }
    return OK;
}

outcome job_action(struct session *session, struct error *err)
{
    const ActionOptions *options = SESSION_OPTIONS(session, ActionOptions);
    struct arena *arena = &session->run_arena;
    const char *name = action_of_verb(session->verb, arena);
    struct progress progress;
    struct act_context context = {.run = &session->run,
                                  .one_transaction = options->dry_run != 0,
                                  .state = &progress,
                                  .progress = show_progress};
    struct act_result result = {.verdict = VERDICT_INVALID};
    struct evidence evidence = {0};
    give_id(session->action, arena);
    TRY(applicants_put(options, session->action, arena, err));
    TRY(place_attachment(session->action, arena, &context.attachments, err));
    str line = line_of(session->action, name, arena);
    evidence.content = str_bytes(line);
    TRY(sign_line(session, options, line, &evidence.signature, err));
    TRY(engine_begin(session->engine, err));
    TRY(check_signer(session, line, evidence.signature, &context.signed_by, err));
    if (context.signed_by != NULL) {
        context.signer = submission_signer_hex(context.signed_by, arena);
    }
    const struct answer answer = {
        .line = 1, .id = str_of(session->action->id), .action = str_of(name), .result = &result};
    progress_start(&progress, &session->terminal, str_of(name), 0);
    outcome acted = act_and_commit(session, &context, evidence, &result, &answer, err);
    progress_end(&progress);
    TRY(acted);
    if (result.stopped) {
        report_note(session, TERMINAL_WARNING, MESSAGE_WAVE_STOPPED, NULL, 0);
        session_status(session, error_exit_status(ERROR_BUSY));
        return OK;
    }
    bool success = result.verdict == VERDICT_ACCEPTED || result.verdict == VERDICT_DUPLICATE;
    session_status(session, success ? 0 : error_exit_status(ERROR_REFUSED));
    TRY(report_result(session, answer_record(session, &answer, arena), err));
    if (result.verdict == VERDICT_ACCEPTED && !options->dry_run) {
        TRY(documents_render_proofs(session, err));
    }
    return OK;
}
