/* qr - QR codes (GB/T 18284) as a matrix of modules, error correction level M. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum { QR_TEXT_SIZE_MAX = 300, QR_QUIET_MODULES = 4 };

struct qr {
    int width;              /* modules a side, without quiet zone */
    const uint8_t *modules; /* width * width, row by row, 1 is dark; in the arena */
};

/* The same text gives the same matrix.
 * fails   INVALID MESSAGE_QR_TOO_LONG; RESOURCE MESSAGE_QR_FAILED */
FALLIBLE qr_encode(str text, struct arena *arena, struct qr *ret, struct error *err);
