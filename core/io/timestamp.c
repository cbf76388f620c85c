/* timestamp - see timestamp.h. Requests and answers are OpenSSL's; what travels is
 * application/timestamp-query and -reply (RFC 3161, 3.4). */
#include "core/io/timestamp.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/clock.h"
#include "core/io/http.h"
#include "core/io/messages.h"
#include "core/io/stop.h"
#include "core/io/timestamp_parts.h"

enum {
    ROOM_DEFAULT = 6144, /* a token with its chain of two has 3 to 5 KB */
    TRIES_DEFAULT = 3,
    TIMEOUT_DEFAULT_MS = 10000,
    FIRST_PAUSE_MS = 300, /* doubled from try to try */
    PAUSE_MAX_MS = 30000,
    ANSWER_BYTES_MAX = 64 * 1024,
    NONCE_SIZE = 8,
    STATUS_GOOD = 200,
    DIGEST_BYTES = 32,
};

struct timestamper {
    struct arena arena;
    struct timestamp_options options;
    X509_STORE *store;
    struct http_line *line;
};

size_t timestamp_room(const struct timestamp_options *options)
{
    return *options->url == 0 ? 0 : options->room != 0 ? options->room : ROOM_DEFAULT;
}

static const char *kept(struct arena *arena, const char *text)
{
    return arena_c_string(arena, str_of(text));
}

FALLIBLE timestamper_open(const struct timestamp_options *options, struct timestamper **ret,
                          struct error *err)
{
    struct timestamper *timestamper = calloc(1, sizeof *timestamper);
    MEMORY_UNLESS(timestamper != NULL);
    arena_init(&timestamper->arena, 0);
    timestamper->options = *options;
    timestamper->options.url = kept(&timestamper->arena, options->url);
    timestamper->options.roots = kept(&timestamper->arena, options->roots);
    timestamper->options.tls_roots = kept(&timestamper->arena, options->tls_roots);
    timestamper->options.proxy = kept(&timestamper->arena, options->proxy);
    timestamper->line = http_line_open();
    timestamper->store = X509_STORE_new();
    BUG_UNLESS(timestamper->store != NULL);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(timestamper->store),
                                     TIMESTAMP_SECURITY_LEVEL);
    if (*options->roots == 0 ||
        X509_STORE_load_file(timestamper->store, timestamper->options.roots) != 1) {
        ERR_clear_error();
        timestamper_close(timestamper);
        FAIL(CONFIG, MESSAGE_TIMESTAMP_ROOTS, ARG_TEXT("file", options->roots));
    }
    *ret = timestamper;
    return OK;
}

void timestamper_close(struct timestamper *timestamper)
{
    if (timestamper != NULL) {
        X509_STORE_free(timestamper->store);
        http_line_close(timestamper->line);
        arena_release(&timestamper->arena);
        free(timestamper);
    }
}

/* --- the request ------------------------------------------------------------------------------ */

static ASN1_INTEGER *random_number(void)
{
    uint8_t random[NONCE_SIZE];
    BUG_UNLESS(RAND_bytes(random, sizeof random) == 1);
    random[0] = (uint8_t)((random[0] & 0x7f) | 0x40); /* positive, and never shorter */
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    BUG_UNLESS(number != NULL && ASN1_STRING_set(number, random, sizeof random) == 1);
    return number;
}

static TS_REQ *request_new(const uint8_t digest[DIGEST_BYTES])
{
    TS_REQ *request = TS_REQ_new();
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    ASN1_INTEGER *nonce = random_number();
    uint8_t copy[DIGEST_BYTES];
    memcpy(copy, digest, sizeof copy);
    bool made = request != NULL && imprint != NULL && algorithm != NULL &&
                TS_REQ_set_version(request, 1) == 1 &&
                X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
                TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
                TS_MSG_IMPRINT_set_msg(imprint, copy, sizeof copy) == 1 &&
                TS_REQ_set_msg_imprint(request, imprint) == 1 &&
                TS_REQ_set_nonce(request, nonce) == 1 && TS_REQ_set_cert_req(request, 1) == 1;
    BUG_UNLESS(made); /* memory alone can fail */
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(algorithm);
    ASN1_INTEGER_free(nonce);
    return request;
}

