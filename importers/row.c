/* row - see row.h. */
#include "importers/row.h"

#include <string.h>

#include "core/base/date.h"
#include "core/base/unicode.h"
#include "events/terms/category.h"
#include "events/terms/credit_code.h"
#include "events/terms/identity.h"
#include "events/terms/names.h"
#include "importers/messages.h"

enum {
    CODE_BYTES_MAX = 64,
    FIELD_BYTES_MAX = 4096, /* as of the fields that persons write (events/limits.h) */
    SERIAL_DIGITS = 5,      /* of a day as spreadsheets count: 43265 */
    MASK_VISIBLE_MIN = 4,   /* fewer would agree with too many numbers */
};

str row_text(const struct import_row *row, size_t column)
{
    return row->cells[column];
}

bool row_is_empty(const struct import_row *row, size_t column)
{
    return str_empty(row->cells[column]);
}

char *row_string(const struct import_row *row, size_t column, struct arena *arena)
{
    return arena_c_string(arena, row->cells[column]);
}

const char *row_column(const struct import_row *row, size_t column)
{
    return row->kind->columns[column].name;
}

void row_warn(struct import_row *row, int code, size_t column)
{
    if (row->warnings_count < IMPORT_WARNINGS_MAX) {
        row->warnings[row->warnings_count] = code;
        row->warning_columns[row->warnings_count] = row_column(row, column);
        row->warnings_count++;
    }
}

bool text_is_spreadsheet_error(str cell)
{
    if (str_empty(cell) || cell.data[0] != '#') { /* nearly every cell */
        return false;
    }
    static const char *const errors[] = {"#N/A",    "#VALUE!", "#REF!", "#NAME?",
                                         "#DIV/0!", "#NULL!",  "#NUM!"};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (str_equal_c(cell, errors[i])) {
            return true;
        }
    }
    size_t signs = 0;
    while (signs < cell.size && cell.data[signs] == '#') {
        signs++;
    }
    return signs > 1 && signs == cell.size;
}

/* What shows nothing and is no blank that readers take off: marks of direction, spaces without a
 * width or with an odd one, as copied from a page or a dialog. */
