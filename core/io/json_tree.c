/* json_tree - the values of json.h in memory: made, and looked at.
 *
 * A list of a million objects makes forty million values. To keep each as small as its bytes, the
 * values of a tree come from blocks that are freed together, or from the caller's arena. */
#include <stdlib.h>
#include <string.h>

#include "core/base/shown.h"
#include "core/io/json_parts.h"

enum {
    BLOCK_FIRST = 2 * 1024, /* bytes; each block is twice the one before, up to the largest */
    BLOCK_MAX = 64 * 1024,
    LIST_FIRST = 8,
    ALIGNMENT = alignof(struct json),
};

struct block {
    struct block *next;
    alignas(max_align_t) char data[];
};

struct json_room {
    struct arena *arena; /* NULL: blocks */
    struct block *blocks;
    char *at; /* in the first block */
    size_t left;
    size_t size; /* of the next block */
};

/* --- room --------------------------------------------------------------------------------------
 */

static void *take_block(struct json_room *room, size_t size)
{
    size_t whole = size > room->size ? size : room->size;
    struct block *block = malloc(sizeof *block + whole);
    MEMORY_UNLESS(block != NULL);
    block->next = room->blocks;
    room->blocks = block;
    room->at = block->data + size;
    room->left = whole - size;
    room->size = room->size < BLOCK_MAX ? room->size * 2 : room->size;
    return block->data;
}

static inline void *take(struct json_room *room, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (room->arena != NULL) {
        return arena_new_raw(room->arena, rounded);
    }
    if (rounded > room->left) {
        return take_block(room, rounded);
    }
    void *taken = room->at;
    room->at += rounded;
    room->left -= rounded;
    return taken;
}

