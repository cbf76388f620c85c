/* stand_ins - see stand_ins.h. All these characters have four bytes in UTF-8. */
#include "core/io/stand_ins.h"

#include <string.h>
#include <wchar.h>

enum {
    STAND_IN_FIRST = 0x17000,
    IDEOGRAPHS_FIRST = 0x20000, /* the planes of ideographs, all of them two columns wide */
    IDEOGRAPHS_LAST = 0x3fffd,
    FOUR_BYTES = 0xf0, /* the first byte of such a character, or more */
};

static bool is_stand_in(uint32_t code_point)
{
    return code_point >= STAND_IN_FIRST && code_point < STAND_IN_FIRST + STAND_INS_MAX;
}

/* Not known to the C library as two columns wide; or what could be taken for a stand-in. */
static bool needs_one(uint32_t code_point)
{
    bool ideograph = code_point >= IDEOGRAPHS_FIRST && code_point <= IDEOGRAPHS_LAST;
    return (ideograph && wcwidth((wchar_t)code_point) != 2) || is_stand_in(code_point);
}

/* The stand-in of a character; itself when there are no more. */
static uint32_t stand_in_of(struct stand_ins *stand_ins, uint32_t code_point)
{
    for (size_t i = 0; i < stand_ins->count; i++) {
        if (stand_ins->represented[i] == code_point) {
            return STAND_IN_FIRST + (uint32_t)i;
        }
    }
    if (stand_ins->count == STAND_INS_MAX) {
        return code_point;
    }
    stand_ins->represented[stand_ins->count++] = code_point;
    return STAND_IN_FIRST + (uint32_t)(stand_ins->count - 1);
}

static size_t next_of_four_bytes(str text)
{
    size_t at = 0;
    while (at < text.size && (uint8_t)text.data[at] < FOUR_BYTES) {
        at++;
    }
    return at;
}

str stand_ins_put(struct stand_ins *stand_ins, str text, struct arena *arena)
{
    size_t at = next_of_four_bytes(text);
    if (at == text.size) {
        return text;
    }
    str copy = arena_str(arena, text);
    while (at < copy.size) {
        str rest = str_from(copy, at);
        uint32_t code_point = str_next(&rest);
        if (needs_one(code_point)) {
            (void)utf8_encode(stand_in_of(stand_ins, code_point),
                              (char *)(uintptr_t)copy.data + at); /* four bytes, our own copy */
        }
        at = copy.size - rest.size;
        at += next_of_four_bytes(str_from(copy, at));
    }
    return copy;
}

void stand_ins_take(const struct stand_ins *stand_ins, char *text)
{
    str whole = str_of(text);
    size_t at = stand_ins->count == 0 ? whole.size : next_of_four_bytes(whole);
    while (at < whole.size) {
        str rest = str_from(whole, at);
        uint32_t code_point = str_next(&rest);
        if (is_stand_in(code_point) && code_point - STAND_IN_FIRST < stand_ins->count) {
            (void)utf8_encode(stand_ins->represented[code_point - STAND_IN_FIRST],
                              text + at); /* four bytes */
        }
        at = whole.size - rest.size;
        at += next_of_four_bytes(str_from(whole, at));
    }
}
