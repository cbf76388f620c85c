/* subset - makes a small TrueType file of the glyphs of a face that are used, numbered without
 * gaps.
 *
 * A glyph's new number is its CID (Identity CIDToGIDMap), so a PDF needs no map. */
#pragma once

#include "core/io/truetype.h"

enum { SUBSET_GLYPHS_MAX = 2048 };

struct subset {
    const struct truetype *face;
    uint16_t *glyphs;     /* old numbers, by new number; 0 is .notdef */
    uint32_t *characters; /* by new number; 0: only part of a composite */
    uint16_t *cid_of;     /* of plain ones: TRUETYPE_CODE_POINTS entries, 0: not in it */
    size_t count;
    size_t sequences; /* how many characters have a variation selector: they are searched for */
};

/* Room for SUBSET_GLYPHS_MAX glyphs, in the arena; holds .notdef. */
void subset_init(struct subset *subset, const struct truetype *face, struct arena *arena);
/* Forgets every glyph but .notdef, in time proportional to their number. */
void subset_reset(struct subset *subset);
/* The CID of a character the face has; adds it when it is new. 0 when the subset is full. */
uint16_t subset_add(struct subset *subset, uint32_t character);
/* The CID of a character, 0 when it is not in the subset. */
uint16_t subset_find(const struct subset *subset, uint32_t character);

/* Bytes of its outlines as the face has them. */
size_t subset_outlines_size(const struct subset *subset);

/* The TrueType file; adds the parts of composite glyphs first. False when they have no room: such
 * a file would draw other characters. */
bool subset_build(struct subset *subset, struct arena *arena, bytes *ret);
/* The ToUnicode CMap (bfchar, surrogate pairs), and the /W array for a default width of 1000. */
bytes subset_to_unicode(const struct subset *subset, struct arena *arena);
str subset_widths(const struct subset *subset, struct arena *arena);
