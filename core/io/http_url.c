/* http_url - which URLs may be fetched, and how a URL is shown in messages; see http_parts.h. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/io/file_open.h"
#include "core/io/http_parts.h"
#include "core/io/messages.h"

bool http_is_url(str text)
{
    size_t letters = 0;
    while (letters < text.size && (text.data[letters] | 0x20) >= 'a' &&
           (text.data[letters] | 0x20) <= 'z') { /* any case: HTTPS:// is no file */
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
    return strcmp(host, "[::1]") == 0 || strcasecmp(host, "localhost") == 0;
}

/* curl's own parser splits the text, so that we see the same host that curl will connect to. */
bool http_url_is_allowed(const char *url)
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

/* The path of a file:// URL, to be freed with curl_free(); NULL for another scheme. */
static char *local_path(const char *url)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    char *path = NULL;
    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        strcmp(scheme, "file") == 0) {
        (void)curl_url_get(parts, CURLUPART_PATH, &path, CURLU_URLDECODE); /* or it stays NULL */
    }
    curl_free(scheme);
    curl_url_cleanup(parts);
    return path;
}

FALLIBLE http_check_file(const char *url, const char *shown, struct error *err)
{
    struct error cause;
    int fd = -1;
    char *path = local_path(url);
    bool good = path == NULL || file_open(path, &fd, &cause).ok;
    if (fd >= 0) {
        (void)close(fd); /* nothing was read */
    }
    curl_free(path);
    if (!good) {
        FAIL(REMOTE, MESSAGE_REMOTE_FAILED, ARG_TEXT("url", shown),
             ARG_TEXT("reason", cause.args[1].text));
    }
    return OK;
}

void http_server_of(const char *url, char out[HTTP_SERVER_SIZE])
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    char *host = NULL;
    char *port = NULL;
    (void)snprintf(out, HTTP_SERVER_SIZE, "?");
    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        bool has_port = curl_url_get(parts, CURLUPART_PORT, &port, 0) == CURLUE_OK;
        (void)snprintf(out, HTTP_SERVER_SIZE, "%s://%s%s%s", scheme, host, has_port ? ":" : "",
                       has_port ? port : ""); /* cut when it is too long */
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parts);
}

str http_server_shown(const char *url, struct arena *arena)
{
    char server[HTTP_SERVER_SIZE];
    http_server_of(url, server);
    return arena_str(arena, str_of(server));
}

const char *http_reason(CURLcode code, const char *words)
{
    static const CURLcode telling[] = {
        CURLE_PEER_FAILED_VERIFICATION,
        CURLE_SSL_CONNECT_ERROR,
        CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CIPHER,
        CURLE_RECV_ERROR,
        CURLE_SEND_ERROR,
        CURLE_UNSUPPORTED_PROTOCOL,
    };
    str text = STR("");
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        if (code == telling[i] && *words != 0 &&
            str_from_bytes(bytes_of(words, strlen(words)), &text)) {
            return words;
        }
    }
    return curl_easy_strerror(code);
}

struct error_origin http_origin(CURLcode code)
{
    return code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM ? CONFIG : REMOTE;
}

static bool names_loopback(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool local = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                 curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK && is_loopback(host);
    curl_free(host);
    curl_url_cleanup(parts);
    return local;
}

/* Whom to trust, who we are, and which proxy. At least TLS 1.2, because of the personal data, even
 * where the machine allows less. */
bool http_prepare_way(CURL *curl, const char *url, const struct http_way *way)
{
    return curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           (way->roots == NULL || (curl_easy_setopt(curl, CURLOPT_CAINFO, way->roots) == CURLE_OK &&
                                   curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
           (way->certificate == NULL ||
            (curl_easy_setopt(curl, CURLOPT_SSLCERT, way->certificate) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_SSLKEY, way->key) == CURLE_OK)) &&
           (way->proxy == NULL || curl_easy_setopt(curl, CURLOPT_PROXY, way->proxy) == CURLE_OK) &&
           /* no proxy for this machine itself */
           (!names_loopback(url) || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK);
}

const char *http_url_escaped(const char *url, struct arena *arena)
{
    enum { ESCAPED_SIZE = 3 };
    char *escaped = arena_new_raw(arena, strlen(url) * ESCAPED_SIZE + 1);
    char *at = escaped;
    for (; *url != 0; url++) {
        if (*url == ' ') {
            memcpy(at, "%20", ESCAPED_SIZE);
            at += ESCAPED_SIZE;
        } else {
            *at++ = *url;
        }
    }
    *at = 0;
    return escaped;
}

const char *http_local_path(const char *url, struct arena *arena)
{
    char *found = local_path(http_url_escaped(url, arena));
    const char *path = found != NULL ? arena_c_string(arena, str_of(found)) : NULL;
    curl_free(found);
    return path;
}

str http_url_shown(const char *url, struct arena *arena)
{
    static const CURLUPart secret[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                       CURLUPART_FRAGMENT};
    CURLU *parts = curl_url();
    char *text = NULL;
    str shown = STR("?");
    bool good = parts != NULL && curl_url_set(parts, CURLUPART_URL, http_url_escaped(url, arena),
                                              CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    for (size_t i = 0; good && i < sizeof secret / sizeof *secret; i++) {
        good = curl_url_set(parts, secret[i], NULL, 0) == CURLUE_OK;
    }
    if (good && curl_url_get(parts, CURLUPART_URL, &text, 0) == CURLUE_OK) {
        shown = arena_str(arena, str_of(text));
    }
    curl_free(text);
    curl_url_cleanup(parts);
    return shown;
}