static bool is_invisible(uint32_t c)
{
    return c == 0xad || c == 0x61c || (c >= 0x2000 && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* Bytes that begin such a sign: most names hold none. */
static bool may_be_invisible(char byte)
{
    return byte == '\xc2' || byte == '\xd8' || byte == '\xe2' || byte == '\xef';
}

bool text_holds_invisible(str text)
{
    size_t plain = 0;
    while (plain < text.size && !may_be_invisible(text.data[plain])) {
        plain++;
    }
    text = str_from(text, plain);
    while (!str_empty(text)) {
        if (is_invisible(str_next(&text))) {
            return true;
        }
    }
    return false;
}

/* The guard that spreadsheets put in front of text: in names and words nobody can tell. */
static void warn_apostrophe(struct import_row *row, size_t column)
{
    if (str_starts_with(row->cells[column], STR("'"))) {
        row_warn(row, MESSAGE_LEADING_APOSTROPHE, column);
    }
}

char *row_free_text(struct import_row *row, size_t column, struct arena *arena)
{
    warn_apostrophe(row, column);
    return row_string(row, column, arena);
}

/* Rejects a cell: `found` says what kind of thing it is, never the cell itself. */
static FALLIBLE reject(const struct import_row *row, size_t column, int code, const char *found,
                       struct error *err)
{
    bool none = text_is_spreadsheet_error(row->cells[column]);
    FAIL(INVALID, code, ARG_TEXT("column", row_column(row, column)),
         ARG_TEXT("found", none ? "spreadsheet_error" : found));
}

str row_plain(const struct import_row *row, size_t column, struct arena *arena)
{
    str text = unicode_without_blanks(unicode_narrow(row->cells[column], arena), arena);
    return str_starts_with(text, STR("'")) ? str_from(text, 1) : text;
}

static size_t digits(str text)
{
    size_t count = 0;
    while (count < text.size && text.data[count] >= '0' && text.data[count] <= '9') {
        count++;
    }
    return count;
}

/* Did a spreadsheet keep 15 digits of a number of 18 and fill up with zeros? The check digit is to
 * be wrong, too: one number of eleven ends so by right. A warning (R-BJ-06): registers hold odd
 * numbers that are right. */
static bool digits_are_lost(str number)
{
    enum { DIGITS = 18, KEPT = 15 };
    return number.size == DIGITS && digits(number) == DIGITS &&
           str_equal(str_from(number, KEPT), STR("000"));
}

bool text_is_scientific(str text)
{
    size_t before = digits(text);
    str rest = str_from(text, before);
    if (before != 1) {
        return false;
    }
    if (str_starts_with(rest, STR("."))) {
        rest = str_from(rest, 1 + digits(str_from(rest, 1)));
    }
    if (!str_starts_with(rest, STR("E")) && !str_starts_with(rest, STR("e"))) {
        return false;
    }
    rest = str_from(rest, 1);
    rest = str_starts_with(rest, STR("+")) ? str_from(rest, 1) : rest;
    return rest.size > 0 && digits(rest) == rest.size;
}

outcome row_no_date(const struct import_row *row, size_t column, str plain, const char *found,
                    struct error *err)
{
    bool serial = plain.size == SERIAL_DIGITS && digits(plain) == plain.size;
    bool timed = digits(plain) > 0 && str_find_byte(plain, ':') < plain.size;
    return reject(row, column, MESSAGE_BAD_DATE,
                  serial  ? "spreadsheet_serial"
                  : timed ? "time_of_day"
                          : found,
                  err);
}

FALLIBLE row_date(const struct import_row *row, size_t column, struct arena *arena, Date **ret,
                  struct error *err)
{
    str text = row_plain(row, column, arena);
    if (str_empty(text)) {
        *ret = NULL;
        return OK;
    }
    int32_t days;
    if (!date_parse(text, &days)) {
        return row_no_date(row, column, text, "form", err);
    }
    Date *date = ARENA_NEW(arena, Date);
    date__init(date);
    date->days = days;
    *ret = date;
    return OK;
}

FALLIBLE row_date_order(const struct import_row *row, size_t earlier_column, const Date *earlier,
                        size_t later_column, const Date *later, struct error *err)
{
    if (earlier != NULL && later != NULL && earlier->days > later->days) {
        FAIL(INVALID, MESSAGE_DATE_ORDER, ARG_TEXT("column", row_column(row, earlier_column)),
             ARG_TEXT("later_column", row_column(row, later_column)));
    }
    return OK;
}

/* Spreadsheets break long names inside a cell: line breaks and tabs are no part of a name. */
static str without_controls(str text, struct arena *arena)
{
    char *out = arena_new(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if ((uint8_t)text.data[i] >= ' ') {
            out[size++] = text.data[i];
        }
    }
    return (str){out, size};
}

FALLIBLE row_enterprise_name(struct import_row *row, size_t column, struct arena *arena, char **ret,
                             struct error *err)
{
    str name = without_controls(row->cells[column], arena);
    if (name_is_damaged(name) || text_is_spreadsheet_error(name)) {
        return reject(row, column, MESSAGE_DAMAGED_NAME, "lost_character", err);
    }
    if (text_holds_invisible(name)) { /* it would be another name, to be found by nobody */
        return reject(row, column, MESSAGE_DAMAGED_NAME, "invisible_sign", err);
    }
    if (name_has_private_use(name)) {
        row_warn(row, MESSAGE_PUA_CHARACTER, column);
    }
    warn_apostrophe(row, column);
    *ret = arena_c_string(arena, name);
    return OK;
}

FALLIBLE row_person_name(struct import_row *row, size_t column, struct arena *arena, char **ret,
                         struct error *err)
{
    TRY(row_enterprise_name(row, column, arena, ret, err));
    if (name_has_odd_separator(row->cells[column])) {
        row_warn(row, MESSAGE_NAME_SEPARATOR, column);
    }
    return OK;
}

FALLIBLE row_credit_code(struct import_row *row, size_t column, struct arena *arena, char **ret,
                         struct error *err)
{
    str text = row_plain(row, column, arena);
    str normal = STR("");
    if (!str_empty(text) && !credit_code_normalise(text, arena, &normal)) {
        return reject(row, column, MESSAGE_BAD_CODE,
                      text_is_scientific(text) ? "scientific_notation" : "form", err);
    }
    if (!str_empty(normal) && !credit_code_check_is_right(normal)) {
        row_warn(row, digits_are_lost(normal) ? MESSAGE_DIGITS_LOST : MESSAGE_CHECK_DIGIT, column);
    }
    *ret = arena_c_string(arena, normal);
    return OK;
}

/* The kind of the document: as written, or as the number tells it. */
static FALLIBLE row_id_type(const struct import_row *row, size_t type_column, str number,
                            struct arena *arena, IdType__Code *ret, struct error *err)
{
    str text = row_plain(row, type_column, arena);
    if (!str_empty(text)) {
        if (!id_type_from_text(text, ret)) {
            return reject(row, type_column, MESSAGE_BAD_ID_TYPE, "unknown", err);
        }
        return OK;
    }
    IdType__Code guessed = id_type_guess(number);
    if (guessed == ID_TYPE__CODE__NONE) {
        return reject(row, type_column, MESSAGE_ID_TYPE_MISSING, "number", err);
    }
    *ret = guessed;
    return OK;
}

static size_t visible_characters(str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] != '*';
    }
    return count;
}

