/* document_signer - see document_signer.h. */
#include "jobs/documents/document_signer.h"

#include "core/io/cms.h"
#include "core/io/key.h"
#include "core/io/messages.h"
#include "jobs/engine/judging/submission.h"
#include "jobs/report.h"

struct document_keys document_keys_of_config(struct session *session)
{
    struct arena *arena = &session->run_arena;
    const char *given = session->config->document_key;
    bool as_it_is = key_is_of_token(given) || given[0] == '/';
    const char *below = given[0] != 0 ? given : "keys/document.key";
    return (struct document_keys){
        .key = as_it_is ? given : engine_path(session->engine, arena, below),
        .certificate = engine_path(session->engine, arena, "trust/document.pem"),
    };
}

/* The dates that do not fit, from the error about the signature. */
static str term_of(const struct error *cause)
{
    for (int i = 0; i < cause->args_count; i++) {
        if (str_equal(str_of(cause->args[i].name), STR("valid"))) {
            return str_of(cause->args[i].text);
        }
    }
    return STR("?");
}

static FALLIBLE check_chain(struct session *session, struct signer *signer, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const bytes content = str_bytes(STR("anzheng regenerate"));
    int32_t today = session->run.moment.today;
    struct trust trust = {0};
    struct cms_signer facts;
    struct error cause;
    bytes signature = {0};
    TRY(signer_detached(signer, content, arena, &signature, err));
    TRY(engine_begin(session->engine, err));
    outcome listed = submission_roots(session->engine, arena, &trust, err);
    engine_abort(session->engine);
    TRY(listed);
    if (cms_verify_detached(signature, content, &trust, today, arena, &facts, &cause).ok) {
        return OK;
    }
    if (cause.code == MESSAGE_SIGNER_EXPIRED || cause.code == MESSAGE_SIGNER_NOT_YET_VALID) {
        FAIL(CONFIG, MESSAGE_SIGNER_CHAIN_NOT_VALID, ARG_DATE("today", today),
             ARG_STR("valid", term_of(&cause)));
    }
    struct error_arg args[] = {ARG_STR("reason", message_code(cause.code, arena))};
    report_note(session, TERMINAL_WARNING, MESSAGE_SIGNER_LEADS_NOWHERE, args, 1);
    return OK;
}

FALLIBLE document_signer_open(struct session *session, const struct document_keys *keys,
                              struct signer **ret, struct error *err)
{
    struct signer *signer = NULL;
    TRY(engine_own_file(signer_open(keys->key, keys->certificate, keys->certificate, &signer, err),
                        err));
    outcome checked = OK;
    if (!signer_valid_on(signer, session->run.moment.today)) {
        checked = ERROR_SET(err, CONFIG, MESSAGE_SIGNER_NOT_VALID,
                            ARG_DATE("today", session->run.moment.today));
    }
    checked = checked.ok ? check_chain(session, signer, err) : checked;
    if (!checked.ok) {
        signer_close(signer);
        return error_trace(err, HERE);
    }
    *ret = signer;
    return OK;
}
