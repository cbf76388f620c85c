/* trust - the verbs `trust ...`: add and remove trusted roots (both are events); `trust issue`
 * makes a key and a certificate under the development authority. */
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/authority.h"
#include "core/io/cms.h"
#include "core/io/digest.h"
#include "core/io/file.h"
#include "events/terms/credit_code.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

enum { PEM_BYTES_MAX = 1024 * 1024, ISSUE_MONTHS = 5 * 12, KEY_MODE = 0600, PEM_MODE = 0644 };

/* Reads the root of a file and its record in the store; begins the transaction. */
static FALLIBLE look_up(struct session *session, const char *path, bytes *ret_der,
                        struct cms_signer *ret_root, const TrustView **ret_view, struct error *err)
{
    struct arena *arena = &session->run_arena;
    bytes content = {0};
    TRY(file_read(path, arena, PEM_BYTES_MAX, &content, err));
    if (!trust_root_read(str_of(path), content, arena, ret_der, ret_root, err).ok) {
        err->class = ERROR_MALFORMED; /* a file that was brought along, nothing configured */
        return error_trace(err, HERE);
    }
    TRY(engine_begin(session->engine, err));
    struct view_key key =
        key_trust(bytes_of(ret_root->certificate_sha256, sizeof ret_root->certificate_sha256));
    return views_get(engine_views(session->engine), VIEW_TRUST, key, arena, ret_view, err);
}

static FALLIBLE tell(struct session *session, const struct cms_signer *root, uint64_t sequence,
                     struct error *err)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    memcpy(digest.data, root->certificate_sha256, sizeof digest.data);
    digest_hex(&digest, hex);
    struct json *record = json_new_record();
    json_put_text(record, "subject", root->subject);
    json_put_text(record, "sha256", str_of(hex));
    json_put_number(record, "event", (int64_t)sequence);
    return report_result(session, record, err);
}

static FALLIBLE append_and_tell(struct session *session, Event *event,
                                const struct cms_signer *root, struct error *err)
{
    uint64_t sequence = 0;
    TRY(engine_append(session->engine, &session->run, event, &session->batch_arena, &sequence,
                      err));
    TRY(engine_commit(session->engine, err));
    return tell(session, root, sequence, err);
}

outcome job_trust_add(struct session *session, struct error *err)
{
    const TrustAddOptions *options = SESSION_OPTIONS(session, TrustAddOptions);
    struct arena *arena = &session->batch_arena;
    bytes der = {0};
    struct cms_signer root;
    const TrustView *known = NULL;
    TRY(look_up(session, options->arguments[0], &der, &root, &known, err));
    if (known->certificate_der.len > 0) {
        struct error_arg args[] = {ARG_STR("subject", root.subject)};
        engine_abort(session->engine);
        report_note(session, TERMINAL_NOTICE, MESSAGE_TRUST_KNOWN, args, 1);
        return tell(session, &root, known->event, err);
    }
    Event *event = event_new(EVENT__BODY_ROOT_TRUSTED, arena);
    event->root_trusted->certificate_sha256 =
        record_binary(bytes_of(root.certificate_sha256, sizeof root.certificate_sha256), arena);
    event->root_trusted->certificate_der = record_binary(der, arena);
    event->root_trusted->subject = arena_c_string(arena, root.subject);
    return append_and_tell(session, event, &root, err);
}

outcome job_trust_remove(struct session *session, struct error *err)
{
    const TrustRemoveOptions *options = SESSION_OPTIONS(session, TrustRemoveOptions);
    struct arena *arena = &session->batch_arena;
    bytes der = {0};
    struct cms_signer root;
    const TrustView *known = NULL;
    TRY(look_up(session, options->arguments[0], &der, &root, &known, err));
    if (known->certificate_der.len == 0) {
        FAIL(REFUSED(NULL), MESSAGE_TRUST_UNKNOWN, ARG_STR("subject", root.subject));
    }
    Event *event = event_new(EVENT__BODY_ROOT_DISTRUSTED, arena);
    event->root_distrusted->certificate_sha256 =
        record_binary(bytes_of(root.certificate_sha256, sizeof root.certificate_sha256), arena);
    return append_and_tell(session, event, &root, err);
}

/* --- trust issue ---------------------------------------------------------------------------------
 */

static FALLIBLE read_text(const char *path, struct arena *arena, str *ret, struct error *err)
{
    bytes content = {0};
    if (!file_exists(path)) {
        FAIL(CONFIG, MESSAGE_NO_DEVELOPMENT_AUTHORITY, ARG_TEXT("path", path));
    }
    TRY(file_read(path, arena, PEM_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, ret)) {
        FAIL(CONFIG, MESSAGE_CERTIFICATE_UNREADABLE, ARG_TEXT("name", path));
    }
    return OK;
}

