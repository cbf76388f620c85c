/* number - see number.h. */
#include "events/terms/number.h"

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "events/terms/category.h"

enum {
    PROVINCE_LENGTH_MAX = 4,
    CLASS_SIZE_MAX = 3,
    SERIAL_DIGITS_MAX = 10,
    YEAR_DIGITS = 4,
    CANONICAL_SIZE_MAX = 64,
};

#define LOCAL_PROVINCE STR("沪")
#define MARK           STR("建安")

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Moves past the province and 建安; false when they are not there. */
static bool read_province(str *rest)
{
    for (int i = 0; i <= PROVINCE_LENGTH_MAX && !str_empty(*rest); i++) {
        if (i > 0 && str_starts_with(*rest, MARK)) {
            *rest = str_from(*rest, MARK.size);
            return true;
        }
        if (str_next(rest) < 0x3400) {
            return false; /* provinces are Han characters */
        }
    }
    return false;
}

/* A letter, then letters or digits up to the bracket. */
static bool read_class(str *rest, str *ret)
{
    size_t size = str_find_byte(*rest, '(');
    if (size == 0 || size > CLASS_SIZE_MAX || size == rest->size || !is_letter(rest->data[0])) {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        if (!is_letter(rest->data[i]) && !is_digit(rest->data[i])) {
            return false;
        }
    }
    *ret = str_first(*rest, size);
    *rest = str_from(*rest, size);
    return true;
}

/* "(2018)" */
static bool read_year(str *rest, int *ret)
{
    uint64_t year = 0;
    if (rest->size < YEAR_DIGITS + 2 || rest->data[0] != '(' ||
        rest->data[YEAR_DIGITS + 1] != ')' ||
        !str_to_uint64((str){rest->data + 1, YEAR_DIGITS}, &year) || year < 1900) {
        return false;
    }
    *ret = (int)year;
    *rest = str_from(*rest, YEAR_DIGITS + 2);
    return true;
}

/* Has the text nothing to drop, narrow or raise? So it is with every number in the log. */
static bool looks_canonical(str text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = (uint8_t)text.data[i];
        bool plain = byte > ' ' && !(byte >= 'a' && byte <= 'z');
        /* 0xc2, 0xe3, 0xef lead the blanks and the width forms */
        if (!plain || byte == 0xc2 || byte == 0xe3 || byte == 0xef) {
            return false;
        }
    }
    return true;
}

static str canonical_of(str text, struct arena *arena)
{
    if (looks_canonical(text)) {
        return arena_str(arena, text);
    }
    str narrow = unicode_narrow(unicode_without_blanks(text, arena), arena);
    return unicode_upper_ascii(narrow, arena);
}

bool number_parse(str text, struct arena *arena, struct number *ret)
{
    struct number number = {.canonical = canonical_of(text, arena)};
    str rest = number.canonical;
    if (rest.size > CANONICAL_SIZE_MAX || !read_province(&rest) ||
        !read_class(&rest, &number.class_text) || !read_year(&rest, &number.year)) {
        return false;
    }
    number.serial_digits = rest;
    if (rest.size > SERIAL_DIGITS_MAX || !str_to_uint64(rest, &number.serial)) {
        return false;
    }
    if (!category_from_text(number.class_text, &number.category)) {
        number.category = CATEGORY__CODE__OTHER;
    }
    number.local = str_starts_with(number.canonical, LOCAL_PROVINCE);
    *ret = number;
    return true;
}

bool number_class_is_known(str canonical)
{
    Category__Code category;
    str class_text;
    return read_province(&canonical) && read_class(&canonical, &class_text) &&
           category_from_text(class_text, &category);
}

bool number_shows_category(str canonical, Category__Code category)
{
    str class_text;
    return read_province(&canonical) && read_class(&canonical, &class_text) &&
           str_equal(str_first(class_text, 1), str_first(category_text(category), 1));
}

str number_format(Category__Code category, int year, uint32_t serial, struct arena *arena)
{
    BUG_UNLESS(serial >= 1 && serial <= NUMBER_SERIAL_MAX);
    str class_text = category_text(category);
    return arena_format(arena, "%s%s%.*s(%04d)%07u", LOCAL_PROVINCE.data, MARK.data,
                        STR_ARGS(class_text), year, serial);
}

str number_full_width(str canonical, struct arena *arena)
{
    size_t open = str_find_byte(canonical, '(');
    size_t close = str_find_byte(canonical, ')');
    if (open == canonical.size || close == canonical.size || close < open) {
        return canonical;
    }
    str year = {canonical.data + open + 1, close - open - 1};
    return arena_format(arena, "%.*s（%.*s）%.*s", (int)open, canonical.data, STR_ARGS(year),
                        STR_ARGS(str_from(canonical, close + 1)));
}
