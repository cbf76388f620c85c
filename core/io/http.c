/* http - POSTs; see http.h. */
#include "core/io/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/io/clock.h"
#include "core/io/digest.h"
#include "core/io/http_parts.h"
#include "core/io/messages.h"
#include "core/io/stop.h"

enum {
    POST_TIMEOUT_MS = 10000,
    STATUS_TOO_MANY = 429,
    STATUS_SERVER_FAULT = 500,
    HEADER_SIZE = 4200,       /* the longest secret of a private file, and its name */
    ANSWER_BYTES_MAX = 65536, /* of an answer's body that is ignored; the rest is not read */
    STOP_GRACE_US = 1000000,
};

/* Ignores the body of the answer. */
static size_t drop_data(char *data, size_t size, size_t count, void *context)
{
    size_t *left = context;
    size_t got = size * count;
    (void)data;
    if (got > *left) {
        return 0;
    }
    *left -= got;
    return got;
}

static struct curl_slist *headers_of(const struct http_post *post)
{
    char line[HEADER_SIZE];
    const char *own = post->is_text ? "text/plain; charset=utf-8" : "application/json";
    int typed =
        snprintf(line, sizeof line, "Content-Type: %s", post->type != NULL ? post->type : own);
    BUG_UNLESS(typed > 0 && (size_t)typed < sizeof line);
    struct curl_slist *list = curl_slist_append(NULL, line);
    list = curl_slist_append(list, "Expect:"); /* the body is small: no second round trip */
    if (post->authorization != NULL) {
        int size = snprintf(line, sizeof line, "Authorization: %s", post->authorization);
        BUG_UNLESS(size > 0 && (size_t)size < sizeof line);
        list = curl_slist_append(list, line);
        memory_wipe(line, sizeof line);
    }
    if (post->idempotency_key != NULL) {
        int size = snprintf(line, sizeof line, "Idempotency-Key: %s", post->idempotency_key);
        BUG_UNLESS(size > 0 && (size_t)size < sizeof line);
        list = curl_slist_append(list, line);
    }
    BUG_UNLESS(list != NULL);
    return list;
}

/* Where the answer goes. */
struct sink {
    curl_write_callback write;
    void *context;
};

static bool post_prepare(CURL *curl, const struct http_post *post, struct curl_slist *headers,
                         struct sink sink)
{
    long timeout = post->timeout_ms > 0 ? (long)post->timeout_ms : POST_TIMEOUT_MS;
    return curl_easy_setopt(curl, CURLOPT_URL, post->url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           http_prepare_way(curl, post->url, &post->way) &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           /* with NULL libcurl would send what it reads from stdin */
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                            post->body.size > 0 ? (const char *)post->body.data : "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.size) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, sink.write) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink.context) == CURLE_OK;
}

/* libcurl calls this about once a second, and whenever data came. */
static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    int64_t *stopped_us = context;
    (void)a, (void)b, (void)c, (void)d;
    if (!stop_requested()) {
        return 0;
    }
    int64_t now_us = clock_monotonic_us();
    *stopped_us = *stopped_us == 0 ? now_us : *stopped_us;
    return now_us - *stopped_us >= STOP_GRACE_US ? 1 : 0;
}

/* `stopped_us`: when a signal was first seen, or 0. */
static bool listen_for_stop(CURL *curl, int64_t *stopped_us)
{
    return curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFODATA, stopped_us) == CURLE_OK;
}

struct http_line {
    CURL *curl;
};

struct http_line *http_line_open(void)
{
    struct http_line *line = calloc(1, sizeof *line);
    MEMORY_UNLESS(line != NULL);
    line->curl = curl_easy_init(); /* NULL is reported at the first request */
    return line;
}

void http_line_close(struct http_line *line)
{
    if (line != NULL) {
        curl_easy_cleanup(line->curl);
        free(line);
    }
}

/* One POST. *ret_status is 0 when there was no answer. `ret_retry_s` may be NULL. On failure,
 * curl's words. */
