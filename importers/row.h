/* row - reads the cells of a register row: one function for each kind of cell.
 *
 * Each function takes the column's place in the format and returns the value in the arena. It fails
 * INVALID with the reason code of CONTRACT 3; the message names the column and the kind of fault,
 * never the content of the cell. An empty cell gives the absent value ("" or NULL): empty cells of
 * mandatory columns were rejected before (MISSING_CELL). */
#pragma once

#include "events/terms/number.h"
#include "importers/registry.h"

/* The trimmed cell. */
str row_text(const struct import_row *row, size_t column);
bool row_is_empty(const struct import_row *row, size_t column);
/* The same as a NUL-terminated copy, "" when empty: for fields of messages. */
char *row_string(const struct import_row *row, size_t column, struct arena *arena);
/* The same of what people wrote as they liked; warns LEADING_APOSTROPHE. */
char *row_free_text(struct import_row *row, size_t column, struct arena *arena);
/* The cell as machines compare it: half width, no blanks, without a spreadsheet's leading '. */
str row_plain(const struct import_row *row, size_t column, struct arena *arena);
const char *row_column(const struct import_row *row, size_t column);

/* Adds a warning; the first IMPORT_WARNINGS_MAX are kept. */
void row_warn(struct import_row *row, int code, size_t column);

/* fails BAD_DATE */
FALLIBLE row_date(const struct import_row *row, size_t column, struct arena *arena, Date **ret,
                  struct error *err);
/* Refuses a cell, `plain` being its row_plain(), that is no date or month: as what a spreadsheet
 * made of it, else as `found`. Always fails BAD_DATE. */
outcome row_no_date(const struct import_row *row, size_t column, str plain, const char *found,
                    struct error *err);
/* Neither absent and `earlier` after `later`: fails DATE_ORDER. */
FALLIBLE row_date_order(const struct import_row *row, size_t earlier_column, const Date *earlier,
                        size_t later_column, const Date *later, struct error *err);

/* A name as written: fails DAMAGED_NAME; warns PUA_CHARACTER,
 * LEADING_APOSTROPHE and, of persons, NAME_SEPARATOR. */
FALLIBLE row_person_name(struct import_row *row, size_t column, struct arena *arena, char **ret,
                         struct error *err);
FALLIBLE row_enterprise_name(struct import_row *row, size_t column, struct arena *arena, char **ret,
                             struct error *err);

/* A unified social credit code in normal form: fails BAD_CODE; warns CHECK_DIGIT,
 * DIGITS_LOST. */
FALLIBLE row_credit_code(struct import_row *row, size_t column, struct arena *arena, char **ret,
                         struct error *err);

/* Kind and number of an identity document into `ret`; the kind is guessed when its cell is empty.
 * `ret_masked` NULL: masked numbers are not allowed.
 * fails   BAD_ID_TYPE, ID_TYPE_MISSING, BAD_NUMBER; warns CHECK_DIGIT, DIGITS_LOST */
FALLIBLE row_identity(struct import_row *row, size_t type_column, size_t number_column,
                      bool *ret_masked, struct arena *arena, Personal *ret, struct error *err);

/* A, B, C, C1, C2 or C3, also followed by 类 or 证. `others`: further letters are Category OTHER.
 * fails   BAD_CATEGORY */
FALLIBLE row_category(const struct import_row *row, size_t column, bool others, struct arena *arena,
                      Category__Code *ret, struct error *err);

/* A certificate number in canonical form; `ret_spelled` is the cell when that differs, else "".
 * fails   BAD_NUMBER */
FALLIBLE row_certificate(const struct import_row *row, size_t column, struct arena *arena,
                         struct number *ret, char **ret_spelled, struct error *err);

/* One of the words of a column; `words` ends with a NULL text.
 * fails   `code` (MESSAGE_BAD_CODE, MESSAGE_BAD_STATE) */
struct row_word {
    const char *text;
    int value;
};
FALLIBLE row_word(const struct import_row *row, size_t column, const struct row_word *words,
                  int code, struct arena *arena, int *ret, struct error *err);

/* A code that an office gives out (工号, 准考证号): narrow, without blanks, at most 64 bytes.
 * fails   BAD_CODE, TOO_LARGE */
FALLIBLE row_code(const struct import_row *row, size_t column, struct arena *arena, char **ret,
                  struct error *err);

/* Adds the cell to the fields of a personnel file under the column's name, as it is written; an
 * empty one adds nothing. `fields` has room for every column.
 * fails   TOO_LARGE; warns LEADING_APOSTROPHE */
FALLIBLE row_field(struct import_row *row, size_t column, struct arena *arena, Personal *ret,
                   struct error *err);
/* The same with a value that was normalised. */
void row_field_value(const struct import_row *row, size_t column, str value, struct arena *arena,
                     Personal *ret);

/* Did a spreadsheet write the number as 3.10101E+17? */
bool text_is_scientific(str text);
/* Is it what a spreadsheet writes where it has no value: ####, #N/A, #VALUE! and the like? */
bool text_is_spreadsheet_error(str text);
/* Does it hold a sign that shows nothing and is no blank? */
bool text_holds_invisible(str text);
