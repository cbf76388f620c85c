/* http - one GET into a file, with limits.
 *
 * https anywhere, http on loopback only, file:// for tests and mounts. Redirects lead to https
 * only. */
#pragma once

#include "core/base/error.h"
#include "core/base/str.h"

struct http_limits {
    int64_t timeout_ms; /* of the whole transfer; 0: 10 minutes */
    uint64_t bytes_max; /* 0: 4 GiB */
    int redirects_max;  /* 0: none */
    bool digest_wanted;
    uint8_t sha256[32]; /* what the body must hash to, when wanted */
};

/* Is the text a URL (scheme://)? Which of them may be fetched, http_fetch decides. */
bool http_is_url(str text);

/* Fetches into a new file at `path` (mode 0600), which is not there when the fetch fails.
 * fails   USAGE MESSAGE_URL_NOT_ALLOWED (url), REMOTE MESSAGE_REMOTE_STATUS (url, status),
 *         MESSAGE_REMOTE_FAILED (url, reason), MESSAGE_REMOTE_TOO_LARGE (url, limit),
 *         MESSAGE_REMOTE_DIGEST (url), CREATE MESSAGE_FILE_NOT_CREATED,
 *         RESOURCE MESSAGE_FILE_NOT_WRITABLE */
FALLIBLE http_fetch(const char *url, const char *path, const struct http_limits *limits,
                    uint64_t *ret_bytes, struct error *err);