static CURLcode post_once(const struct http_post *post, struct sink sink, long *ret_status,
                          curl_off_t *ret_retry_s, char ret_words[CURL_ERROR_SIZE])
{
    CURLcode code = CURLE_FAILED_INIT;
    CURL *curl = post->line != NULL ? post->line->curl : curl_easy_init();
    struct curl_slist *headers = headers_of(post);
    int64_t stopped_us = 0;
    *ret_status = 0;
    *ret_words = 0;
    if (post->line != NULL && curl != NULL) {
        curl_easy_reset(curl); /* the connection stays */
    }
    if (curl != NULL && post_prepare(curl, post, headers, sink) &&
        (!post->stops || listen_for_stop(curl, &stopped_us)) &&
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, ret_words) == CURLE_OK) {
        code = curl_easy_perform(curl);
        (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL); /* a line outlives them */
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
        if (ret_retry_s != NULL) {
            (void)curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, ret_retry_s); /* 0 when not named */
        }
    }
    if (post->line == NULL) {
        curl_easy_cleanup(curl);
    }
    curl_slist_free_all(headers);
    return code;
}

static bool may_post(const char *url)
{
    return http_url_is_allowed(url) && strncasecmp(url, "http", 4) == 0;
}

FALLIBLE http_post(const struct http_post *post, bool *ret_again, struct error *err)
{
    char server[HTTP_SERVER_SIZE];
    size_t left = ANSWER_BYTES_MAX;
    char words[CURL_ERROR_SIZE];
    long status = 0;
    *ret_again = false;
    http_server_of(post->url, server);
    if (!may_post(post->url)) {
        FAIL(USAGE, MESSAGE_URL_NOT_ALLOWED, ARG_TEXT("url", server));
    }
    CURLcode code = post_once(post, (struct sink){drop_data, &left}, &status, NULL, words);
    if (status == 0 || (code != CURLE_OK && code != CURLE_WRITE_ERROR)) {
        *ret_again = true;
        FAIL(REMOTE, MESSAGE_POST_FAILED, ARG_TEXT("url", server),
             ARG_TEXT("reason", http_reason(code, words)));
    }
    if (status < HTTP_STATUS_GOOD || status >= HTTP_STATUS_MIN_BAD) {
        *ret_again = status == STATUS_TOO_MANY || status >= STATUS_SERVER_FAULT;
        FAIL(REMOTE, MESSAGE_POST_STATUS, ARG_TEXT("url", server), ARG_INT("status", status));
    }
    return OK;
}

/* An answer that is kept. */
struct answer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool too_large;
};

static size_t keep_data(char *data, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    size_t got = size * count;
    if (got > answer->capacity - answer->size) {
        answer->too_large = true;
        return 0;
    }
    memcpy(answer->data + answer->size, data, got);
    answer->size += got;
    return got;
}

FALLIBLE http_send(const struct http_post *post, size_t bytes_max, struct arena *arena,
                   struct http_answer *ret, struct error *err)
{
    char server[HTTP_SERVER_SIZE];
    char words[CURL_ERROR_SIZE];
    long status = 0;
    curl_off_t retry_s = 0;
    struct answer answer = {.data = arena_new_raw(arena, bytes_max), .capacity = bytes_max};
    http_server_of(post->url, server);
    if (!may_post(post->url)) {
        FAIL(USAGE, MESSAGE_URL_NOT_ALLOWED, ARG_TEXT("url", server));
    }
    CURLcode code = post_once(post, (struct sink){keep_data, &answer}, &status, &retry_s, words);
    if (answer.too_large) {
        FAIL(REMOTE, MESSAGE_REMOTE_TOO_LARGE, ARG_TEXT("url", server),
             ARG_INT("limit", bytes_max));
    }
    if (status == 0 || code != CURLE_OK) {
        FAIL(http_origin(code), MESSAGE_POST_FAILED, ARG_TEXT("url", server),
             ARG_TEXT("reason", http_reason(code, words)));
    }
    *ret = (struct http_answer){.status = (int)status,
                                .retry_after_s = (int64_t)retry_s,
                                .body = bytes_of(answer.data, answer.size)};
    return OK;
}

FALLIBLE http_ask(const struct http_question *question, struct arena *arena, int *ret_status,
                  bytes *ret_answer, struct error *err)
{
    struct http_answer answer;
    const struct http_post post = {.url = question->url,
                                   .body = str_bytes(question->text),
                                   .is_text = true,
                                   .timeout_ms = question->timeout_ms};
    TRY(http_send(&post, question->bytes_max, arena, &answer, err));
    *ret_status = answer.status;
    *ret_answer = answer.body;
    return OK;
}
