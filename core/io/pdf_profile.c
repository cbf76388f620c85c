/* pdf_profile - the colour profile that documents carry unless another is configured: sRGB in half
 * a kilobyte. The curve has 33 points; between them it is less than half of one of 255 steps away
 * from the formula.
 *
 * source  IEC 61966-2-1 (curve), with its primaries adapted to D50 as profiles want them;
 * ICC.1:1998-09 (a display profile of three components: 6.3.2, tag types 6.5) */
#include <string.h>

#include "core/io/pdf_parts.h"

enum {
    CURVE_POINTS = 33,
    HEADER_SIZE = 128,
    TAGS = 9,
    TAG_ENTRY_SIZE = 12,
    XYZ_SIZE = 20,
    CURVE_SIZE = 12 + 2 * CURVE_POINTS + 2, /* to a multiple of four */
    TEXT_SIZE = 20,                         /* whose it is, with its head */
    DESCRIPTION_SIZE = 12 + 5 + 8 + 70 + 1, /* name; no Unicode, no script; to a multiple of four */
    PROFILE_SIZE = HEADER_SIZE + 4 + TAGS * TAG_ENTRY_SIZE + DESCRIPTION_SIZE + TEXT_SIZE +
                   4 * XYZ_SIZE + CURVE_SIZE,
};

static const uint16_t curve[CURVE_POINTS] = {
    0,     159,   338,   595,   940,   1381,  1923,  2572,  3334,  4214,  5215,
    6344,  7603,  8997,  10530, 12206, 14027, 15998, 18122, 20401, 22840, 25440,
    28206, 31139, 34243, 37521, 40975, 44607, 48420, 52417, 56601, 60972, 65535,
};

/* X, Y, Z in 1/65536: white (D50), red, green, blue. */
static const uint32_t colours[4][3] = {
    {0xf6d6, 0x10000, 0xd32d},
    {0x6fa2, 0x38f6, 0x0391},
    {0x6294, 0xb786, 0x18db},
    {0x24a1, 0x0f84, 0xb6d4},
};

struct profile {
    uint8_t *data;
    size_t tags; /* entered so far */
    size_t at;   /* where the next tag's value goes */
};

static void put_number(uint8_t *out, uint32_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static void enter(struct profile *profile, const char *tag, size_t at, size_t size)
{
    uint8_t *entry = profile->data + HEADER_SIZE + 4 + profile->tags * TAG_ENTRY_SIZE;
    memcpy(entry, tag, 4);
    put_number(entry + 4, (uint32_t)at, 4);
    put_number(entry + 8, (uint32_t)size, 4);
    profile->tags++;
}

/* Room for a value of that type behind the others, entered under the tag. */
static uint8_t *add(struct profile *profile, const char *tag, const char *type, size_t size)
{
    uint8_t *value = profile->data + profile->at;
    enter(profile, tag, profile->at, size);
    memcpy(value, type, 4);
    profile->at += size;
    return value;
}

static void put_header(struct profile *profile)
{
    uint8_t *header = profile->data;
    put_number(header, PROFILE_SIZE, 4);
    put_number(header + 8, 0x02100000, 4); /* version 2.1 */
    memcpy(header + 12, "mntrRGB XYZ ", 12);
    put_number(header + 24, 2026, 2); /* the date of this description */
    put_number(header + 26, 1, 2);
    put_number(header + 28, 1, 2);
    memcpy(header + 36, "acsp", 4);
    for (size_t i = 0; i < 3; i++) { /* the illuminant */
        put_number(header + 68 + 4 * i, colours[0][i], 4);
    }
    put_number(header + HEADER_SIZE, TAGS, 4);
}

bytes pdf_srgb_profile(struct arena *arena)
{
    static const char name[] = "sRGB", nobody[] = "Public";
    static const char *const tags[] = {"wtpt", "rXYZ", "gXYZ", "bXYZ"};
    struct profile profile = {.data = arena_new(arena, PROFILE_SIZE),
                              .at = HEADER_SIZE + 4 + TAGS * TAG_ENTRY_SIZE};
    put_header(&profile);
    uint8_t *description = add(&profile, "desc", "desc", DESCRIPTION_SIZE);
    put_number(description + 8, sizeof name, 4);
    memcpy(description + 12, name, sizeof name);
    uint8_t *copyright = add(&profile, "cprt", "text", TEXT_SIZE);
    memcpy(copyright + 8, nobody, sizeof nobody);
    for (size_t i = 0; i < 4; i++) {
        uint8_t *value = add(&profile, tags[i], "XYZ ", XYZ_SIZE);
        for (size_t c = 0; c < 3; c++) {
            put_number(value + 8 + 4 * c, colours[i][c], 4);
        }
    }
    size_t curve_at = profile.at;
    uint8_t *points = add(&profile, "rTRC", "curv", CURVE_SIZE);
    put_number(points + 8, CURVE_POINTS, 4);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        put_number(points + 12 + 2 * i, curve[i], 2);
    }
    enter(&profile, "gTRC", curve_at, CURVE_SIZE);
    enter(&profile, "bTRC", curve_at, CURVE_SIZE);
    BUG_UNLESS(profile.tags == TAGS && profile.at == PROFILE_SIZE);
    return (bytes){profile.data, PROFILE_SIZE};
}
