/* shown - see shown.h. All of these characters lie below U+10000: at most 3 bytes become 6. */
#include "core/base/shown.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    ESCAPE_SIZE = 6,
    REPLACEMENT = 0xfffd, /* for a byte that is no text: a file may have any name */
};

static bool is_hidden(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x01, 0x08},     {0x0b, 0x1f},
                  {0x7f, 0x9f},     {0x61c, 0x61c},
                  {0x200b, 0x200b}, {0x200e, 0x200f},
                  {0x2028, 0x202e}, {0x2060, 0x2069},
                  {0xfeff, 0xfeff}, {REPLACEMENT, REPLACEMENT}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* The code point at `at` of the text, when it lies below U+10000, else 0; and its size in bytes. */
static uint32_t code_point_at(str text, size_t at, size_t *ret_size)
{
    const uint8_t *p = (const uint8_t *)text.data + at;
    *ret_size = str_character_size(bytes_of(p, text.size - at));
    switch (*ret_size) {
    case 0: *ret_size = 1; return REPLACEMENT;
    case 1: return p[0];
    case 2: return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    case 3: return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    default: return 0;
    }
}

/* How many bytes from `at` on are plain at a glance: printable ASCII, and characters of three bytes
 * from U+3000 to U+CFFF, which is what almost every text is made of. Never half a character. */
static size_t plain_bytes(str text, size_t at)
{
    const uint8_t *p = (const uint8_t *)text.data;
    size_t i = at;
    while (i < text.size) {
        if (p[i] >= 0x20 && p[i] < 0x7f) {
            i++;
        } else if (p[i] >= 0xe3 && p[i] <= 0xec && text.size - i >= 3 &&
                   (p[i + 1] & 0xc0) == 0x80 && (p[i + 2] & 0xc0) == 0x80) {
            i += 3;
        } else {
            break;
        }
    }
    return i - at;
}

static size_t count_hidden(str text)
{
    size_t count = 0;
    size_t size = 0;
    for (size_t i = plain_bytes(text, 0); i < text.size; i += size + plain_bytes(text, i + size)) {
        count += is_hidden(code_point_at(text, i, &size)) ? 1 : 0;
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
        uint32_t code_point = code_point_at(text, i, &size);
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

str shown_bytes(bytes raw, struct arena *arena)
{
    static const char mark[] = "\xef\xbf\xbd"; /* U+FFFD */
    char *out = arena_new(arena, raw.size * (sizeof mark - 1) + 1);
    size_t used = 0;
    size_t size = 0;
    for (size_t i = 0; i<raw.size; i += size> 0 ? size : 1) {
        size = str_character_size(bytes_of(raw.data + i, raw.size - i));
        size_t taken = size > 0 ? size : sizeof mark - 1;
        memcpy(out + used, size > 0 ? (const char *)raw.data + i : mark, taken);
        used += taken;
    }
    return (str){out, used};
}
