/* timestamp_judge - verifies the time-stamp that a signature carries: it must be over this
 * signature, by an authority whose certificate leads to a trusted root, is meant for time-stamps
 * and was valid at the instant that the time-stamp states. The clock does not matter; revocation is
 * not checked. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum timestamp_state {
    TIMESTAMP_NONE,    /* the signature carries none */
    TIMESTAMP_BROKEN,  /* no token over this signature: altered, another's, or too weak (why) */
    TIMESTAMP_FOREIGN, /* whole, but it leads to none of the roots, or there are none */
    TIMESTAMP_UNFIT,   /* it leads there, but its authority could not make it then (why) */
    TIMESTAMP_GOOD,
};

struct timestamp_finding {
    enum timestamp_state state;
    const char *why; /* of BROKEN and UNFIT, OpenSSL's words */
    /* of all but NONE and BROKEN: */
    int64_t at_us;  /* the instant it tells, unverified unless GOOD */
    str authority;  /* subject of the certificate that signed it */
    bool was_valid; /* the certificate of the signature that was stamped, at that instant */
};

struct timestamp_judge;

/* `files` hold certificates, PEM (any number) or DER (one); none is fine.
 * fails   CONFIG MESSAGE_TIMESTAMP_ROOTS (file) */
FALLIBLE timestamp_judge_open(const char *const *files, size_t count, struct timestamp_judge **ret,
                              struct error *err);
/* NULL is fine. */
void timestamp_judge_close(struct timestamp_judge *judge);

/* Of the signature `cms` (DER, one signer). Everything in the arena. */
void timestamp_judge_signature(struct timestamp_judge *judge, bytes cms, struct arena *arena,
                               struct timestamp_finding *ret);
