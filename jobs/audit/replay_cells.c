/* replay_cells - see replay_cells.h.
 *
 * Each object is walked once. The column of a path is looked up when the path occurs for the first
 * time. Later objects mostly have the same keys in the same order, so each key is compared with the
 * one that came next before. Looking every path up in every object would cost as much as making the
 * object. */
#include "jobs/audit/replay_cells.h"

#include <string.h>

/* --- values ------------------------------------------------------------------------------------
 */

/* There are millions of them, and printf would take most of the time. */
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

/* A path that some object had. */
struct node {
    str key;            /* its last part */
    const char *path;   /* the whole; empty for the object itself */
    size_t column;      /* NO_COLUMN: no column shows it */
    struct node *first; /* below it, in the order in which they were met */
    struct node *last;
    struct node *next; /* beside it */
};
#define NO_COLUMN SIZE_MAX

struct replay_columns {
    const char *const *paths;
    size_t count;
    struct node object;
    struct arena *arena;
};

struct replay_columns *replay_columns(const char *const *paths, struct arena *arena)
{
    struct replay_columns *columns = ARENA_NEW(arena, struct replay_columns);
    columns->paths = paths;
    columns->arena = arena;
    columns->object.path = "";
    while (paths[columns->count] != NULL) {
        columns->count++;
    }
    return columns;
}

size_t replay_columns_count(const struct replay_columns *columns)
{
    return columns->count;
}

static struct node *learn(struct replay_columns *columns, struct node *parent, str key)
{
    struct node *node = ARENA_NEW(columns->arena, struct node);
    const char *dot = *parent->path != 0 ? "." : "";
    node->key = arena_str(columns->arena, key);
    node->path = arena_format(columns->arena, "%s%s%.*s", parent->path, dot, STR_ARGS(key)).data;
    node->column = NO_COLUMN;
    for (size_t i = 0; i < columns->count; i++) {
        node->column = strcmp(columns->paths[i], node->path) == 0 ? i : node->column;
    }
    if (parent->last != NULL) {
        parent->last->next = node;
    } else {
        parent->first = node;
    }
    parent->last = node;
    return node;
}

/* Of a member of a record; `expected` is what came next in an object before. */
static inline struct node *node_of(struct replay_columns *columns, struct node *parent,
                                   struct node *expected, str key)
{
    if (expected != NULL && str_equal(expected->key, key)) {
        return expected;
    }
    for (struct node *node = parent->first; node != NULL; node = node->next) {
        if (str_equal(node->key, key)) {
            return node;
        }
    }
    return learn(columns, parent, key);
}

/* A row on its way. */
struct row {
    struct replay_columns *columns;
    struct arena *arena;
    str *cells;
};

/* Our own objects have few levels. */
static void fill(const struct row *row, struct node *parent, const struct json *record)
{
    struct node *expected = parent->first;
    for (struct json_walk walk = json_walk(record); walk.value != NULL; json_walk_next(&walk)) {
        struct node *node = node_of(row->columns, parent, expected, walk.key);
        enum json_kind kind = json_kind(walk.value);
        expected = node->next;
        if (kind == JSON_IS_RECORD) {
            fill(row, node, walk.value);
        } else if (node->column != NO_COLUMN) {
            row->cells[node->column] = kind == JSON_IS_LIST ? list_text(walk.value, row->arena)
                                                            : scalar_text(walk.value, row->arena);
        }
    }
}

void replay_cells(struct replay_columns *columns, const struct json *object, struct arena *arena,
                  str *ret)
{
    const struct row row = {columns, arena, ret};
    for (size_t i = 0; i < columns->count; i++) {
        ret[i] = STR("");
    }
    fill(&row, &columns->object, object);
}
