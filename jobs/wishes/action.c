/* action - each action of CONTRACT 4 as a verb. The options are the fields of the action, by
 * reflection; the wish is judged and answered like a line of a submission. If signatures are
 * required, the line is signed here with --signer-cert and --signer-key
 * (jobs/wishes/single_wish.h). With --dry-run it is judged but nothing is kept: this shows what the
 * manual displays before the confirmation (the exam, the original's end date). */
#include <string.h>

#include "core/base/record.h"
#include "core/io/digest.h"
#include "jobs/documents/documents.h"
#include "jobs/engine/judging/attachment.h"
#include "jobs/engine/wish_parts.h"
#include "jobs/objects/record_json.h"
#include "jobs/report.h"
#include "jobs/wishes/applicants.h"
#include "jobs/wishes/single_wish.h"

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
static str line_of(const Action *action, str name, struct arena *arena)
{
    const ProtobufCMessage *body = record_inner(&action->base, action_field(action->body_case));
    JSON_AUTO record = json_new_record();
    json_put_text(record, "id", str_of(action->id));
    json_put_text(record, "action", name);
    if (*action->enterprise != 0) {
        json_put_text(record, "enterprise", str_of(action->enterprise));
    }
    if (*action->clerk != 0) {
        json_put_text(record, "clerk", str_of(action->clerk));
    }
    record_put_json(body, record, arena);
    return arena_format(arena, "%.*s\n", STR_ARGS(json_dump(record, arena)));
}

/* A proof is named by any path here, and by a name below its own folder inside. */
static void place_attachment(Action *action, struct arena *arena, const char **ret_folder)
{
    struct wish_parts parts = wish_parts(action);
    *ret_folder = ".";
    if (parts.proof == NULL || **parts.proof == 0) {
        return;
    }
    const char *path = *parts.proof;
    const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    *ret_folder = attachment_folder(path, arena);
    *parts.proof = arena_c_string(arena, str_of(name));
    struct attachment_file file = attachment_read(*ret_folder, str_of(name), SIZE_MAX, arena);
    if (**parts.proof_sha256 == 0 && file.found && file.content.size == file.size) {
        char hex[DIGEST_HEX_SIZE];
        struct digest digest = digest_sha256(file.content);
        digest_hex(&digest, hex);
        *parts.proof_sha256 = arena_c_string(arena, str_of(hex)); /* binds it to the signature */
    }
}

outcome job_action(struct session *session, struct error *err)
{
    const ActionOptions *options = SESSION_OPTIONS(session, ActionOptions);
    struct arena *arena = &session->run_arena;
    struct single_wish wish = {.session = session,
                               .action = session->action,
                               .name = str_of(action_of_verb(session->verb, arena)),
                               .dry_run = options->dry_run != 0};
    struct act_result result = {.verdict = VERDICT_INVALID};
    give_id(wish.action, arena);
    TRY(applicants_put(options, wish.action, arena, err));
    place_attachment(wish.action, arena, &wish.attachments);
    wish.evidence.content = str_bytes(line_of(wish.action, wish.name, arena));
    TRY(single_wish_sign(&wish, options->signer_cert, options->signer_key, err));
    TRY(single_wish_run(&wish, &result, err));
    if (result.stopped) {
        return OK;
    }
    bool success = result.verdict == VERDICT_ACCEPTED || result.verdict == VERDICT_DUPLICATE;
    session_status(session, success ? 0 : error_exit_status(ERROR_REFUSED));
    TRY(report_result(session, single_wish_answer(&wish, &result), err));
    if (options->dry_run) {
        report_dry_run(session);
    } else if (result.verdict == VERDICT_ACCEPTED) {
        TRY(documents_render_proofs(session, err));
    }
    return OK;
}
