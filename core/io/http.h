/* http - a file fetched, one POST of JSON, or one POST with its answer, with limits.
 *
 * https (TLS 1.2 or newer) anywhere, http on loopback only, file:// for tests and mounts. Redirects
 * lead to https only. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

/* Whom to trust, who we are, and by which way. NULL everywhere: as the system says. */
struct http_way {
    const char *roots;       /* PEM file of the authorities to trust */
    const char *certificate; /* our own to the server (PEM), and its key */
    const char *key;
    const char *proxy; /* URL of one, never asked about this machine */
};

/* Is the text a URL (scheme://)? Which of them may be fetched, http_fetch decides. */
bool http_is_url(str text);

/* Blanks as %20: people write file names as they are. In the arena. */
const char *http_url_escaped(const char *url, struct arena *arena);

/* Where a file:// URL leads, blanks escaped or not; NULL: to no file of this machine. In the arena.
 */
const char *http_local_path(const char *url, struct arena *arena);

/* The URL as it may be told: without user, query and fragment, which may hold secrets. */
str http_url_shown(const char *url, struct arena *arena);

/* Of the URL only scheme, host and port: for one whose path may hold a secret, too. */
str http_server_shown(const char *url, struct arena *arena);

enum { HTTP_ETAG_SIZE = 256, HTTP_DATE_SIZE = 64 };

/* What tells one state of a file from the next, as the server names it; "" where it does not. */
struct http_state {
    char etag[HTTP_ETAG_SIZE];
    char modified[HTTP_DATE_SIZE];
};

struct http_fetch {
    const char *url;
    const char *path; /* the new file, mode 0600; beside it `.part` and `.from` while it comes */
    struct http_way way;
    struct http_state known; /* do not send what is still in this state; empty: send */
    int64_t timeout_ms;      /* of the whole, with all tries; 0: 10 minutes */
    unsigned stall_s;        /* a line that is as good as dead for so long is cut; 0: 60 */
    uint64_t bytes_max;      /* 0: 4 GiB */
    int redirects_max;       /* 0: none */
    unsigned tries;          /* 0: 1; a broken transfer goes on where it was */
    unsigned pause_ms;       /* before the second try, then twice as long; 0: 500 */
    bool keeps_part;         /* what has come so far stays for the next fetch of this path */
    const uint8_t *sha256;   /* what the bytes must hash to, 32 of them; NULL: anything */
};

struct http_fetched {
    bool unchanged; /* it is in the known state: nothing was sent, there is no file */
    uint64_t bytes;
    struct http_state state;
};

/* Fetches into a new file at `path`, which is not there when the fetch fails. A part is only gone
 * on with when the server says that the file is still the same (If-Range). fails   USAGE
 * MESSAGE_URL_NOT_ALLOWED (url), REMOTE MESSAGE_REMOTE_STATUS (url, status), MESSAGE_REMOTE_FAILED
 * (url, reason), MESSAGE_REMOTE_TOO_LARGE (url, limit), MESSAGE_REMOTE_DIGEST (url), CONFIG
 * MESSAGE_REMOTE_FAILED of a file of `way`, BUSY MESSAGE_FETCH_STOPPED (url), CREATE
 * MESSAGE_FILE_NOT_CREATED, RESOURCE MESSAGE_FILE_NOT_WRITABLE
 */
FALLIBLE http_fetch(const struct http_fetch *fetch, struct http_fetched *ret, struct error *err);

/* Keeps a connection open from one POST to the next; for one thread at a time. */
struct http_line;

struct http_line *http_line_open(void);
/* NULL is fine. */
void http_line_close(struct http_line *line);

/* A POST of JSON (or text) whose answer counts by its status alone. */
struct http_post {
    const char *url; /* https, or http on loopback */
    bytes body;
    bool is_text;
    const char *type;          /* media type, when it is neither; NULL */
    struct http_line *line;    /* NULL: a connection of its own */
    const char *authorization; /* value of that header, or NULL */
    const char
        *idempotency_key; /* value of that header, or NULL: what comes twice is known by it */
    struct http_way way;
    int64_t timeout_ms; /* of the whole; 0: 10 seconds */
    bool stops;         /* a signal ends it, a second later: an answer may be on its way */
};

/* No redirect is followed. *ret_again tells, when it fails, whether trying again may help: no
 * connection, no answer in time, status 429 or 5xx. Messages name the server, never path, query,
 * header or body: they may hold secrets.
 * fails   USAGE MESSAGE_URL_NOT_ALLOWED (url: the server), REMOTE MESSAGE_POST_STATUS (url,
 * status), MESSAGE_POST_FAILED (url, reason) */
FALLIBLE http_post(const struct http_post *post, bool *ret_again, struct error *err);

/* A POST of text whose answer is wanted, whatever its status. */
struct http_question {
    const char *url; /* as of http_post */
    str text;
    int64_t timeout_ms; /* of the whole; 0: 10 seconds */
    size_t bytes_max;   /* of the answer */
};

/* *ret_status and the body, in the arena. No redirect is followed.
 * fails   USAGE MESSAGE_URL_NOT_ALLOWED, REMOTE MESSAGE_POST_FAILED, MESSAGE_REMOTE_TOO_LARGE
 *         (url: the server) */
FALLIBLE http_ask(const struct http_question *question, struct arena *arena, int *ret_status,
                  bytes *ret_answer, struct error *err);

struct http_answer {
    int status;
    int64_t retry_after_s; /* when the server names it; else 0 */
    bytes body;
};

/* The POST, with its answer whatever the status. No redirect is followed; messages as of http_post.
 * fails   USAGE MESSAGE_URL_NOT_ALLOWED, REMOTE MESSAGE_POST_FAILED, MESSAGE_REMOTE_TOO_LARGE;
 * CONFIG MESSAGE_POST_FAILED of a file of `way` */
FALLIBLE http_send(const struct http_post *post, size_t bytes_max, struct arena *arena,
                   struct http_answer *ret, struct error *err);
