/* init - the verb `init`: makes a store. It is built under another name and renamed when complete,
 * so there is never half a store. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/config.h"
#include "core/io/file.h"
#include "core/io/key.h"
#include "core/io/remove_all.h"
#include "events/terms/credit_code.h"
#include "jobs/folder.h"
#include "jobs/report.h"
#include "jobs/store/init_keys.h"

/* The synthetic authority of the development default (no real code is known to this program). */
#define AUTHORITY_NAME "上海市住房和城乡建设管理委员会"
#define AUTHORITY_CODE "11310000TEX000010W"

enum { FOLDER_MODE = 0755, KEYS_MODE = 0700 };

struct plan {
    struct session *session;
    const InitOptions *options;
    const char *dir;  /* where the store shall be */
    const char *made; /* where it is built */
    str authority;
    str authority_code;
    const char *origin;
    bool signatures_required;
    bool clock_free;
    struct init_keys keys;
};

static FALLIBLE choose(const char *option, const char *value, const char *normal, const char *other,
                       const char *expected, bool *ret_other, struct error *err)
{
    *ret_other = strcmp(value, other) == 0;
    if (*value != 0 && !*ret_other && strcmp(value, normal) != 0) {
        FAIL(USAGE, MESSAGE_OPTION_VALUE, ARG_TEXT("option", option), ARG_TEXT("value", value),
             ARG_TEXT("expected", expected));
    }
    return OK;
}

/* Options to a plan; the registry's own words are checked before anything is made. */
static FALLIBLE make_plan(struct session *session, struct plan *plan, struct error *err)
{
    const InitOptions *options = SESSION_OPTIONS(session, InitOptions);
    struct arena *arena = &session->run_arena;
    bool optional = false;
    *plan = (struct plan){.session = session, .options = options};
    plan->dir = folder_meant(session->store_dir, arena);
    plan->made = folder_made_beside(plan->dir, "init", arena);
    plan->authority = *options->authority != 0 ? str_of(options->authority) : STR(AUTHORITY_NAME);
    str code =
        *options->authority_code != 0 ? str_of(options->authority_code) : STR(AUTHORITY_CODE);
    TRY(choose("signatures", options->signatures, "required", "optional", "required | optional",
               &optional, err));
    TRY(choose("clock", options->clock, "system", "free", "system | free", &plan->clock_free, err));
    plan->signatures_required = !optional;
    if (!credit_code_normalise(code, arena, &plan->authority_code)) {
        FAIL(USAGE, MESSAGE_CREDIT_CODE_INVALID, ARG_STR("code", code));
    }
    plan->origin =
        *options->origin != 0
            ? options->origin
            : arena_format(arena, "anzheng.local/%.*s", STR_ARGS(plan->authority_code)).data;
    if (!note_name_is_valid(str_of(plan->origin))) {
        FAIL(USAGE, MESSAGE_ORIGIN_INVALID, ARG_TEXT("origin", plan->origin));
    }
    return session_check_day(session, NULL, plan->clock_free, err);
}

static FALLIBLE make_folders(const struct plan *plan, struct error *err)
{
    static const char *const folders[] = {"trust",   "blobs",       "certificates", "proofs",
                                          "reports", "checkpoints", "log",          "views"};
    struct arena *arena = &plan->session->run_arena;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        TRY(directory_make(arena_format(arena, "%s/%s", plan->made, folders[i]).data, FOLDER_MODE,
                           err));
    }
    return directory_make(arena_format(arena, "%s/keys", plan->made).data, KEYS_MODE, err);
}

static FALLIBLE write_config(const struct plan *plan, struct error *err)
{
    static const struct config_key keys[] = {
        {"verify_url", "anzheng: technical keys of this store. Business policies are events:\n"
                       "see `anzheng policy list`.\n"
                       "The QR code on a certificate is this address and an opaque token."},
        {"fonts", "Font files, PATH or PATH#FACE, separated by commas, best first."},
        {"color_profile", "sRGB profile (ICC) of the documents."},
        {"revocation_lists",
         "Revocation lists (DER or PEM) that signers are checked against, by commas."},
        {"workers", "Processes that render documents; 0: one a processor."},
        {"sms_gateway", "Where dynamic passwords go: an https address. Without one they are lines\n"
                        "of a file in outbox/, for whoever sends them."},
        {"sms_credentials", "File (mode 0600) whose first line is sent as Authorization header."},
        {"national_url", "Where records for the national platform go: an https address\n"
                         "(anzheng export national --send)."},
        {"national_credentials",
         "File (mode 0600) whose first line is sent as Authorization header."},
        {"document_key", "The key that signs documents: a PEM file, or a token's (pkcs11:...)."},
        {"timestamp_url", "Who time-stamps documents (RFC 3161): an https address."},
        {"timestamp_roots", "Certificates (PEM) that its time-stamps must lead to."},
        {"witnesses", "Who cosigns checkpoints, and where: a file of C2SP tlog-policy."},
    };
    struct arena *arena = &plan->session->run_arena;
    Config *config = plan->session->config;
    config->verify_url = arena_c_string(arena, STR("https://anzheng.example/verify?t="));
    if (key_is_of_token(plan->options->document_key)) {
        config->document_key = plan->options->document_key;
    }
    return config_write(arena_format(arena, "%s/anzheng.conf", plan->made).data, &config->base,
                        keys, sizeof keys / sizeof *keys, arena, err);
}

