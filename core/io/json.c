/* json - see json.h. */
#include "core/io/json.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/shown.h"
#include "core/io/messages.h"

enum { DECIMAL_DIGITS = 6 };

/* struct json is never defined: a handle is a json_t under another name. */
static json_t *inside(const struct json *value)
{
    return (json_t *)(uintptr_t)value;
}

static struct json *outside(const json_t *value)
{
    return (struct json *)(uintptr_t)value;
}

/* Line and column of the first bracket that is too deep, or of a raw NUL; false without. */
static bool find_depth(bytes text, int *ret_line, int *ret_column)
{
    int line = 1;
    int column = 0;
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        column++;
        if (byte == '\n') {
            line++;
            column = 0;
        } else if (in_string) {
            if (byte == '\\') {
                i++;
                column++;
            } else if (byte == '"') {
                in_string = false;
            }
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '[' || byte == '{') {
            depth++;
        } else if (byte == ']' || byte == '}') {
            depth--;
        }
        if (depth > JSON_DEPTH_MAX) {
            *ret_line = line;
            *ret_column = column;
            return true;
        }
    }
    return false;
}

/* jansson's own text quotes what stands near the fault, which may be personal: not told. */
static int message_of(const json_error_t *fault)
{
    enum json_error_code code = json_error_code(fault);
    if (code == json_error_duplicate_key) {
        return MESSAGE_JSON_DUPLICATE_KEY;
    }
    if (code == json_error_null_character || code == json_error_null_byte_in_key ||
        code == json_error_invalid_utf8 || strstr(fault->text, "\\u") != NULL) {
        return MESSAGE_JSON_BAD_TEXT;
    }
    return MESSAGE_JSON_SYNTAX;
}

