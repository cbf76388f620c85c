/* truetype - see truetype.h. */
#include "core/io/truetype.h"

#include <string.h>

#include "core/base/character.h"
#include "core/io/messages.h"

enum { HEAD_SIZE = 54, HHEA_SIZE = 36, MAXP_SIZE = 32, NAME_FULL = 4, ENGLISH = 0x409 };

static uint16_t u16_at(bytes b, size_t at)
{
    if (at + 2 > b.size) {
        return 0;
    }
    return (uint16_t)(b.data[at] << 8 | b.data[at + 1]);
}

static uint32_t u32_at(bytes b, size_t at)
{
    return (uint32_t)u16_at(b, at) << 16 | u16_at(b, at + 2);
}

static int16_t s16_at(bytes b, size_t at)
{
    return (int16_t)u16_at(b, at);
}

/* A part of b; empty when it is not wholly inside. */
static bytes part(bytes b, size_t at, size_t size)
{
    if (at > b.size || size > b.size - at) {
        return (bytes){NULL, 0};
    }
    return (bytes){b.data + at, size};
}

static bytes table_find(bytes file, size_t directory, const char tag[4])
{
    size_t count = u16_at(file, directory + 4);
    for (size_t i = 0; i < count; i++) {
        bytes row = part(file, directory + 12 + 16 * i, 16);
        if (row.size == 16 && memcmp(row.data, tag, 4) == 0) {
            return part(file, u32_at(row, 8), u32_at(row, 12));
        }
    }
    return (bytes){NULL, 0};
}

uint32_t truetype_count(bytes file)
{
    if (file.size >= 16 && memcmp(file.data, "ttcf", 4) == 0) {
        uint32_t count = u32_at(file, 8);
        return count <= 64 ? count : 0;
    }
    return file.size >= 12 && u32_at(file, 0) == 0x00010000 ? 1 : 0;
}

static void map_format_4(struct truetype *face, bytes map)
{
    size_t segments = u16_at(map, 6) / 2;
    size_t ends = 14, starts = ends + 2 * segments + 2;
    size_t deltas = starts + 2 * segments, offsets = deltas + 2 * segments;
    for (size_t i = 0; i < segments; i++) {
        uint32_t first = u16_at(map, starts + 2 * i), last = u16_at(map, ends + 2 * i);
        uint16_t delta = u16_at(map, deltas + 2 * i), offset = u16_at(map, offsets + 2 * i);
        for (uint32_t c = first; c <= last && c < 0xffff; c++) {
            uint16_t glyph = (uint16_t)(c + delta);
            if (offset != 0) {
                glyph = u16_at(map, offsets + 2 * i + offset + 2 * (c - first));
                glyph = glyph == 0 ? 0 : (uint16_t)(glyph + delta);
            }
            face->glyph_of[c] = glyph < face->glyph_count ? glyph : 0;
        }
    }
}

static void map_format_12(struct truetype *face, bytes map)
{
    uint32_t groups = u32_at(map, 12);
    for (uint32_t i = 0; i < groups && 16 + 12 * (size_t)i + 12 <= map.size; i++) {
        uint32_t first = u32_at(map, 16 + 12 * (size_t)i);
        uint32_t last = u32_at(map, 20 + 12 * (size_t)i);
        uint32_t glyph = u32_at(map, 24 + 12 * (size_t)i);
        for (uint32_t c = first; c <= last && c < TRUETYPE_CODE_POINTS; c++) {
            uint64_t number = (uint64_t)glyph + (c - first);
            face->glyph_of[c] = number < face->glyph_count ? (uint16_t)number : 0;
        }
    }
}

/* The BMP table first, the full one over it: a face may have either or both. */
static bool map_characters(struct truetype *face, bytes cmap)
{
    bytes bmp = {NULL, 0}, full = {NULL, 0};
    size_t count = u16_at(cmap, 2);
    for (size_t i = 0; i < count; i++) {
        uint16_t platform = u16_at(cmap, 4 + 8 * i), encoding = u16_at(cmap, 6 + 8 * i);
        size_t at = u32_at(cmap, 8 + 8 * i);
        bytes map = at < cmap.size ? part(cmap, at, cmap.size - at) : (bytes){NULL, 0};
        uint16_t format = u16_at(map, 0);
        if (format == 4 && ((platform == 3 && encoding == 1) || platform == 0)) {
            bmp = map;
        }
        if (format == 12 && ((platform == 3 && encoding == 10) || platform == 0)) {
            full = map;
        }
        if (format == 14 && platform == 0) {
            face->variations = map;
        }
    }
    map_format_4(face, bmp);
    map_format_12(face, full);
    return bmp.size > 0 || full.size > 0;
}

