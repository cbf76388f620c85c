/* audit_file - see audit_file.h.
 *
 * The signature is judged again as on the day of the event: at its business date, against the roots
 * that were trusted before it. The revocation lists are today's, so that a revocation that was
 * published later but took effect before that day shows. */
#include "jobs/audit/audit_file.h"

#include <string.h>

#include "core/base/date.h"
#include "core/io/cms.h"
#include "core/io/file.h"
#include "jobs/audit/history_event.h"
#include "jobs/engine/judging/evidence.h"
#include "jobs/report.h"
#include "jobs/wishes/revocations.h"

enum { FILE_MODE = 0600, FOLDER_MODE = 0700, DAY_SECONDS = 86400, NOON_UTC_SECONDS = 4 * 3600 };

struct inquiry {
    struct session *session;
    const Event *event;
    struct evidence evidence;
    bool erased;
    struct trust trust;
    const char *verdict; /* "valid", "none", "erased", or the code of what is wrong */
    bool has_signer;
    struct cms_signer signer; /* as the signature says, verified or not */
    str signer_pem;
};

static FALLIBLE find(struct inquiry *inquiry, const char *which, struct error *err)
{
    struct session *session = inquiry->session;
    struct digest sha256;
    uint64_t sequence = 0;
    Event *event = NULL;
    if (digest_parse_hex(str_of(which), &sha256)) {
        TRY(evidence_of_file(session->engine, &sha256, &session->run_arena, &event, err));
    } else if (str_to_uint64(str_of(which), &sequence)) {
        TRY(evidence_of_event(session->engine, sequence, &session->run_arena, &event, err));
    } else {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", "file"), ARG_TEXT("value", which),
             ARG_TEXT("expected", "EVENT | SHA256"));
    }
    if (event == NULL) {
        FAIL(REFUSED(NULL), MESSAGE_SUBMISSION_NOT_FOUND, ARG_TEXT("which", which));
    }
    inquiry->event = event;
    return OK;
}

/* --- judging --------------------------------------------------------------------------------- */

static FALLIBLE judge(struct inquiry *inquiry, struct error *err)
{
    struct arena *arena = &inquiry->session->run_arena;
    struct error wrong;
    bytes signature = inquiry->evidence.signature;
    struct cms_signer verified;
    inquiry->has_signer =
        cms_signer_certificate(signature, arena, &inquiry->signer, &inquiry->signer_pem, &wrong).ok;
    outcome sound =
        cms_verify_detached(signature, inquiry->evidence.content, &inquiry->trust,
                            inquiry->event->business_date->days, arena, &verified, &wrong);
    if (!sound.ok && wrong.class != ERROR_SIGNATURE) {
        *err = wrong;
        return error_trace(err, HERE);
    }
    inquiry->verdict = sound.ok ? "valid" : arena_c_string(arena, message_code(wrong.code, arena));
    return OK;
}

static FALLIBLE open_evidence(struct inquiry *inquiry, struct error *err)
{
    struct session *session = inquiry->session;
    struct arena *arena = &session->run_arena;
    TRY(evidence_open(session->engine, inquiry->event->file_processed, arena, &inquiry->evidence,
                      &inquiry->erased, err));
    TRY(evidence_roots(session->engine, inquiry->event->sequence, arena, &inquiry->trust, err));
    TRY(revocations_read(session, &inquiry->trust.revocation_lists,
                         &inquiry->trust.revocation_lists_count, err));
    inquiry->verdict = inquiry->erased ? "erased" : "none";
    if (inquiry->evidence.signature.size > 0) {
        TRY(judge(inquiry, err));
        session_status(
            session, strcmp(inquiry->verdict, "valid") == 0 ? 0 : error_exit_status(ERROR_REFUSED));
    }
    return OK;
}

/* --- taking out ------------------------------------------------------------------------------ */

struct folder {
    struct session *session;
    const char *path;
    struct json *files;
};

static FALLIBLE put_file(const struct folder *folder, const char *name, bytes content,
                         struct error *err)
{
    if (content.size > 0) {
        str path = arena_format(&folder->session->run_arena, "%s/%s", folder->path, name);
        TRY(file_replace(path.data, content, FILE_MODE, err));
        json_add_text(folder->files, path);
    }
    return OK;
}

static FALLIBLE roots_pem(const struct inquiry *inquiry, str *ret, struct error *err)
{
    struct arena *arena = &inquiry->session->run_arena;
    str all = STR("");
    for (size_t i = 0; i < inquiry->trust.roots_count; i++) {
        str pem;
        TRY(cms_certificate_pem(inquiry->trust.roots[i], arena, &pem, err));
        all = arena_format(arena, "%.*s%.*s", STR_ARGS(all), STR_ARGS(pem));
    }
    *ret = all;
    return OK;
}

