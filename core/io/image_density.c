/* image_density - see image_density.h. Offsets in EXIF count from the TIFF header and may point
 * anywhere: each is looked at before it is followed, and no chain of directories is walked. */
#include "core/io/image_density.h"

#include <stdbool.h>
#include <string.h>

#include "core/io/jpeg_segments.h"

enum {
    JFIF_SIZE = 12, /* "JFIF" 0, version, unit, x, y */
    UNIT_INCH = 1,  /* of JFIF; EXIF counts from 2 */
    UNIT_CM = 2,
    TIFF_ENTRY_SIZE = 12,
    TIFF_TYPE_SHORT = 3,
    TIFF_TYPE_RATIONAL = 5,
    TIFF_X_RESOLUTION = 0x011a,
    TIFF_Y_RESOLUTION = 0x011b,
    TIFF_RESOLUTION_UNIT = 0x0128,
    TIFF_ORIENTATION = 0x0112,
    ORIENTATION_MAX = 8,
    DENSITY_MAX = 1000000, /* nothing has more; keeps the arithmetic small */
};

/* dots/cm x 2.54, rounded; `value` is numerator / denominator. */
static uint32_t per_inch(uint64_t numerator, uint64_t denominator, int unit)
{
    if (denominator == 0 || numerator / denominator > DENSITY_MAX) {
        return 0;
    }
    uint64_t scaled = unit == UNIT_CM ? numerator * 254 : numerator * 100;
    return (uint32_t)((scaled + denominator * 50) / (denominator * 100));
}

static struct image_density of_jfif(bytes segment)
{
    struct image_density density = {0, 0, ""};
    if (segment.size < JFIF_SIZE || memcmp(segment.data, "JFIF", 5) != 0) {
        return density;
    }
    int unit = segment.data[7];
    if (unit != UNIT_INCH && unit != UNIT_CM) {
        return density;
    }
    density.x = per_inch((uint64_t)(segment.data[8] << 8 | segment.data[9]), 1, unit);
    density.y = per_inch((uint64_t)(segment.data[10] << 8 | segment.data[11]), 1, unit);
    density.source = "JFIF";
    return density;
}

/* --- EXIF ------------------------------------------------------------------------------------ */

struct tiff {
    bytes data;
    bool big_endian;
};

static bool has(const struct tiff *tiff, uint64_t at, uint64_t size)
{
    return at <= tiff->data.size && size <= tiff->data.size - at;
}

static uint32_t number(const struct tiff *tiff, size_t at, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++) {
        size_t from = tiff->big_endian ? at + i : at + size - 1 - i;
        value = value << 8 | tiff->data.data[from];
    }
    return value;
}

struct rational {
    uint32_t numerator, denominator;
};

/* A RATIONAL of the first directory: its entry holds an offset. */
static struct rational rational_at(const struct tiff *tiff, size_t entry)
{
    uint32_t offset = number(tiff, entry + 8, 4);
    if (number(tiff, entry + 2, 2) != TIFF_TYPE_RATIONAL || !has(tiff, offset, 8)) {
        return (struct rational){0, 0};
    }
    return (struct rational){number(tiff, offset, 4), number(tiff, offset + 4, 4)};
}

/* The first directory of an APP1 segment; false when it is not EXIF or has none. */
static bool open_exif(bytes segment, struct tiff *tiff, size_t *directory, size_t *count)
{
    if (segment.size < 6 || memcmp(segment.data, "Exif\0", 6) != 0) {
        return false;
    }
    tiff->data = (bytes){segment.data + 6, segment.size - 6};
    if (!has(tiff, 0, 8)) {
        return false;
    }
    tiff->big_endian = tiff->data.data[0] == 'M';
    *directory = number(tiff, 4, 4);
    if (!has(tiff, *directory, 2)) {
        return false;
    }
    *count = number(tiff, *directory, 2);
    return true;
}

