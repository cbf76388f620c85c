/* json_parts - what json.c and json_tree.c share: how a tree lies in memory. See json.h. */
#pragma once

#include "core/io/json.h"

struct json_room; /* where the nodes and texts of one tree are */

struct json {
    struct json *next; /* of the same record */
    str key;           /* in a record; NUL-terminated, as texts are */
    enum json_kind kind;
    struct json_room *room;
    union {
        bool truth;
        int64_t number;
        double decimal;
        str text;
        struct {
            struct json *first;
            struct json *last;
            size_t count;
            uint64_t seen; /* a bit for each of its keys: one that is not there was never put */
        } record;
        struct {
            struct json **items;
            size_t count;
            size_t capacity;
        } list;
    };
};

/* A root of the kind; it is null, 0, false or empty. Its room is in the arena, or its own. */
struct json *json_tree_root(enum json_kind kind, struct arena *arena);
/* Adds a value of the kind to a record that has not got the key, or to a list (then without key).
 */
struct json *json_tree_add(struct json *parent, str key, enum json_kind kind);
/* A copy in the tree's room, NUL-terminated. */
str json_tree_text(struct json *value, str text);
