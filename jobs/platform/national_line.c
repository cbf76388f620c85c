/* national_line - see national_line.h. */
#include "jobs/platform/national_line.h"

#include "core/io/clock.h"
#include "core/io/json.h"
#include "core/io/private.h"
#include "core/io/stop.h"
#include "jobs/messages.h"

enum {
    TRIES_DEFAULT = 5,
    RATE_DEFAULT = 5, /* R-BJ-08: what another province keeps to */
    TIMEOUT_DEFAULT_S = 30,
    TIMEOUT_MAX_S = 600,
    FIRST_PAUSE_MS = 500, /* doubled from try to try */
    PAUSE_MAX_MS = 60000,
    ANSWER_BYTES_MAX = 64 * 1024,
    STATUS_BAD_REQUEST = 400,
    STATUS_TIMEOUT = 408,
    STATUS_CONFLICT = 409, /* the same key is being worked on */
    STATUS_UNPROCESSABLE = 422,
    STATUS_TOO_EARLY = 425,
    STATUS_TOO_MANY = 429,
    STATUS_FAULT = 500,
};

/* A client key that others can read is none. */
static FALLIBLE read_own(struct session *session, struct http_post *post, struct error *err)
{
    const Config *config = session->config;
    struct arena *arena = &session->run_arena;
    str ignored = STR("");
    post->way.certificate = session_file(session, config->national_certificate, arena);
    post->way.key = session_file(session, config->national_key, arena);
    if ((post->way.certificate == NULL) != (post->way.key == NULL)) {
        FAIL(CONFIG, MESSAGE_NATIONAL_KEY);
    }
    return post->way.key != NULL ? private_read(post->way.key, arena, &ignored, err) : OK;
}

FALLIBLE national_line_open(struct session *session, struct national_line *ret, struct error *err)
{
    const Config *config = session->config;
    struct arena *arena = &session->run_arena;
    const char *credentials = session_file(session, config->national_credentials, arena);
    uint32_t seconds = config->national_timeout > 0 ? config->national_timeout : TIMEOUT_DEFAULT_S;
    uint32_t rate = config->national_rate > 0 ? config->national_rate : RATE_DEFAULT;
    str secret = STR("");
    *ret = (struct national_line){
        .session = session,
        .tries = config->national_tries > 0 ? config->national_tries : TRIES_DEFAULT,
        .pause_us = 1000000 / rate,
        .post = {.url = config->national_url,
                 .way = {.roots = session_file(session, config->national_roots, arena),
                         .proxy = *config->proxy != 0 ? config->proxy : NULL},
                 .timeout_ms = (int64_t)(seconds < TIMEOUT_MAX_S ? seconds : TIMEOUT_MAX_S) * 1000,
                 .stops = true}};
    if (credentials != NULL) {
        TRY(private_read(credentials, arena, &secret, err));
        ret->post.authorization = arena_c_string(arena, secret);
    }
    return read_own(session, &ret->post, err);
}

/* {"code":1} or {"code":"1"}: 1 taken, 2 taken with a warning, 0 refused. */
static bool read_code(bytes body, enum national_verdict *ret)
{
    static const enum national_verdict verdicts[] = {NATIONAL_REFUSED, NATIONAL_TAKEN,
                                                     NATIONAL_WARNED};
    struct error ignored;
    struct json *root = NULL;
    uint64_t code = 0;
    if (!json_parse(body, &root, &ignored).ok) {
        return false;
    }
    JSON_AUTO owned = root;
    const struct json *value = json_member(owned, "code");
    bool good = value != NULL && json_kind(value) == JSON_IS_TEXT
                    ? str_to_uint64(json_text(value), &code)
                    : value != NULL && json_kind(value) == JSON_IS_NUMBER;
    if (good && json_kind(value) == JSON_IS_NUMBER) {
        code = (uint64_t)json_number(value);
    }
    if (!good || code >= sizeof verdicts / sizeof *verdicts) {
        return false;
    }
    *ret = verdicts[code];
    return true;
}

/* What a status and a body mean. *ret_again: another try may help. */
static FALLIBLE judge(const struct http_answer *answer, struct national_reply *ret, bool *ret_again,
                      struct error *err)
{
    int status = answer->status;
    *ret = (struct national_reply){.body = answer->body};
    if (status >= 200 && status < 300) {
        if (!read_code(answer->body, &ret->verdict)) {
            FAIL(REMOTE, MESSAGE_NATIONAL_ANSWER, ARG_INT("status", status));
        }
        return OK;
    }
    if (status == STATUS_BAD_REQUEST || status == STATUS_UNPROCESSABLE) {
        ret->verdict = NATIONAL_REFUSED;
        return OK;
    }
    *ret_again = status == STATUS_TIMEOUT || status == STATUS_CONFLICT ||
                 status == STATUS_TOO_EARLY || status == STATUS_TOO_MANY || status >= STATUS_FAULT;
    FAIL(REMOTE, MESSAGE_NATIONAL_STATUS, ARG_INT("status", status));
}

static bool wait_for_turn(struct national_line *line)
{
    bool good = true;
    int64_t now = clock_monotonic_us();
    if (line->next_at_us > now) {
        good = stop_wait_ms((line->next_at_us - now + 999) / 1000);
    }
    line->next_at_us = clock_monotonic_us() + line->pause_us;
    return good;
}

/* As long as the platform asks for, but not for ever; a signal ends it. */
static bool wait_before_try(int64_t asked_s, int64_t pause_ms)
{
    int64_t asked_ms = (asked_s < PAUSE_MAX_MS / 1000 ? asked_s : PAUSE_MAX_MS / 1000) * 1000;
    return stop_wait_ms(asked_ms > pause_ms ? asked_ms : pause_ms);
}

FALLIBLE national_line_send(struct national_line *line, const char *key, str record,
                            struct arena *arena, struct national_reply *ret, struct error *err)
{
    struct http_post post = line->post;
    int64_t pause = FIRST_PAUSE_MS;
    post.body = str_bytes(record);
    post.idempotency_key = key;
    for (uint32_t tries = 1;; tries++) {
        struct http_answer answer = {0};
        bool again = true;
        if (!wait_for_turn(line)) {
            FAIL(BUSY, MESSAGE_NATIONAL_STOPPED);
        }
        outcome done = http_send(&post, ANSWER_BYTES_MAX, arena, &answer, err);
        if (done.ok) {
            again = false;
            done = judge(&answer, ret, &again, err);
        } else {
            again = err->class == ERROR_REMOTE;
        }
        bool last = tries >= line->tries;
        if (done.ok || !again || (last && !stop_requested())) {
            return done;
        }
        if (!wait_before_try(answer.retry_after_s, pause)) {
            FAIL(BUSY, MESSAGE_NATIONAL_STOPPED);
        }
        pause = 2 * pause < PAUSE_MAX_MS ? 2 * pause : PAUSE_MAX_MS;
    }
}
