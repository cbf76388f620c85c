/* truetype - reads a TrueType face that lies in memory: tables, characters, advances, outlines.
 *
 * Every offset is checked when the face is opened or where it is used: a damaged font gives errors
 * or empty glyphs, never a read outside the file. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum { TRUETYPE_CODE_POINTS = 0x34000 }; /* planes 0-3: where Han characters are */

struct truetype {
    bytes file;
    bytes glyf, loca, hmtx, head, hhea, maxp, name; /* tables; every one lies inside the file */
    bytes cvt, fpgm, prep;                          /* may be empty */
    bytes variations;                               /* cmap format 14; may be empty */
    bool long_loca;
    uint16_t metrics_count, glyph_count, units_per_em;
    int16_t ascent, descent, box[4];
    uint16_t *glyph_of; /* TRUETYPE_CODE_POINTS entries; 0: no such character */
};

/* Opens face `index` of a .ttf (0) or .ttc; what it needs lives in the arena and in `file`.
 * fails   CONFIG MESSAGE_FONT_UNUSABLE (path, why) */
FALLIBLE truetype_open(bytes file, str path, uint32_t index, struct arena *arena,
                       struct truetype *ret, struct error *err);
/* Number of faces of a file: 1 for a .ttf, 0 for no font at all. */
uint32_t truetype_count(bytes file);
/* The English full name (name id 4) of the face, or empty. */
str truetype_full_name(const struct truetype *face, struct arena *arena);

/* Glyph of a character (core/base/character), 0 when the face has none; with a selector that the
 * face knows nothing about, the bare character's. */
uint16_t truetype_glyph(const struct truetype *face, uint32_t character);
/* Glyph of the sequence, 0 when the face does not know it (ISO/IEC 14496-22, cmap format 14). */
uint16_t truetype_variant(const struct truetype *face, uint32_t base, uint32_t selector);
/* Advance in 1/1000 em, and the same with left side bearing in font units. */
int32_t truetype_advance(const struct truetype *face, uint16_t glyph);
void truetype_metrics(const struct truetype *face, uint16_t glyph, uint16_t *ret_advance,
                      int16_t *ret_bearing);
/* The outline's bytes; empty for a blank glyph and for a damaged one. */
bytes truetype_outline(const struct truetype *face, uint16_t glyph);
