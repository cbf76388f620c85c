/* http - see http.h. */
#include "core/io/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io/digest.h"
#include "core/io/file.h"
#include "core/io/messages.h"

#define BYTES_DEFAULT (UINT64_C(4) << 30)

enum {
    TIMEOUT_DEFAULT_MS = 600000,
    CONNECT_TIMEOUT_MS = 30000,
    SLOW_BYTES_PER_SECOND = 100, /* slower than this for as long as below is a dead line */
    SLOW_SECONDS = 60,
    STATUS_MIN_BAD = 300, /* a redirect that is not followed has no body worth keeping */
    POST_TIMEOUT_MS = 10000,
    STATUS_GOOD = 200,
    STATUS_TOO_MANY = 429,
    STATUS_SERVER_FAULT = 500,
    SERVER_SIZE = 300,
    HEADER_SIZE = 4200,       /* the longest secret of a private file, and its name */
    ANSWER_BYTES_MAX = 65536, /* of an answer that is not looked at; the rest is not read */
};

struct fetch {
    const char *url;
    FILE *file;
    uint64_t bytes;
    uint64_t bytes_max;
    struct digester digester;
    bool too_large;
    int write_failure; /* errno, or 0 */
};

bool http_is_url(str text)
{
    size_t letters = 0;
    while (letters < text.size && text.data[letters] >= 'a' && text.data[letters] <= 'z') {
        letters++;
    }
    return letters > 0 && str_starts_with(str_from(text, letters), STR("://"));
}

static bool is_loopback(const char *host)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) == 1) {
        return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    return strcmp(host, "[::1]") == 0 || strcmp(host, "localhost") == 0;
}

/* curl takes the text apart, as it does when it connects: no second opinion about what is host. */
static bool url_is_allowed(const char *url)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    char *host = NULL;
    bool allowed = false;
    if (parts != NULL && http_is_url(str_of(url)) &&
        curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK) {
        if (strcmp(scheme, "file") == 0) {
            allowed = true;
        } else if (curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
            allowed =
                strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_loopback(host));
        }
    }
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return allowed;
}

static size_t on_data(char *data, size_t size, size_t count, void *context)
{
    struct fetch *fetch = context;
    size_t got = size * count;
    if (fetch->bytes + got > fetch->bytes_max) {
        fetch->too_large = true;
        return 0;
    }
    if (fwrite(data, 1, got, fetch->file) != got) {
        fetch->write_failure = errno;
        return 0;
    }
    digester_update(&fetch->digester, bytes_of(data, got));
    fetch->bytes += got;
    return got;
}

static bool curl_prepare(CURL *curl, struct fetch *fetch, const struct http_limits *limits)
{
    long timeout = limits->timeout_ms > 0 ? (long)limits->timeout_ms : TIMEOUT_DEFAULT_MS;
    bool local = strncmp(fetch->url, "http://", 7) == 0;
    return curl_easy_setopt(curl, CURLOPT_URL, fetch->url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_PER_SECOND) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http,file") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, limits->redirects_max > 0 ? 1L : 0L) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)limits->redirects_max) == CURLE_OK &&
           /* what is on this machine itself is not asked of a proxy */
           (!local || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK) &&
           curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetch->bytes_max) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetch) == CURLE_OK;
}

/* The transfer itself, told as one of our failures. */
static FALLIBLE transfer(struct fetch *fetch, const char *path, const struct http_limits *limits,
                         struct error *err)
{
    CURL *curl = curl_easy_init();
    CURLcode code = CURLE_FAILED_INIT;
    long status = 0;
    if (curl != NULL && curl_prepare(curl, fetch, limits)) {
        code = curl_easy_perform(curl);
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status); /* 0 when there is none */
    }
    curl_easy_cleanup(curl);
    if (fetch->write_failure != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("file", path),
             ARG_ERRNO("reason", fetch->write_failure));
    }
    if (fetch->too_large || code == CURLE_FILESIZE_EXCEEDED) {
        FAIL(REMOTE, MESSAGE_REMOTE_TOO_LARGE, ARG_TEXT("url", fetch->url),
             ARG_INT("limit", fetch->bytes_max));
    }
    if (code != CURLE_OK) {
        FAIL(REMOTE, MESSAGE_REMOTE_FAILED, ARG_TEXT("url", fetch->url),
             ARG_TEXT("reason", curl_easy_strerror(code)));
    }
    if (status >= STATUS_MIN_BAD) {
        FAIL(REMOTE, MESSAGE_REMOTE_STATUS, ARG_TEXT("url", fetch->url), ARG_INT("status", status));
    }
    return OK;
}

/* The digest, and what is still in buffers. */
static FALLIBLE finish(struct fetch *fetch, const char *path, const struct http_limits *limits,
                       struct error *err)
{
    struct digest found = digester_final(&fetch->digester);
    if (limits->digest_wanted && memcmp(found.data, limits->sha256, sizeof limits->sha256) != 0) {
        FAIL(REMOTE, MESSAGE_REMOTE_DIGEST, ARG_TEXT("url", fetch->url));
    }
    if (fflush(fetch->file) != 0 || fsync(fileno(fetch->file)) != 0) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("file", path),
             ARG_ERRNO("reason", errno));
    }
    return OK;
}

