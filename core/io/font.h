/* font - the fonts of the configuration as a chain: each character is drawn with the first font
 * that has it, and a character that no font has is an error, never a space or a box.
 *
 * Font files are mapped once per process. Not thread-safe: a chain belongs to one renderer of one
 * process. */
#pragma once

#include "core/io/subset.h"

enum { FONT_CHAIN_MAX = 8, FONT_NONE = -1 };

/* Which font: a file, and in a collection the full name of the face ("AR PL UMing CN"), empty for
 * the first. */
struct font_choice {
    str path;
    str face;
};

struct font {
    str name; /* PostScript-like, without blanks: "ARPLUMingCN" */
    struct truetype face;
    bytes map;
};

struct font_chain {
    struct font fonts[FONT_CHAIN_MAX];
    size_t count;
    uint8_t *first_of; /* of each code point below TRUETYPE_CODE_POINTS: font_chain_find plus one */
};

/* The default chain of Debian 12: AR PL UMing CN, HanaMinA, HanaMinB, BabelStone Han. Returns the
 * number of choices; *ret points at constant data. */
size_t font_choices_default(const struct font_choice **ret);

/* Maps and checks the fonts; what they need lives in the arena.
 * fails   CONFIG MESSAGE_FONT_UNUSABLE, MESSAGE_FONT_NO_FACE */
FALLIBLE font_chain_open(const struct font_choice *choices, size_t count, struct arena *arena,
                         struct font_chain *ret, struct error *err);
void font_chain_close(struct font_chain *chain);

/* The first font that has the character, or FONT_NONE: always for private-use characters, whose
 * glyphs mean something else in every font. A full stop (U+3002) is taken from the first font that
 * draws it in the lower left corner, when one does. With a variation selector
 * (core/base/character): the first font that knows the sequence, else the one that has the bare
 * character (note 0056). */
int font_chain_find(const struct font_chain *chain, uint32_t character);
/* fails   INVALID MESSAGE_GLYPH_MISSING (U+XXXX) for the first character no font has */
FALLIBLE font_chain_check(const struct font_chain *chain, str text, struct error *err);
/* Width of a text in 1/1000 em; every character must be in the chain. */
int32_t font_chain_width(const struct font_chain *chain, str text);
/* How wide a mark is drawn over or under a letter, in percent (note 0167): 50 for one that its font
 * has for a whole square, over a letter of half a square. 100 of what is no mark. Both must be in
 * the chain. */
uint32_t font_chain_mark_width(const struct font_chain *chain, uint32_t letter, uint32_t mark);