/* What somebody without this program does with the files. */
static str instructions(const struct inquiry *inquiry)
{
    bytes signature = inquiry->evidence.signature;
    bool pem = signature.size > 0 && signature.data[0] == '-';
    int64_t noon = (int64_t)inquiry->event->business_date->days * DAY_SECONDS + NOON_UTC_SECONDS;
    return arena_format(&inquiry->session->run_arena,
                        "openssl cms -verify -binary -inform %s -in signature.p7s"
                        " -content submission.jsonl -CAfile roots.pem -purpose any"
                        " -attime %lld -out /dev/null\n",
                        pem ? "PEM" : "DER", (long long)noon);
}

static FALLIBLE put_files(const struct inquiry *inquiry, const struct folder *folder,
                          struct error *err)
{
    const struct evidence *evidence = &inquiry->evidence;
    str roots = STR("");
    TRY(put_file(folder, "submission.jsonl", evidence->content, err));
    TRY(put_file(folder, "answers.jsonl", evidence->answers, err));
    if (evidence->signature.size > 0) {
        TRY(roots_pem(inquiry, &roots, err));
        TRY(put_file(folder, "signature.p7s", evidence->signature, err));
        TRY(put_file(folder, "signer.pem", str_bytes(inquiry->signer_pem), err));
        TRY(put_file(folder, "roots.pem", str_bytes(roots), err));
        TRY(put_file(folder, "verify.sh", str_bytes(instructions(inquiry)), err));
    }
    return OK;
}

static FALLIBLE check_folder(struct session *session, const char *out, struct error *err)
{
    const char *first = arena_format(&session->run_arena, "%s/submission.jsonl", out).data;
    TRY(directory_make(out, FOLDER_MODE, err));
    if (file_exists(first)) {
        FAIL(CREATE, MESSAGE_OUTPUT_EXISTS, ARG_TEXT("path", first));
    }
    return OK;
}

/* --- the verb -------------------------------------------------------------------------------- */

static void put_signer(const struct inquiry *inquiry, struct json *record)
{
    const struct cms_signer *signer = &inquiry->signer;
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];
    char from[DATE_SIZE];
    char until[DATE_SIZE];
    json_put_text(record, "signature", str_of(inquiry->verdict));
    if (!inquiry->has_signer) {
        json_put_null(record, "signed_by");
        return;
    }
    memcpy(digest.data, signer->certificate_sha256, sizeof digest.data);
    digest_hex(&digest, hex);
    date_format(signer->valid_from, from);
    date_format(signer->valid_until, until);
    struct json *by = json_put_record(record, "signed_by");
    json_put_text(by, "subject", signer->subject);
    json_put_text(by, "organization_identifier", signer->organization_identifier);
    json_put_text(by, "serial_number", signer->serial_number);
    json_put_text(by, "sha256", str_of(hex));
    json_put_text(by, "valid_from", str_of(from));
    json_put_text(by, "valid_until", str_of(until));
}

static FALLIBLE disclose(struct inquiry *inquiry, const char *out, struct error *err)
{
    struct session *session = inquiry->session;
    struct digest sha256;
    char hex[DIGEST_HEX_SIZE];
    const ProtobufCBinaryData *digest = &inquiry->event->file_processed->file_sha256;
    BUG_UNLESS(digest->len == sizeof sha256.data);
    memcpy(sha256.data, digest->data, sizeof sha256.data);
    digest_hex(&sha256, hex);
    if (*session->run.reason == 0) { /* before a folder is made */
        FAIL(USAGE, MESSAGE_REASON_REQUIRED);
    }
    TRY(check_folder(session, out, err));
    return session_disclose(session, arena_c_string(&session->run_arena, str_of(hex)), err);
}

outcome audit_file(struct session *session, const char *which, const char *out, struct error *err)
{
    struct inquiry inquiry = {.session = session};
    if (engine_people(session->engine) == NULL) {
        FAIL(CONFIG, MESSAGE_KEYS_NEEDED, ARG_TEXT("verb", "audit history file"));
    }
    TRY(find(&inquiry, which, err));
    if (*out != 0) {
        TRY(disclose(&inquiry, out, err));
    }
    TRY(open_evidence(&inquiry, err));
    JSON_AUTO record = history_event(inquiry.event, &session->run_arena);
    put_signer(&inquiry, record);
    struct folder folder = {session, out, json_put_list(record, "files")};
    if (*out != 0) {
        TRY(put_files(&inquiry, &folder, err));
    }
    struct json *result = record;
    record = NULL; /* given back by the report */
    return report_result(session, result, err);
}
