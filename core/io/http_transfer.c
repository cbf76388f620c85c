/* http_transfer - see http_transfer.h. */
#include "core/io/http_transfer.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/io/clock.h"
#include "core/io/file.h"
#include "core/io/stop.h"

enum {
    CONNECT_TIMEOUT_MS = 30000,
    SLOW_BYTES_PER_SECOND = 100, /* a line slower than this for so long is dead */
    STALL_DEFAULT_S = 60,
    STATUS_NONE = 0, /* as of file:// */
    STATUS_GOOD = 200,
    STATUS_OF_ANOTHER = 203, /* a proxy's copy */
    STATUS_PARTIAL = 206,
};

bool http_holds_file(long status)
{
    return status == STATUS_NONE || status == STATUS_GOOD || status == STATUS_OF_ANOTHER ||
           status == STATUS_PARTIAL;
}

void http_keep_text(str text, char *out, size_t room)
{
    bool fits = text.size < room && str_find_byte(text, 0) == text.size;
    memcpy(out, text.data, fits ? text.size : 0);
    out[fits ? text.size : 0] = 0;
}

const char *http_strong(const struct http_state *state)
{
    bool weak = strncmp(state->etag, "W/", 2) == 0;
    return *state->etag != 0 && !weak ? state->etag : state->modified;
}

static unsigned stall_seconds(const struct http_fetch *fetch)
{
    return fetch->stall_s > 0 ? fetch->stall_s : STALL_DEFAULT_S;
}

/* --- what curl tells ---------------------------------------------------------------------------
 */

/* The value behind "Name:", when the line is that header. */
static bool header_value(str line, const char *name, str *ret)
{
    size_t size = strlen(name);
    if (line.size <= size || strncasecmp(line.data, name, size) != 0 || line.data[size] != ':') {
        return false;
    }
    *ret = str_trim(str_from(line, size + 1));
    return true;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    str line = {data, size * count};
    str value = STR("");
    uint64_t number = 0;
    if (str_starts_with(line, STR("HTTP/"))) { /* of the next answer, behind a redirect */
        transfer->named = (struct http_state){0};
        transfer->range_from = -1;
        transfer->range_total = 0;
        transfer->chunked = transfer->said_goodbye = false;
    } else if (header_value(line, "Transfer-Encoding", &value)) {
        transfer->chunked = true; /* either way, the end of the body is marked */
    } else if (header_value(line, "ETag", &value)) {
        http_keep_text(value, transfer->named.etag, HTTP_ETAG_SIZE);
    } else if (header_value(line, "Last-Modified", &value)) {
        http_keep_text(value, transfer->named.modified, HTTP_DATE_SIZE);
    } else if (header_value(line, "Content-Range", &value) &&
               str_starts_with(value, STR("bytes "))) {
        size_t slash = str_find_byte(value, '/');
        str total = slash < value.size ? str_from(value, slash + 1) : STR("");
        value = str_from(value, 6);
        value.size = str_find_byte(value, '-');
        if (str_to_uint64(value, &number) && number <= INT64_MAX) {
            transfer->range_from = (int64_t)number;
        }
        transfer->range_total = str_to_uint64(total, &number) ? number : 0; /* "*": nobody knows */
    }
    return size * count;
}

/* Is the answer about the same state as the part? A server may ignore If-Range. One that obeys it
 * sends the tag again (RFC 9110, 15.3.7), but need not send a date. */
static bool is_same_file(const struct transfer *transfer)
{
    const struct http_state *named = &transfer->named;
    const struct http_state *state = &transfer->state;
    bool tags = *named->etag != 0 && *state->etag != 0;
    bool dates = *named->modified != 0 && *state->modified != 0;
    bool by_tag = *state->etag != 0 && http_strong(state) == state->etag;
    return (tags || dates || !by_tag) && (!tags || strcmp(named->etag, state->etag) == 0) &&
           (!dates || strcmp(named->modified, state->modified) == 0);
}

