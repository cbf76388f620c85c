/* page_layout - see page_layout.h. */
#include "projections/page_layout.h"

#include "core/base/character.h"
#include "core/base/date.h"

struct page_item *layout_text(struct page *page, struct text_style style, int32_t x_um,
                              int32_t y_um, int32_t width_um, str text, struct arena *arena)
{
    struct page_item *item = page_add(page, PAGE_TEXT, style.layer, arena);
    item->align = style.align;
    item->weight = style.weight;
    item->x_um = x_um;
    item->y_um = y_um;
    item->width_um = width_um;
    item->size_um = style.size_um;
    item->colour = style.colour;
    item->text = text;
    return item;
}

static bool has_character(str set, uint32_t code_point)
{
    while (set.size > 0) {
        if (str_next(&set) == code_point) {
            return true;
        }
    }
    return false;
}

/* Scripts that write words, with their accents: Latin, Greek, Cyrillic and their like; and digits.
 * A middle dot parts names, whatever they are written with. */
static bool is_of_a_word(uint32_t character)
{
    const uint32_t words_end = 0x2000, middle_dot = 0xb7;
    return character < words_end && character != middle_dot;
}

static bool is_hyphen(uint32_t character)
{
    const uint32_t hyphen = 0x2010;
    return character == '-' || character == hyphen;
}

/* May a line end between two characters? Not before what closes or continues, not behind what
 * opens, not within a number or a word (GB/T 15834, 5.1); and not at a hyphen: whoever extracts
 * the text takes it for one that was added where a word was divided. */
static bool may_break(uint32_t before, uint32_t behind, bool as_before)
{
    bool word = is_of_a_word(before) && is_of_a_word(behind) && before != ' ' && before != '-';
    bool divided = is_hyphen(before) || is_hyphen(behind);
    return !word && (!divided || as_before) &&
           !has_character(STR("，。、；：？！）》」』】〉”’·—… ,.;:)"), behind) &&
           !has_character(STR("（《「『【〈“‘("), before);
}

/* Where a text that needs two lines is cut, in bytes: behind a middle dot where that does, so that
 * the parts of a name stay whole, else where the first line is full; when two lines of `room` half
 * ems are not enough, in the middle. `ret_longer` is the width of the longer line. */
static size_t choose_break(str text, int32_t room, bool as_before, int32_t *ret_longer)
{
    const uint32_t middle_dot = 0xb7;
    int32_t wide = page_text_half_ems(text), used = 0, best = INT32_MAX;
    uint32_t before = 0;
    size_t at = text.size;
    for (str rest = text; rest.size > 0;) {
        str from = rest;
        uint32_t behind = character_next(&rest);
        if (before != 0 && may_break(before, behind, as_before)) {
            int32_t longer = used > wide - used ? used : wide - used;
            int32_t cost = longer <= room ? 0 : longer * 8;
            if (before == middle_dot) {
                cost -= longer <= room ? used : longer; /* worth an eighth of the size */
            }
            if (cost <= best) { /* of equals the last */
                best = cost;
                at = text.size - from.size;
                *ret_longer = longer;
            }
        }
        used += behind < 0x80 ? 1 : 2;
        before = behind;
    }
    return at;
}

void layout_two_lines(struct page *page, struct text_style style, int32_t x_um, int32_t y_um,
                      int32_t width_um, str text, struct arena *arena)
{
    int32_t wide = page_text_half_ems(text);
    int32_t room = width_um * 2 / style.size_um;
    int32_t full_um = style.size_um;
    size_t at = text.size;
    if (wide > room) {
        int32_t longer = wide;
        at = choose_break(text, room, page->as_before, &longer);
        style.size_um = longer > room ? width_um * 2 / longer : style.size_um;
    }
    if (at == text.size) { /* it fits, or has no place for a break */
        (void)layout_text(page, style, x_um, y_um, width_um, text, arena); /* nothing to add */
        return;
    }
    /* A label stands on the baseline, before both: readers of text that go by places take it for a
     * part of one of them, and of the second where both stand higher (decision 0146). */
    int32_t half_leading = style.size_um * 62 / 100;
    y_um -= page->as_before ? (full_um - style.size_um) * 18 / 100 : 0;
    (void)layout_text(page, style, x_um, y_um - half_leading, width_um, str_first(text, at),
                      arena); /* both as they are */
    (void)layout_text(page, style, x_um, y_um + half_leading, width_um, str_from(text, at), arena);
}

void layout_line(struct page *page, int32_t x_um, int32_t y_um, int32_t width_um, int32_t height_um,
                 int32_t stroke_um, uint32_t colour, struct arena *arena)
{
    struct page_item *item = page_add(page, PAGE_LINE, PAGE_STATIC, arena);
    item->x_um = x_um;
    item->y_um = y_um;
    item->width_um = width_um;
    item->height_um = height_um;
    item->size_um = stroke_um;
    item->colour = colour;
}

void layout_seal(struct page *page, int32_t centre_x_um, int32_t centre_y_um, int32_t diameter_um,
                 str authority, str line, struct arena *arena)
{
    struct page_item *item = page_add(page, PAGE_SEAL, PAGE_STATIC, arena);
    item->x_um = centre_x_um - diameter_um / 2;
    item->y_um = centre_y_um - diameter_um / 2;
    item->width_um = diameter_um;
    item->height_um = diameter_um;
    item->colour = INK_SEAL;
    item->text = arena_format(arena, "%.*s\n%.*s", STR_ARGS(authority), STR_ARGS(line));
}

str layout_date_chinese(int32_t days, struct arena *arena)
{
    struct civil civil = date_to_civil(days);
    return arena_format(arena, "%d年%d月%d日", civil.year, civil.month, civil.day);
}

str layout_month_chinese(int32_t days, struct arena *arena)
{
    struct civil civil = date_to_civil(days);
    return arena_format(arena, "%d年%d月", civil.year, civil.month);
}

str layout_date_unpadded(int32_t days, struct arena *arena)
{
    struct civil civil = date_to_civil(days);
    return arena_format(arena, "%d-%d-%d", civil.year, civil.month, civil.day);
}

str layout_date_padded(int32_t days, struct arena *arena)
{
    char text[DATE_SIZE];
    date_format(days, text);
    return arena_str(arena, str_of(text));
}
