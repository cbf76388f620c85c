/* national_line - sends one record to the national platform and returns its answer: over https,
 * with a client certificate if one is configured, at a limited rate, with retries, under an
 * idempotency key. */
#pragma once

#include "core/io/http.h"
#include "jobs/session.h"

enum national_verdict {
    NATIONAL_TAKEN,   /* code 1 */
    NATIONAL_WARNED,  /* code 2: taken, with something to look at */
    NATIONAL_REFUSED, /* code 0, or status 400 or 422: this record, not the line */
};

struct national_reply {
    enum national_verdict verdict;
    bytes body; /* what the platform said */
};

struct national_line {
    struct session *session;
    struct http_post post;
    uint32_t tries;
    int64_t pause_us;   /* from one record to the next */
    int64_t next_at_us; /* monotonic */
};

/* Reads the configuration and its secrets.
 * fails   CONFIG, MISSING as private_read; CONFIG MESSAGE_NATIONAL_KEY */
FALLIBLE national_line_open(struct session *session, struct national_line *ret, struct error *err);

/* Waits for its turn, sends, and tries again while that may help: no connection, no answer in time,
 * status 408, 409, 425, 429 or 5xx; as long as a Retry-After says, at most a minute. A signal ends
 * it within seconds.
 * fails   REMOTE MESSAGE_POST_FAILED, MESSAGE_POST_STATUS, MESSAGE_NATIONAL_ANSWER; BUSY
 *         MESSAGE_NATIONAL_STOPPED; USAGE MESSAGE_URL_NOT_ALLOWED */
FALLIBLE national_line_send(struct national_line *line, const char *key, str record,
                            struct arena *arena, struct national_reply *ret, struct error *err);
