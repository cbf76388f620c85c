/* page - see page.h: making pages, measuring text, the readable dump. Bytes are in page_bytes.c. */
#include "core/base/page.h"

#include <string.h>

#include "core/base/character.h"

void page_init(struct page *page)
{
    *page = (struct page){
        .width_um = PAGE_A4_WIDTH_UM, .height_um = PAGE_A4_HEIGHT_UM, .language = STR("zh-CN")};
}

struct page_item *page_add(struct page *page, enum page_kind kind, enum page_layer layer,
                           struct arena *arena)
{
    BUG_UNLESS(page->count < PAGE_ITEMS_MAX);
    ARENA_GROW(arena, page->items, page->count, &page->capacity);
    struct page_item *item = &page->items[page->count++];
    *item = (struct page_item){
        .kind = kind, .layer = layer, .align = PAGE_LEFT, .weight = PAGE_REGULAR};
    return item;
}

str page_code(const struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->items[i].kind == PAGE_QR) {
            return page->items[i].text;
        }
    }
    return STR("");
}

int32_t page_text_half_ems(str text)
{
    int32_t width = 0;
    while (text.size > 0) {
        width += character_next(&text) < 0x80 ? 1 : 2;
    }
    return width;
}

static const char *kind_name(enum page_kind kind)
{
    switch (kind) {
    case PAGE_TEXT: return "text";
    case PAGE_LINE: return "line";
    case PAGE_RECTANGLE: return "rectangle";
    case PAGE_IMAGE: return "image";
    case PAGE_QR: return "qr";
    case PAGE_SEAL: return "seal";
    case PAGE_SHEET: return "sheet";
    }
    return "?";
}

static const char *align_name(enum page_align align)
{
    switch (align) {
    case PAGE_LEFT: return "left";
    case PAGE_CENTRE: return "centre";
    case PAGE_RIGHT: return "right";
    }
    return "?";
}

static str item_text(const struct page_item *item, struct arena *arena)
{
    const char *layer = item->layer == PAGE_STATIC ? "static" : "variable";
    str box = arena_format(arena, "%-9s %-8s x=%d y=%d w=%d h=%d size=%d #%06x",
                           kind_name(item->kind), layer, item->x_um, item->y_um, item->width_um,
                           item->height_um, item->size_um, item->colour);
    if (item->kind == PAGE_TEXT) {
        return arena_format(arena, "%.*s %s%s spacing=%d \"%.*s\"\n", STR_ARGS(box),
                            align_name(item->align), item->weight == PAGE_BOLD ? " bold" : "",
                            item->spacing_um, STR_ARGS(item->text));
    }
    if (item->kind == PAGE_IMAGE) {
        return arena_format(arena, "%.*s sha256=%02x%02x%02x%02x..\n", STR_ARGS(box),
                            item->digest[0], item->digest[1], item->digest[2], item->digest[3]);
    }
    if (item->kind == PAGE_QR || item->kind == PAGE_SEAL) {
        return arena_format(arena, "%.*s \"%.*s\"\n", STR_ARGS(box), STR_ARGS(item->text));
    }
    return arena_format(arena, "%.*s\n", STR_ARGS(box));
}

str page_text(const struct page *page, struct arena *arena)
{
    str head = arena_format(
        arena,
        "page %d x %d um\ntitle \"%.*s\"\nnumber \"%.*s\"\nidentifier \"%.*s\"\nlanguage %.*s\n"
        "created %lld us\nalphabet \"%.*s\"\n",
        page->width_um, page->height_um, STR_ARGS(page->title), STR_ARGS(page->number),
        STR_ARGS(page->identifier), STR_ARGS(page->language), (long long)page->created_us,
        STR_ARGS(page->alphabet));
    size_t total = head.size;
    str *lines = ARENA_ARRAY(arena, str, page->count);
    for (size_t i = 0; i < page->count; i++) {
        lines[i] = item_text(&page->items[i], arena);
        total += lines[i].size;
    }
    char *out = arena_new_raw(arena, total + 1);
    memcpy(out, head.data, head.size);
    size_t at = head.size;
    for (size_t i = 0; i < page->count; i++) {
        memcpy(out + at, lines[i].data, lines[i].size);
        at += lines[i].size;
    }
    out[at] = '\0';
    return (str){out, at};
}