static bytes request_der(TS_REQ *request, struct arena *arena)
{
    uint8_t *der = NULL;
    int size = i2d_TS_REQ(request, &der);
    BUG_UNLESS(size > 0);
    bytes copy = arena_bytes(arena, bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    return copy;
}

/* --- the answer ------------------------------------------------------------------------------- */

/* Why OpenSSL does not take the answer; its queue is empty then. */
static const char *why(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason != NULL ? reason : "not a time-stamp";
}

static bool answer_is_good(const struct timestamper *timestamper, TS_REQ *request, TS_RESP *answer)
{
    TS_VERIFY_CTX *context = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    BUG_UNLESS(context != NULL && X509_STORE_up_ref(timestamper->store) == 1);
    (void)TS_VERIFY_CTX_set_store(context, timestamper->store); /* given back with the context */
    (void)TS_VERIFY_CTX_add_flags(context, TS_VFY_SIGNATURE);   /* returns the flags */
    bool good = TS_RESP_verify_response(context, answer) == 1;
    TS_VERIFY_CTX_free(context);
    return good;
}

static FALLIBLE token_of(const struct timestamper *timestamper, TS_REQ *request, bytes der,
                         struct arena *arena, bytes *ret, struct error *err)
{
    const uint8_t *at = der.data;
    TS_RESP *answer = d2i_TS_RESP(NULL, &at, (long)der.size);
    const char *reason = NULL;
    if (answer == NULL || !answer_is_good(timestamper, request, answer)) {
        reason = why();
    } else if (!timestamp_is_strong(TS_RESP_get_token(answer))) {
        reason = "signed with a digest weaker than SHA-256";
    }
    if (reason != NULL) {
        TS_RESP_free(answer);
        str server = http_server_shown(timestamper->options.url, arena);
        FAIL(REMOTE, MESSAGE_TIMESTAMP_FAILED, ARG_STR("url", server), ARG_TEXT("reason", reason));
    }
    uint8_t *token = NULL;
    int size = i2d_PKCS7(TS_RESP_get_token(answer), &token);
    BUG_UNLESS(size > 0);
    *ret = arena_bytes(arena, bytes_of(token, (size_t)size));
    OPENSSL_free(token);
    TS_RESP_free(answer);
    return OK;
}

static const char *text_or_null(const char *text)
{
    return *text != 0 ? text : NULL;
}

static FALLIBLE ask(const struct timestamper *timestamper, TS_REQ *request, struct arena *arena,
                    bytes *ret, struct error *err)
{
    const struct timestamp_options *options = &timestamper->options;
    const struct http_post post = {
        .url = options->url,
        .body = request_der(request, arena),
        .type = "application/timestamp-query",
        .line = timestamper->line,
        .way = {.roots = text_or_null(options->tls_roots), .proxy = text_or_null(options->proxy)},
        .timeout_ms = options->timeout != 0 ? (int64_t)options->timeout * 1000 : TIMEOUT_DEFAULT_MS,
        .stops = options->stops};
    struct http_answer answer;
    TRY(http_send(&post, ANSWER_BYTES_MAX, arena, &answer, err));
    if (answer.status != STATUS_GOOD) {
        str server = http_server_shown(options->url, arena);
        FAIL(REMOTE, MESSAGE_POST_STATUS, ARG_STR("url", server), ARG_INT("status", answer.status));
    }
    return token_of(timestamper, request, answer.body, arena, ret, err);
}

FALLIBLE timestamper_stamp(struct timestamper *timestamper, const uint8_t digest[DIGEST_BYTES],
                           struct arena *arena, bytes *ret, struct error *err)
{
    const struct timestamp_options *options = &timestamper->options;
    uint32_t tries = options->tries != 0 ? options->tries : TRIES_DEFAULT;
    int64_t pause = FIRST_PAUSE_MS;
    outcome done = OK;
    bytes token = {0};
    for (uint32_t i = 0; i < tries; i++) {
        TS_REQ *request = request_new(digest); /* with a number of its own */
        done = ask(timestamper, request, arena, &token, err);
        TS_REQ_free(request);
        if (done.ok || err->class != ERROR_REMOTE) {
            break;
        }
        if (i + 1 < tries) {
            if (!options->stops) {
                clock_wait_ms(pause);
            } else if (!stop_wait_ms(pause)) {
                break;
            }
            pause = 2 * pause < PAUSE_MAX_MS ? 2 * pause : PAUSE_MAX_MS;
        }
    }
    TRY(done);
    if (token.size > timestamp_room(options)) {
        FAIL(CONFIG, MESSAGE_TIMESTAMP_TOO_LARGE, ARG_INT("size", token.size),
             ARG_INT("room", timestamp_room(options)));
    }
    *ret = token;
    return OK;
}