FALLIBLE json_parse_limited(bytes text, size_t bytes_max, struct json **ret, struct error *err)
{
    int line;
    int column;
    if (text.size > bytes_max) {
        FAIL(INVALID, MESSAGE_JSON_TOO_LARGE, ARG_INT("bytes", text.size),
             ARG_INT("limit", bytes_max));
    }
    if (find_depth(text, &line, &column)) {
        FAIL(INVALID, MESSAGE_JSON_TOO_DEEP, ARG_INT("line", line), ARG_INT("column", column),
             ARG_INT("limit", JSON_DEPTH_MAX));
    }
    json_error_t fault;
    const char *data = text.size > 0 ? (const char *)text.data : "";
    json_t *root = json_loadb(data, text.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (root == NULL) {
        FAIL(INVALID, message_of(&fault), ARG_INT("line", fault.line),
             ARG_INT("column", fault.column));
    }
    *ret = outside(root);
    return OK;
}

FALLIBLE json_parse(bytes text, struct json **ret, struct error *err)
{
    return json_parse_limited(text, JSON_BYTES_MAX, ret, err);
}

void json_release(struct json *root)
{
    json_decref(inside(root));
}

void json_release_at(struct json **root)
{
    json_release(*root);
}

enum json_kind json_kind(const struct json *value)
{
    switch (json_typeof(inside(value))) {
    case JSON_OBJECT: return JSON_IS_RECORD;
    case JSON_ARRAY: return JSON_IS_LIST;
    case JSON_STRING: return JSON_IS_TEXT;
    case JSON_INTEGER: return JSON_IS_NUMBER;
    case JSON_REAL: return JSON_IS_DECIMAL;
    case JSON_TRUE:
    case JSON_FALSE: return JSON_IS_BOOL;
    case JSON_NULL: return JSON_IS_NULL;
    }
    return JSON_IS_NULL;
}

str json_text(const struct json *value)
{
    const json_t *text = inside(value);
    if (!json_is_string(text)) {
        return STR("");
    }
    return (str){json_string_value(text), json_string_length(text)};
}

int64_t json_number(const struct json *value)
{
    return json_integer_value(inside(value)); /* 0 for anything else */
}

bool json_truth(const struct json *value)
{
    return json_is_true(inside(value));
}

size_t json_count(const struct json *value)
{
    const json_t *found = inside(value);
    return json_is_array(found) ? json_array_size(found) : json_object_size(found);
}

const struct json *json_element(const struct json *list, size_t index)
{
    return outside(json_array_get(inside(list), index));
}

const struct json *json_member(const struct json *record, const char *key)
{
    return outside(json_object_get(inside(record), key));
}

const struct json *json_member_at(const struct json *record, str key)
{
    return outside(json_object_getn(inside(record), key.data, key.size));
}

static void walk_look(struct json_walk *walk)
{
    walk->key = STR("");
    walk->value = NULL;
    if (walk->position != NULL) {
        walk->key = str_of(json_object_iter_key(walk->position));
        walk->value = outside(json_object_iter_value(walk->position));
    }
}

struct json_walk json_walk(const struct json *record)
{
    struct json_walk walk = {.record = outside(inside(record))};
    walk.position = json_object_iter(inside(record));
    walk_look(&walk);
    return walk;
}

void json_walk_next(struct json_walk *walk)
{
    walk->position = json_object_iter_next(inside(walk->record), walk->position);
    walk_look(walk);
}

/* --- writing --------------------------------------------------------------------------------- */

/* jansson says NULL and -1 only when there is no memory left, or the caller is mistaken. */
static json_t *made(json_t *value)
{
    BUG_UNLESS(value != NULL);
    return value;
}

static struct json *put(struct json *record, const char *key, json_t *value)
{
    BUG_UNLESS(json_object_set_new_nocheck(inside(record), key, made(value)) == 0);
    return outside(value);
}

static struct json *add(struct json *list, json_t *value)
{
    BUG_UNLESS(json_array_append_new(inside(list), made(value)) == 0);
    return outside(value);
}

/* A file may have a name that is no text; that is no reason to say nothing. */
static json_t *text_of(str value)
{
    json_t *text = json_stringn(value.size > 0 ? value.data : "", value.size);
    if (text == NULL) {
        struct arena arena;
        arena_init(&arena, 0);
        str mended = shown_bytes(str_bytes(value), &arena);
        text = json_stringn(mended.data, mended.size);
        arena_release(&arena);
    }
    return text;
}

struct json *json_new_record(void)
{
    return outside(made(json_object()));
}

struct json *json_new_list(void)
{
    return outside(made(json_array()));
}

/* The answers of put and add, here and below, are the value itself, wanted for records and lists
 * only. */
void json_put_text(struct json *record, const char *key, str value)
{
    (void)put(record, key, text_of(value));
}

void json_put_number(struct json *record, const char *key, int64_t value)
{
    (void)put(record, key, json_integer(value));
}

void json_put_bool(struct json *record, const char *key, bool value)
{
    (void)put(record, key, json_boolean(value));
}

void json_put_null(struct json *record, const char *key)
{
    (void)put(record, key, json_null());
}

void json_put_decimal(struct json *record, const char *key, double value)
{
    (void)put(record, key, json_real(value));
}

struct json *json_put_record(struct json *record, const char *key)
{
    return put(record, key, json_object());
}

struct json *json_put_list(struct json *record, const char *key)
{
    return put(record, key, json_array());
}

void json_add_text(struct json *list, str value)
{
    (void)add(list, text_of(value));
}

void json_add_number(struct json *list, int64_t value)
{
    (void)add(list, json_integer(value));
}

struct json *json_add_record(struct json *list)
{
    return add(list, json_object());
}

static size_t dump_flags(void)
{
    return JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(DECIMAL_DIGITS);
}

str json_dump(const struct json *value, struct arena *arena)
{
    size_t size = json_dumpb(inside(value), NULL, 0, dump_flags());
    char *out = arena_new_raw(arena, size + 1);
    BUG_UNLESS(json_dumpb(inside(value), out, size, dump_flags()) == size);
    out[size] = '\0';
    return (str){out, size};
}

FALLIBLE json_write_line(const struct json *value, FILE *file, struct error *err)
{
    struct arena arena; /* almost never used: jansson escapes C0, and names hold nothing hidden */
    arena_init(&arena, 0);
    char *text =
        json_dumps(inside(value), dump_flags()); /* to a file it writes every comma alone */
    str shown = text != NULL ? shown_text(str_of(text), &arena) : STR("");
    bool good = text != NULL && fwrite(shown.data, 1, shown.size, file) == shown.size &&
                fputc('\n', file) != EOF;
    free(text);
    arena_release(&arena);
    if (!good) {
        FAIL(RESOURCE, MESSAGE_FILE_NOT_WRITABLE, ARG_TEXT("file", "output"),
             ARG_ERRNO("reason", errno));
    }
    return OK;
}