/* Where entry i stands, 0 when the segment ends before it does. */
static size_t entry_at(const struct tiff *tiff, size_t directory, size_t i)
{
    return has(tiff, directory + 2, (i + 1) * TIFF_ENTRY_SIZE) ? directory + 2 + i * TIFF_ENTRY_SIZE
                                                               : 0;
}

static struct image_density of_exif(bytes segment)
{
    struct image_density density = {0, 0, ""};
    struct tiff tiff = {{segment.data, 0}, false};
    struct rational x = {0, 0};
    struct rational y = {0, 0};
    int unit = UNIT_INCH;
    size_t directory = 0, count = 0, entry = 0;
    if (!open_exif(segment, &tiff, &directory, &count)) {
        return density;
    }
    for (size_t i = 0; i < count && (entry = entry_at(&tiff, directory, i)) != 0; i++) {
        uint32_t tag = number(&tiff, entry, 2);
        if (tag == TIFF_X_RESOLUTION) {
            x = rational_at(&tiff, entry);
        } else if (tag == TIFF_Y_RESOLUTION) {
            y = rational_at(&tiff, entry);
        } else if (tag == TIFF_RESOLUTION_UNIT && number(&tiff, entry + 2, 2) == TIFF_TYPE_SHORT) {
            unit = (int)number(&tiff, entry + 8, 2) - 1; /* 2 inch, 3 cm; 1: no unit */
        }
    }
    if ((unit == UNIT_INCH || unit == UNIT_CM) && x.denominator != 0 && y.denominator != 0) {
        density.x = per_inch(x.numerator, x.denominator, unit);
        density.y = per_inch(y.numerator, y.denominator, unit);
        density.source = "EXIF";
    }
    return density;
}

/* 0 when it says none. */
static int orientation_of(bytes segment)
{
    struct tiff tiff = {{segment.data, 0}, false};
    size_t directory = 0, count = 0, entry = 0;
    if (!open_exif(segment, &tiff, &directory, &count)) {
        return 0;
    }
    for (size_t i = 0; i < count && (entry = entry_at(&tiff, directory, i)) != 0; i++) {
        if (number(&tiff, entry, 2) == TIFF_ORIENTATION &&
            number(&tiff, entry + 2, 2) == TIFF_TYPE_SHORT) {
            uint32_t value = number(&tiff, entry + 8, 2);
            return value <= ORIENTATION_MAX ? (int)value : 0;
        }
    }
    return 0;
}

/* --- the segments before the picture ---------------------------------------------------------- */

/* False at the picture, at the end, and where it is no JPEG. */
static bool next_before_picture(struct jpeg_walk *walk, struct jpeg_segment *segment)
{
    return jpeg_walk_next(walk, segment) == JPEG_SEGMENT && segment->marker != JPEG_SOS;
}

struct image_density image_density(bytes jpeg)
{
    struct image_density jfif = {0, 0, ""};
    struct image_density exif = {0, 0, ""};
    struct jpeg_walk walk;
    struct jpeg_segment segment;
    if (!jpeg_walk_begin(jpeg, &walk)) {
        return jfif;
    }
    while (next_before_picture(&walk, &segment)) {
        if (segment.marker == JPEG_APP0 && jfif.source[0] == 0) {
            jfif = of_jfif(segment.content);
        } else if (segment.marker == JPEG_APP1 && exif.source[0] == 0) {
            exif = of_exif(segment.content);
        }
    }
    return jfif.source[0] != 0 ? jfif : exif;
}

int image_orientation(bytes jpeg)
{
    struct jpeg_walk walk;
    struct jpeg_segment segment;
    int orientation = 0;
    if (!jpeg_walk_begin(jpeg, &walk)) {
        return 1;
    }
    while (orientation == 0 && next_before_picture(&walk, &segment)) {
        orientation = segment.marker == JPEG_APP1 ? orientation_of(segment.content) : 0;
    }
    return orientation != 0 ? orientation : 1;
}
