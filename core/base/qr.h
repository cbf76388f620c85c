/* qr - QR codes (GB/T 18284, ISO/IEC 18004) as a matrix of modules: byte mode, error correction
 * level M, the smallest version that holds the text, the mask with the least penalty. */
#pragma once

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum { QR_TEXT_SIZE_MAX = 251, QR_QUIET_MODULES = 4, QR_VERSION_MAX = 11 };

struct qr {
    int width;            /* modules a side, without quiet zone: 4 * version + 17 */
    const uint64_t *rows; /* bit x of row y: is the module dark? In the arena */
};

/* The same text gives the same matrix. False: it is empty or has more than QR_TEXT_SIZE_MAX
 * bytes. */
bool qr_encode(str text, struct arena *arena, struct qr *ret);
