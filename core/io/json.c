/* json - reading and writing of json.h: the library's values are made to ours, and ours to its. */
#include "core/io/json_parts.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/shown.h"
#include "core/io/messages.h"

enum { DECIMAL_DIGITS = 6 };

/* Line and column of the first bracket that is too deep; false when there is none. */
static bool find_too_deep(bytes text, int *ret_line, int *ret_column)
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

/* jansson's own text quotes the input near the fault, which may be personal: it is not reported. */
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

static enum json_kind kind_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return JSON_IS_RECORD;
    case JSON_ARRAY: return JSON_IS_LIST;
    case JSON_STRING: return JSON_IS_TEXT;
    case JSON_INTEGER: return JSON_IS_NUMBER;
    case JSON_REAL: return JSON_IS_DECIMAL;
    case JSON_TRUE:
    case JSON_FALSE: return JSON_IS_BOOL;
    case JSON_NULL: break;
    }
    return JSON_IS_NULL;
}

static void fill(struct json *value, json_t *from);

static void fill_list(struct json *list, const json_t *from)
{
    for (size_t i = 0; i < json_array_size(from); i++) {
        json_t *element = json_array_get(from, i);
        fill(json_tree_add(list, STR(""), kind_of(element)), element);
    }
}

/* No key occurs twice: duplicates were refused. */
static void fill_record(struct json *record, json_t *from)
{
    for (void *at = json_object_iter(from); at != NULL; at = json_object_iter_next(from, at)) {
        str key = str_of(json_object_iter_key(at));
        json_t *member = json_object_iter_value(at);
        fill(json_tree_add(record, key, kind_of(member)), member);
    }
}

/* Takes over the library's tree, which is no deeper than JSON_DEPTH_MAX. */
static void fill(struct json *value, json_t *from)
{
    switch (value->kind) {
    case JSON_IS_RECORD: fill_record(value, from); break;
    case JSON_IS_LIST: fill_list(value, from); break;
    case JSON_IS_TEXT:
        value->text =
            json_tree_text(value, (str){json_string_value(from), json_string_length(from)});
        break;
    case JSON_IS_NUMBER: value->number = json_integer_value(from); break;
    case JSON_IS_DECIMAL: value->decimal = json_real_value(from); break;
    case JSON_IS_BOOL: value->truth = json_is_true(from); break;
    case JSON_IS_NULL: break;
    }
}

FALLIBLE json_parse_limited(bytes text, size_t bytes_max, struct json **ret, struct error *err)
{
    int line;
    int column;
    if (text.size > bytes_max) {
        FAIL(INVALID, MESSAGE_JSON_TOO_LARGE, ARG_INT("bytes", text.size),
             ARG_INT("limit", bytes_max));
    }
    if (find_too_deep(text, &line, &column)) {
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
    *ret = json_tree_root(kind_of(root), NULL);
    fill(*ret, root);
    json_decref(root);
    return OK;
}

FALLIBLE json_parse(bytes text, struct json **ret, struct error *err)
{
    return json_parse_limited(text, JSON_BYTES_MAX, ret, err);
}

/* --- writing -----------------------------------------------------------------------------------
 */

/* jansson gives NULL and -1 only when memory is exhausted or the caller made a mistake. */
static json_t *made(json_t *value)
{
    BUG_UNLESS(value != NULL);
    return value;
}

static json_t *library_value(const struct json *value);

static json_t *library_list(const struct json *list)
{
    json_t *made_list = made(json_array());
    for (size_t i = 0; i < json_count(list); i++) {
        json_t *element = library_value(json_element(list, i));
        BUG_UNLESS(json_array_append_new(made_list, element) == 0);
    }
    return made_list;
}

static json_t *library_record(const struct json *record)
{
    json_t *object = made(json_object());
    for (struct json_walk walk = json_walk(record); walk.value != NULL; json_walk_next(&walk)) {
        json_t *member = library_value(walk.value);
        BUG_UNLESS(json_object_set_new_nocheck(object, walk.key.data, member) == 0);
    }
    return object;
}

static json_t *library_value(const struct json *value)
{
    switch (value->kind) {
    case JSON_IS_RECORD: return library_record(value);
    case JSON_IS_LIST: return library_list(value);
    case JSON_IS_TEXT: return made(json_stringn_nocheck(value->text.data, value->text.size));
    case JSON_IS_NUMBER: return made(json_integer(value->number));
    case JSON_IS_DECIMAL: return made(json_real(value->decimal));
    case JSON_IS_BOOL: return made(json_boolean(value->truth));
    case JSON_IS_NULL: break;
    }
    return made(json_null());
}

static size_t dump_flags(void)
{
    return JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(DECIMAL_DIGITS);
}

str json_dump(const struct json *value, struct arena *arena)
{
    json_t *library = library_value(value);
    size_t size = json_dumpb(library, NULL, 0, dump_flags());
    char *out = arena_new_raw(arena, size + 1);
    BUG_UNLESS(json_dumpb(library, out, size, dump_flags()) == size);
    json_decref(library);
    out[size] = '\0';
    return (str){out, size};
}

FALLIBLE json_write_line(const struct json *value, FILE *file, struct error *err)
{
    struct arena arena; /* almost never used: jansson escapes C0, and names hold nothing hidden */
    arena_init(&arena, 0);
    json_t *library = library_value(value);
    char *text = json_dumps(library, dump_flags()); /* json_dumpf writes commas singly */
    json_decref(library);
    str shown = text != NULL ? shown_text(str_of(text), &arena) : STR("");
    bool good = text != NULL && fwrite(shown.data, 1, shown.size, file) == shown.size &&
                fputc('\n', file) != EOF;
    free(text);
    arena_release(&arena);
    if (!good) {
        FAIL(RESOURCE, MESSAGE_OUTPUT_FAILED, ARG_ERRNO("why", errno));
    }
    return OK;
}
