/* init_keys - see init_keys.h. */
#include "jobs/store/init_keys.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/io/authority.h"
#include "core/io/file.h"
#include "core/io/key.h"
#include "core/io/sign.h"
#include "jobs/engine/engine.h"
#include "jobs/messages.h"

enum {
    PEM_BYTES_MAX = 1024 * 1024,
    ROOT_MONTHS = 30 * 12,     /* longer than anything it signs */
    DOCUMENT_MONTHS = 20 * 12, /* longer than a store is used without thought */
    KEY_MODE = 0600,
    CERTIFICATE_MODE = 0644,
};

static FALLIBLE make_development(const struct init_keys_request *request, str authority,
                                 str authority_code, struct arena *arena, struct init_keys *keys,
                                 struct error *err)
{
    const struct authority_subject root = {
        .purpose = AUTHORITY_ROOT,
        .name = STR("anzheng development authority"),
        .code = STR(""),
        .valid_from = request->today,
        .valid_until = date_add_months(request->today, ROOT_MONTHS),
    };
    const struct authority_subject document = {
        .purpose = AUTHORITY_DOCUMENT,
        .name = authority,
        .code = authority_code,
        .valid_from = request->today,
        .valid_until = date_add_months(request->today, DOCUMENT_MONTHS),
    };
    keys->is_development = true;
    TRY(authority_key_new(AUTHORITY_KEY_RSA_2048, arena, &keys->root_key, err));
    TRY(authority_make_root(keys->root_key, &root, arena, &keys->root_certificate, err));
    keys->root_file = str_bytes(keys->root_certificate);
    TRY(authority_key_new(AUTHORITY_KEY_RSA_2048, arena, &keys->document_key, err));
    const struct authority issuer = {.key_pem = keys->root_key,
                                     .certificate_pem = keys->root_certificate};
    TRY(authority_issue(&issuer, keys->document_key, &document, arena, &keys->document_certificate,
                        err));
    return note_key_generate(&keys->log_key, err);
}

static FALLIBLE read_pem(const char *path, int unreadable, struct arena *arena, str *ret,
                         struct error *err)
{
    bytes content = {0};
    TRY(file_read(path, arena, PEM_BYTES_MAX, &content, err));
    if (!str_from_bytes(content, ret)) {
        FAIL(CONFIG, unreadable, ARG_TEXT("name", path));
    }
    return OK;
}

/* A key that was opened is kept as it was given: what is locked stays locked, under the passphrase
 * that it had. One in a token stays there. */
static FALLIBLE keep_key(const char *path, struct arena *arena, str *ret, struct error *err)
{
    *ret = STR("");
    return key_is_of_token(path) ? OK : read_pem(path, MESSAGE_KEY_UNREADABLE, arena, ret, err);
}

static FALLIBLE read_given(const InitOptions *options, struct arena *arena, struct init_keys *keys,
                           struct error *err)
{
    const char *missing = *options->root_cert == 0       ? "--root-cert"
                          : *options->document_cert == 0 ? "--document-cert"
                          : *options->document_key == 0  ? "--document-key"
                          : *options->log_key == 0       ? "--log-key"
                                                         : NULL;
    if (missing != NULL) {
        FAIL(USAGE, MESSAGE_KEYS_INCOMPLETE, ARG_TEXT("missing", missing));
    }
    TRY(file_read(options->root_cert, arena, PEM_BYTES_MAX, &keys->root_file, err));
    TRY(read_pem(options->document_cert, MESSAGE_CERTIFICATE_UNREADABLE, arena,
                 &keys->document_certificate, err));
    keys->root_key = STR("");
    TRY(note_key_load_as(options->log_key, "log", &keys->log_key, err));
    return keep_key(options->log_key, arena, &keys->log_key_file, err);
}

/* The key under the name that it will have in the store: its passphrase is asked for by that. */
static FALLIBLE open_given(const InitOptions *options, struct arena *arena, struct init_keys *keys,
                           struct signer **ret, struct error *err)
{
    const struct signer_names names = {.key = STR("--document-key"),
                                       .certificate = STR("--document-cert")};
    struct evp_pkey_st *key = NULL;
    TRY(keep_key(options->document_key, arena, &keys->document_key, err));
    TRY(key_open_as(options->document_key, "document", &key, err));
    return signer_from_key(&names, key, keys->document_certificate, keys->document_certificate, ret,
                           err);
}

static FALLIBLE open_development(const struct init_keys *keys, struct signer **ret,
                                 struct error *err)
{
    return signer_from_pem(STR("document.key"), keys->document_key, keys->document_certificate,
                           STR(""), ret, err);
}

