/* identity - see identity.h. The forms of resident numbers (GB 11643-1999) and of the other
 * documents' numbers, and the birth date and sex that a resident number contains. */
#include "events/terms/identity.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "core/base/unicode.h"

enum {
    LONG_SIZE = 18,
    SHORT_SIZE = 15,
    DATE_AT = 6, /* both forms: six of area, then the birth date */
    OTHER_LENGTH_MAX = 64,
    MASK_EDGE_MIN = 8, /* from this length on two characters stay visible at each end */
};

static const struct {
    const char *text;
    IdType__Code type;
} kinds[] = {
    {"身份证", ID_TYPE__CODE__RESIDENT},
    {"外国人永久居留身份证", ID_TYPE__CODE__PERMANENT_RESIDENT},
    {"港澳居民居住证", ID_TYPE__CODE__HK_MACAU_RESIDENCE},
    {"台湾居民居住证", ID_TYPE__CODE__TAIWAN_RESIDENCE},
    {"港澳同胞回乡证", ID_TYPE__CODE__HK_MACAU_PERMIT},
    {"台胞证", ID_TYPE__CODE__TAIWAN_PERMIT},
    {"外国护照", ID_TYPE__CODE__PASSPORT},
    {"军官证", ID_TYPE__CODE__OFFICER},
    {"其他", ID_TYPE__CODE__OTHER},
    /* The words above are written; these are read too: how a document calls itself, or for short.
     */
    {"居民身份证", ID_TYPE__CODE__RESIDENT},
    {"回乡证", ID_TYPE__CODE__HK_MACAU_PERMIT},
    {"港澳居民来往内地通行证", ID_TYPE__CODE__HK_MACAU_PERMIT},
    {"台湾居民来往大陆通行证", ID_TYPE__CODE__TAIWAN_PERMIT},
};
enum { KINDS_COUNT = sizeof kinds / sizeof kinds[0] };

bool id_type_from_text(str text, IdType__Code *ret)
{
    text = str_trim(text);
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        if (str_equal_c(text, kinds[i].text)) {
            *ret = kinds[i].type;
            return true;
        }
    }
    int value = record_enum_value(&id_type__code__descriptor, text);
    if (value <= ID_TYPE__CODE__NONE) {
        return false;
    }
    *ret = (IdType__Code)value;
    return true;
}

str id_type_text(IdType__Code type)
{
    for (size_t i = 0; i < KINDS_COUNT; i++) {
        if (kinds[i].type == type) {
            return str_of(kinds[i].text);
        }
    }
    return STR("");
}

