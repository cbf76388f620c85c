/* pdf_repeated - a cache for texts that many documents share (pdf_parts.h): labels, classes, the
 * authority. It keeps the operators that libharu wrote for a text and writes them again.
 *
 * The slot of a text is chosen by its content and position. A text that needs a taken slot replaces
 * what is there, so the table neither grows nor fills up. */
#include <string.h>

#include "core/io/pdf_parts.h"

enum { SLOTS = 256, TEXT_SIZE_MAX = 160, OPERATORS_SIZE_MAX = 512 };

struct repeated {
    struct page_item item; /* without its text */
    size_t text_size, operators_size;
    char text[TEXT_SIZE_MAX];
    uint8_t operators[OPERATORS_SIZE_MAX];
};

struct pdf_repeated {
    struct repeated slots[SLOTS];
};

struct pdf_repeated *pdf_repeated_new(struct arena *arena)
{
    return ARENA_NEW(arena, struct pdf_repeated);
}

static struct repeated *slot_of(struct pdf_repeated *repeated, const struct page_item *item)
{
    const uint32_t prime = 16777619;
    uint32_t hash = (uint32_t)item->x_um * prime ^ (uint32_t)item->y_um;
    for (size_t i = 0; i < item->text.size; i++) {
        hash = (hash ^ (uint8_t)item->text.data[i]) * prime;
    }
    return &repeated->slots[hash >> 24];
}

static bool is_alike(const struct repeated *slot, const struct page_item *item)
{
    const struct page_item *kept = &slot->item;
    return slot->operators_size > 0 && kept->x_um == item->x_um && kept->y_um == item->y_um &&
           kept->width_um == item->width_um && kept->size_um == item->size_um &&
           kept->spacing_um == item->spacing_um && kept->colour == item->colour &&
           kept->align == item->align && kept->weight == item->weight &&
           str_equal((str){slot->text, slot->text_size}, item->text);
}

bytes pdf_repeated_find(struct pdf_repeated *repeated, const struct page_item *item)
{
    if (item->text.size > TEXT_SIZE_MAX) {
        return (bytes){NULL, 0};
    }
    const struct repeated *slot = slot_of(repeated, item);
    return is_alike(slot, item) ? (bytes){slot->operators, slot->operators_size} : (bytes){NULL, 0};
}

void pdf_repeated_keep(struct pdf_repeated *repeated, const struct page_item *item, bytes operators)
{
    if (item->text.size > TEXT_SIZE_MAX || operators.size > OPERATORS_SIZE_MAX) {
        return;
    }
    struct repeated *slot = slot_of(repeated, item);
    slot->item = *item;
    slot->item.text = STR("");
    slot->text_size = item->text.size;
    slot->operators_size = operators.size;
    memcpy(slot->text, item->text.data, item->text.size);
    memcpy(slot->operators, operators.data, operators.size);
}
