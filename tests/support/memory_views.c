/* memory_views - see memory_views.h. */
#include "tests/support/memory_views.h"

#include <string.h>

#include "core/base/record.h"

static outcome get(void *state, enum view_id view, bytes key, bytes *ret, struct error *err)
{
    (void)err; /* memory does not fail */
    struct memory_views *views = state;
    struct map_entry *entry = map_find(&views->tables[view], key);
    *ret = entry != NULL && entry->value != NULL ? *(bytes *)entry->value : (bytes){NULL, 0};
    return OK;
}

static outcome put(void *state, enum view_id view, bytes key, bytes value, struct error *err)
{
    (void)err; /* memory does not fail */
    struct memory_views *views = state;
    bool made = false;
    struct map_entry *entry = map_put(&views->tables[view], key, &made);
    bytes *kept = ARENA_NEW(views->arena, bytes);
    *kept = arena_bytes(views->arena, value);
    entry->value = kept;
    views->puts++;
    return OK;
}

static outcome delete_key(void *state, enum view_id view, bytes key, struct error *err)
{
    (void)err; /* memory does not fail */
    struct memory_views *views = state;
    struct map_entry *entry = map_find(&views->tables[view], key);
    BUG_UNLESS(entry != NULL && entry->value != NULL);
    entry->value = NULL;
    return OK;
}

void memory_views_init(struct memory_views *views, struct arena *arena)
{
    *views = (struct memory_views){.arena = arena, .last_day = DAY_UNKNOWN};
    for (size_t i = 0; i <= VIEW_COUNT; i++) {
        map_init(&views->tables[i], arena);
    }
}

struct view_store memory_views_store(struct memory_views *views)
{
    return (struct view_store){views, get, put, delete_key, &views->last_day};
}

ProtobufCMessage *memory_views_get(const struct memory_views *views, enum view_id view,
                                   struct view_key key, struct arena *arena)
{
    struct error err;
    ProtobufCMessage *message = NULL;
    struct map_entry *entry = map_find(&views->tables[view], (bytes){key.data, key.size});
    if (entry == NULL || entry->value == NULL) {
        return NULL;
    }
    outcome read =
        record_unpack(view_kinds[view].message, *(bytes *)entry->value, arena, &message, &err);
    BUG_UNLESS(read.ok);
    return message;
}

bool memory_views_indexed(const struct memory_views *views, struct view_key prefix, str text)
{
    memcpy(prefix.data + prefix.size, text.data, text.size);
    bytes key = {prefix.data, prefix.size + text.size};
    struct map_entry *entry = map_find(&views->tables[VIEW_INDEX], key);
    return entry != NULL && entry->value != NULL;
}

size_t memory_views_count(const struct memory_views *views, enum view_id view,
                          const struct view_key *prefix)
{
    const struct map *table = &views->tables[view];
    size_t count = 0;
    for (size_t i = 0; i < table->capacity; i++) {
        const struct map_entry *entry = &table->slots[i];
        count += entry->key.data != NULL && entry->value != NULL &&
                 entry->key.size >= prefix->size &&
                 memcmp(entry->key.data, prefix->data, prefix->size) == 0;
    }
    return count;
}

/* Text that grows. */
struct text {
    struct arena *arena;
    char *data;
    size_t size;
    size_t capacity;
};

static void text_add(struct text *text, const char *data, size_t size)
{
    if (text->size + size > text->capacity) {
        size_t capacity = (text->size + size) * 2;
        char *grown = arena_new_raw(text->arena, capacity);
        if (text->size > 0) {
            memcpy(grown, text->data, text->size);
        }
        text->data = grown;
        text->capacity = capacity;
    }
    if (size > 0) {
        memcpy(text->data + text->size, data, size);
    }
    text->size += size;
}

static void text_add_str(struct text *text, str s)
{
    text_add(text, s.data, s.size);
}

static void text_add_bytes(struct text *text, bytes b)
{
    str plain;
    bool is_text = str_from_bytes(b, &plain);
    for (size_t i = 0; i < b.size; i++) {
        uint8_t byte = b.data[i];
        if (byte > 0x20 && byte != '%' && (byte < 0x7f || is_text)) {
            text_add(text, (const char *)&b.data[i], 1);
        } else {
            text_add_str(text, arena_format(text->arena, "%%%02X", byte));
        }
    }
}

typedef void write_value(struct text *text, enum view_id view, bytes value);

static void write_bytes(struct text *text, enum view_id view, bytes value)
{
    (void)view; /* bytes are bytes */
    text_add_bytes(text, value);
}

static void write_field(struct text *text, const ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *field)
{
    str value = record_get(message, field, text->arena);
    if (!record_has(message, field)) {
        return;
    }
    str shown = str_empty(value) ? STR("{}") : value;
    text_add_str(text, arena_format(text->arena, " %s=%.*s", field->name, STR_ARGS(shown)));
}

static void write_fields(struct text *text, enum view_id view, bytes value)
{
    struct error err;
    ProtobufCMessage *message = NULL;
    if (view == VIEW_INDEX) {
        return;
    }
    outcome read = record_unpack(view_kinds[view].message, value, text->arena, &message, &err);
    BUG_UNLESS(read.ok);
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        write_field(text, message, &message->descriptor->fields[i]);
    }
}

static str write_all(const struct memory_views *views, struct arena *arena, write_value *write)
{
    struct text text = {.arena = arena};
    for (int view = 0; view <= VIEW_COUNT; view++) {
        struct map_entry **sorted = map_sorted(&views->tables[view], arena);
        for (size_t i = 0; i < views->tables[view].count; i++) {
            if (sorted[i]->value == NULL) {
                continue;
            }
            text_add_str(&text, str_of(view < VIEW_COUNT ? view_kinds[view].name : "index"));
            text_add(&text, " ", 1);
            text_add_bytes(&text, sorted[i]->key);
            text_add(&text, " ", write == write_bytes ? 1 : 0);
            write(&text, (enum view_id)view, *(bytes *)sorted[i]->value);
            text_add(&text, "\n", 1);
        }
    }
    return (str){text.data, text.size};
}

str memory_views_dump(const struct memory_views *views, struct arena *arena)
{
    return write_all(views, arena, write_bytes);
}

str memory_views_print(const struct memory_views *views, struct arena *arena)
{
    return write_all(views, arena, write_fields);
}