FALLIBLE row_identity(struct import_row *row, size_t type_column, size_t number_column,
                      bool *ret_masked, struct arena *arena, Personal *ret, struct error *err)
{
    str text = row_plain(row, number_column, arena);
    if (text_is_scientific(text)) {
        return reject(row, number_column, MESSAGE_BAD_NUMBER, "scientific_notation", err);
    }
    bool masked = identity_is_masked(text);
    if (masked && ret_masked == NULL) {
        return reject(row, number_column, MESSAGE_BAD_NUMBER, "masked", err);
    }
    IdType__Code type = ID_TYPE__CODE__NONE;
    TRY(row_id_type(row, type_column, text, arena, &type, err));
    str normal = unicode_upper_ascii(text, arena);
    if (masked) {
        if (normal.size > CODE_BYTES_MAX || visible_characters(normal) < MASK_VISIBLE_MIN) {
            return reject(row, number_column, MESSAGE_BAD_NUMBER, "form", err);
        }
    } else if (!identity_normalise(type, text, arena, &normal)) {
        return reject(row, number_column, MESSAGE_BAD_NUMBER, "form", err);
    } else if (!identity_check_digit_is_right(type, normal)) {
        row_warn(row, digits_are_lost(normal) ? MESSAGE_DIGITS_LOST : MESSAGE_CHECK_DIGIT,
                 number_column);
    }
    ret->id_type = type;
    ret->id_number = arena_c_string(arena, normal);
    str written = row->cells[number_column];
    written = str_starts_with(written, STR("'")) ? str_from(written, 1) : written;
    if (!str_equal(normal, written)) {
        ret->spelled_number = arena_c_string(arena, written);
    }
    if (ret_masked != NULL) {
        *ret_masked = masked;
    }
    return OK;
}

FALLIBLE row_category(const struct import_row *row, size_t column, bool others, struct arena *arena,
                      Category__Code *ret, struct error *err)
{
    str text = unicode_upper_ascii(row_plain(row, column, arena), arena);
    if (str_ends_with(text, STR("类")) || str_ends_with(text, STR("证"))) {
        text = str_first(text, text.size - STR("类").size);
    }
    if (category_from_text(text, ret)) {
        return OK;
    }
    bool letter = text.size > 0 && text.data[0] >= 'A' && text.data[0] <= 'Z';
    if (others && letter && text.size <= 2 && digits(str_from(text, 1)) == text.size - 1) {
        *ret = CATEGORY__CODE__OTHER;
        return OK;
    }
    return reject(row, column, MESSAGE_BAD_CATEGORY, "unknown", err);
}

FALLIBLE row_certificate(const struct import_row *row, size_t column, struct arena *arena,
                         struct number *ret, char **ret_spelled, struct error *err)
{
    str text = row_plain(row, column, arena);
    struct number number;
    if (!number_parse(text, arena, &number)) {
        return reject(row, column, MESSAGE_BAD_NUMBER,
                      text_is_scientific(text) ? "scientific_notation" : "form", err);
    }
    bool same = str_equal(number.canonical, row->cells[column]);
    *ret_spelled = same ? arena_c_string(arena, STR("")) : row_string(row, column, arena);
    *ret = number;
    return OK;
}

FALLIBLE row_word(const struct import_row *row, size_t column, const struct row_word *words,
                  int code, struct arena *arena, int *ret, struct error *err)
{
    str text = row_plain(row, column, arena);
    for (const struct row_word *word = words; word->text != NULL; word++) {
        if (str_equal_c(text, word->text)) {
            *ret = word->value;
            return OK;
        }
    }
    return reject(row, column, code, "unknown", err);
}

FALLIBLE row_code(const struct import_row *row, size_t column, struct arena *arena, char **ret,
                  struct error *err)
{
    str text = row_plain(row, column, arena);
    if (text_is_scientific(text)) {
        return reject(row, column, MESSAGE_BAD_CODE, "scientific_notation", err);
    }
    if (text_holds_invisible(text)) { /* it would be another code */
        return reject(row, column, MESSAGE_BAD_CODE, "invisible_sign", err);
    }
    if (text.size > CODE_BYTES_MAX) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("column", row_column(row, column)),
             ARG_INT("limit", CODE_BYTES_MAX));
    }
    *ret = arena_c_string(arena, text);
    return OK;
}

void row_field_value(const struct import_row *row, size_t column, str value, struct arena *arena,
                     Personal *ret)
{
    if (ret->fields == NULL) {
        ret->fields = ARENA_ARRAY(arena, RecordField *, row->kind->columns_count);
    }
    RecordField *field = ARENA_NEW(arena, RecordField);
    record_field__init(field);
    field->name = arena_c_string(arena, str_of(row_column(row, column)));
    field->value = arena_c_string(arena, value);
    ret->fields[ret->n_fields++] = field;
}

FALLIBLE row_field(struct import_row *row, size_t column, struct arena *arena, Personal *ret,
                   struct error *err)
{
    str text = row_text(row, column);
    warn_apostrophe(row, column);
    if (text.size > FIELD_BYTES_MAX) {
        FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("column", row_column(row, column)),
             ARG_INT("limit", FIELD_BYTES_MAX));
    }
    if (text.size > 0) {
        row_field_value(row, column, text, arena, ret);
    }
    return OK;
}