static inline str keep(struct json_room *room, str text)
{
    char *copy = take(room, text.size + 1);
    if (text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    copy[text.size] = 0;
    return (str){copy, text.size};
}

static inline struct json *new_value(struct json_room *room, enum json_kind kind)
{
    struct json *value = take(room, sizeof *value);
    *value = (struct json){.key = STR(""), .kind = kind, .room = room};
    if (kind == JSON_IS_TEXT) {
        value->text = STR("");
    }
    return value;
}

struct json *json_tree_root(enum json_kind kind, struct arena *arena)
{
    struct json_room first = {.arena = arena, .size = BLOCK_FIRST};
    struct json_room *room = take(&first, sizeof *room); /* it lies in itself */
    *room = first;
    return new_value(room, kind);
}

/* Memory of an arena is not freed here. */
void json_release(struct json *root)
{
    struct block *block = root != NULL && root->room->arena == NULL ? root->room->blocks : NULL;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

void json_release_at(struct json **root)
{
    json_release(*root);
}

str json_tree_text(struct json *value, str text)
{
    return keep(value->room, text);
}

/* --- members -----------------------------------------------------------------------------------
 */

static inline uint64_t bit_of(str key)
{
    if (key.size == 0) {
        return 1;
    }
    uint8_t first = (uint8_t)key.data[0];
    uint8_t last = (uint8_t)key.data[key.size - 1];
    return UINT64_C(1) << ((first * 7U + last * 3U + key.size) & 63U);
}

static struct json *find(const struct json *record, str key)
{
    if (record == NULL || record->kind != JSON_IS_RECORD ||
        (record->record.seen & bit_of(key)) == 0) {
        return NULL;
    }
    for (struct json *member = record->record.first; member != NULL; member = member->next) {
        if (str_equal(member->key, key)) {
            return member;
        }
    }
    return NULL;
}

static void add_member(struct json *record, struct json *member, str key)
{
    member->key = record->room->arena != NULL ? key : keep(record->room, key);
    if (record->record.last != NULL) {
        record->record.last->next = member;
    } else {
        record->record.first = member;
    }
    record->record.last = member;
    record->record.count++;
    record->record.seen |= bit_of(key);
}

static void add_element(struct json *list, struct json *element)
{
    if (list->list.count == list->list.capacity) {
        size_t capacity = list->list.capacity > 0 ? list->list.capacity * 2 : LIST_FIRST;
        struct json **items = take(list->room, capacity * sizeof *items);
        if (list->list.count > 0) {
            memcpy(items, list->list.items, list->list.count * sizeof *items);
        }
        list->list.items = items;
        list->list.capacity = capacity;
    }
    list->list.items[list->list.count++] = element;
}

struct json *json_tree_add(struct json *parent, str key, enum json_kind kind)
{
    struct json *value = new_value(parent->room, kind);
    if (parent->kind == JSON_IS_LIST) {
        add_element(parent, value);
    } else {
        add_member(parent, value, key);
    }
    return value;
}

/* --- reading -----------------------------------------------------------------------------------
 */

enum json_kind json_kind(const struct json *value)
{
    return value->kind;
}

str json_text(const struct json *value)
{
    return value != NULL && value->kind == JSON_IS_TEXT ? value->text : STR("");
}

int64_t json_number(const struct json *value)
{
    return value != NULL && value->kind == JSON_IS_NUMBER ? value->number : 0;
}

double json_decimal(const struct json *value)
{
    return value != NULL && value->kind == JSON_IS_DECIMAL ? value->decimal : 0;
}

bool json_truth(const struct json *value)
{
    return value != NULL && value->kind == JSON_IS_BOOL && value->truth;
}

size_t json_count(const struct json *value)
{
    if (value == NULL) {
        return 0;
    }
    return value->kind == JSON_IS_LIST     ? value->list.count
           : value->kind == JSON_IS_RECORD ? value->record.count
                                           : 0;
}

const struct json *json_element(const struct json *list, size_t index)
{
    bool there = list != NULL && list->kind == JSON_IS_LIST && index < list->list.count;
    return there ? list->list.items[index] : NULL;
}

const struct json *json_member(const struct json *record, const char *key)
{
    return find(record, str_of(key));
}

const struct json *json_member_at(const struct json *record, str key)
{
    return find(record, key);
}

static struct json_walk walk_at(const struct json *member)
{
    return (struct json_walk){member != NULL ? member->key : STR(""), member};
}

struct json_walk json_walk(const struct json *record)
{
    bool is_record = record != NULL && record->kind == JSON_IS_RECORD;
    return walk_at(is_record ? record->record.first : NULL);
}

void json_walk_next(struct json_walk *walk)
{
    *walk = walk_at(walk->value->next);
}

/* --- writing -----------------------------------------------------------------------------------
 */

struct json *json_new_record(void)
{
    return json_tree_root(JSON_IS_RECORD, NULL);
}

struct json *json_new_record_in(struct arena *arena)
{
    return json_tree_root(JSON_IS_RECORD, arena);
}

/* Replaces the value of a key that is there, in its place. */
static struct json *put(struct json *record, const char *name, enum json_kind kind)
{
    str key = str_of(name);
    BUG_UNLESS(record->kind == JSON_IS_RECORD);
    struct json *member = find(record, key);
    if (member == NULL) {
        return json_tree_add(record, key, kind);
    }
    *member = (struct json){member->next, member->key, kind, member->room, {0}};
    return member;
}

static struct json *add(struct json *list, enum json_kind kind)
{
    BUG_UNLESS(list->kind == JSON_IS_LIST);
    return json_tree_add(list, STR(""), kind);
}

/* A file's name need not be valid UTF-8; such a name is replaced, not left out. A caller that gives
 * an arena has valid texts only. */
static void set_text(struct json *value, str text)
{
    str checked;
    if (value->room->arena != NULL || str_from_bytes(str_bytes(text), &checked)) {
        value->text = keep(value->room, text);
        return;
    }
    struct arena arena;
    arena_init(&arena, 0);
    value->text = keep(value->room, shown_bytes(str_bytes(text), &arena));
    arena_release(&arena);
}

void json_put_text(struct json *record, const char *key, str value)
{
    set_text(put(record, key, JSON_IS_TEXT), value);
}

void json_put_number(struct json *record, const char *key, int64_t value)
{
    put(record, key, JSON_IS_NUMBER)->number = value;
}

void json_put_bool(struct json *record, const char *key, bool value)
{
    put(record, key, JSON_IS_BOOL)->truth = value;
}

void json_put_null(struct json *record, const char *key)
{
    (void)put(record, key, JSON_IS_NULL); /* that is all it says */
}

void json_put_decimal(struct json *record, const char *key, double value)
{
    put(record, key, JSON_IS_DECIMAL)->decimal = value;
}

struct json *json_put_record(struct json *record, const char *key)
{
    return put(record, key, JSON_IS_RECORD);
}

struct json *json_put_list(struct json *record, const char *key)
{
    return put(record, key, JSON_IS_LIST);
}

void json_add_text(struct json *list, str value)
{
    set_text(add(list, JSON_IS_TEXT), value);
}

void json_add_number(struct json *list, int64_t value)
{
    add(list, JSON_IS_NUMBER)->number = value;
}

struct json *json_add_record(struct json *list)
{
    return add(list, JSON_IS_RECORD);
}
