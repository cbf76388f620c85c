/* image - see image.h; owner of libturbojpeg. */
#include "core/io/image.h"

#include <string.h>
#include <turbojpeg.h>

#include "core/io/jpeg_segments.h"
#include "core/io/messages.h"

enum {
    MARKER_DHT = 0xc4,
    MARKER_JPG = 0xc8,
    MARKER_DAC = 0xcc,
    MARKER_SOF0 = 0xc0, /* baseline */
    MARKER_SOF1 = 0xc1, /* extended sequential */
    MARKER_SOF2 = 0xc2, /* progressive */
    JFIF_SIZE = 14,     /* without its length and a thumbnail */
    SAMPLE_BITS = 8,
};

static bool is_frame(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != MARKER_DHT && marker != MARKER_JPG &&
           marker != MARKER_DAC;
}

struct frame {
    int count; /* of frames seen */
    uint8_t marker;
    uint8_t bits; /* of a sample */
    struct image_size size;
};

static bool read_frame(const struct jpeg_segment *segment, struct frame *frame)
{
    bytes content = segment->content;
    if (content.size < 6) {
        return false;
    }
    frame->count++;
    frame->marker = segment->marker;
    frame->bits = content.data[0];
    frame->size.height = content.data[1] << 8 | content.data[2];
    frame->size.width = content.data[3] << 8 | content.data[4];
    frame->size.components = content.data[5];
    return true;
}

