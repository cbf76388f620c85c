/* page - see page.h: making pages, measuring text. Bytes are in page_bytes.c. */
#include "core/base/page.h"

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