FALLIBLE http_fetch(const char *url, const char *path, const struct http_limits *limits,
                    uint64_t *ret_bytes, struct error *err)
{
    if (!url_is_allowed(url)) {
        FAIL(USAGE, MESSAGE_URL_NOT_ALLOWED, ARG_TEXT("url", url));
    }
    FILE *file = NULL;
    TRY(file_create(path, 0600, &file, err));
    struct fetch fetch = {.url = url, .file = file};
    fetch.bytes_max = limits->bytes_max > 0 ? limits->bytes_max : BYTES_DEFAULT;
    digester_init(&fetch.digester);
    outcome done = transfer(&fetch, path, limits, err);
    if (done.ok) {
        done = finish(&fetch, path, limits, err);
    }
    digester_release(&fetch.digester);
    (void)fclose(file); /* everything was flushed, or is thrown away */
    if (!done.ok) {
        (void)unlink(path); /* half of a file; the failure to report is the first one */
        return error_trace(err, HERE);
    }
    *ret_bytes = fetch.bytes;
    return OK;
}

/* --- POST ------------------------------------------------------------------------------------- */

/* "https://host:port", for messages. */
static void server_of(const char *url, char out[SERVER_SIZE])
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    char *host = NULL;
    char *port = NULL;
    (void)snprintf(out, SERVER_SIZE, "?");
    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        bool has_port = curl_url_get(parts, CURLUPART_PORT, &port, 0) == CURLUE_OK;
        (void)snprintf(out, SERVER_SIZE, "%s://%s%s%s", scheme, host, has_port ? ":" : "",
                       has_port ? port : ""); /* cut when it is too long */
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parts);
}

/* The answer's body says nothing that is needed. */
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

/* What is on this machine itself is not asked of a proxy. */
static bool url_is_loopback(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool local = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                 curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK && is_loopback(host);
    curl_free(host);
    curl_url_cleanup(parts);
    return local;
}

/* Where the answer goes. */
struct sink {
    curl_write_callback write;
    void *context;
};

/* Whom the server has to be, who we are, and by which way. */
static bool post_prepare_line(CURL *curl, const struct http_post *post)
{
    return (post->roots == NULL ||
            (curl_easy_setopt(curl, CURLOPT_CAINFO, post->roots) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
           (post->certificate == NULL ||
            (curl_easy_setopt(curl, CURLOPT_SSLCERT, post->certificate) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_SSLKEY, post->key) == CURLE_OK)) &&
           (post->proxy == NULL ||
            curl_easy_setopt(curl, CURLOPT_PROXY, post->proxy) == CURLE_OK) &&
           (!url_is_loopback(post->url) || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK);
}

static bool post_prepare(CURL *curl, const struct http_post *post, struct curl_slist *headers,
                         struct sink sink)
{
    long timeout = post->timeout_ms > 0 ? (long)post->timeout_ms : POST_TIMEOUT_MS;
    return curl_easy_setopt(curl, CURLOPT_URL, post->url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           post_prepare_line(curl, post) &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body.data) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.size) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, sink.write) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink.context) == CURLE_OK;
}

struct http_line {
    CURL *curl;
};

struct http_line *http_line_open(void)
{
    struct http_line *line = calloc(1, sizeof *line);
    BUG_UNLESS(line != NULL);
    line->curl = curl_easy_init(); /* NULL is told when something is asked */
    return line;
}

void http_line_close(struct http_line *line)
{
    if (line != NULL) {
        curl_easy_cleanup(line->curl);
        free(line);
    }
}

/* One POST; the status is 0 without an answer. `ret_retry_s` may be NULL. */
static CURLcode post_once(const struct http_post *post, struct sink sink, long *ret_status,
                          curl_off_t *ret_retry_s)
{
    CURLcode code = CURLE_FAILED_INIT;
    CURL *curl = post->line != NULL ? post->line->curl : curl_easy_init();
    struct curl_slist *headers = headers_of(post);
    *ret_status = 0;
    if (post->line != NULL && curl != NULL) {
        curl_easy_reset(curl); /* the connection stays */
    }
    if (curl != NULL && post_prepare(curl, post, headers, sink)) {
        code = curl_easy_perform(curl);
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
    return url_is_allowed(url) && strncmp(url, "http", 4) == 0;
}

FALLIBLE http_post(const struct http_post *post, bool *ret_again, struct error *err)
{
    char server[SERVER_SIZE];
    size_t left = ANSWER_BYTES_MAX;
    long status = 0;
    *ret_again = false;
    server_of(post->url, server);
    if (!may_post(post->url)) {
        FAIL(USAGE, MESSAGE_URL_NOT_ALLOWED, ARG_TEXT("url", server));
    }
    CURLcode code = post_once(post, (struct sink){drop_data, &left}, &status, NULL);
    if (status == 0 || (code != CURLE_OK && code != CURLE_WRITE_ERROR)) {
        *ret_again = true;
        FAIL(REMOTE, MESSAGE_POST_FAILED, ARG_TEXT("url", server),
             ARG_TEXT("reason", curl_easy_strerror(code)));
    }
    if (status < STATUS_GOOD || status >= STATUS_MIN_BAD) {
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
    char server[SERVER_SIZE];
    long status = 0;
    curl_off_t retry_s = 0;
    struct answer answer = {.data = arena_new_raw(arena, bytes_max), .capacity = bytes_max};
    server_of(post->url, server);
    if (!may_post(post->url)) {
        FAIL(USAGE, MESSAGE_URL_NOT_ALLOWED, ARG_TEXT("url", server));
    }
    CURLcode code = post_once(post, (struct sink){keep_data, &answer}, &status, &retry_s);
    if (answer.too_large) {
        FAIL(REMOTE, MESSAGE_REMOTE_TOO_LARGE, ARG_TEXT("url", server),
             ARG_INT("limit", bytes_max));
    }
    if (status == 0 || code != CURLE_OK) {
        FAIL(REMOTE, MESSAGE_POST_FAILED, ARG_TEXT("url", server),
             ARG_TEXT("reason", curl_easy_strerror(code)));
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
