/* page_layout - see page_layout.h. */
#include "projections/page_layout.h"

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

/* The longest start of a text that is not wider than so many half ems. */
static str fitting(str text, int32_t half_ems)
{
    str rest = text;
    int32_t used = 0;
    while (rest.size > 0) {
        str next = rest;
        used += str_next(&next) < 0x80 ? 1 : 2;
        if (used > half_ems) {
            break;
        }
        rest = next;
    }
    return str_first(text, text.size - rest.size);
}

void layout_two_lines(struct page *page, struct text_style style, int32_t x_um, int32_t y_um,
                      int32_t width_um, str text, struct arena *arena)
{
    int32_t wide = page_text_half_ems(text);
    int32_t room = width_um * 2 / style.size_um;
    if (wide <= room) {
        (void)layout_text(page, style, x_um, y_um, width_um, text, arena); /* nothing to add */
        return;
    }
    if (wide + 1 > 2 * room) { /* a wide character may not fit at the end of the first line */
        room = wide / 2 + 1;
        style.size_um = width_um * 2 / (room + 1);
    }
    str first = fitting(text, room);
    int32_t half_leading = style.size_um * 62 / 100;
    (void)layout_text(page, style, x_um, y_um - half_leading, width_um, first, arena); /* both */
    (void)layout_text(page, style, x_um, y_um + half_leading, width_um, /* as they are */
                      str_from(text, first.size), arena);
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

static void box(struct page *page, int32_t inset_um, int32_t stroke_um, struct arena *arena)
{
    struct page_item *item = page_add(page, PAGE_RECTANGLE, PAGE_STATIC, arena);
    item->x_um = inset_um;
    item->y_um = inset_um;
    item->width_um = page->width_um - 2 * inset_um;
    item->height_um = page->height_um - 2 * inset_um;
    item->size_um = stroke_um;
    item->colour = INK_FRAME;
}

/* An angle of two strokes and a small square in one corner; sx, sy point into the sheet. */
static void corner(struct page *page, int32_t x_um, int32_t y_um, int32_t sx, int32_t sy,
                   struct arena *arena)
{
    enum { ARM = 15000, GAP = 3000, SQUARE = 1500, STROKE = 500 };
    int32_t x = x_um + sx * GAP, y = y_um + sy * GAP;
    layout_line(page, x, y, sx * ARM, 0, STROKE, INK_FRAME, arena);
    layout_line(page, x, y, 0, sy * ARM, STROKE, INK_FRAME, arena);
    struct page_item *item = page_add(page, PAGE_RECTANGLE, PAGE_STATIC, arena);
    item->x_um = x + (sx > 0 ? GAP / 2 : -GAP / 2 - SQUARE);
    item->y_um = y + (sy > 0 ? GAP / 2 : -GAP / 2 - SQUARE);
    item->width_um = SQUARE;
    item->height_um = SQUARE;
    item->colour = INK_FRAME;
}

void layout_frame(struct page *page, struct arena *arena)
{
    enum { OUTER = 11000, INNER = 13200 };
    box(page, OUTER, 1100, arena);
    box(page, INNER, 250, arena);
    int32_t right = page->width_um - INNER, bottom = page->height_um - INNER;
    corner(page, INNER, INNER, 1, 1, arena);
    corner(page, right, INNER, -1, 1, arena);
    corner(page, INNER, bottom, 1, -1, arena);
    corner(page, right, bottom, -1, -1, arena);
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