static void write_from(struct transfer *transfer)
{
    struct error ignored;
    str text =
        arena_format(transfer->arena, "%s\n%s\n", transfer->state.etag, transfer->state.modified);
    if (!file_write_new(transfer->from, str_bytes(text), 0600, &ignored).ok) {
        transfer->state = (struct http_state){0}; /* then the part is not continued */
    }
}

/* The first bytes of a body: the rest of the part, or the file from its beginning. */
static bool begin_body(struct transfer *transfer, long status)
{
    if (status == STATUS_PARTIAL) {
        transfer->wrong_range = transfer->range_from < 0 ||
                                (uint64_t)transfer->range_from != transfer->bytes ||
                                !is_same_file(transfer);
        return !transfer->wrong_range;
    }
    if (ftruncate(transfer->fd, 0) != 0) {
        transfer->write_failure = errno;
        return false;
    }
    transfer->bytes = 0;
    transfer->state = transfer->named;
    write_from(transfer);
    return true;
}

static bool write_all(struct transfer *transfer, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = pwrite(transfer->fd, data, size, (off_t)transfer->bytes);
        if (written <= 0) {
            transfer->write_failure = written == 0 ? ENOSPC : errno;
            return false;
        }
        transfer->bytes += (uint64_t)written;
        data += written;
        size -= (size_t)written;
    }
    return true;
}

static size_t on_data(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t got = size * count;
    long status = 0;
    (void)curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status); /* 0: no http */
    if (!http_holds_file(status)) {
        return got; /* the text of an error, not the file */
    }
    if (!transfer->begun && !begin_body(transfer, status)) {
        return 0;
    }
    transfer->begun = true;
    if (got > transfer->bytes_max - transfer->bytes) {
        transfer->too_large = true;
        return 0;
    }
    return write_all(transfer, data, got) ? got : 0;
}

/* Called about once a second. curl's own low-speed limit works on an average, which stays high for
 * a while after the line has died. */
static int on_progress(void *context, curl_off_t a, curl_off_t got, curl_off_t c, curl_off_t d)
{
    struct transfer *transfer = context;
    int64_t now_us = clock_monotonic_us();
    (void)a, (void)c, (void)d;
    if (got != transfer->got || transfer->moved_us == 0) {
        transfer->got = got;
        transfer->moved_us = now_us;
    }
    transfer->stalled =
        now_us - transfer->moved_us > (int64_t)stall_seconds(transfer->fetch) * 1000000;
    return transfer->stalled || stop_requested() ? 1 : 0;
}

/* When the body has no stated length, curl takes a cut connection for its end, and half a file for
 * the whole. Only the peer's close_notify shows a real end. */
static void on_alert(const SSL *tls, int where, int alert)
{
    enum { DESCRIPTION = 0xff };
    struct transfer *transfer = SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls));
    if (where == SSL_CB_READ_ALERT && (alert & DESCRIPTION) == SSL_AD_CLOSE_NOTIFY) {
        transfer->said_goodbye = true;
    }
}

static CURLcode on_tls(CURL *curl, void *tls, void *context)
{
    (void)curl;
    if (SSL_CTX_set_app_data(tls, context) != 1) {
        return CURLE_OUT_OF_MEMORY;
    }
    SSL_CTX_set_info_callback(tls, on_alert);
    return CURLE_OK;
}

/* GnuTLS below curl cannot be asked, and checks the end by itself. */
static bool listen_for_goodbye(struct transfer *transfer)
{
    CURLcode code = curl_easy_setopt(transfer->curl, CURLOPT_SSL_CTX_FUNCTION, on_tls);
    transfer->hears_goodbye = code == CURLE_OK;
    return code == CURLE_NOT_BUILT_IN ||
           (code == CURLE_OK &&
            curl_easy_setopt(transfer->curl, CURLOPT_SSL_CTX_DATA, transfer) == CURLE_OK);
}

