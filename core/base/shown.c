/* shown - see shown.h. All of these characters lie below U+10000: at most 3 bytes become 6. */
#include "core/base/shown.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ESCAPE_SIZE = 6 };

static bool is_hidden(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x01, 0x08},     {0x0b, 0x1f},     {0x7f, 0x9f},
                  {0x61c, 0x61c},   {0x200b, 0x200b}, {0x200e, 0x200f},
                  {0x2028, 0x202e}, {0x2060, 0x2069}, {0xfeff, 0xfeff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* The code point of 1 to 3 bytes at the beginning, and how many they are; others are 1 byte and 0,
 * which is never hidden. The text is UTF-8. */
static uint32_t code_point_at(const char *text, size_t left, size_t *ret_size)
{
    const uint8_t *at = (const uint8_t *)text;
    *ret_size = 1;
    if (at[0] < 0x80) {
        return at[0];
    }
    if ((at[0] & 0xe0) == 0xc0 && left >= 2) {
        *ret_size = 2;
        return (uint32_t)(at[0] & 0x1f) << 6 | (at[1] & 0x3f);
    }
    if ((at[0] & 0xf0) == 0xe0 && left >= 3) {
        *ret_size = 3;
        return (uint32_t)(at[0] & 0x0f) << 12 | (uint32_t)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
    }
    return 0;
}

static size_t count_hidden(str text)
{
    size_t count = 0;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i += size) {
        count += is_hidden(code_point_at(text.data + i, text.size - i, &size)) ? 1 : 0;
    }
    return count;
}

str shown_text(str text, struct arena *arena)
{
    size_t hidden = count_hidden(text);
    if (hidden == 0) {
        return text;
    }
    char *out = arena_new(arena, text.size + hidden * ESCAPE_SIZE + 1);
    size_t used = 0;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i += size) {
        uint32_t code_point = code_point_at(text.data + i, text.size - i, &size);
        if (is_hidden(code_point)) {
            (void)snprintf(out + used, ESCAPE_SIZE + 1, "\\u%04x", code_point); /* fits */
            used += ESCAPE_SIZE;
        } else {
            memcpy(out + used, text.data + i, size);
            used += size;
        }
    }
    return (str){out, used};
}
