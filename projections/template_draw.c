/* template_draw - the items of a page description put on a page. */
#include <string.h>

#include "projections/messages.h"
#include "projections/page_layout.h"
#include "projections/template.h"

void template_open(const struct template *template, struct page *ret)
{
    page_init(ret);
    ret->width_um = template->width_um;
    ret->height_um = template->height_um;
    ret->title = template->title;
    ret->alphabet = template->alphabet;
    ret->mark = template->mark;
    ret->as_before = template->as_before;
}

static uint32_t colour_of(const struct template *template, const struct template_item *item,
                          const struct template_values *values)
{
    for (size_t i = 0; item->class_colour && i < template->classes_count; i++) {
        if (str_equal(template->classes[i].code, values->class_code)) {
            return template->classes[i].colour;
        }
    }
    return item->colour;
}

static FALLIBLE draw_text(const struct template_item *item, struct text_style style, int32_t y_um,
                          const struct template_values *values, struct arena *arena,
                          struct page *page, struct error *err)
{
    str text = {0};
    TRY(template_fill(item->text, values, arena, &text, err));
    if (text.size == 0) {
        return OK;
    }
    size_t first = page->count;
    if (item->lines == 2) {
        layout_two_lines(page, style, item->x_um, y_um, item->width_um, text, arena);
    } else {
        (void)layout_text(page, style, item->x_um, y_um, item->width_um, text, arena); /* below */
    }
    for (size_t i = first; i < page->count; i++) { /* what gets too wide by it is drawn smaller */
        page->items[i].spacing_um = item->spacing_um;
    }
    return OK;
}

/* The authority along the rim, the item's text below the star. */
static FALLIBLE draw_seal(const struct template_item *item, struct page_item box,
                          const struct template_values *values, struct arena *arena,
                          struct page *page, struct error *err)
{
    str authority = values->field[FIELD_AUTHORITY_NAME], line = {0};
    int32_t half = item->width_um / 2;
    TRY(template_fill(item->text, values, arena, &line, err));
    if (authority.size + 1 + line.size > PAGE_TEXT_SIZE_MAX) {
        FAIL(INVALID, MESSAGE_TEMPLATE_TEXT_LONG, ARG_STR("text", item->text),
             ARG_INT("most", PAGE_TEXT_SIZE_MAX));
    }
    layout_seal(page, item->x_um + half, box.y_um + half, item->width_um, authority, line, arena);
    page->items[page->count - 1].layer = box.layer;
    page->items[page->count - 1].colour = box.colour;
    return OK;
}

static void draw_box(const struct template_item *item, struct page_item box,
                     const struct template_values *values, struct arena *arena, struct page *page)
{
    enum page_kind kind = item->kind == ITEM_LINE        ? PAGE_LINE
                          : item->kind == ITEM_RECTANGLE ? PAGE_RECTANGLE
                          : item->kind == ITEM_PHOTO     ? PAGE_IMAGE
                                                         : PAGE_QR;
    if (kind == PAGE_IMAGE && values->photo_sha256.size != PAGE_DIGEST_SIZE) {
        return;
    }
    struct page_item *drawn = page_add(page, kind, box.layer, arena);
    drawn->x_um = item->x_um;
    drawn->y_um = box.y_um;
    drawn->width_um = item->width_um;
    drawn->height_um = item->height_um;
    if (kind == PAGE_LINE || kind == PAGE_RECTANGLE) {
        drawn->size_um = item->stroke_um;
        drawn->colour = box.colour;
    } else if (kind == PAGE_IMAGE) {
        memcpy(drawn->digest, values->photo_sha256.data, PAGE_DIGEST_SIZE);
    } else {
        drawn->text = values->qr;
    }
}

static FALLIBLE draw_item(const struct template_item *item, struct page_item box,
                          const struct template_values *values, struct arena *arena,
                          struct page *page, struct error *err)
{
    switch (item->kind) {
    case ITEM_TEXT: {
        struct text_style style = {box.layer, item->align, item->weight, item->size_um, box.colour};
        return draw_text(item, style, box.y_um, values, arena, page, err);
    }
    case ITEM_SEAL: return draw_seal(item, box, values, arena, page, err);
    case ITEM_LINE:
    case ITEM_RECTANGLE:
    case ITEM_PHOTO:
    case ITEM_QR: draw_box(item, box, values, arena, page); return OK;
    case ITEM_TABLE:
    case ITEM_FEW:
    case ITEM_MANY: return OK; /* proof_page.c draws them: they are the certificates */
    }
    return OK;
}

FALLIBLE template_draw(const struct template *template, struct template_place place,
                       const struct template_values *values, struct arena *arena, struct page *page,
                       struct error *err)
{
    for (size_t i = 0; i < template->count; i++) {
        const struct template_item *item = &template->items[i];
        if (item->part == place.part) {
            struct page_item box = {.colour = colour_of(template, item, values)};
            box.layer = item->is_static && !place.variable_only ? PAGE_STATIC : PAGE_VARIABLE;
            box.y_um = item->y_um + place.down_um;
            TRY(draw_item(item, box, values, arena, page, err));
        }
    }
    return OK;
}
