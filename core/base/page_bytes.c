/* page_bytes - the canonical bytes of a page, and back (page.h).
 *
 * Form: "AZPAGE1\n" (with a mark: "AZPAGE2\n" and the mark), then big-endian numbers of fixed width
 * and texts as u16 size + UTF-8; every item has every field, so there is one spelling of a page.
 * The template's bytes are the same with the variable parts left out. */
#include "core/base/page.h"

#include <string.h>

#include "core/base/messages.h"

enum { MAGIC_SIZE = 8, ITEM_NUMBERS_SIZE = 7 * 4, ITEM_FIXED_SIZE = 4 + ITEM_NUMBERS_SIZE + 2 };

static const char page_magic[] = "AZPAGE1\n";
static const char page_magic_marked[] = "AZPAGE2\n";

struct writer {
    uint8_t *data;
    size_t at, size;
};

static void put(struct writer *writer, const void *data, size_t size)
{
    BUG_UNLESS(size <= writer->size - writer->at);
    if (size > 0) {
        memcpy(writer->data + writer->at, data, size);
    }
    writer->at += size;
}

static void put_number(struct writer *writer, uint64_t value, size_t size)
{
    uint8_t out[8];
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
    put(writer, out, size);
}

static void put_text(struct writer *writer, str text)
{
    BUG_UNLESS(text.size <= UINT16_MAX);
    put_number(writer, text.size, 2);
    put(writer, text.data, text.size);
}

static void put_item(struct writer *writer, const struct page_item *item)
{
    const uint8_t kinds[4] = {(uint8_t)item->kind, (uint8_t)item->layer, (uint8_t)item->align,
                              (uint8_t)item->weight};
    const int32_t lengths[6] = {item->x_um,      item->y_um,    item->width_um,
                                item->height_um, item->size_um, item->spacing_um};
    put(writer, kinds, sizeof kinds);
    for (size_t i = 0; i < 6; i++) {
        put_number(writer, (uint32_t)lengths[i], 4);
    }
    put_number(writer, item->colour, 4);
    put_text(writer, item->text);
    if (item->kind == PAGE_IMAGE) {
        put(writer, item->digest, PAGE_DIGEST_SIZE);
    }
}

static bytes pack(const struct page *page, bool template_only, struct arena *arena)
{
    size_t size = 256 + page->mark.size + page->title.size + page->number.size +
                  page->identifier.size + page->language.size + page->alphabet.size;
    for (size_t i = 0; i < page->count; i++) {
        size += ITEM_FIXED_SIZE + PAGE_DIGEST_SIZE + page->items[i].text.size;
    }
    struct writer writer = {.data = arena_new_raw(arena, size), .size = size};
    put(&writer, page->mark.size > 0 ? page_magic_marked : page_magic, MAGIC_SIZE);
    if (page->mark.size > 0) {
        put_text(&writer, page->mark);
    }
    put_number(&writer, (uint32_t)page->width_um, 4);
    put_number(&writer, (uint32_t)page->height_um, 4);
    put_text(&writer, page->title);
    put_text(&writer, page->language);
    put_text(&writer, page->alphabet);
    if (!template_only) {
        put_text(&writer, page->number);
        put_text(&writer, page->identifier);
        put_number(&writer, (uint64_t)page->created_us, 8);
        put_number(&writer, page->count, 2);
    }
    for (size_t i = 0; i < page->count; i++) {
        if (!template_only || page->items[i].layer == PAGE_STATIC) {
            put_item(&writer, &page->items[i]);
        }
    }
    return (bytes){writer.data, writer.at};
}

bytes page_bytes(const struct page *page, struct arena *arena)
{
    return pack(page, false, arena);
}

bytes page_template_bytes(const struct page *page, struct arena *arena)
{
    return pack(page, true, arena);
}

/* Reading: `good` turns false at the first byte that is missing or wrong and stays so. */
struct reader {
    bytes rest;
    bool good;
};

static const uint8_t *take(struct reader *reader, size_t size)
{
    static const uint8_t nothing[PAGE_DIGEST_SIZE];
    if (!reader->good || reader->rest.size < size) {
        reader->good = false;
        return nothing;
    }
    const uint8_t *data = reader->rest.data;
    reader->rest = (bytes){data + size, reader->rest.size - size};
    return data;
}

static uint64_t take_number(struct reader *reader, size_t size)
{
    const uint8_t *data = take(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | data[i];
    }
    return value;
}

