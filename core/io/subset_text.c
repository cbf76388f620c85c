/* subset_text - what a PDF says about a subset in words: ToUnicode and widths (subset.h). */
#include "core/io/subset.h"

#include <string.h>

#include "core/base/character.h"

enum { BFCHAR_MAX = 100, DEFAULT_WIDTH = 1000 }; /* ISO 32000-1, 9.7.5.4: entries of one block */

struct text {
    char *data;
    size_t at, size;
};

static void add(struct text *text, const char *words)
{
    size_t size = strlen(words);
    BUG_UNLESS(size <= text->size - text->at);
    memcpy(text->data + text->at, words, size);
    text->at += size;
}

/* Its lowest four digits. */
static void add_hex(struct text *text, uint32_t value)
{
    static const char digits[] = "0123456789ABCDEF";
    BUG_UNLESS(text->size - text->at >= 4);
    for (int shift = 12; shift >= 0; shift -= 4) {
        text->data[text->at++] = digits[value >> shift & 0xf];
    }
}

static void add_utf16(struct text *text, uint32_t code_point)
{
    if (code_point >= 0x10000) {
        add_hex(text, 0xd800 + ((code_point - 0x10000) >> 10));
        code_point = 0xdc00 + ((code_point - 0x10000) & 0x3ff);
    }
    add_hex(text, code_point);
}

static void add_number(struct text *text, size_t number)
{
    char out[24];
    size_t at = sizeof out - 1;
    out[at] = '\0';
    do {
        out[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    add(text, out + at);
}

/* At most 26 characters: one with a variation selector is extracted with it. */
static void add_mapping(struct text *text, size_t cid, uint32_t character)
{
    add(text, "<");
    add_hex(text, (uint32_t)cid);
    add(text, "><");
    add_utf16(text, character_base(character));
    if (character_selector(character) != 0) {
        add_utf16(text, character_selector(character));
    }
    add(text, ">\n");
}

bytes subset_to_unicode(const struct subset *subset, struct arena *arena)
{
    size_t size = 600 + subset->count * 26 + (subset->count / BFCHAR_MAX + 1) * 40;
    struct text text = {.data = arena_new_raw(arena, size), .size = size};
    add(&text, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
               "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
               "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
               "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    for (size_t first = 1; first < subset->count; first += BFCHAR_MAX) {
        size_t last = first + BFCHAR_MAX < subset->count ? first + BFCHAR_MAX : subset->count;
        size_t mapped = 0;
        for (size_t i = first; i < last; i++) {
            mapped += subset->characters[i] != 0;
        }
        if (mapped == 0) {
            continue;
        }
        add_number(&text, mapped);
        add(&text, " beginbfchar\n");
        for (size_t i = first; i < last; i++) {
            if (subset->characters[i] != 0) {
                add_mapping(&text, i, subset->characters[i]);
            }
        }
        add(&text, "endbfchar\n");
    }
    add(&text, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    return (bytes){(const uint8_t *)text.data, text.at};
}

str subset_widths(const struct subset *subset, struct arena *arena)
{
    size_t size = 64 + subset->count * 24;
    struct text text = {.data = arena_new_raw(arena, size), .size = size};
    bool open = false;
    add(&text, "[");
    for (size_t i = 0; i < subset->count; i++) {
        int32_t width = truetype_advance(subset->face, subset->glyphs[i]);
        if (width == DEFAULT_WIDTH) {
            add(&text, open ? "]" : "");
            open = false;
            continue;
        }
        add(&text, " ");
        if (!open) {
            add_number(&text, i);
            add(&text, "[");
        }
        add_number(&text, (size_t)width); /* an advance: 16 bits without a sign */
        open = true;
    }
    add(&text, open ? "]]" : "]");
    text.data[text.at] = '\0';
    return (str){text.data, text.at};
}
