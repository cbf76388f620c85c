/* json - one JSON text in, or out.
 *
 * Reading is strict: duplicate keys, lone surrogates, NUL, numbers that are no 64-bit integer where
 * one is asked for, more than 32 levels and more than 1 MiB are refused, with line and column.
 * Nothing of the text is ever in a message. Trees are the caller's until json_release(); keys and
 * texts of a tree are its own copies, NUL-terminated. */
#pragma once

#include <stdio.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum { JSON_DEPTH_MAX = 32, JSON_BYTES_MAX = 1 << 20 };

struct json; /* a value of any kind */

enum json_kind {
    JSON_IS_NULL,
    JSON_IS_BOOL,
    JSON_IS_NUMBER,  /* an integer */
    JSON_IS_DECIMAL, /* a number that is none */
    JSON_IS_TEXT,
    JSON_IS_LIST,
    JSON_IS_RECORD,
};

/* fails   INVALID MESSAGE_JSON_SYNTAX, MESSAGE_JSON_DUPLICATE_KEY, MESSAGE_JSON_TOO_DEEP,
 *         MESSAGE_JSON_BAD_TEXT (line, column), MESSAGE_JSON_TOO_LARGE (bytes, limit) */
FALLIBLE json_parse(bytes text, struct json **ret, struct error *err);
/* The same with another size limit (files of our own). */
FALLIBLE json_parse_limited(bytes text, size_t bytes_max, struct json **ret, struct error *err);
/* Gives a root back; NULL is allowed. */
void json_release(struct json *root);
#define JSON_AUTO __attribute__((cleanup(json_release_at))) struct json *
void json_release_at(struct json **root);

enum json_kind json_kind(const struct json *value);
/* The text, number, decimal or truth of a value of that kind; otherwise "", 0, 0, false. */
str json_text(const struct json *value);
int64_t json_number(const struct json *value);
double json_decimal(const struct json *value);
bool json_truth(const struct json *value);
/* Elements of a list or members of a record; 0 for anything else. */
size_t json_count(const struct json *value);
/* Element of a list, NULL past the end. */
const struct json *json_element(const struct json *list, size_t index);
/* Member of a record by key, NULL when there is none. */
const struct json *json_member(const struct json *record, const char *key);
const struct json *json_member_at(const struct json *record, str key); /* the same by a str */

/* The members of a record in the order of the text:
 *     for (struct json_walk walk = json_walk(record); walk.value != NULL; json_walk_next(&walk)) */
struct json_walk {
    str key;
    const struct json *value;
};
struct json_walk json_walk(const struct json *record);
void json_walk_next(struct json_walk *walk);

/* --- writing ---------------------------------------------------------------------------------
 * Keys keep the order in which they are put. The returned child belongs to its parent. */

struct json *json_new_record(void);
/* The same in an arena, for millions of them: it is valid until that is reset; its keys are not
 * copied and outlive it; its texts are texts (str.h), which is not looked at again. Releasing it is
 * allowed and does nothing. */
struct json *json_new_record_in(struct arena *arena);
void json_put_text(struct json *record, const char *key, str value);
void json_put_number(struct json *record, const char *key, int64_t value);
void json_put_bool(struct json *record, const char *key, bool value);
void json_put_null(struct json *record, const char *key);
/* Seconds and other measures; written with at most 6 significant digits. */
void json_put_decimal(struct json *record, const char *key, double value);
struct json *json_put_record(struct json *record, const char *key);
struct json *json_put_list(struct json *record, const char *key);
void json_add_text(struct json *list, str value);
void json_add_number(struct json *list, int64_t value);
struct json *json_add_record(struct json *list);

/* Compact, one line, without line feed, non-ASCII characters as they are. */
str json_dump(const struct json *value, struct arena *arena);
/* Writes that and a line feed, hidden characters as \uXXXX (core/base/shown.h).
 * fails   RESOURCE MESSAGE_OUTPUT_FAILED */
FALLIBLE json_write_line(const struct json *value, FILE *file, struct error *err);
