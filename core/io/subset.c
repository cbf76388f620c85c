/* subset - see subset.h. */
#include "core/io/subset.h"

#include <endian.h>
#include <string.h>

enum {
    COMPOSITE_WORDS = 0x0001,
    COMPOSITE_SCALE = 0x0008,
    COMPOSITE_MORE = 0x0020,
    COMPOSITE_XY_SCALE = 0x0040,
    COMPOSITE_TWO_BY_TWO = 0x0080,
    HEAD_SIZE = 54,
    HHEA_SIZE = 36,
    MAXP_SIZE = 32,
    TABLES_MAX = 9,
};

void subset_init(struct subset *subset, const struct truetype *face, struct arena *arena)
{
    *subset = (struct subset){
        .face = face,
        .glyphs = ARENA_ARRAY(arena, uint16_t, SUBSET_GLYPHS_MAX),
        .characters = ARENA_ARRAY(arena, uint32_t, SUBSET_GLYPHS_MAX),
        .cid_of = ARENA_ARRAY(arena, uint16_t, TRUETYPE_CODE_POINTS),
        .count = 1,
    };
}

void subset_reset(struct subset *subset)
{
    for (size_t i = 1; i < subset->count; i++) {
        if (subset->characters[i] < TRUETYPE_CODE_POINTS) {
            subset->cid_of[subset->characters[i]] = 0;
        }
    }
    subset->count = 1;
    subset->sequences = 0;
}

uint16_t subset_find(const struct subset *subset, uint32_t character)
{
    if (character < TRUETYPE_CODE_POINTS) {
        return subset->cid_of[character];
    }
    for (size_t i = 1; subset->sequences > 0 && i < subset->count; i++) {
        if (subset->characters[i] == character) {
            return (uint16_t)i;
        }
    }
    return 0;
}

uint16_t subset_add(struct subset *subset, uint32_t character)
{
    uint16_t cid = subset_find(subset, character);
    if (cid != 0) {
        return cid;
    }
    uint16_t glyph = truetype_glyph(subset->face, character);
    if (glyph == 0 || subset->count >= SUBSET_GLYPHS_MAX) {
        return 0;
    }
    cid = (uint16_t)subset->count++;
    subset->glyphs[cid] = glyph;
    subset->characters[cid] = character;
    if (character < TRUETYPE_CODE_POINTS) {
        subset->cid_of[character] = cid;
    } else {
        subset->sequences++;
    }
    return cid;
}

static uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void set_u16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void set_u32(uint8_t *at, size_t value)
{
    set_u16(at, value >> 16);
    set_u16(at + 2, value);
}

/* Moves *at to the next component of a composite outline and gives where its glyph number stands;
 * 0 at the end or where the outline is cut off. *at starts as 0. */
static size_t component_next(bytes outline, size_t *at)
{
    if (outline.size < 14 || (int16_t)get_u16(outline.data) >= 0) {
        return 0;
    }
    if (*at == 0) {
        *at = 10;
    } else {
        uint16_t flags = get_u16(outline.data + *at);
        size_t size = 4 + (flags & COMPOSITE_WORDS ? 4u : 2u);
        size += flags & COMPOSITE_SCALE ? 2u : 0u;
        size += flags & COMPOSITE_XY_SCALE ? 4u : 0u;
        size += flags & COMPOSITE_TWO_BY_TWO ? 8u : 0u;
        *at += size;
        if ((flags & COMPOSITE_MORE) == 0) {
            return 0;
        }
    }
    return *at + 4 <= outline.size ? *at + 2 : 0;
}

static size_t glyph_position(const struct subset *subset, uint16_t glyph)
{
    for (size_t i = 0; i < subset->count; i++) {
        if (subset->glyphs[i] == glyph) {
            return i;
        }
    }
    return 0;
}

/* Appends parts while walking the list, so parts of parts are found too. False when the list is
 * full. */
static bool add_components(struct subset *subset)
{
    for (size_t i = 0; i < subset->count; i++) {
        bytes outline = truetype_outline(subset->face, subset->glyphs[i]);
        size_t at = 0;
        for (size_t p = component_next(outline, &at); p != 0; p = component_next(outline, &at)) {
            uint16_t glyph = get_u16(outline.data + p);
            if (glyph_position(subset, glyph) != 0) {
                continue;
            }
            if (subset->count == SUBSET_GLYPHS_MAX) {
                return false;
            }
            subset->characters[subset->count] = 0;
            subset->glyphs[subset->count++] = glyph;
        }
    }
    return true;
}

struct sfnt {
    uint8_t *data;
    size_t at;
    size_t tables;
};

static uint32_t checksum(const uint8_t *data, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i += 4) { /* tables are padded with zeros */
        uint32_t word = 0;
        memcpy(&word, data + i, sizeof word);
        sum += be32toh(word);
    }
    return sum;
}

static void table_end(struct sfnt *sfnt, const char tag[4], size_t start)
{
    size_t size = sfnt->at - start;
    while (sfnt->at % 4 != 0) {
        sfnt->data[sfnt->at++] = 0;
    }
    uint8_t *row = sfnt->data + 12 + 16 * sfnt->tables++;
    memcpy(row, tag, 4);
    set_u32(row + 4, checksum(sfnt->data + start, sfnt->at - start));
    set_u32(row + 8, start);
    set_u32(row + 12, size);
}

