/* page_layout - helpers that the page builders share: texts, lines, dates, the seal. */
#pragma once

#include "core/base/arena.h"
#include "core/base/page.h"
#include "core/base/str.h"

enum page_ink {
    INK_BLACK = 0x1a1a1a,
    INK_SEAL = 0xd0161b,
};

/* Where and how a text stands; the page's rest is default. */
struct text_style {
    enum page_layer layer;
    enum page_align align;
    enum page_weight weight;
    int32_t size_um;
    uint32_t colour;
};

/* A line of text on the baseline y; it shrinks to width_um when that is not 0. */
struct page_item *layout_text(struct page *page, struct text_style style, int32_t x_um,
                              int32_t y_um, int32_t width_um, str text, struct arena *arena);

/* A text in at most two lines around the baseline y: one line when it fits, else two, else two
 * smaller ones. Nothing is ever cut, no line begins with a punctuation mark or ends with a hyphen,
 * which readers of text would drop, and the parts of a name with middle dots stay whole where that
 * is possible. */
void layout_two_lines(struct page *page, struct text_style style, int32_t x_um, int32_t y_um,
                      int32_t width_um, str text, struct arena *arena);

void layout_line(struct page *page, int32_t x_um, int32_t y_um, int32_t width_um, int32_t height_um,
                 int32_t stroke_um, uint32_t colour, struct arena *arena);

/* The seal of the authority: its name along the rim, `line` below the star. */
void layout_seal(struct page *page, int32_t centre_x_um, int32_t centre_y_um, int32_t diameter_um,
                 str authority, str line, struct arena *arena);

/* 2020年8月21日, 1975年3月, 2020-7-15: never zero padded; and 2021-06-13. */
str layout_date_chinese(int32_t days, struct arena *arena);
str layout_month_chinese(int32_t days, struct arena *arena);
str layout_date_unpadded(int32_t days, struct arena *arena);
str layout_date_padded(int32_t days, struct arena *arena);
