/* scenario_text - see scenario_text.h. */
#include "tests/support/scenario_text.h"

#include <string.h>

#include "core/base/record.h"

/* Takes the next word off *rest: blanks end it unless they are quoted. */
static bool next_word(str *rest, struct arena *arena, struct scenario_word *ret)
{
    char *text = arena_new(arena, rest->size + 1);
    size_t size = 0;
    size_t i = 0;
    size_t equals = SIZE_MAX;
    bool quoted = false;
    for (; i < rest->size; i++) {
        char c = rest->data[i];
        if (c == '"') {
            quoted = !quoted;
            continue;
        }
        if (!quoted && (c == ' ' || c == '\t')) {
            break;
        }
        if (c == '=' && equals == SIZE_MAX) {
            equals = size;
        }
        text[size++] = c;
    }
    *rest = str_trim(str_from(*rest, i));
    ret->has_value = equals != SIZE_MAX;
    ret->name = (str){text, ret->has_value ? equals : size};
    ret->value = ret->has_value ? (str){text + equals + 1, size - equals - 1} : STR("");
    return !quoted;
}

bool scenario_line_read(str text, struct arena *arena, struct scenario_line *ret)
{
    str rest = str_trim(text);
    *ret = (struct scenario_line){.count = 0};
    while (rest.size > 0 && rest.data[0] != '#') {
        if (ret->count == SCENARIO_WORDS_MAX ||
            !next_word(&rest, arena, &ret->words[ret->count++])) {
            return false;
        }
    }
    return true;
}

const ProtobufCFieldDescriptor *scenario_member(const ProtobufCMessageDescriptor *whole, str name)
{
    for (unsigned i = 0; i < whole->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &whole->fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 ||
            field->type != PROTOBUF_C_TYPE_MESSAGE) {
            continue;
        }
        const ProtobufCMessageDescriptor *body = field->descriptor;
        if (str_equal_c(name, body->short_name)) {
            return field;
        }
    }
    return NULL;
}

ProtobufCMessage *scenario_select(ProtobufCMessage *whole, const ProtobufCFieldDescriptor *member,
                                  struct arena *arena)
{
    ProtobufCMessage *body = record_new(member->descriptor, arena);
    uint32_t id = member->id;
    memcpy((uint8_t *)whole + member->offset, &body, sizeof body);
    memcpy((uint8_t *)whole + member->quantifier_offset, &id, sizeof id);
    return body;
}

/* The message that holds the last part of a dotted field, or NULL on the way; *field becomes that
 * part. */
static const ProtobufCMessage *holder_of(const ProtobufCMessage *message, str *field)
{
    while (message != NULL) {
        size_t dot = str_find_byte(*field, '.');
        if (dot == field->size) {
            return message;
        }
        const ProtobufCFieldDescriptor *part =
            record_find(message->descriptor, str_first(*field, dot));
        if (part == NULL || part->type != PROTOBUF_C_TYPE_MESSAGE ||
            part->label == PROTOBUF_C_LABEL_REPEATED) {
            return NULL;
        }
        memcpy(&message, (const uint8_t *)message + part->offset, sizeof message);
        *field = str_from(*field, dot + 1);
    }
    return NULL;
}

static str text_of(const ProtobufCMessage *message, str field, struct arena *arena)
{
    const ProtobufCMessage *holder = holder_of(message, &field);
    const ProtobufCFieldDescriptor *part =
        holder == NULL ? NULL : record_find(holder->descriptor, field);
    return part == NULL ? STR("") : record_get(holder, part, arena);
}

FALLIBLE scenario_field_equals(const ProtobufCMessage *actual, str field, const str *values,
                               size_t count, struct arena *arena, bool *ret, str *ret_actual,
                               struct error *err)
{
    /* The expected value takes the way through its type, so that spelling does not count. */
    ProtobufCMessage *expected = record_new(actual->descriptor, arena);
    for (size_t i = 0; i < count; i++) {
        if (!str_empty(values[i])) {
            TRY(record_set(expected, field, values[i], arena, err));
        }
    }
    *ret_actual = text_of(actual, field, arena);
    *ret = str_equal(*ret_actual, text_of(expected, field, arena));
    return OK;
}

str scenario_error_text(const struct error *error, struct arena *arena)
{
    str text = arena_format(arena, "code %d %s", error->code, error->rule ? error->rule : "");
    for (int i = 0; i < error->args_count; i++) {
        text = arena_format(arena, "%.*s %s=%s", STR_ARGS(text), error->args[i].name,
                            error->args[i].text);
    }
    for (int i = 0; i < error->trace_count; i++) {
        text = arena_format(arena, "%.*s [%s]", STR_ARGS(text), error->trace[i]);
    }
    return text;
}
