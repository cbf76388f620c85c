/* http_parts - what http.c, http_fetch.c and http_url.c share; see http.h. */
#pragma once

#include <curl/curl.h>

#include "core/io/http.h"

enum {
    HTTP_SERVER_SIZE = 300,
    HTTP_STATUS_GOOD = 200,
    HTTP_STATUS_MIN_BAD = 300, /* a redirect that is not followed has no body worth keeping */
};

/* https anywhere, http on loopback only, file://. curl takes the text apart, as it does when it
 * connects: no second opinion about what is host. */
bool http_url_is_allowed(const char *url);

/* Of a file:// URL: is what it names a file that is there? curl would wait for a pipe.
 * shown   the URL for messages
 * fails   REMOTE MESSAGE_REMOTE_FAILED */
FALLIBLE http_check_file(const char *url, const char *shown, struct error *err);

/* What failed, for messages: in the longer words of curl (CURLOPT_ERRORBUFFER) where those never
 * repeat an address, which may hold secrets. */
const char *http_reason(CURLcode code, const char *words);

/* CONFIG, where a file that we bring to the connection is at fault; REMOTE. */
struct error_origin http_origin(CURLcode code);

/* "https://host:port", for messages. */
void http_server_of(const char *url, char out[HTTP_SERVER_SIZE]);

/* False when curl does not take it. */
bool http_prepare_way(CURL *curl, const char *url, const struct http_way *way);