/* Who the code is by the registers; one that they do not know yet is taken for what it looks like.
 */
static FALLIBLE find_actor(struct session *session, const char *code,
                           struct authority_subject *subject, struct error *err)
{
    struct arena *arena = &session->run_arena;
    EnterpriseView *enterprise = NULL;
    const ClerkView *clerk = NULL;
    str normal = str_of(code);
    bool is_credit_code = credit_code_normalise(normal, arena, &normal);
    TRY(enterprise_view(session, normal, arena, &enterprise, err));
    TRY(views_get(engine_views(session->engine), VIEW_CLERK, key_clerk(str_of(code)), arena, &clerk,
                  err));
    if (*enterprise->code != 0) {
        subject->purpose = AUTHORITY_ENTERPRISE;
        subject->name = str_of(enterprise->name);
        subject->code = normal;
    } else if (*clerk->clerk != 0) {
        subject->purpose = AUTHORITY_CLERK;
        subject->name = str_of(clerk->name);
        subject->code = str_of(clerk->clerk);
    } else {
        struct error_arg args[] = {ARG_TEXT("code", code)};
        report_note(session, TERMINAL_WARNING, MESSAGE_ACTOR_UNKNOWN, args, 1);
        subject->purpose = is_credit_code ? AUTHORITY_ENTERPRISE : AUTHORITY_CLERK;
        subject->name = normal;
        subject->code = normal;
    }
    if (str_find_byte(subject->code, '/') < subject->code.size) { /* it names the files */
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "code"), ARG_TEXT("value", code),
             ARG_TEXT("expected", "USCC | 工号"));
    }
    return OK;
}

static FALLIBLE write_pair(const char *out, str code, str key, str certificate,
                           struct session *session, struct error *err)
{
    struct arena *arena = &session->run_arena;
    const char *key_path = arena_format(arena, "%s/%.*s.key", out, STR_ARGS(code)).data;
    const char *pem_path = arena_format(arena, "%s/%.*s.pem", out, STR_ARGS(code)).data;
    TRY(directory_make(out, 0755, err));
    if (file_exists(key_path)) { /* a key in use is not lost to a second call */
        FAIL(CREATE, MESSAGE_OUTPUT_EXISTS, ARG_TEXT("path", key_path));
    }
    TRY(file_replace(key_path, str_bytes(key), KEY_MODE, err));
    TRY(file_replace(pem_path, str_bytes(certificate), PEM_MODE, err));
    struct json *record = json_new_record();
    json_put_text(record, "code", code);
    json_put_text(record, "certificate", str_of(pem_path));
    json_put_text(record, "private_key", str_of(key_path));
    return report_result(session, record, err);
}

static FALLIBLE key_kind(const char *text, enum authority_key_kind *ret, struct error *err)
{
    static const struct {
        const char *name;
        enum authority_key_kind kind;
    } kinds[] = {{"", AUTHORITY_KEY_P256},
                 {"p256", AUTHORITY_KEY_P256},
                 {"rsa2048", AUTHORITY_KEY_RSA_2048},
                 {"rsa3072", AUTHORITY_KEY_RSA_3072}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(text, kinds[i].name) == 0) {
            *ret = kinds[i].kind;
            return OK;
        }
    }
    FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "key"), ARG_TEXT("value", text),
         ARG_TEXT("expected", "p256 | rsa2048 | rsa3072"));
}

outcome job_trust_issue(struct session *session, struct error *err)
{
    const TrustIssueOptions *options = SESSION_OPTIONS(session, TrustIssueOptions);
    struct arena *arena = &session->run_arena;
    int32_t today = session->run.moment.today;
    struct authority root = {0};
    struct authority_subject subject = {.valid_from = today,
                                        .valid_until = date_add_months(today, ISSUE_MONTHS)};
    enum authority_key_kind kind = AUTHORITY_KEY_P256;
    str key = STR("");
    str certificate = STR("");
    TRY(key_kind(options->key, &kind, err));
    if (*options->code == 0 || *options->out == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "trust issue"),
             ARG_TEXT("option", *options->code == 0 ? "code" : "out"));
    }
    root.key_file = engine_path(session->engine, arena, "keys/root.key");
    root.certificate_file = engine_path(session->engine, arena, "trust/root.pem");
    TRY(read_text(root.key_file, arena, &root.key_pem, err));
    TRY(read_text(root.certificate_file, arena, &root.certificate_pem, err));
    TRY(find_actor(session, options->code, &subject, err));
    TRY(authority_key_new(kind, arena, &key, err));
    TRY(authority_issue(&root, key, &subject, arena, &certificate, err));
    return write_pair(options->out, subject.code, key, certificate, session, err);
}