static str take_text(struct reader *reader, size_t size_max, struct arena *arena)
{
    size_t size = (size_t)take_number(reader, 2);
    str text = {NULL, 0};
    if (!reader->good || size > size_max || size > reader->rest.size) {
        reader->good = false;
        return text;
    }
    reader->good = str_from_bytes((bytes){reader->rest.data, size}, &text);
    (void)take(reader, size); /* what fails is in `good` */
    return arena_str(arena, text);
}

static uint32_t u32_at(const uint8_t *data)
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static int32_t length_at(struct reader *reader, const uint8_t *data)
{
    int32_t value = (int32_t)u32_at(data);
    if (value < -PAGE_LENGTH_UM_MAX || value > PAGE_LENGTH_UM_MAX) {
        reader->good = false;
    }
    return value;
}

static int32_t take_length(struct reader *reader)
{
    return length_at(reader, take(reader, 4));
}

static bool in_range(uint8_t value, int last)
{
    return value >= 1 && value <= last;
}

static void take_item(struct reader *reader, struct page *page, struct arena *arena)
{
    const uint8_t *kinds = take(reader, 4);
    reader->good = reader->good && in_range(kinds[0], PAGE_SHEET) &&
                   in_range(kinds[1], PAGE_VARIABLE) && in_range(kinds[2], PAGE_RIGHT) &&
                   in_range(kinds[3], PAGE_BOLD);
    if (!reader->good) {
        return;
    }
    struct page_item *item =
        page_add(page, (enum page_kind)kinds[0], (enum page_layer)kinds[1], arena);
    item->align = (enum page_align)kinds[2];
    item->weight = (enum page_weight)kinds[3];
    int32_t *lengths[6] = {&item->x_um,      &item->y_um,    &item->width_um,
                           &item->height_um, &item->size_um, &item->spacing_um};
    const uint8_t *numbers = take(reader, ITEM_NUMBERS_SIZE);
    for (size_t i = 0; i < 6; i++) {
        *lengths[i] = length_at(reader, numbers + 4 * i);
    }
    item->colour = u32_at(numbers + 4 * 6);
    reader->good = reader->good && item->colour <= 0xffffff;
    item->text = take_text(reader, PAGE_TEXT_SIZE_MAX, arena);
    if (item->kind == PAGE_IMAGE) {
        memcpy(item->digest, take(reader, PAGE_DIGEST_SIZE), PAGE_DIGEST_SIZE);
    }
}

/* Static items stand on the first sheet only. */
static bool sheets_are_sound(const struct page *page)
{
    bool first = true;
    for (size_t i = 0; i < page->count; i++) {
        first = first && page->items[i].kind != PAGE_SHEET;
        if (!first && page->items[i].layer == PAGE_STATIC) {
            return false;
        }
    }
    return true;
}

outcome page_parse(bytes b, struct arena *arena, struct page *ret, struct error *err)
{
    struct reader reader = {.rest = b, .good = true};
    const uint8_t *magic = take(&reader, MAGIC_SIZE);
    bool marked = memcmp(magic, page_magic_marked, MAGIC_SIZE) == 0;
    struct page page;
    page_init(&page);
    reader.good = reader.good && (marked || memcmp(magic, page_magic, MAGIC_SIZE) == 0);
    if (marked) {
        page.mark = take_text(&reader, PAGE_TEXT_SIZE_MAX, arena);
        reader.good = reader.good && page.mark.size > 0;
    }
    page.width_um = take_length(&reader);
    page.height_um = take_length(&reader);
    reader.good = reader.good && page.width_um > 0 && page.height_um > 0;
    page.title = take_text(&reader, PAGE_TEXT_SIZE_MAX, arena);
    page.language = take_text(&reader, PAGE_TEXT_SIZE_MAX, arena);
    page.alphabet = take_text(&reader, UINT16_MAX, arena);
    page.number = take_text(&reader, PAGE_TEXT_SIZE_MAX, arena);
    page.identifier = take_text(&reader, PAGE_TEXT_SIZE_MAX, arena);
    page.created_us = (int64_t)take_number(&reader, 8);
    size_t count = (size_t)take_number(&reader, 2);
    reader.good = reader.good && count <= PAGE_ITEMS_MAX;
    if (reader.good) {
        page.items = ARENA_ARRAY(arena, struct page_item, count);
        page.capacity = count;
    }
    for (size_t i = 0; reader.good && i < count; i++) {
        take_item(&reader, &page, arena);
    }
    if (!reader.good || reader.rest.size != 0 || !sheets_are_sound(&page)) {
        FAIL(CORRUPT, MESSAGE_BAD_RECORD, ARG_TEXT("record", "page"));
    }
    *ret = page;
    return OK;
}
