/* http_transfer - one try of a fetch, between http_fetch.c and curl; see http.h. */
#pragma once

#include "core/io/http_parts.h"

/* One fetch, over all its tries. */
struct transfer {
    const struct http_fetch *fetch;
    struct arena *arena;
    const char *url; /* as it is told */
    const char *part;
    const char *from;
    int fd;
    uint64_t bytes; /* in the part */
    uint64_t bytes_max;
    int64_t ends_us;
    struct http_state state; /* of the part */
    /* of the current try */
    CURL *curl;
    struct http_state named;
    int64_t range_from;   /* of Content-Range; -1: none */
    uint64_t range_total; /* of the whole file, by the same header; 0: not told */
    bool begun;           /* the body is what was asked for */
    bool too_large;
    bool wrong_range;
    bool stalled;
    bool chunked;       /* the body's end is marked */
    bool hears_goodbye; /* of the connection, and there was one */
    bool said_goodbye;
    char words[CURL_ERROR_SIZE]; /* of curl, about what failed */
    curl_off_t got;              /* so far */
    int64_t moved_us;            /* when it last grew */
    int write_failure;           /* errno, or 0 */
};

/* What one try came to. */
struct attempt {
    CURLcode code;
    long status; /* 0: none, as of file:// */
    curl_off_t retry_after_s;
};

/* Asks for the file, or for the rest of the part, and writes what comes to the part. */
struct attempt http_attempt(struct transfer *transfer);

/* Is the body of such an answer the file, or the asked part of it? "Accepted" and "no content" are
 * good news too, but no file. */
bool http_holds_file(long status);

/* The text with a NUL behind it, or "" when it does not fit. */
void http_keep_text(str text, char *out, size_t room);

/* What two parts of a file may be put together by; "" for nothing. A weak tag says "much the same",
 * which is not enough. */
const char *http_strong(const struct http_state *state);