/* Signs something and lets it be verified under the root alone: what every document will need. */
static FALLIBLE check_chain(struct init_keys *keys, struct signer *signer, int32_t today,
                            struct arena *arena, struct error *err)
{
    const bytes content = str_bytes(STR("anzheng init"));
    const struct trust trust = {.roots = &keys->root_der, .roots_count = 1};
    struct error cause;
    bytes signature = {0};
    TRY(signer_detached(signer, content, arena, &signature, err));
    if (!cms_verify_detached(signature, content, &trust, today, arena, &keys->document, &cause)
             .ok) {
        FAIL(CONFIG, MESSAGE_DOCUMENT_CERT_UNTRUSTED,
             ARG_STR("reason", message_code(cause.code, arena)));
    }
    return OK;
}

/* Certificates are kept without what stood beside them in their files: that may be a key. */
static FALLIBLE check_keys(struct init_keys *keys, const struct init_keys_request *request,
                           struct arena *arena, struct error *err)
{
    struct cms_signer root;
    struct signer *signer = NULL;
    const char *root_name = keys->is_development ? "root.pem" : request->options->root_cert;
    TRY(trust_root_read(str_of(root_name), keys->root_file, arena, &keys->root_der, &root, err));
    TRY(cms_certificate_pem(keys->root_der, arena, &keys->root_certificate, err));
    keys->root_subject = root.subject;
    memcpy(keys->root_sha256, root.certificate_sha256, sizeof keys->root_sha256);
    TRY(keys->is_development ? open_development(keys, &signer, err)
                             : open_given(request->options, arena, keys, &signer, err));
    outcome checked = check_chain(keys, signer, request->today, arena, err);
    if (checked.ok) {
        checked = signer_certificates(signer, arena, &keys->document_certificate, err);
    }
    signer_close(signer);
    return checked;
}

FALLIBLE init_keys_make(const struct init_keys_request *request, str authority, str authority_code,
                        str origin, struct arena *arena, struct init_keys *ret, struct error *err)
{
    const InitOptions *options = request->options;
    bool given = *options->root_cert != 0 || *options->document_cert != 0 ||
                 *options->document_key != 0 || *options->log_key != 0;
    struct init_keys keys = {0};
    outcome made = given ? read_given(options, arena, &keys, err)
                         : make_development(request, authority, authority_code, arena, &keys, err);
    if (!made.ok || !check_keys(&keys, request, arena, err).ok) {
        init_keys_close(&keys);
        return error_trace(err, HERE);
    }
    struct note_verifier verifier = note_verifier_of(keys.log_key, origin);
    keys.vkey = note_vkey_format(&verifier, arena);
    *ret = keys;
    return OK;
}

static FALLIBLE write_part(const char *dir, const char *name, str content, mode_t mode,
                           struct arena *arena, struct error *err)
{
    if (str_empty(content)) {
        return OK;
    }
    return file_replace(arena_format(arena, "%s/%s", dir, name).data, str_bytes(content), mode,
                        err);
}

FALLIBLE init_keys_write(struct init_keys *keys, const char *dir, struct arena *arena,
                         struct error *err)
{
    const char *folder = arena_format(arena, "%s/keys", dir).data;
    const char *log_key = arena_format(arena, "%s/log.key", folder).data;
    str vkey = arena_format(arena, "%.*s\n", STR_ARGS(keys->vkey));
    if (str_empty(keys->log_key_file)) {
        TRY(note_key_save(keys->log_key, log_key, err));
    }
    init_keys_close(keys);
    TRY(write_part(dir, "keys/log.key", keys->log_key_file, KEY_MODE, arena, err));
    TRY(people_make(folder, err));
    TRY(write_part(dir, "keys/root.key", keys->root_key, KEY_MODE, arena, err));
    TRY(write_part(dir, "keys/document.key", keys->document_key, KEY_MODE, arena, err));
    TRY(write_part(dir, "trust/root.pem", keys->root_certificate, CERTIFICATE_MODE, arena, err));
    TRY(write_part(dir, "trust/document.pem", keys->document_certificate, CERTIFICATE_MODE, arena,
                   err));
    return write_part(dir, "trust/log.vkey", vkey, CERTIFICATE_MODE, arena, err);
}

void init_keys_close(struct init_keys *keys)
{
    if (keys->log_key != NULL) {
        note_key_close(keys->log_key);
    }
    keys->log_key = NULL;
}

Event *init_keys_root_event(const struct init_keys *keys, struct arena *arena)
{
    Event *event = event_new(EVENT__BODY_ROOT_TRUSTED, arena);
    event->root_trusted->certificate_sha256 =
        record_binary(bytes_of(keys->root_sha256, sizeof keys->root_sha256), arena);
    event->root_trusted->certificate_der = record_binary(keys->root_der, arena);
    event->root_trusted->subject = arena_c_string(arena, keys->root_subject);
    return event;
}
