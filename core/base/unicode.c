/* unicode - see unicode.h. utf8proc works on our buffers only: its own memory is never asked for.
 */
#include "core/base/unicode.h"

#include <string.h>
#include <utf8proc.h>

#include "core/base/error.h"

/* Characters that NFC neither changes nor composes: all below the combining marks, the Han blocks,
 * private use, the width forms. Nearly every name is made of these. */
static bool is_inert(uint32_t c)
{
    return c < 0x300 || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xe000 && c <= 0xf8ff) ||
           (c >= 0xff00 && c <= 0xffef) || (c >= 0x20000 && c <= 0x2f7ff) || c == 0x3000;
}

static bool all_inert(str text)
{
    while (!str_empty(text)) {
        if (!is_inert(str_next(&text))) {
            return false;
        }
    }
    return true;
}

str unicode_nfc(str text, struct arena *arena)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    const utf8proc_uint8_t *data = (const utf8proc_uint8_t *)text.data;
    if (all_inert(text)) {
        return text;
    }
    utf8proc_ssize_t size = (utf8proc_ssize_t)text.size;
    utf8proc_ssize_t count = utf8proc_decompose(data, size, NULL, 0, options);
    BUG_UNLESS(count >= 0); /* a str is UTF-8 */
    utf8proc_int32_t *buffer = arena_new_raw(arena, ((size_t)count + 1) * sizeof *buffer);
    utf8proc_ssize_t decomposed = utf8proc_decompose(data, size, buffer, count, options);
    BUG_UNLESS(decomposed == count);
    utf8proc_ssize_t written = utf8proc_reencode(buffer, count, options);
    BUG_UNLESS(written >= 0);
    return (str){(const char *)buffer, (size_t)written};
}

bool unicode_is_mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || c == 0x3099 || c == 0x309a;
}

/* The marks' UTF-8 begins with one of three bytes; most texts have none of them. */
static bool holds_mark(str text)
{
    static const uint8_t leads[] = {0xcc, 0xcd, 0xe3};
    bool maybe = false;
    for (size_t i = 0; i < sizeof leads && !str_empty(text); i++) {
        maybe = maybe || memchr(text.data, leads[i], text.size) != NULL;
    }
    while (maybe && !str_empty(text)) {
        if (unicode_is_mark(str_next(&text))) {
            return true;
        }
    }
    return false;
}

/* The bytes of the first character and of the marks behind it. */
static size_t size_with_marks(str text, bool *ret_marked)
{
    str rest = text;
    (void)str_next(&rest); /* only to pass it */
    *ret_marked = false;
    for (str next = rest; !str_empty(next) && unicode_is_mark(str_next(&next)); rest = next) {
        *ret_marked = true;
    }
    return text.size - rest.size;
}

str unicode_with_marks_joined(str text, struct arena *arena)
{
    if (!holds_mark(text)) {
        return text;
    }
    str *pieces = NULL;
    size_t count = 0, capacity = 0;
    while (!str_empty(text)) {
        bool marked = false;
        size_t size = size_with_marks(text, &marked);
        str piece = str_first(text, size);
        ARENA_GROW(arena, pieces, count, &capacity);
        pieces[count++] = marked ? unicode_nfc(piece, arena) : piece;
        text = str_from(text, size);
    }
    return arena_join(arena, pieces, count);
}

/* Text made character by character; `change` gives the character to write, or DROP. */
#define DROP UINT32_MAX

/* `changes` tells of a byte that begins what may change. */
static str each_character(str text, bool (*changes)(uint8_t), uint32_t (*change)(uint32_t),
                          struct arena *arena)
{
    char *out = arena_new_raw(arena, text.size + 4); /* no change makes a character longer */
    size_t size = 0;
    for (size_t i = 0; i < text.size;) {
        if (!changes((uint8_t)text.data[i])) {
            out[size++] = text.data[i++];
            continue;
        }
        str rest = {text.data + i, text.size - i};
        uint32_t c = change(str_next(&rest));
        i = text.size - rest.size;
        if (c != DROP) {
            size += utf8_encode(c, out + size);
        }
    }
    out[size] = 0;
    return (str){out, size};
}

/* May a character that begins (or is made) with this byte change? Most cells hold none: they stay
 * as they are, without a look at their characters. */
static bool may_narrow(uint8_t b)
{
    return b == 0xef || b == 0xe3; /* U+FFxx, U+3000 */
}

static bool may_be_blank(uint8_t b)
{
    return b == ' ' || (b >= '\t' && b <= '\r') || b == 0xe3 || b == 0xc2; /* U+3000, U+00A0 */
}

static bool is_lower(uint8_t b)
{
    return b >= 'a' && b <= 'z';
}

static bool is_upper(uint8_t b)
{
    return b >= 'A' && b <= 'Z';
}

static bool holds_any(str text, bool (*changes)(uint8_t))
{
    for (size_t i = 0; i < text.size; i++) {
        if (changes((uint8_t)text.data[i])) {
            return true;
        }
    }
    return false;
}

/* Nothing but visible ASCII, eight bytes at a time: no blank, no character of another width. */
static bool is_visible_ascii(str text)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    const uint64_t first = UINT64_C(0x2121212121212121);
    size_t i = 0;
    for (; i + 8 <= text.size; i += 8) {
        uint64_t word;
        memcpy(&word, text.data + i, sizeof word);
        if (((word | (word - first)) & high) != 0) { /* a borrow comes from a byte below */
            return false;
        }
    }
    while (i < text.size && text.data[i] > ' ' && (uint8_t)text.data[i] < 0x80) {
        i++;
    }
    return i == text.size;
}

static uint32_t narrow(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        return c - 0xfee0;
    }
    return c == 0x3000 ? ' ' : c;
}

static uint32_t upper(uint32_t c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static uint32_t drop_blank(uint32_t c)
{
    bool is_blank = c == ' ' || (c >= '\t' && c <= '\r') || c == 0x3000 || c == 0xa0;
    return is_blank ? DROP : c;
}

str unicode_narrow(str text, struct arena *arena)
{
    if (is_visible_ascii(text)) {
        return text;
    }
    return holds_any(text, may_narrow) ? each_character(text, may_narrow, narrow, arena) : text;
}

str unicode_upper_ascii(str text, struct arena *arena)
{
    return holds_any(text, is_lower) ? each_character(text, is_lower, upper, arena) : text;
}

str unicode_lower_ascii(str text, struct arena *arena)
{
    return holds_any(text, is_upper) ? each_character(text, is_upper, lower, arena) : text;
}

str unicode_without_blanks(str text, struct arena *arena)
{
    if (is_visible_ascii(text)) {
        return text;
    }
    return holds_any(text, may_be_blank) ? each_character(text, may_be_blank, drop_blank, arena)
                                         : text;
}

int unicode_width(str text)
{
    int width = 0;
    while (!str_empty(text)) {
        width += utf8proc_charwidth((utf8proc_int32_t)str_next(&text));
    }
    return width;
}
