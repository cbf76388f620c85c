/* replay_cells - see replay_cells.h.
 *
 * The object is walked once, and each value goes to the column that is expected next or, where
 * that is another one, to the next with its path: a look-up of each path would cost as much as
 * making the object. */
#include "jobs/audit/replay_cells.h"

#include <string.h>

/* --- values ------------------------------------------------------------------------------------
 */

/* There are millions of them: printf would be most of the work. */
static str number_text(int64_t number, struct arena *arena)
{
    enum { DIGITS_MAX = 20 };
    char *end = (char *)arena_new_raw(arena, DIGITS_MAX) + DIGITS_MAX;
    char *at = end;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0) {
        *--at = '-';
    }
    return (str){at, (size_t)(end - at)};
}

static str scalar_text(const struct json *value, struct arena *arena)
{
    switch (json_kind(value)) {
    case JSON_IS_TEXT: return json_text(value);
    case JSON_IS_NUMBER: return number_text(json_number(value), arena);
    case JSON_IS_BOOL: return json_truth(value) ? STR("true") : STR("false");
    case JSON_IS_NULL:
    case JSON_IS_DECIMAL:
    case JSON_IS_LIST:
    case JSON_IS_RECORD: break;
    }
    return STR("");
}

static str list_text(const struct json *list, struct arena *arena)
{
    size_t count = json_count(list);
    str *parts = ARENA_ARRAY(arena, str, count);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        parts[i] = scalar_text(json_element(list, i), arena);
        size += parts[i].size + 1;
    }
    char *text = arena_new_raw(arena, size);
    char *at = text;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            *at++ = ' ';
        }
        memcpy(at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return (str){text, (size_t)(at - text)};
}

/* --- columns -----------------------------------------------------------------------------------
 */

/* A row on its way. */
struct row {
    const char *const *paths;
    size_t next; /* the column that is expected */
    struct arena *arena;
    str *cells;
};

/* What is behind the part at the beginning of a path; NULL when it begins otherwise. */
static const char *behind(const char *path, str part)
{
    return strncmp(path, part.data, part.size) == 0 ? path + part.size : NULL;
}

static bool is_path(const char *path, str outer, str key)
{
    if (!str_empty(outer)) {
        path = behind(path, outer);
        if (path == NULL || *path++ != '.') {
            return false;
        }
    }
    path = behind(path, key);
    return path != NULL && *path == 0;
}

/* The cell of a value; NULL when no column shows it. */
static str *cell_of(struct row *row, str outer, str key)
{
    for (size_t from = row->next, i = from;;) {
        if (row->paths[i] != NULL && is_path(row->paths[i], outer, key)) {
            row->next = i + 1;
            return &row->cells[i];
        }
        i = row->paths[i] != NULL ? i + 1 : 0;
        if (i == from) {
            return NULL;
        }
    }
}

/* `outer` is the path of the record, empty for the whole object. Records are as deep as columns. */
static void fill(struct row *row, const struct json *record, str outer)
{
    for (struct json_walk walk = json_walk(record); walk.value != NULL; json_walk_next(&walk)) {
        enum json_kind kind = json_kind(walk.value);
        if (kind == JSON_IS_RECORD) {
            str inner = str_empty(outer) ? walk.key
                                         : arena_format(row->arena, "%.*s.%.*s", STR_ARGS(outer),
                                                        STR_ARGS(walk.key));
            fill(row, walk.value, inner);
            continue;
        }
        str *cell = cell_of(row, outer, walk.key);
        if (cell != NULL) {
            *cell = kind == JSON_IS_LIST ? list_text(walk.value, row->arena)
                                         : scalar_text(walk.value, row->arena);
        }
    }
}

void replay_cells(const struct json *object, const char *const *paths, struct arena *arena,
                  str *ret)
{
    struct row row = {paths, 0, arena, ret};
    for (size_t i = 0; paths[i] != NULL; i++) {
        ret[i] = STR("");
    }
    fill(&row, object, STR(""));
}
