/* jpeg_segments - see jpeg_segments.h. Every offset is looked at before it is followed. */
#include "core/io/jpeg_segments.h"

#include <string.h>

enum { TEM = 0x01, RST0 = 0xd0, RST7 = 0xd7, FILL = 0xff, STUFFED = 0x00 };

static bool has_no_length(uint8_t marker)
{
    return marker == TEM || (marker >= RST0 && marker <= JPEG_SOI);
}

/* Up to the next FF that is neither stuffed nor a restart marker. */
static size_t skip_scan(bytes jpeg, size_t at)
{
    while (at + 1 < jpeg.size) {
        const uint8_t *stop = memchr(jpeg.data + at, FILL, jpeg.size - 1 - at);
        if (stop == NULL) {
            return jpeg.size;
        }
        at = (size_t)(stop - jpeg.data);
        uint8_t next = jpeg.data[at + 1];
        if (next != STUFFED && !(next >= RST0 && next <= RST7)) {
            return at;
        }
        at += 2;
    }
    return jpeg.size;
}

bool jpeg_walk_begin(bytes jpeg, struct jpeg_walk *ret)
{
    *ret = (struct jpeg_walk){.jpeg = jpeg, .at = 2};
    return jpeg.size >= 4 && jpeg.data[0] == 0xff && jpeg.data[1] == JPEG_SOI;
}

enum jpeg_step jpeg_walk_next(struct jpeg_walk *walk, struct jpeg_segment *ret)
{
    const uint8_t *data = walk->jpeg.data;
    size_t end = walk->jpeg.size;
    size_t at = walk->in_scan ? skip_scan(walk->jpeg, walk->at) : walk->at;
    while (at + 1 < end && data[at] == 0xff && data[at + 1] == FILL) {
        at++;
    }
    if (at + 2 > end) {
        return JPEG_TRUNCATED;
    }
    uint8_t marker = data[at + 1];
    if (data[at] != 0xff || marker == STUFFED) {
        return JPEG_MALFORMED;
    }
    walk->at = at + 2;
    if (marker == JPEG_EOI) {
        return JPEG_END;
    }
    if (has_no_length(marker)) {
        return JPEG_MALFORMED;
    }
    size_t size = at + 4 > end ? 0 : (size_t)(data[at + 2] << 8 | data[at + 3]);
    if (size < 2 || size > end - at - 2) {
        return JPEG_TRUNCATED;
    }
    *ret =
        (struct jpeg_segment){.marker = marker, .start = at, .content = {data + at + 4, size - 2}};
    walk->at = at + 2 + size;
    walk->in_scan = marker == JPEG_SOS;
    return JPEG_SEGMENT;
}