bool id_type_is_card(IdType__Code type)
{
    switch (type) {
    case ID_TYPE__CODE__RESIDENT:
    case ID_TYPE__CODE__PERMANENT_RESIDENT:
    case ID_TYPE__CODE__HK_MACAU_RESIDENCE:
    case ID_TYPE__CODE__TAIWAN_RESIDENCE: return true;
    case ID_TYPE__CODE__NONE:
    case ID_TYPE__CODE__HK_MACAU_PERMIT:
    case ID_TYPE__CODE__TAIWAN_PERMIT:
    case ID_TYPE__CODE__PASSPORT:
    case ID_TYPE__CODE__OFFICER:
    case ID_TYPE__CODE__OTHER:
    case _ID_TYPE__CODE_IS_INT_SIZE: break;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Are all characters from `from` to before `to` digits? */
static bool digits_between(str s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (i >= s.size || !is_digit(s.data[i])) {
            return false;
        }
    }
    return true;
}

/* The next character in half width and upper case. */
static uint32_t next_plain(str *text)
{
    uint32_t c = str_next(text);
    c = c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* The text as plain ASCII in out[LONG_SIZE + 1], without blanks and a leading quote; its length, or
 * 0 when it is longer or holds anything else. */
static size_t plain_number(str text, char out[LONG_SIZE + 1])
{
    size_t size = 0;
    text = str_trim(text);
    while (!str_empty(text)) {
        uint32_t c = next_plain(&text);
        if (c == ' ' || c == 0x3000 || (c == '\'' && size == 0)) {
            continue;
        }
        if (c > 0x7e || size == LONG_SIZE) {
            return 0;
        }
        out[size++] = (char)c;
    }
    out[size] = 0;
    return size;
}

IdType__Code id_type_guess(str number)
{
    char plain[LONG_SIZE + 1];
    size_t size = plain_number(number, plain);
    if (size != SHORT_SIZE && size != LONG_SIZE) {
        return ID_TYPE__CODE__NONE;
    }
    for (size_t i = 0; i < size; i++) { /* a masked number shows its kind as well */
        if (!is_digit(plain[i]) && plain[i] != '*' && !(i == LONG_SIZE - 1 && plain[i] == 'X')) {
            return ID_TYPE__CODE__NONE;
        }
    }
    if (size == SHORT_SIZE) {
        return ID_TYPE__CODE__RESIDENT;
    }
    if (plain[0] == '9') {
        return ID_TYPE__CODE__PERMANENT_RESIDENT;
    }
    if (plain[0] == '8' && (plain[1] == '1' || plain[1] == '2')) {
        return ID_TYPE__CODE__HK_MACAU_RESIDENCE;
    }
    if (plain[0] == '8' && plain[1] == '3') {
        return ID_TYPE__CODE__TAIWAN_RESIDENCE;
    }
    return ID_TYPE__CODE__RESIDENT;
}

/* The birth date at DATE_AT: YYYYMMDD, or YYMMDD of the 1900s in a short number. */
static bool read_birth_date(str number, int32_t *ret_days)
{
    char text[9] = "19";
    if (number.size == LONG_SIZE) {
        memcpy(text, number.data + DATE_AT, 8);
    } else {
        memcpy(text + 2, number.data + DATE_AT, 6);
    }
    return date_parse((str){text, 8}, ret_days);
}

/* 17 digits with an existing birth date, and a digit or X. */
static bool is_long_number(str s)
{
    int32_t born = 0;
    return s.size == LONG_SIZE && digits_between(s, 0, LONG_SIZE - 1) &&
           (is_digit(s.data[LONG_SIZE - 1]) || s.data[LONG_SIZE - 1] == 'X') &&
           read_birth_date(s, &born);
}

static bool fits_resident(str s)
{
    int32_t born = 0;
    if (s.size == SHORT_SIZE) {
        return digits_between(s, 0, SHORT_SIZE) && read_birth_date(s, &born);
    }
    return is_long_number(s) && s.data[0] != '9' && s.data[0] != '0' &&
           !str_starts_with(s, STR("810000")) && !str_starts_with(s, STR("820000")) &&
           !str_starts_with(s, STR("830000"));
}

/* The 2023 edition has 18 digits, the older one a country's three letters and 12 digits. */
static bool fits_permanent_resident(str s)
{
    if (s.size == SHORT_SIZE) {
        return is_letter(s.data[0]) && is_letter(s.data[1]) && is_letter(s.data[2]) &&
               digits_between(s, 3, SHORT_SIZE);
    }
    return is_long_number(s) && s.data[0] == '9';
}

static bool fits_hk_macau_permit(str s)
{
    return (s.size == 9 || s.size == 11) && (s.data[0] == 'H' || s.data[0] == 'M') &&
           digits_between(s, 1, s.size);
}

/* 8 digits; on older papers 10 and a letter, the letter also in brackets. */
static bool fits_taiwan_permit(str s)
{
    if (s.size == 8 || s.size == 10) {
        return digits_between(s, 0, s.size);
    }
    if (s.size == 13) {
        return digits_between(s, 0, 10) && s.data[10] == '(' && is_letter(s.data[11]) &&
               s.data[12] == ')';
    }
    return s.size == 11 && digits_between(s, 0, 10) && is_letter(s.data[10]);
}

static bool is_letters_and_digits(str s, size_t size_min, size_t size_max)
{
    if (s.size < size_min || s.size > size_max) {
        return false;
    }
    for (size_t i = 0; i < s.size; i++) {
        if (!is_digit(s.data[i]) && !is_letter(s.data[i])) {
            return false;
        }
    }
    return true;
}

/* 军字第2001988号, or the number alone. */
static bool fits_officer(str s)
{
    const str mark = STR("字第");
    const str end = STR("号");
    if (is_letters_and_digits(s, 4, 8)) {
        return true;
    }
    for (int prefix = 0; prefix <= 4 && !str_empty(s); prefix++) {
        if (prefix > 0 && str_starts_with(s, mark) && str_ends_with(s, end)) {
            s = str_from(s, mark.size);
            return is_letters_and_digits(str_first(s, s.size - end.size), 4, 8);
        }
        if (str_next(&s) < 0x3400) {
            return false;
        }
    }
    return false;
}

static bool fits(IdType__Code type, str s)
{
    switch (type) {
    case ID_TYPE__CODE__RESIDENT: return fits_resident(s);
    case ID_TYPE__CODE__PERMANENT_RESIDENT: return fits_permanent_resident(s);
    case ID_TYPE__CODE__HK_MACAU_RESIDENCE:
        return is_long_number(s) &&
               (str_starts_with(s, STR("810000")) || str_starts_with(s, STR("820000")));
    case ID_TYPE__CODE__TAIWAN_RESIDENCE:
        return is_long_number(s) && str_starts_with(s, STR("830000"));
    case ID_TYPE__CODE__HK_MACAU_PERMIT: return fits_hk_macau_permit(s);
    case ID_TYPE__CODE__TAIWAN_PERMIT: return fits_taiwan_permit(s);
    case ID_TYPE__CODE__PASSPORT: return is_letters_and_digits(s, 5, 20);
    case ID_TYPE__CODE__OFFICER: return fits_officer(s);
    case ID_TYPE__CODE__OTHER: return s.size > 0 && str_length(s) <= OTHER_LENGTH_MAX;
    case ID_TYPE__CODE__NONE:
    case _ID_TYPE__CODE_IS_INT_SIZE: break;
    }
    return false;
}

bool identity_normalise(IdType__Code type, str number, struct arena *arena, str *ret)
{
    str narrow = unicode_narrow(unicode_without_blanks(str_trim(number), arena), arena);
    str normal = unicode_upper_ascii(narrow, arena);
    if (str_starts_with(normal, STR("'"))) {
        normal = str_from(normal, 1); /* how a spreadsheet marks text */
    }
    if (identity_is_masked(normal) || !fits(type, normal)) {
        return false;
    }
    *ret = normal;
    return true;
}

/* MOD 11-2 over 17 digits (GB 11643-1999, 4.3): the weight of place i is 2^(17-i) mod 11. */
static char check_character(const char first_17[LONG_SIZE - 1])
{
    int sum = 0;
    int weight = 1;
    for (int i = LONG_SIZE - 2; i >= 0; i--) {
        weight = weight * 2 % 11;
        sum += (first_17[i] - '0') * weight;
    }
    return "10X98765432"[sum % 11];
}

bool identity_check_digit_is_right(IdType__Code type, str normal)
{
    return !id_type_is_card(type) || normal.size != LONG_SIZE ||
           !digits_between(normal, 0, LONG_SIZE - 1) ||
           check_character(normal.data) == normal.data[LONG_SIZE - 1];
}

/* A short resident number as the long one it became: the century is the 1900s by rule. */
static void lengthen(str short_number, char out[LONG_SIZE + 1])
{
    memcpy(out, short_number.data, DATE_AT);
    memcpy(out + DATE_AT, "19", 2);
    memcpy(out + DATE_AT + 2, short_number.data + DATE_AT, SHORT_SIZE - DATE_AT);
    out[LONG_SIZE - 1] = check_character(out);
    out[LONG_SIZE] = 0;
}

static bool is_short_resident(IdType__Code type, str normal)
{
    return type == ID_TYPE__CODE__RESIDENT && normal.size == SHORT_SIZE;
}

/* record_enum_text of the kind: asked for with every row of a register. */
static str kind_text(IdType__Code type, struct arena *arena)
{
    static const char *const texts[] = {
        [ID_TYPE__CODE__RESIDENT] = "resident",
        [ID_TYPE__CODE__PERMANENT_RESIDENT] = "permanent_resident",
        [ID_TYPE__CODE__HK_MACAU_RESIDENCE] = "hk_macau_residence",
        [ID_TYPE__CODE__TAIWAN_RESIDENCE] = "taiwan_residence",
        [ID_TYPE__CODE__HK_MACAU_PERMIT] = "hk_macau_permit",
        [ID_TYPE__CODE__TAIWAN_PERMIT] = "taiwan_permit",
        [ID_TYPE__CODE__PASSPORT] = "passport",
        [ID_TYPE__CODE__OFFICER] = "officer",
        [ID_TYPE__CODE__OTHER] = "other",
    };
    bool known = type > ID_TYPE__CODE__NONE && type <= ID_TYPE__CODE__OTHER;
    return known ? str_of(texts[type])
                 : record_enum_text(&id_type__code__descriptor, (int)type, arena);
}

str identity_key(IdType__Code type, str normal, struct arena *arena)
{
    char long_number[LONG_SIZE + 1];
    str person = normal;
    if (is_short_resident(type, normal)) {
        lengthen(normal, long_number);
        person = str_of(long_number);
    }
    if (type == ID_TYPE__CODE__HK_MACAU_PERMIT) {
        person = str_first(normal, 9);
    }
    if (type == ID_TYPE__CODE__TAIWAN_PERMIT) {
        person = str_first(normal, 8);
    }
    str kind = kind_text(type, arena);
    char *key = arena_new_raw(arena, kind.size + 1 + person.size);
    memcpy(key, kind.data, kind.size);
    key[kind.size] = ':';
    memcpy(key + kind.size + 1, person.data, person.size);
    return (str){key, kind.size + 1 + person.size};
}

/* Visible characters at the start and at the end. */
static void mask_edges(IdType__Code type, size_t length, size_t *ret_first, size_t *ret_last)
{
    size_t edge = length >= MASK_EDGE_MIN ? 2 : length >= 5 ? 1 : 0;
    *ret_first = id_type_is_card(type) && length >= SHORT_SIZE ? 3 : edge;
    *ret_last = edge;
}

str identity_mask(IdType__Code type, str normal, struct arena *arena)
{
    size_t length = str_length(normal);
    size_t first = 0;
    size_t last = 0;
    mask_edges(type, length, &first, &last);
    char *out = arena_new_raw(arena, normal.size + 4);
    size_t size = 0;
    if (length == normal.size) { /* a byte a character */
        memcpy(out, normal.data, length);
        memset(out + first, '*', length - first - last);
        out[length] = 0;
        return (str){out, length};
    }
    for (size_t i = 0; i < length; i++) {
        uint32_t c = str_next(&normal);
        size += utf8_encode(i < first || i >= length - last ? c : '*', out + size);
    }
    out[size] = 0;
    return (str){out, size};
}

bool identity_is_masked(str number)
{
    enum { LEADS_WIDE = 0xef };
    if (number.size == 0 || (memchr(number.data, '*', number.size) == NULL &&
                             memchr(number.data, LEADS_WIDE, number.size) == NULL)) {
        return false; /* nearly all numbers */
    }
    while (!str_empty(number)) {
        if (next_plain(&number) == '*') {
            return true;
        }
    }
    return false;
}

static bool visible_agree(str masked, str normal)
{
    while (!str_empty(masked) && !str_empty(normal)) {
        uint32_t seen = next_plain(&masked);
        uint32_t real = next_plain(&normal);
        if (seen != '*' && seen != real) {
            return false;
        }
    }
    return str_empty(masked) && str_empty(normal);
}

bool identity_mask_agrees(str masked, str normal)
{
    char long_number[LONG_SIZE + 1];
    masked = str_trim(masked);
    if (visible_agree(masked, normal)) {
        return true;
    }
    if (str_length(masked) != LONG_SIZE || normal.size != SHORT_SIZE ||
        !digits_between(normal, 0, SHORT_SIZE)) {
        return false;
    }
    lengthen(normal, long_number); /* the platform masks the long number of an old card */
    return visible_agree(masked, str_of(long_number));
}

bool sex_from_text(str text, Sex__Code *ret)
{
    text = str_trim(text);
    if (str_equal_c(text, "男") || str_equal_c(text, "M") || str_equal_c(text, "m") ||
        str_equal_c(text, "1")) {
        *ret = SEX__CODE__MALE;
        return true;
    }
    if (str_equal_c(text, "女") || str_equal_c(text, "F") || str_equal_c(text, "f") ||
        str_equal_c(text, "2")) {
        *ret = SEX__CODE__FEMALE;
        return true;
    }
    return false;
}

str sex_text(Sex__Code sex)
{
    switch (sex) {
    case SEX__CODE__MALE: return STR("男");
    case SEX__CODE__FEMALE: return STR("女");
    case SEX__CODE__NONE:
    case _SEX__CODE_IS_INT_SIZE: break;
    }
    return STR("");
}