static const char *read_tables(struct truetype *face, size_t directory)
{
    bytes file = face->file;
    face->glyf = table_find(file, directory, "glyf");
    face->loca = table_find(file, directory, "loca");
    face->hmtx = table_find(file, directory, "hmtx");
    face->head = table_find(file, directory, "head");
    face->hhea = table_find(file, directory, "hhea");
    face->maxp = table_find(file, directory, "maxp");
    face->name = table_find(file, directory, "name");
    face->cvt = table_find(file, directory, "cvt ");
    face->fpgm = table_find(file, directory, "fpgm");
    face->prep = table_find(file, directory, "prep");
    if (face->glyf.size == 0) {
        return "no TrueType outlines (glyf)";
    }
    if (face->head.size < HEAD_SIZE || face->hhea.size < HHEA_SIZE || face->maxp.size < MAXP_SIZE) {
        return "a table is missing or too short (head, hhea, maxp)";
    }
    face->long_loca = u16_at(face->head, 50) != 0;
    face->units_per_em = u16_at(face->head, 18);
    for (size_t i = 0; i < 4; i++) {
        face->box[i] = s16_at(face->head, 36 + 2 * i);
    }
    face->ascent = s16_at(face->hhea, 4);
    face->descent = s16_at(face->hhea, 6);
    face->metrics_count = u16_at(face->hhea, 34);
    face->glyph_count = u16_at(face->maxp, 4);
    size_t loca_size = ((size_t)face->glyph_count + 1) * (face->long_loca ? 4 : 2);
    if (face->units_per_em < 16 || face->glyph_count == 0 || face->loca.size < loca_size ||
        face->metrics_count == 0 || face->metrics_count > face->glyph_count ||
        face->hmtx.size < 4 * (size_t)face->metrics_count) {
        return "a table contradicts another (head, maxp, loca, hmtx)";
    }
    return NULL;
}

outcome truetype_open(bytes file, str path, uint32_t index, struct arena *arena,
                      struct truetype *ret, struct error *err)
{
    if (index >= truetype_count(file)) {
        FAIL(CONFIG, MESSAGE_FONT_UNUSABLE, ARG_STR("font", path),
             ARG_TEXT("why", "no TrueType font"));
    }
    bool collection = memcmp(file.data, "ttcf", 4) == 0;
    size_t directory = collection ? u32_at(file, 12 + 4 * (size_t)index) : 0;
    struct truetype face = {.file = file};
    const char *reason = read_tables(&face, directory);
    if (reason == NULL) {
        face.glyph_of = ARENA_ARRAY(arena, uint16_t, TRUETYPE_CODE_POINTS);
        if (!map_characters(&face, table_find(file, directory, "cmap"))) {
            reason = "no Unicode character map";
        }
    }
    if (reason != NULL) {
        FAIL(CONFIG, MESSAGE_FONT_UNUSABLE, ARG_STR("font", path), ARG_TEXT("why", reason));
    }
    *ret = face;
    return OK;
}

/* Names of the Windows platform are UTF-16BE; the full names of our fonts are ASCII. */
str truetype_full_name(const struct truetype *face, struct arena *arena)
{
    size_t count = u16_at(face->name, 2), storage = u16_at(face->name, 4);
    for (size_t i = 0; i < count; i++) {
        size_t row = 6 + 12 * i;
        if (u16_at(face->name, row) != 3 || u16_at(face->name, row + 4) != ENGLISH ||
            u16_at(face->name, row + 6) != NAME_FULL) {
            continue;
        }
        bytes text =
            part(face->name, storage + u16_at(face->name, row + 10), u16_at(face->name, row + 8));
        char *out = arena_new(arena, text.size / 2 + 1);
        size_t size = 0;
        for (size_t k = 0; k + 1 < text.size; k += 2) {
            uint16_t c = u16_at(text, k);
            out[size++] = c >= 0x20 && c < 0x7f ? (char)c : '?';
        }
        return (str){out, size};
    }
    return STR("");
}

