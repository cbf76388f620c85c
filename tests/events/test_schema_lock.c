/* test_schema_lock - what is on disk stays readable: every field and every value of the event
 * schema stands in events/schema/schema.lock with its number and type, and none that stood there is
 * gone. The lock is only ever appended to: the test prints the lines to add. */
#include "tests/support/test.h"

#include <event.pb-c.h>
#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"

enum { LINES_MAX = 1024, MESSAGES_MAX = 128, LOCK_MAX = 1 << 18 };

struct lines {
    struct arena *arena;
    str items[LINES_MAX];
    size_t count;
    const void *seen[MESSAGES_MAX]; /* descriptors */
    size_t seen_count;
};

static bool is_seen(struct lines *lines, const void *descriptor)
{
    for (size_t i = 0; i < lines->seen_count; i++) {
        if (lines->seen[i] == descriptor) {
            return true;
        }
    }
    assert_true(lines->seen_count < MESSAGES_MAX);
    lines->seen[lines->seen_count++] = descriptor;
    return false;
}

static void add(struct lines *lines, str line)
{
    assert_true(lines->count < LINES_MAX);
    lines->items[lines->count++] = line;
}

static void add_enum(struct lines *lines, const ProtobufCEnumDescriptor *descriptor)
{
    if (is_seen(lines, descriptor)) {
        return;
    }
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        add(lines, arena_format(lines->arena, "%s %d %s value", descriptor->name,
                                descriptor->values[i].value, descriptor->values[i].name));
    }
}

static const char *type_name(const ProtobufCFieldDescriptor *field)
{
    static const char *const names[] = {
        [PROTOBUF_C_TYPE_INT32] = "int32",       [PROTOBUF_C_TYPE_SINT32] = "sint32",
        [PROTOBUF_C_TYPE_SFIXED32] = "sfixed32", [PROTOBUF_C_TYPE_INT64] = "int64",
        [PROTOBUF_C_TYPE_SINT64] = "sint64",     [PROTOBUF_C_TYPE_SFIXED64] = "sfixed64",
        [PROTOBUF_C_TYPE_UINT32] = "uint32",     [PROTOBUF_C_TYPE_FIXED32] = "fixed32",
        [PROTOBUF_C_TYPE_UINT64] = "uint64",     [PROTOBUF_C_TYPE_FIXED64] = "fixed64",
        [PROTOBUF_C_TYPE_FLOAT] = "float",       [PROTOBUF_C_TYPE_DOUBLE] = "double",
        [PROTOBUF_C_TYPE_BOOL] = "bool",         [PROTOBUF_C_TYPE_STRING] = "string",
        [PROTOBUF_C_TYPE_BYTES] = "bytes",
    };
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessageDescriptor *message = field->descriptor;
        return message->name;
    }
    if (field->type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumDescriptor *values = field->descriptor;
        return values->name;
    }
    return names[field->type];
}

/* A message's fields, without those of the messages in it. */
static void add_message(struct lines *lines, const ProtobufCMessageDescriptor *descriptor)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        add(lines,
            arena_format(lines->arena, "%s %u %s %s%s", descriptor->name, field->id, field->name,
                         field->label == PROTOBUF_C_LABEL_REPEATED ? "repeated " : "",
                         type_name(field)));
        if (field->type == PROTOBUF_C_TYPE_ENUM) {
            add_enum(lines, field->descriptor);
        }
    }
}

/* Event and everything below it, breadth first. */
static void add_all(struct lines *lines)
{
    const ProtobufCMessageDescriptor *queue[MESSAGES_MAX] = {&event__descriptor};
    size_t count = 1;
    (void)is_seen(lines, &event__descriptor);
    for (size_t i = 0; i < count; i++) {
        add_message(lines, queue[i]);
        for (unsigned k = 0; k < queue[i]->n_fields; k++) {
            const ProtobufCFieldDescriptor *field = &queue[i]->fields[k];
            if (field->type == PROTOBUF_C_TYPE_MESSAGE && !is_seen(lines, field->descriptor)) {
                queue[count++] = field->descriptor;
            }
        }
    }
}

static str read_lock(struct arena *arena)
{
    FILE *file = fopen("events/schema/schema.lock", "rb");
    assert_non_null(file); /* run from the root of the tree */
    char *data = arena_new(arena, LOCK_MAX);
    size_t size = fread(data, 1, LOCK_MAX, file);
    (void)fclose(file); /* read only */
    return (str){data, size};
}

static bool has_line(str text, str line)
{
    while (text.data != NULL) {
        if (str_equal(str_cut(&text, '\n'), line)) {
            return true;
        }
    }
    return false;
}

static void test_schema_lock_has_every_field_of_every_event(void **state)
{
    struct arena arena;
    struct lines *lines;
    int missing = 0;
    (void)state;
    arena_init(&arena, 0);
    lines = ARENA_NEW(&arena, struct lines);
    lines->arena = &arena;
    add_all(lines);
    str lock = read_lock(&arena);
    for (size_t i = 0; i < lines->count; i++) {
        if (!has_line(lock, lines->items[i])) {
            print_error("%.*s\n", STR_ARGS(lines->items[i]));
            missing++;
        }
    }
    assert_int_equal(missing, 0); /* append the lines above to events/schema/schema.lock */
    arena_release(&arena);
}

static void test_schema_lock_has_nothing_that_is_gone(void **state)
{
    struct arena arena;
    struct lines *lines;
    int gone = 0;
    (void)state;
    arena_init(&arena, 0);
    lines = ARENA_NEW(&arena, struct lines);
    lines->arena = &arena;
    add_all(lines);
    for (str rest = read_lock(&arena); rest.data != NULL;) {
        str line = str_cut(&rest, '\n');
        bool found = str_empty(line) || str_starts_with(line, STR("#"));
        for (size_t i = 0; i < lines->count; i++) {
            found = found || str_equal(lines->items[i], line);
        }
        if (!found) {
            print_error("gone or changed: %.*s\n", STR_ARGS(line));
            gone++;
        }
    }
    assert_int_equal(gone, 0); /* old logs could no longer be read: never change, only add */
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_lock_has_every_field_of_every_event),
        cmocka_unit_test(test_schema_lock_has_nothing_that_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
