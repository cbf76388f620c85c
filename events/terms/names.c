/* names - see names.h. */
#include "events/terms/names.h"

#include "core/base/unicode.h"

enum {
    MIDDLE_DOT = 0xb7, /* the one separator of names, 民委发〔2016〕33号 */
    FULLWIDTH_QUESTION = 0xff1f,
    REPLACEMENT = 0xfffd,
    GETA = 0x3013, /* 〓, printed for a missing type */
};

static bool is_odd_separator(uint32_t c)
{
    return c == 0x2022 || c == 0x2027 || c == 0x30fb || c == 0xff0e || c == 0xff65;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000 || c == 0xa0;
}

static bool is_bracket(uint32_t c)
{
    return c == '(' || c == ')' || c == 0xff08 || c == 0xff09;
}

/* May the text hold a character that begins so? Most names hold none and are their own keys. */
static bool holds_byte(str text, bool (*begins)(uint8_t))
{
    for (size_t i = 0; i < text.size; i++) {
        if (begins((uint8_t)text.data[i])) {
            return true;
        }
    }
    return false;
}

static bool begins_separator(uint8_t b)
{
    return b == 0xe2 || b == 0xe3 || b == 0xef;
}

static bool begins_bracket(uint8_t b)
{
    return b == '(' || b == ')' || b == 0xef;
}

str person_name_key(str name, struct arena *arena)
{
    str rest = unicode_nfc(str_trim(name), arena);
    if (!holds_byte(rest, begins_separator)) {
        return rest;
    }
    char *out = arena_new_raw(arena, rest.size + 4); /* the dot is no longer than its variants */
    size_t size = 0;
    while (!str_empty(rest)) {
        uint32_t c = str_next(&rest);
        size += utf8_encode(is_odd_separator(c) ? MIDDLE_DOT : c, out + size);
    }
    out[size] = 0;
    return (str){out, size};
}

/* Does the text, after its blanks, go on with a bracket? */
static bool bracket_follows(str rest)
{
    while (!str_empty(rest)) {
        uint32_t c = str_next(&rest);
        if (!is_blank(c)) {
            return is_bracket(c);
        }
    }
    return false;
}

str enterprise_name_key(str name, struct arena *arena)
{
    str rest = person_name_key(name, arena);
    if (!holds_byte(rest, begins_bracket)) { /* blanks count but beside brackets */
        return rest;
    }
    char *out = arena_new_raw(arena, rest.size + 4); /* narrow brackets are shorter */
    size_t size = 0;
    bool after_bracket = false;
    while (!str_empty(rest)) {
        uint32_t c = str_next(&rest);
        if (is_blank(c) && (after_bracket || bracket_follows(rest))) {
            continue;
        }
        after_bracket = is_bracket(c);
        size += utf8_encode(after_bracket && c > 0xff ? c - 0xfee0 : c, out + size);
    }
    out[size] = 0;
    return (str){out, size};
}

bool person_names_equal(str a, str b, struct arena *arena)
{
    return str_equal(a, b) || str_equal(person_name_key(a, arena), person_name_key(b, arena));
}

bool enterprise_names_equal(str a, str b, struct arena *arena)
{
    return str_equal(a, b) ||
           str_equal(enterprise_name_key(a, arena), enterprise_name_key(b, arena));
}

/* Bytes that lead a character are no part of another: most names have none of those asked for. */
static bool has_character(str name, bool (*begins)(uint8_t), bool (*is_it)(uint32_t))
{
    if (!holds_byte(name, begins)) {
        return false;
    }
    while (!str_empty(name)) {
        if (is_it(str_next(&name))) {
            return true;
        }
    }
    return false;
}

static bool is_damage(uint32_t c)
{
    return c == '?' || c == FULLWIDTH_QUESTION || c == REPLACEMENT || c == GETA;
}

static bool begins_damage(uint8_t b)
{
    return b == '?' || b == 0xe3 || b == 0xef;
}

static bool is_private_use(uint32_t c)
{
    return (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c <= 0xffffd) ||
           (c >= 0x100000 && c <= 0x10fffd);
}

static bool begins_private_use(uint8_t b)
{
    return b == 0xee || b == 0xef || b >= 0xf3;
}

bool name_is_damaged(str name)
{
    return has_character(name, begins_damage, is_damage);
}

bool name_has_private_use(str name)
{
    return has_character(name, begins_private_use, is_private_use);
}

bool name_has_odd_separator(str name)
{
    return has_character(name, begins_separator, is_odd_separator);
}
