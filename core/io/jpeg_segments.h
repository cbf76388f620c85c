/* jpeg_segments - walks over the segments of a JPEG. All code that checks, strips or reads a
 * picture's header finds the segments here.
 *
 * source  ISO/IEC 10918-1 (ITU-T T.81), B.1.1: markers, fill bytes, lengths, entropy-coded data */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

enum {
    JPEG_SOI = 0xd8,
    JPEG_EOI = 0xd9,
    JPEG_SOS = 0xda, /* the picture's data follow its segment */
    JPEG_APP0 = 0xe0,
    JPEG_APP1 = 0xe1,
    JPEG_APP14 = 0xee,
    JPEG_APP15 = 0xef,
    JPEG_COM = 0xfe,
};

struct jpeg_segment {
    uint8_t marker;
    size_t start;  /* of its marker, fill bytes left behind */
    bytes content; /* behind marker and length; of the picture's bytes */
};

struct jpeg_walk {
    bytes jpeg;
    size_t at;
    bool in_scan; /* the last segment began one */
};

enum jpeg_step {
    JPEG_SEGMENT = 1,
    JPEG_END,       /* the end marker; `walk.at` stands behind it */
    JPEG_TRUNCATED, /* the bytes end within a segment, or without an end marker */
    JPEG_MALFORMED, /* no segment stands here */
};

/* False when it does not begin as a JPEG does. Any bytes may come. */
bool jpeg_walk_begin(bytes jpeg, struct jpeg_walk *ret);
/* The next one; behind that of a scan, its entropy-coded data are passed over. After anything but
 * JPEG_SEGMENT the walk is over. */
enum jpeg_step jpeg_walk_next(struct jpeg_walk *walk, struct jpeg_segment *ret);
