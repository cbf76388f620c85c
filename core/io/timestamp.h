/* timestamp - time-stamps of signatures by an authority of RFC 3161, over http.
 *
 * A token says that a digest existed at an instant. It is accepted only when all of this verifies,
 * at the clock's time: the digest and the random number of the request, the authority's signature
 * (SHA-256 or better), and its certificate's chain to the configured roots (nothing weak below
 * them). One thread at a time; the connection is kept open. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

struct timestamp_options {
    const char *url;       /* https, or http on loopback; empty: no time-stamps */
    const char *roots;     /* PEM file of certificates that tokens must lead to */
    const char *tls_roots; /* PEM file for the connection; empty: the system's */
    const char *proxy;     /* as of http_post; empty: as the environment says */
    uint32_t timeout;      /* seconds for one try; 0: 10 */
    uint32_t tries;        /* 0: 3 */
    uint32_t room;         /* bytes reserved for a token in a document; 0: 6144 */
    bool stops;            /* a signal ends it: as of http_post, and no further try */
};

struct timestamper;

/* fails   CONFIG MESSAGE_TIMESTAMP_ROOTS */
FALLIBLE timestamper_open(const struct timestamp_options *options, struct timestamper **ret,
                          struct error *err);
/* NULL is fine. */
void timestamper_close(struct timestamper *timestamper);

/* Bytes to reserve for a token: of options that name no authority, none. */
size_t timestamp_room(const struct timestamp_options *options);

/* A token (DER, ContentInfo) over data whose SHA-256 is `digest`, in the arena. It tries again when
 * there was no answer, a refusal or a token that does not verify.
 * fails   REMOTE MESSAGE_TIMESTAMP_FAILED (server, reason), MESSAGE_POST_STATUS,
 *         MESSAGE_POST_FAILED, MESSAGE_REMOTE_TOO_LARGE (server), the last of them; CONFIG
 *         MESSAGE_TIMESTAMP_TOO_LARGE (size, room); USAGE MESSAGE_URL_NOT_ALLOWED */
FALLIBLE timestamper_stamp(struct timestamper *timestamper, const uint8_t digest[32],
                           struct arena *arena, bytes *ret, struct error *err);
