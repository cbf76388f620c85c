/* str - see str.h. */
#include "core/base/str.h"

#include <string.h>

str str_of(const char *text)
{
    return text != NULL ? (str){text, strlen(text)} : (str){"", 0};
}

bytes bytes_of(const void *data, size_t size)
{
    return (bytes){data, size};
}

bytes str_bytes(str s)
{
    return (bytes){(const uint8_t *)s.data, s.size};
}

bool str_equal(str a, str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool str_equal_c(str a, const char *b)
{
    return str_equal(a, str_of(b));
}

bool str_empty(str s)
{
    return s.size == 0;
}

bool str_starts_with(str s, str prefix)
{
    if (s.size < prefix.size || prefix.size == 0) {
        return prefix.size == 0;
    }
    /* Most texts differ in the first byte already. */
    return s.data[0] == prefix.data[0] && memcmp(s.data, prefix.data, prefix.size) == 0;
}

bool str_ends_with(str s, str suffix)
{
    return s.size >= suffix.size && str_equal(str_from(s, s.size - suffix.size), suffix);
}

bool bytes_equal(bytes a, bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int bytes_compare(bytes a, bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

int str_compare(str a, str b)
{
    return bytes_compare(str_bytes(a), str_bytes(b));
}

str str_from(str s, size_t from)
{
    if (s.data == NULL || from >= s.size) {
        return (str){"", 0};
    }
    return (str){s.data + from, s.size - from};
}

str str_first(str s, size_t size)
{
    return (str){s.data, size < s.size ? size : s.size};
}

str str_first_text(str s, size_t size)
{
    size = size < s.size ? size : s.size;
    while (size > 0 && size < s.size && ((uint8_t)s.data[size] & 0xc0) == 0x80) {
        size--; /* a byte that goes on a character */
    }
    return (str){s.data, size};
}

/* A visible sign of ASCII: with one at either end, as most texts have, there is nothing to trim. */
static bool is_no_blank(char c)
{
    return c > ' ' && (uint8_t)c < 0x80;
}

/* Size of the blank at the start of s, 0 when there is none. */
static size_t blank_at_start(str s)
{
    if (s.size > 0 && (s.data[0] == ' ' || (s.data[0] >= '\t' && s.data[0] <= '\r'))) {
        return 1;
    }
    if (s.size > 0 && s.data[0] != '\xc2' && s.data[0] != '\xe3' && s.data[0] != '\xef') {
        return 0; /* nearly all texts */
    }
    if (str_starts_with(s, STR("\xc2\xa0"))) {
        return 2;
    }
    if (str_starts_with(s, STR("\xe3\x80\x80")) || str_starts_with(s, STR("\xef\xbb\xbf"))) {
        return 3;
    }
    return 0;
}

static size_t blank_at_end(str s)
{
    if (s.size > 0) {
        char last = s.data[s.size - 1];
        if (last == ' ' || (last >= '\t' && last <= '\r')) {
            return 1;
        }
        if (last != '\xa0' && last != '\x80' && last != '\xbf') {
            return 0; /* nearly all texts */
        }
    }
    if (str_ends_with(s, STR("\xc2\xa0"))) {
        return 2;
    }
    if (str_ends_with(s, STR("\xe3\x80\x80")) || str_ends_with(s, STR("\xef\xbb\xbf"))) {
        return 3;
    }
    return 0;
}

str str_without_mark(str s)
{
    return str_starts_with(s, STR("\xef\xbb\xbf")) ? str_from(s, 3) : s;
}

str str_trim(str s)
{
    size_t blank;
    if (s.size > 0 && is_no_blank(s.data[0]) && is_no_blank(s.data[s.size - 1])) {
        return s;
    }
    while ((blank = blank_at_start(s)) > 0) {
        s = str_from(s, blank);
    }
    while ((blank = blank_at_end(s)) > 0) {
        s = str_first(s, s.size - blank);
    }
    return s;
}

size_t str_find_byte(str s, char byte)
{
    const char *found = s.size > 0 ? memchr(s.data, byte, s.size) : NULL;
    return found != NULL ? (size_t)(found - s.data) : s.size;
}

str str_cut(str *rest, char separator)
{
    size_t at = str_find_byte(*rest, separator);
    str part = str_first(*rest, at);
    *rest = at < rest->size ? (str){rest->data + at + 1, rest->size - at - 1} : (str){NULL, 0};
    return part;
}

str str_cut_item(str *rest)
{
    static const char *const marks[] = {",", ";", "|", "\n", "、", "，", "；"};
    for (size_t at = 0; at < rest->size; at++) {
        str here = {rest->data + at, rest->size - at};
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            if (str_starts_with(here, str_of(marks[i]))) {
                size_t size = strlen(marks[i]);
                str item = str_first(*rest, at);
                *rest = (str){here.data + size, here.size - size};
                return str_trim(item);
            }
        }
    }
    str item = *rest;
    *rest = (str){NULL, 0};
    return str_trim(item);
}

/* Unicode 15, table 3-7. */
size_t str_character_size(bytes b)
{
    const uint8_t *p = b.data;
    if (b.size == 0) {
        return 0;
    }
    uint8_t lead = p[0];
    if (lead < 0x80) {
        return lead != 0 ? 1 : 0;
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return 0;
    }
    size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (b.size < size) {
        return 0;
    }
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return size;
}

/* Are the eight bytes all ASCII and none of them NUL? */
static bool is_plain(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t high = UINT64_C(0x8080808080808080);
    /* The second term has a high bit set for every byte that is 0 (and none is above 0x7f). */
    return ((word | (word - ones)) & high) == 0;
}

static bool is_plain_block(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return is_plain(word);
}

/* The same of one to seven bytes, some of them looked at twice. */
static bool is_plain_short(bytes b)
{
    uint32_t first = 0x20202020;
    uint32_t last = (uint32_t)b.data[0] << 16 | (uint32_t)b.data[b.size / 2] << 8 |
                    b.data[b.size - 1] | (uint32_t)' ' << 24;
    if (b.size >= sizeof first) {
        memcpy(&first, b.data, sizeof first);
        memcpy(&last, b.data + b.size - sizeof last, sizeof last);
    }
    return is_plain((uint64_t)first << 32 | last);
}

/* Three bytes of the range that nearly all Chinese is in, U+1000..U+CFFF? False says nothing. */
static bool is_common_three(const uint8_t *p)
{
    return p[0] >= 0xe1 && p[0] <= 0xec && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80;
}

bool str_from_bytes(bytes b, str *ret)
{
    size_t at = 0;
    if (b.size > 0 && b.size < sizeof(uint64_t) && is_plain_short(b)) {
        at = b.size;
    }
    while (at < b.size) {
        size_t left = b.size - at;
        if (left >= sizeof(uint64_t) && is_plain_block(b.data + at)) {
            at += sizeof(uint64_t);
            continue;
        }
        /* The end of a longer text, with some of what was looked at before. */
        if (left < sizeof(uint64_t) && b.size >= sizeof(uint64_t) &&
            is_plain_block(b.data + b.size - sizeof(uint64_t))) {
            break;
        }
        if (left >= 3 && is_common_three(b.data + at)) {
            at += 3;
            continue;
        }
        size_t size = str_character_size(bytes_of(b.data + at, b.size - at));
        if (size == 0) {
            return false;
        }
        at += size;
    }
    *ret = (str){b.data != NULL ? (const char *)b.data : "", b.size};
    return true;
}

uint32_t str_next(str *s)
{
    const uint8_t *p = (const uint8_t *)s->data;
    uint32_t lead = p[0];
    if (lead >= 0xe0 && lead < 0xf0 && s->size >= 3) { /* as nearly every Han character */
        *s = (str){s->data + 3, s->size - 3};
        return (lead & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
    }
    size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t code_point = size == 1 ? lead : lead & (0x7fU >> size);
    for (size_t i = 1; i < size && i < s->size; i++) {
        code_point = code_point << 6 | (p[i] & 0x3fU);
    }
    *s = str_from(*s, size);
    return code_point;
}

size_t str_length(str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.size; i++) {
        count += ((uint8_t)s.data[i] & 0xc0) != 0x80;
    }
    return count;
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    out[0] = (char)((0xf00 >> size & 0xff) | code_point);
    return size;
}

bool str_to_uint64(str s, uint64_t *ret)
{
    uint64_t value = 0;
    if (s.size == 0) {
        return false;
    }
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *ret = value;
    return true;
}
