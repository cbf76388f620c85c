/* unpack_parts - what unpack.c and unpack_zip.c share; see unpack.h. */
#pragma once

#include <stdio.h>

#include "core/io/unpack.h"

/* An archive on its way out. */
struct unpacking {
    const char *path;
    const char *to;
    FILE *in;
    FILE *out;
    uint64_t bytes; /* written */
    uint64_t bytes_max;
    uint32_t checksum; /* CRC-32 of what was written since it was last set to 0 */
};

/* fails   as unpack() */
outcome unpack_damaged(const struct unpacking *unpacking, struct error *err);
FALLIBLE unpack_write(struct unpacking *unpacking, bytes b, struct error *err);
/* Inflates from where `in` stands, at most `left` packed bytes of it. `wrapped`: gzip members to
 * the end of the file, checked by zlib; else one raw stream. *ret_used are packed bytes. */
FALLIBLE unpack_inflate(struct unpacking *unpacking, bool wrapped, uint64_t left,
                        uint64_t *ret_used, struct error *err);

FALLIBLE unpack_zip(struct unpacking *unpacking, struct error *err);