/* Cameras and transfers pad a file with zeros to the end of a block: nothing can hide in zeros. */
static bool is_padding(bytes rest)
{
    for (size_t i = 0; i < rest.size; i++) {
        if (rest.data[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Walks the segments; returns what is wrong, or NULL. */
static const char *check_segments(struct jpeg_walk *walk, struct frame *frame)
{
    struct jpeg_segment segment;
    bool scanned = false;
    enum jpeg_step step = JPEG_SEGMENT;
    while ((step = jpeg_walk_next(walk, &segment)) == JPEG_SEGMENT) {
        if (is_frame(segment.marker) && !read_frame(&segment, frame)) {
            return "truncated";
        }
        scanned = scanned || segment.marker == JPEG_SOS;
    }
    if (step == JPEG_MALFORMED) {
        return "not_jpeg";
    }
    if (step == JPEG_TRUNCATED || !scanned) {
        return "truncated";
    }
    return is_padding((bytes){walk->jpeg.data + walk->at, walk->jpeg.size - walk->at})
               ? NULL
               : "data_behind_the_end";
}

static const char *check(bytes jpeg, struct frame *frame)
{
    struct jpeg_walk walk;
    if (jpeg.size == 0) {
        return "empty";
    }
    if (jpeg.size > IMAGE_SIZE_MAX) {
        return "too_large";
    }
    if (!jpeg_walk_begin(jpeg, &walk)) {
        return "not_jpeg";
    }
    const char *wrong = check_segments(&walk, frame);
    if (wrong != NULL) {
        return wrong;
    }
    if (frame->count != 1 || frame->marker > MARKER_SOF2) {
        return "not_baseline_or_progressive";
    }
    if (frame->bits != SAMPLE_BITS) {
        return "precision";
    }
    if (frame->size.components != 1 && frame->size.components != 3) {
        return "components";
    }
    if (frame->size.width < IMAGE_SIDE_MIN || frame->size.width > IMAGE_SIDE_MAX ||
        frame->size.height < IMAGE_SIDE_MIN || frame->size.height > IMAGE_SIDE_MAX) {
        return "dimensions";
    }
    return NULL;
}

/* What is wrong with it, or NULL; libjpeg reads the header, too. */
static const char *check_twice(bytes jpeg, struct frame *frame)
{
    const char *wrong = check(jpeg, frame);
    if (wrong != NULL) {
        return wrong;
    }
    int width = 0, height = 0, sampling = 0, space = 0;
    tjhandle reader = tjInitDecompress();
    bool read = reader != NULL && tjDecompressHeader3(reader, jpeg.data, jpeg.size, &width, &height,
                                                      &sampling, &space) == 0;
    if (reader != NULL) {
        (void)tjDestroy(reader); /* frees; nothing to report */
    }
    return !read || width != frame->size.width || height != frame->size.height ? "unreadable"
                                                                               : NULL;
}

outcome image_check_jpeg(bytes jpeg, struct image_size *ret, struct error *err)
{
    struct frame frame = {0};
    const char *wrong = check_twice(jpeg, &frame);
    int width = frame.size.width, height = frame.size.height;
    if (wrong == NULL &&
        (width > IMAGE_SIDES_RATIO_MAX * height || height > IMAGE_SIDES_RATIO_MAX * width)) {
        wrong = "proportions";
    }
    if (wrong != NULL) {
        FAIL(INVALID, MESSAGE_PHOTO_INVALID, ARG_TEXT("reason", wrong));
    }
    *ret = frame.size;
    return OK;
}

struct image_facts image_look(bytes jpeg)
{
    struct frame frame = {0};
    const char *wrong = check_twice(jpeg, &frame);
    return (struct image_facts){wrong, frame.size, image_density(jpeg)};
}

static bool is_beside_the_picture(const struct jpeg_segment *segment)
{
    uint8_t marker = segment->marker;
    /* Adobe's says which colours the components are */
    bool colours =
        marker == JPEG_APP14 || (marker == JPEG_APP0 && segment->content.size == JFIF_SIZE);
    return marker == JPEG_COM || (marker >= JPEG_APP0 && marker <= JPEG_APP15 && !colours);
}

/* A progressive picture has many scans, and any segment may stand between two of them. */
bytes image_bare(bytes jpeg, struct arena *arena)
{
    uint8_t *out = arena_new_raw(arena, jpeg.size);
    size_t used = 2;
    struct jpeg_walk walk;
    struct jpeg_segment segment;
    BUG_UNLESS(jpeg_walk_begin(jpeg, &walk)); /* it was checked */
    memcpy(out, jpeg.data, 2);
    for (bool more = true; more;) {
        bool scanned = walk.in_scan; /* picture data up to the next segment */
        size_t from = walk.at;
        enum jpeg_step step = jpeg_walk_next(&walk, &segment);
        BUG_UNLESS(step == JPEG_SEGMENT || step == JPEG_END); /* as above */
        more = step == JPEG_SEGMENT;
        size_t start = more ? segment.start : walk.at - 2;
        from = scanned ? from : start;
        size_t to = more && is_beside_the_picture(&segment) ? start : walk.at;
        memcpy(out + used, jpeg.data + from, to - from);
        used += to - from;
    }
    return (bytes){out, used};
}

/* --- the synthetic portrait ------------------------------------------------------------------- */

enum { PORTRAIT_WIDTH = 295, PORTRAIT_HEIGHT = 413, PORTRAIT_QUALITY = 82 };

struct shape { /* an ellipse; y grows downwards, in thousandths of the width */
    int x, y, radius_x, radius_y;
    uint32_t colour;
};

/* Pixels near which an ellipse begins or ends, from thousandths. */
static int pixel_at(int thousandths, int before, int size)
{
    int pixel = thousandths * PORTRAIT_WIDTH / 1000 + before;
    return pixel < 0 ? 0 : pixel < size ? pixel : size;
}

/* Visits only the pixels of the surrounding square: most ellipses are small, and a sample city
 * paints thousands. */
static void fill_ellipse(uint8_t *pixels, const struct shape *shape)
{
    int64_t rx = shape->radius_x, ry = shape->radius_y;
    int top = pixel_at(shape->y - shape->radius_y, -2, PORTRAIT_HEIGHT);
    int bottom = pixel_at(shape->y + shape->radius_y, 2, PORTRAIT_HEIGHT);
    int left = pixel_at(shape->x - shape->radius_x, -2, PORTRAIT_WIDTH);
    int right = pixel_at(shape->x + shape->radius_x, 2, PORTRAIT_WIDTH);
    for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
            int64_t dx = (int64_t)column * 1000 / PORTRAIT_WIDTH - shape->x;
            int64_t dy = (int64_t)row * 1000 / PORTRAIT_WIDTH - shape->y;
            if (dx * dx * ry * ry + dy * dy * rx * rx > rx * rx * ry * ry) {
                continue;
            }
            uint8_t *pixel = pixels + 3 * ((size_t)row * PORTRAIT_WIDTH + (size_t)column);
            pixel[0] = (uint8_t)(shape->colour >> 16);
            pixel[1] = (uint8_t)(shape->colour >> 8);
            pixel[2] = (uint8_t)shape->colour;
        }
    }
}

/* A background that is a little lighter at the top, as in a studio. */
static void fill_background(uint8_t *pixels, uint32_t colour)
{
    for (int row = 0; row < PORTRAIT_HEIGHT; row++) {
        int shade = (PORTRAIT_HEIGHT - row) * 24 / PORTRAIT_HEIGHT;
        for (int column = 0; column < PORTRAIT_WIDTH; column++) {
            uint8_t *pixel = pixels + 3 * ((size_t)row * PORTRAIT_WIDTH + (size_t)column);
            for (int i = 0; i < 3; i++) {
                int value = (int)(colour >> (16 - 8 * i) & 0xff) + shade;
                pixel[i] = (uint8_t)(value > 255 ? 255 : value);
            }
        }
    }
}

static void paint(uint8_t *pixels, uint32_t seed)
{
    static const uint32_t skins[4] = {0xf0cfae, 0xe8c09a, 0xf4d8bd, 0xdfb48c};
    static const uint32_t hairs[4] = {0x1f1b1a, 0x2b2320, 0x3a2d26, 0x555150};
    static const uint32_t jackets[4] = {0x23324f, 0x2f2f33, 0x3b4a3f, 0x4a2f34};
    uint32_t skin = skins[seed % 4], hair = hairs[seed / 4 % 4], jacket = jackets[seed / 16 % 4];
    int width = 205 + (int)(seed / 64 % 5) * 8;
    int fringe = 395 + (int)(seed / 320 % 4) * 14;
    int sides = seed / 1280 % 2 == 0 ? 0 : 150; /* longer hair */
    int eye = width * 9 / 20;
    const struct shape shapes[] = {
        {500, 600 + sides, width + 42, 300, hair},
        {500, 1420, 470, 420, jacket},
        {500, 1010, 150, 170, 0xf6f6f4},
        {500, 930, 88, 150, skin},
        {500 - width, 640, 30, 52, skin},
        {500 + width, 640, 30, 52, skin},
        {500, 620, width, 275, skin},
        {500, fringe - 40, width + 8, 115, hair},
        {500 - eye, 600, 44, 9, hair},
        {500 + eye, 600, 44, 9, hair},
        {500 - eye, 642, 31, 16, 0xfbfbfa},
        {500 + eye, 642, 31, 16, 0xfbfbfa},
        {500 - eye, 642, 14, 15, 0x201a18},
        {500 + eye, 642, 14, 15, 0x201a18},
        {500, 728, 22, 9, 0xc99a78},
        {500, 800, 58, 12, 0xb5625a},
        {500, 1180, 26, 140, 0x7a1f24},
    };
    fill_background(pixels, seed / 2560 % 2 == 0 ? 0xd7e3ee : 0xdfe2e4);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        fill_ellipse(pixels, &shapes[i]);
    }
}

/* Rows of dark blocks for words, a red ring for a seal. */
static void paint_sheet(uint8_t *pixels, uint32_t seed)
{
    uint32_t bits = seed * 2654435761U + 1;
    fill_background(pixels, 0xe4e2dc);
    for (int line = 0; line < 9; line++) {
        for (int word = 0; word < 7; word++) {
            bits = bits * 1664525U + 1013904223U;
            int width = 20 + (int)(bits >> 28) * 3;
            const struct shape block = {150 + word * 118, 220 + line * 105, width, 14, 0x3a3a40};
            if ((bits >> 20) % 5 != 0) {
                fill_ellipse(pixels, &block);
            }
        }
    }
    const struct shape rings[] = {{720, 1180, 150, 150, 0xc0282c}, {720, 1180, 128, 128, 0xe4e2dc}};
    fill_ellipse(pixels, &rings[0]);
    fill_ellipse(pixels, &rings[1]);
}

static FALLIBLE compress(const uint8_t *pixels, struct arena *arena, bytes *ret_jpeg,
                         struct error *err)
{
    unsigned long size = tjBufSize(PORTRAIT_WIDTH, PORTRAIT_HEIGHT, TJSAMP_420);
    uint8_t *out = arena_new(arena, size);
    tjhandle writer = tjInitCompress();
    bool done = writer != NULL &&
                tjCompress2(writer, pixels, PORTRAIT_WIDTH, 0, PORTRAIT_HEIGHT, TJPF_RGB, &out,
                            &size, TJSAMP_420, PORTRAIT_QUALITY, TJFLAG_NOREALLOC) == 0;
    str reason = done ? STR("") : arena_str(arena, str_of(tjGetErrorStr2(writer)));
    if (writer != NULL) {
        (void)tjDestroy(writer); /* frees; nothing to report */
    }
    if (!done) {
        FAIL(RESOURCE, MESSAGE_PORTRAIT_FAILED, ARG_STR("reason", reason));
    }
    *ret_jpeg = (bytes){out, size};
    return OK;
}

outcome image_paint_portrait(uint32_t seed, struct arena *arena, bytes *ret_jpeg, struct error *err)
{
    uint8_t *pixels = arena_new(arena, (size_t)3 * PORTRAIT_WIDTH * PORTRAIT_HEIGHT);
    paint(pixels, seed);
    return compress(pixels, arena, ret_jpeg, err);
}

/* The library writes a JFIF header that says no density: version, then unit, x and y. */
enum { JFIF_UNIT_AT = 13, JFIF_UNIT_INCH = 1 };

outcome image_paint_sheet(uint32_t seed, int dpi, struct arena *arena, bytes *ret_jpeg,
                          struct error *err)
{
    uint8_t *pixels = arena_new(arena, (size_t)3 * PORTRAIT_WIDTH * PORTRAIT_HEIGHT);
    bytes jpeg = {0};
    paint_sheet(pixels, seed);
    TRY(compress(pixels, arena, &jpeg, err));
    uint8_t *header = arena_new(arena, jpeg.size);
    memcpy(header, jpeg.data, jpeg.size);
    BUG_UNLESS(memcmp(header + 6, "JFIF", 5) == 0);
    header[JFIF_UNIT_AT] = JFIF_UNIT_INCH;
    header[JFIF_UNIT_AT + 1] = header[JFIF_UNIT_AT + 3] = (uint8_t)(dpi >> 8);
    header[JFIF_UNIT_AT + 2] = header[JFIF_UNIT_AT + 4] = (uint8_t)dpi;
    *ret_jpeg = (bytes){header, jpeg.size};
    return OK;
}
