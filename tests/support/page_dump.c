/* page_dump - see page_dump.h. */
#include "tests/support/page_dump.h"

#include <string.h>

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

str page_dump(const struct page *page, struct arena *arena)
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
