/* str - text and bytes as views: a pointer and a size, passed by value, never owned.
 *
 * A `str` is valid UTF-8 without NUL; the only way from bytes to str is str_from_bytes(), which
 * checks that. Neither is NUL-terminated unless it says so. What they point at lives as long as the
 * arena, transaction or literal it came from. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct str {
    const char *data;
    size_t size;
} str;

typedef struct bytes {
    const uint8_t *data;
    size_t size;
} bytes;

/* A string literal as a str. */
#define STR(literal) ((str){"" literal, sizeof(literal) - 1})

/* For printf: printf("%.*s", STR_ARGS(s)). */
#define STR_ARGS(s)  ((int)(s).size), ((s).data != NULL ? (s).data : "")

/* A NUL-terminated string; NULL becomes the empty str. The text must be known to be UTF-8. */
str str_of(const char *text);

/* The bytes of a str, and a view of any memory. */
bytes bytes_of(const void *data, size_t size);
bytes str_bytes(str s);

bool str_equal(str a, str b);
bool str_equal_c(str a, const char *b);
bool str_empty(str s);
bool str_starts_with(str s, str prefix);
bool str_ends_with(str s, str suffix);
bool bytes_equal(bytes a, bytes b);
/* <0, 0, >0 as memcmp; a prefix sorts before what it starts. */
int str_compare(str a, str b);
int bytes_compare(bytes a, bytes b);

/* The part from `from` on, and the first `size` bytes; past the end is empty, never an error. */
str str_from(str s, size_t from);
str str_first(str s, size_t size);

/* At most the first `size` bytes of UTF-8 text, never half a character. */
str str_first_text(str s, size_t size);

/* Removes blanks at both ends: ASCII white space, U+3000, U+00A0 and U+FEFF. */
str str_trim(str s);
/* Without the byte order mark that some editors put before a text. */
str str_without_mark(str s);

/* Position of the first `byte`, or s.size. */
size_t str_find_byte(str s, char byte);

/* Cuts the part up to the next `separator` off *rest and returns it; *rest is then what follows
 * (data NULL when nothing does). Call while rest->data != NULL. */
str str_cut(str *rest, char separator);
/* The same at any mark with which people separate the items of a list: , ; | 、 ， ； or the end of
 * a line. Blanks around the item are removed. */
str str_cut_item(str *rest);

/* Size of the UTF-8 character at the beginning of `b`; 0 when there is no valid one (NUL does not
 * count). */
size_t str_character_size(bytes b);

/* Checks UTF-8 (no surrogates, no overlong forms, at most U+10FFFF) and the absence of NUL.
 * Returns false and leaves *ret untouched otherwise. */
bool str_from_bytes(bytes b, str *ret);

/* Decodes the next code point and moves *s past it; s must not be empty. */
uint32_t str_next(str *s);

/* Number of code points. */
size_t str_length(str s);

/* Writes `code_point` as UTF-8 into out[4] and returns the number of bytes. */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* Parses an unsigned decimal number that fills the whole str; false on anything else. */
bool str_to_uint64(str s, uint64_t *ret);