/* If the digest is known, it decides. */
static bool was_cut(const struct transfer *transfer)
{
    long version = CURL_HTTP_VERSION_NONE;
    curl_off_t length = 0;
    char *scheme = NULL;
    (void)curl_easy_getinfo(transfer->curl, CURLINFO_HTTP_VERSION, &version); /* or NONE */
    (void)curl_easy_getinfo(transfer->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    (void)curl_easy_getinfo(transfer->curl, CURLINFO_SCHEME, &scheme); /* or NULL */
    bool open_end = length < 0 && !transfer->chunked &&
                    (version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1);
    return open_end && scheme != NULL && strcasecmp(scheme, "https") == 0 &&
           transfer->hears_goodbye && !transfer->said_goodbye && transfer->fetch->sha256 == NULL;
}

/* --- one try ------------------------------------------------------------------------------------
 */

static struct curl_slist *add_header(struct transfer *transfer, struct curl_slist *list,
                                     const char *name, const char *value)
{
    list = curl_slist_append(list, arena_format(transfer->arena, "%s: %s", name, value).data);
    BUG_UNLESS(list != NULL);
    return list;
}

static struct curl_slist *headers_of(struct transfer *transfer)
{
    const struct http_state *known = &transfer->fetch->known;
    struct curl_slist *list = NULL;
    if (transfer->bytes > 0) {
        list = add_header(transfer, list, "If-Range", http_strong(&transfer->state));
        list = add_header(
            transfer, list, "Range",
            arena_format(transfer->arena, "bytes=%llu-", (unsigned long long)transfer->bytes).data);
    } else {
        list = *known->etag != 0 ? add_header(transfer, list, "If-None-Match", known->etag) : list;
        list = *known->modified != 0
                   ? add_header(transfer, list, "If-Modified-Since", known->modified)
                   : list;
    }
    return list;
}

static bool prepare(struct transfer *transfer, struct curl_slist *headers)
{
    const struct http_fetch *fetch = transfer->fetch;
    CURL *curl = transfer->curl;
    int64_t left_ms = (transfer->ends_us - clock_monotonic_us()) / 1000;
    return curl_easy_setopt(curl, CURLOPT_URL, fetch->url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(left_ms > 0 ? left_ms : 1)) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_PER_SECOND) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)stall_seconds(fetch)) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http,file") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, fetch->redirects_max > 0 ? 1L : 0L) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)fetch->redirects_max) == CURLE_OK &&
           http_prepare_way(curl, fetch->url, &fetch->way) && listen_for_goodbye(transfer) &&
           curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)transfer->bytes_max) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->words) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
}

struct attempt http_attempt(struct transfer *transfer)
{
    struct attempt made = {.code = CURLE_FAILED_INIT};
    struct curl_slist *headers = headers_of(transfer);
    transfer->begun = transfer->wrong_range = transfer->stalled = false;
    transfer->chunked = transfer->said_goodbye = false;
    transfer->words[0] = 0;
    transfer->got = 0;
    transfer->moved_us = 0;
    transfer->range_from = -1;
    transfer->range_total = 0;
    transfer->named = (struct http_state){0};
    curl_easy_reset(transfer->curl); /* the connection stays */
    if (prepare(transfer, headers)) {
        made.code = curl_easy_perform(transfer->curl);
        (void)curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &made.status);
        (void)curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &made.retry_after_s);
        if (made.code == CURLE_OK && http_holds_file(made.status) && was_cut(transfer)) {
            made.code = CURLE_PARTIAL_FILE;
        }
        /* The answer's range may end before the file does: then it is not the rest we asked for. */
        transfer->wrong_range |= made.code == CURLE_OK && made.status == STATUS_PARTIAL &&
                                 transfer->bytes != transfer->range_total;
    }
    curl_slist_free_all(headers);
    return made;
}