static uint8_t *table_copy(struct sfnt *sfnt, bytes table, size_t size)
{
    uint8_t *at = sfnt->data + sfnt->at;
    memcpy(at, table.data, size);
    sfnt->at += size;
    return at;
}

static void write_glyf(struct sfnt *sfnt, const struct subset *subset, uint32_t *offsets)
{
    size_t start = sfnt->at;
    for (size_t i = 0; i < subset->count; i++) {
        offsets[i] = (uint32_t)(sfnt->at - start);
        bytes outline = truetype_outline(subset->face, subset->glyphs[i]);
        if (outline.size == 0) {
            continue;
        }
        uint8_t *copy = table_copy(sfnt, outline, outline.size);
        size_t at = 0;
        for (size_t p = component_next(outline, &at); p != 0; p = component_next(outline, &at)) {
            set_u16(copy + p, glyph_position(subset, get_u16(outline.data + p)));
        }
        while (sfnt->at % 4 != 0) {
            sfnt->data[sfnt->at++] = 0;
        }
    }
    offsets[subset->count] = (uint32_t)(sfnt->at - start);
    table_end(sfnt, "glyf", start);
}

static void write_metrics(struct sfnt *sfnt, const struct subset *subset)
{
    size_t start = sfnt->at;
    uint8_t *hhea = table_copy(sfnt, subset->face->hhea, HHEA_SIZE);
    set_u16(hhea + 34, subset->count);
    table_end(sfnt, "hhea", start);
    start = sfnt->at;
    for (size_t i = 0; i < subset->count; i++) {
        uint16_t advance = 0;
        int16_t bearing = 0;
        truetype_metrics(subset->face, subset->glyphs[i], &advance, &bearing);
        set_u16(sfnt->data + sfnt->at, advance);
        set_u16(sfnt->data + sfnt->at + 2, (uint16_t)bearing);
        sfnt->at += 4;
    }
    table_end(sfnt, "hmtx", start);
}

size_t subset_outlines_size(const struct subset *subset)
{
    size_t size = 0;
    for (size_t i = 0; i < subset->count; i++) {
        size += truetype_outline(subset->face, subset->glyphs[i]).size;
    }
    return size;
}

static size_t size_bound(const struct subset *subset)
{
    const struct truetype *face = subset->face;
    size_t size = 12 + 16 * TABLES_MAX + HEAD_SIZE + HHEA_SIZE + MAXP_SIZE + 4 * TABLES_MAX;
    size += face->cvt.size + face->fpgm.size + face->prep.size;
    return size + subset_outlines_size(subset) + subset->count * (4 + 8) + 8;
}

/* A table that is copied as it is; none when the face has none. */
static void write_program(struct sfnt *sfnt, const char tag[4], bytes table)
{
    size_t start = sfnt->at;
    if (table.size > 0) {
        (void)table_copy(sfnt, table, table.size); /* nothing to patch */
        table_end(sfnt, tag, start);
    }
}

static void write_head(struct sfnt *sfnt, const struct subset *subset)
{
    size_t start = sfnt->at;
    uint8_t *head = table_copy(sfnt, subset->face->head, HEAD_SIZE);
    set_u32(head + 8, 0); /* the checksum is taken with zeros here */
    set_u16(head + 50, 1);
    table_end(sfnt, "head", start);
}

static void write_loca_maxp(struct sfnt *sfnt, const struct subset *subset, const uint32_t *offsets)
{
    size_t start = sfnt->at;
    for (size_t i = 0; i <= subset->count; i++, sfnt->at += 4) {
        set_u32(sfnt->data + sfnt->at, offsets[i]);
    }
    table_end(sfnt, "loca", start);
    start = sfnt->at;
    set_u16(table_copy(sfnt, subset->face->maxp, MAXP_SIZE) + 4, subset->count);
    table_end(sfnt, "maxp", start);
}

static void sfnt_begin(struct sfnt *sfnt, const struct truetype *face)
{
    size_t tables = 6;
    tables += face->cvt.size > 0 ? 1 : 0;
    tables += face->fpgm.size > 0 ? 1 : 0;
    tables += face->prep.size > 0 ? 1 : 0;
    size_t power = tables >= 8 ? 128 : 64;
    set_u32(sfnt->data, 0x00010000);
    set_u16(sfnt->data + 4, tables);
    set_u16(sfnt->data + 6, power);
    set_u16(sfnt->data + 8, tables >= 8 ? 3 : 2);
    set_u16(sfnt->data + 10, tables * 16 - power);
    sfnt->at = 12 + 16 * tables;
}

bool subset_build(struct subset *subset, struct arena *arena, bytes *ret)
{
    if (!add_components(subset)) {
        return false;
    }
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, subset->count + 1);
    struct sfnt sfnt = {.data = arena_new_raw(arena, size_bound(subset))};
    sfnt_begin(&sfnt, subset->face);
    write_program(&sfnt, "cvt ", subset->face->cvt); /* the directory is sorted by tag */
    write_program(&sfnt, "fpgm", subset->face->fpgm);
    write_glyf(&sfnt, subset, offsets);
    size_t head_at = sfnt.at;
    write_head(&sfnt, subset);
    write_metrics(&sfnt, subset);
    write_loca_maxp(&sfnt, subset, offsets);
    write_program(&sfnt, "prep", subset->face->prep);
    set_u32(sfnt.data + head_at + 8, 0xb1b0afba - checksum(sfnt.data, sfnt.at));
    *ret = (bytes){sfnt.data, sfnt.at};
    return true;
}