/* --- variation sequences: few, and looked up where they lie ----------------------------------- */

enum { SELECTOR_ROW = 11, RANGE_ROW = 4, MAPPING_ROW = 5 };

static uint32_t u24_at(bytes b, size_t at)
{
    return at + 3 > b.size ? 0 : (uint32_t)b.data[at] << 16 | u16_at(b, at + 1);
}

/* The last of `count` sorted rows that begins with a number of at most `wanted`; empty: none. */
static bytes row_before(bytes rows, size_t count, size_t size, uint32_t wanted)
{
    size_t from = 0, to = count < rows.size / size ? count : rows.size / size;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (u24_at(rows, middle * size) <= wanted) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from == 0 ? (bytes){NULL, 0} : part(rows, (from - 1) * size, size);
}

/* The table of rows at an offset of the selector's row, behind its count; empty: none. */
static bytes rows_at(bytes variations, size_t offset, size_t *count)
{
    *count = offset == 0 ? 0 : u32_at(variations, offset);
    return *count == 0 || offset > variations.size - 4
               ? (bytes){NULL, 0}
               : part(variations, offset + 4, variations.size - offset - 4);
}

uint16_t truetype_variant(const struct truetype *face, uint32_t base, uint32_t selector)
{
    bytes table = face->variations;
    if (table.size < 10) {
        return 0;
    }
    size_t count = u32_at(table, 6);
    bytes row = row_before(part(table, 10, table.size - 10), count, SELECTOR_ROW, selector);
    if (row.size == 0 || u24_at(row, 0) != selector) {
        return 0;
    }
    bytes ranges = rows_at(table, u32_at(row, 3), &count);
    bytes range = row_before(ranges, count, RANGE_ROW, base);
    if (range.size > 0 && base <= u24_at(range, 0) + range.data[3]) {
        return truetype_glyph(face, base);
    }
    bytes mappings = rows_at(table, u32_at(row, 7), &count);
    bytes mapping = row_before(mappings, count, MAPPING_ROW, base);
    uint16_t glyph = mapping.size > 0 && u24_at(mapping, 0) == base ? u16_at(mapping, 3) : 0;
    return glyph < face->glyph_count ? glyph : 0;
}

uint16_t truetype_glyph(const struct truetype *face, uint32_t character)
{
    if (character < TRUETYPE_CODE_POINTS) { /* as nearly all: without a selector */
        return face->glyph_of[character];
    }
    uint32_t base = character_base(character), selector = character_selector(character);
    uint16_t variant = selector == 0 ? 0 : truetype_variant(face, base, selector);
    if (variant != 0) {
        return variant;
    }
    return base < TRUETYPE_CODE_POINTS ? face->glyph_of[base] : 0;
}

void truetype_metrics(const struct truetype *face, uint16_t glyph, uint16_t *ret_advance,
                      int16_t *ret_bearing)
{
    size_t full = face->metrics_count;
    size_t row = glyph < full ? glyph : full - 1;
    *ret_advance = u16_at(face->hmtx, 4 * row);
    *ret_bearing = glyph < full ? s16_at(face->hmtx, 4 * row + 2)
                                : s16_at(face->hmtx, 4 * full + 2 * (glyph - full));
}

int32_t truetype_advance(const struct truetype *face, uint16_t glyph)
{
    uint16_t advance = 0;
    int16_t bearing = 0;
    truetype_metrics(face, glyph, &advance, &bearing);
    return (int32_t)advance * 1000 / face->units_per_em;
}

bytes truetype_outline(const struct truetype *face, uint16_t glyph)
{
    if (glyph >= face->glyph_count) {
        return (bytes){NULL, 0};
    }
    size_t from, to;
    if (face->long_loca) {
        from = u32_at(face->loca, 4 * (size_t)glyph);
        to = u32_at(face->loca, 4 * (size_t)glyph + 4);
    } else {
        from = 2 * (size_t)u16_at(face->loca, 2 * (size_t)glyph);
        to = 2 * (size_t)u16_at(face->loca, 2 * (size_t)glyph + 2);
    }
    return to > from + 10 ? part(face->glyf, from, to - from) : (bytes){NULL, 0};
}
