/* character - see character.h. Bits 21 and up number the selector: 1 to 16 for U+FE00 and on, 17 to
 * 256 for U+E0100 and on. */
#include "core/base/character.h"

enum {
    SELECTOR_SHIFT = 21,
    SELECTOR_FIRST = 0xfe00,
    SELECTOR_LAST = 0xfe0f,
    SELECTOR_MORE_FIRST = 0xe0100,
    SELECTOR_MORE_LAST = 0xe01ef,
    SELECTORS_FIRST = SELECTOR_LAST - SELECTOR_FIRST + 1,
};

/* 0: none. */
static uint32_t selector_number(uint32_t code_point)
{
    if (code_point >= SELECTOR_FIRST && code_point <= SELECTOR_LAST) {
        return code_point - SELECTOR_FIRST + 1;
    }
    if (code_point >= SELECTOR_MORE_FIRST && code_point <= SELECTOR_MORE_LAST) {
        return code_point - SELECTOR_MORE_FIRST + 1 + SELECTORS_FIRST;
    }
    return 0;
}

bool character_is_selector(uint32_t code_point)
{
    return selector_number(code_point) != 0;
}

/* A character with the selector that follows it in the text, when one does. */
static uint32_t take_selector(str *text, uint32_t base)
{
    str rest = *text;
    uint32_t number = character_is_selector(base) ? 0 : selector_number(str_next(&rest));
    if (number == 0) {
        return base;
    }
    *text = rest;
    return base | number << SELECTOR_SHIFT;
}

uint32_t character_next(str *text)
{
    uint32_t base = str_next(text);
    /* the selectors' UTF-8 begins with these bytes; few other characters' does */
    bool maybe = text->size >= 3 && (text->data[0] == (char)0xef || text->data[0] == (char)0xf3);
    return maybe ? take_selector(text, base) : base;
}

uint32_t character_base(uint32_t character)
{
    return character & ((1U << SELECTOR_SHIFT) - 1);
}

uint32_t character_selector(uint32_t character)
{
    uint32_t number = character >> SELECTOR_SHIFT;
    if (number == 0) {
        return 0;
    }
    return number <= SELECTORS_FIRST ? SELECTOR_FIRST + number - 1
                                     : SELECTOR_MORE_FIRST + number - 1 - SELECTORS_FIRST;
}
