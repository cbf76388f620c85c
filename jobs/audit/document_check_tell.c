/* document_check_tell - prints the verdicts on a document, for people and machines; see
 * document_check.h. */
#include "jobs/audit/document_check.h"
#include "jobs/report.h"

/* What each check is called, and what is said when it holds or cannot be judged (0: nothing). */
static const struct {
    int label, good, unknown;
} words[CHECKS_COUNT] = {
    [CHECK_FORM] = {MESSAGE_CHECK_FORM_IS, MESSAGE_CHECK_FORM_GOOD, 0},
    [CHECK_SIGNATURE] = {MESSAGE_CHECK_SIGNATURE_IS, MESSAGE_CHECK_SIGNATURE_GOOD, 0},
    [CHECK_SIGNER] = {MESSAGE_CHECK_SIGNER_IS, MESSAGE_CHECK_SIGNER_GOOD,
                      MESSAGE_CHECK_SIGNER_UNKNOWN},
    [CHECK_PROOF] = {MESSAGE_CHECK_PROOF_IS, MESSAGE_CHECK_PROOF_GOOD, MESSAGE_CHECK_PROOF_UNKNOWN},
    [CHECK_CONTENT] = {MESSAGE_CHECK_CONTENT_IS, MESSAGE_CHECK_CONTENT_GOOD,
                       MESSAGE_CHECK_CONTENT_UNKNOWN},
    [CHECK_CODE] = {MESSAGE_CHECK_CODE_IS, MESSAGE_CHECK_CODE_GOOD, 0},
    [CHECK_LOGGED] = {MESSAGE_CHECK_LOGGED_IS, MESSAGE_CHECK_LOGGED_GOOD,
                      MESSAGE_CHECK_LOGGED_UNKNOWN},
    [CHECK_TIMESTAMP] = {MESSAGE_CHECK_TIMESTAMP_IS, MESSAGE_CHECK_TIMESTAMP_GOOD, 0},
};

/* A proof has no number of its own: "cancellation:17" is that of event 17. */
static str of_content(enum language language, str number, struct arena *arena)
{
    str rest = number;
    str kind = str_cut(&rest, ':');
    bool cancellation = str_equal(kind, STR("cancellation"));
    if (rest.data == NULL || (!cancellation && !str_equal(kind, STR("departure")))) {
        const struct error_arg args[] = {ARG_STR("number", number)};
        return message_text_with(MESSAGE_CHECK_CONTENT_GOOD, language, args, 1, arena);
    }
    str name = message_text(
        cancellation ? MESSAGE_KIND_CANCELLATION_PROOF : MESSAGE_KIND_DEPARTURE_PROOF, language);
    const struct error_arg args[] = {ARG_STR("kind", name), ARG_STR("event", rest)};
    return message_text_with(MESSAGE_CHECK_CONTENT_GOOD_PROOF, language, args, 2, arena);
}

static void tell_check(struct session *session, const char *path,
                       const struct document_finding *finding, enum document_check check)
{
    struct arena *arena = &session->item_arena;
    /* A text and no list, because a name has commas. */
    const struct error_arg detail = ARG_STR("told", finding->details[check]);
    enum document_verdict verdict = finding->verdicts[check];
    str what = STR("");
    if (verdict == VERDICT_BAD) {
        what = message_of_error(&finding->errors[check], session->language, arena);
    } else if (verdict == VERDICT_GOOD && check == CHECK_CONTENT) {
        what = of_content(session->language, finding->details[check], arena);
    } else if (verdict == VERDICT_GOOD) {
        what = message_text_with(words[check].good, session->language, &detail, 1, arena);
    } else if (check == CHECK_SIGNER && finding->details[check].size > 0) {
        what =
            message_text_with(MESSAGE_SIGNER_NOT_AUTHORITY, session->language, &detail, 1, arena);
    } else if (check == CHECK_TIMESTAMP && finding->details[check].size > 0) {
        what = message_text_with(MESSAGE_CHECK_TIMESTAMP_UNKNOWN, session->language, &detail, 1,
                                 arena);
    } else if (words[check].unknown != 0 && finding->verdicts[CHECK_FORM] == VERDICT_GOOD) {
        what = message_text(words[check].unknown, session->language);
    } else {
        return;
    }
    const struct error_arg args[] = {
        ARG_TEXT("file", path),
        ARG_STR("check", message_text(words[check].label, session->language)),
        ARG_STR("what", what)};
    report_note(session, verdict == VERDICT_BAD ? TERMINAL_ERROR : TERMINAL_NOTICE,
                MESSAGE_DOCUMENT_CHECK_LINE, args, 3);
}

static const struct error *first_error(const struct document_finding *finding)
{
    for (int i = 0; i < CHECKS_COUNT; i++) {
        if (finding->verdicts[i] == VERDICT_BAD) {
            return &finding->errors[i];
        }
    }
    return NULL;
}

bool document_tell(struct session *session, const char *path, bool briefly,
                   const struct document_finding *finding)
{
    struct json *record = finding->record;
    const struct error *error = first_error(finding);
    bool vouched = finding->verdicts[CHECK_SIGNER] == VERDICT_GOOD ||
                   finding->verdicts[CHECK_LOGGED] == VERDICT_GOOD;
    json_put_text(record, "file", str_of(path));
    json_put_bool(record, "ok", error == NULL && vouched);
    if (error != NULL) {
        report_put_error(session, json_put_record(record, "error"), error, &session->item_arena);
        session_status(session, error_exit_status(error->class));
    } else if (!vouched) { /* the question cannot be answered */
        session_status(session, error_exit_status(ERROR_REFUSED));
    }
    if (session->json) {
        return error == NULL && vouched;
    }
    for (int i = 0; i < CHECKS_COUNT; i++) {
        if (!briefly || finding->verdicts[i] != VERDICT_GOOD) {
            tell_check(session, path, finding, (enum document_check)i);
        }
    }
    const struct json *current = json_member(record, "current");
    if (error == NULL && current != NULL && !json_truth(current)) {
        const struct error_arg args[] = {
            ARG_TEXT("file", path),
            ARG_STR("document", json_text(json_member(record, "document")))};
        report_note(session, TERMINAL_WARNING, MESSAGE_DOCUMENT_REPLACED, args, 2);
    }
    return error == NULL && vouched;
}