/* The first two events of the log: what it is, and whom it trusts. */
static FALLIBLE write_events(const struct plan *plan, struct engine *engine, struct error *err)
{
    struct arena *arena = &plan->session->batch_arena;
    const struct run *run = &plan->session->run;
    Event *created = event_new(EVENT__BODY_STORE_CREATED, arena);
    created->store_created->authority_name = arena_c_string(arena, plan->authority);
    created->store_created->authority_code = arena_c_string(arena, plan->authority_code);
    created->store_created->origin = arena_c_string(arena, str_of(plan->origin));
    created->store_created->signatures_required = plan->signatures_required;
    created->store_created->clock_free = plan->clock_free;
    TRY(engine_begin(engine, err));
    TRY(engine_append(engine, run, created, arena, NULL, err));
    TRY(engine_append(engine, run, init_keys_root_event(&plan->keys, arena), arena, NULL, err));
    return engine_commit(engine, err);
}

static FALLIBLE build(struct plan *plan, struct error *err)
{
    struct engine *engine = NULL;
    const struct engine_options options = {
        .dir = plan->made, .mode = STORE_WRITE, .verb = "init", .makes_log = true};
    TRY(make_folders(plan, err));
    TRY(init_keys_write(&plan->keys, plan->made, &plan->session->run_arena, err));
    TRY(write_config(plan, err));
    TRY(engine_open(&options, &engine, err));
    outcome written = write_events(plan, engine, err);
    engine_close(engine);
    TRY(written);
    TRY(file_sync_tree(plan->made, err));
    return folder_take_place(plan->made, plan->dir, MESSAGE_STORE_EXISTS, err);
}

static FALLIBLE report_store(const struct plan *plan, struct error *err)
{
    struct session *session = plan->session;
    struct error_arg dir[] = {ARG_TEXT("dir", plan->dir)};
    struct error_arg code[] = {ARG_STR("code", plan->authority_code)};
    if (!credit_code_check_is_right(plan->authority_code)) {
        report_note(session, TERMINAL_WARNING, MESSAGE_CREDIT_CODE_CHECK, code, 1);
    }
    if (plan->keys.is_development) {
        report_note(session, TERMINAL_WARNING, MESSAGE_DEVELOPMENT_AUTHORITY, dir, 1);
    }
    if (!cms_signer_names(&plan->keys.document, plan->authority_code)) {
        struct error_arg named[] = {ARG_STR("subject", plan->keys.document.subject),
                                    ARG_STR("code", plan->authority_code)};
        report_note(session, TERMINAL_WARNING, MESSAGE_DOCUMENT_CERT_NAMELESS, named, 2);
    }
    struct json *record = json_new_record();
    json_put_text(record, "store", str_of(plan->dir));
    struct json *authority = json_put_record(record, "authority");
    json_put_text(authority, "name", plan->authority);
    json_put_text(authority, "code", plan->authority_code);
    json_put_text(record, "origin", str_of(plan->origin));
    json_put_text(record, "log_key", plan->keys.vkey);
    json_put_bool(record, "development_authority", plan->keys.is_development);
    return report_result(session, record, err);
}

/* Nothing is there, or an empty folder. */
static bool is_free(const char *dir, struct arena *arena)
{
    const char **names = NULL;
    struct stat status;
    return stat(dir, &status) != 0 ||
           (S_ISDIR(status.st_mode) && folder_names(dir, STR(""), arena, &names) == 0);
}

outcome job_init(struct session *session, struct error *err)
{
    struct plan plan;
    const struct init_keys_request request = {.options = SESSION_OPTIONS(session, InitOptions),
                                              .today = session->run.moment.today};
    TRY(make_plan(session, &plan, err));
    if (!is_free(plan.dir, &session->run_arena)) {
        FAIL(CREATE, MESSAGE_STORE_EXISTS, ARG_TEXT("dir", plan.dir));
    }
    TRY(init_keys_make(&request, plan.authority, plan.authority_code, str_of(plan.origin),
                       &session->run_arena, &plan.keys, err));
    remove_all(plan.made); /* what an init that was killed left behind */
    outcome built = build(&plan, err);
    init_keys_close(&plan.keys);
    if (!built.ok) {
        remove_all(plan.made);
        return error_trace(err, HERE);
    }
    return report_store(&plan, err);
}
