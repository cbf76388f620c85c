/* wish_json - parses a line of JSON into an Action; see wish.h.
 *
 * Of several faults the first in this order is reported: malformed, unknown_action, missing_field,
 * bad_field, too_large (RULES D34, D38). A value that cannot be set is therefore remembered and
 * reported only when no field is missing; meanwhile a placeholder stands in its field, so that the
 * field does not count as missing. */
#include <string.h>

#include "core/base/record.h"
#include "core/io/json.h"
#include "events/decide.h"
#include "events/limits.h"
#include "jobs/engine/judging/wish.h"
#include "jobs/messages.h"

/* The placeholder in a field whose value could not be set. */
#define UNREADABLE "?"

struct faults {
    struct error bad_field; /* the first one; class NONE when there is none */
    struct error too_large;
};

static outcome fail_bad_field(str field, const char *why, struct error *err)
{
    FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_STR("field", field), ARG_TEXT("why", why));
}

static outcome fail_too_large(str field, int limit, struct error *err)
{
    FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_STR("field", field), ARG_INT("limit", limit));
}

/* `why` is a token that both languages can show. */
static void note_bad_field(struct faults *faults, str field, const char *why)
{
    if (faults->bad_field.class == ERROR_NONE) {
        BUG_UNLESS(!fail_bad_field(field, why, &faults->bad_field).ok);
    }
}

static void note_too_large(struct faults *faults, str field, int limit)
{
    if (faults->too_large.class == ERROR_NONE) {
        BUG_UNLESS(!fail_too_large(field, limit, &faults->too_large).ok);
    }
}

static bool is_confirmation(const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "confirmed") == 0 ||
           strcmp(field->name, "declaration_accepted") == 0;
}

/* Sets one scalar field from a JSON value of the right kind. `path` is its name in the line. */
static void set_scalar(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, str path,
                       const struct json *value, struct arena *arena, struct faults *faults)
{
    struct error ignored;
    enum json_kind kind = json_kind(value);
    str name = str_of(field->name);
    str text = STR(UNREADABLE);
    bool readable = false;
    if (field->type == PROTOBUF_C_TYPE_BOOL) {
        readable = kind == JSON_IS_BOOL;
        text = json_truth(value) ? STR("true") : STR("false");
    } else if (kind == JSON_IS_TEXT) {
        readable = true;
        text = json_text(value);
    } else if (kind == JSON_IS_NUMBER && strcmp(field->name, "expected_count") == 0) {
        readable = true;
        text = arena_format(arena, "%lld", (long long)json_number(value));
    }
    if (readable && text.size > LIMIT_CELL_BYTES) {
        note_too_large(faults, path, LIMIT_CELL_BYTES);
        text = STR(UNREADABLE);
    }
    if (!readable && is_confirmation(field)) {
        return; /* anything but true is no confirmation (D34) */
    }
    if (!readable) {
        note_bad_field(faults, path, "type");
        if (field->type == PROTOBUF_C_TYPE_BOOL) {
            return;
        }
        text = STR(UNREADABLE);
    }
    if (!record_set(message, name, text, arena, &ignored).ok) {
        note_bad_field(faults, path, "value");
    }
}

static void set_list(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, str path,
                     const struct json *value, struct arena *arena, struct faults *faults)
{
    struct error ignored;
    bool is_list = json_kind(value) == JSON_IS_LIST;
    if (!is_list || json_count(value) > LIMIT_LIST_ELEMENTS) {
        if (is_list) {
            note_too_large(faults, path, LIMIT_LIST_ELEMENTS);
        } else {
            note_bad_field(faults, path, "type");
        }
        BUG_UNLESS(record_set(message, str_of(field->name), STR(UNREADABLE), arena, &ignored).ok);
        return;
    }
    for (size_t i = 0; i < json_count(value); i++) {
        set_scalar(message, field, path, json_element(value, i), arena, faults);
    }
}

static str member_path(str path, str key, struct arena *arena)
{
    return arena_format(arena, "%.*s.%.*s", STR_ARGS(path), STR_ARGS(key));
}

static void set_person(PersonName **person, str path, const struct json *value, struct arena *arena,
                       struct faults *faults)
{
    PersonName *made = RECORD_NEW(arena, PersonName, person_name);
    *person = made;
    if (json_kind(value) != JSON_IS_RECORD) {
        made->name = made->id_type = made->id_number = arena_c_string(arena, STR(UNREADABLE));
        note_bad_field(faults, path, "type");
        return;
    }
    for (struct json_walk walk = json_walk(value); walk.value != NULL; json_walk_next(&walk)) {
        const ProtobufCFieldDescriptor *field = record_find(&person_name__descriptor, walk.key);
        str name = member_path(path, walk.key, arena);
        if (field == NULL || str_equal(walk.key, STR("person_id"))) {
            note_bad_field(faults, name, "unknown");
        } else {
            set_scalar(&made->base, field, name, walk.value, arena, faults);
        }
    }
}

/* A record in the line whose members are texts and records of texts: a selection. `path` is its
 * name, for what is wrong in it. */
static void set_record(ProtobufCMessage *message, str path, const struct json *value,
                       struct arena *arena, struct faults *faults)
{
    if (json_kind(value) != JSON_IS_RECORD) {
        note_bad_field(faults, path, "type");
        return;
    }
    for (struct json_walk walk = json_walk(value); walk.value != NULL; json_walk_next(&walk)) {
        const ProtobufCFieldDescriptor *field = record_find(message->descriptor, walk.key);
        str name = member_path(path, walk.key, arena);
        if (field == NULL) {
            note_bad_field(faults, name, "unknown");
        } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            ProtobufCMessage *made = record_new_inner(message, field, arena);
            set_record(made, name, walk.value, arena, faults); /* as deep as the schema is */
        } else if (json_kind(walk.value) != JSON_IS_TEXT) {
            note_bad_field(faults, name, json_kind(walk.value) == JSON_IS_NULL ? "null" : "type");
        } else {
            set_scalar(message, field, name, walk.value, arena, faults);
        }
    }
}

static void set_selection(ProtobufCMessage *body, const ProtobufCFieldDescriptor *field,
                          const struct json *value, struct arena *arena, struct faults *faults)
{
    ProtobufCMessage *made = record_new_inner(body, field, arena);
    set_record(made, str_of(field->name), value, arena, faults);
}

/* The fields of a record: {"学校名称": "…"}. */
static void set_fields(ProtobufCMessage *body, const ProtobufCFieldDescriptor *field,
                       const struct json *value, struct arena *arena, struct faults *faults)
{
    RecordField ***items = (RecordField ***)(void *)((char *)body + field->offset);
    size_t *count = (size_t *)(void *)((char *)body + field->quantifier_offset);
    if (json_kind(value) != JSON_IS_RECORD) {
        struct error ignored;
        note_bad_field(faults, str_of(field->name), "type");
        BUG_UNLESS(
            record_set(body, str_of(field->name), STR(UNREADABLE "=" UNREADABLE), arena, &ignored)
                .ok);
        return;
    }
    *items = ARENA_ARRAY(arena, RecordField *, json_count(value) + 1);
    for (struct json_walk walk = json_walk(value); walk.value != NULL; json_walk_next(&walk)) {
        str path = arena_format(arena, "%s.%.*s", field->name, STR_ARGS(walk.key));
        RecordField *made = RECORD_NEW(arena, RecordField, record_field);
        bool is_text = json_kind(walk.value) == JSON_IS_TEXT;
        str text = is_text ? json_text(walk.value) : STR(UNREADABLE);
        if (!is_text) {
            note_bad_field(faults, path, "type");
        } else if (text.size > LIMIT_CELL_BYTES || *count >= LIMIT_LIST_ELEMENTS) {
            note_too_large(faults, path, LIMIT_CELL_BYTES);
            text = STR(UNREADABLE);
        }
        made->name = arena_c_string(arena, walk.key);
        made->value = arena_c_string(arena, text);
        (*items)[(*count)++] = made;
    }
}

/* One person of a list with the records that are used: {"person": {...}, "records": [...]}, or the
 * three names of the person beside the records. */
static UsedRecords *make_used(const struct json *value, str path, struct arena *arena,
                              struct faults *faults)
{
    UsedRecords *used = RECORD_NEW(arena, UsedRecords, used_records);
    const ProtobufCFieldDescriptor *records =
        record_find(&used_records__descriptor, STR("records"));
    if (json_kind(value) != JSON_IS_RECORD) {
        set_person(&used->person, path, value, arena, faults);
        return used;
    }
    for (struct json_walk walk = json_walk(value); walk.value != NULL; json_walk_next(&walk)) {
        const ProtobufCFieldDescriptor *field = record_find(&person_name__descriptor, walk.key);
        str name = member_path(path, walk.key, arena);
        if (str_equal(walk.key, STR("person"))) {
            set_person(&used->person, name, walk.value, arena, faults);
        } else if (str_equal(walk.key, STR("records"))) {
            set_list(&used->base, records, name, walk.value, arena, faults);
        } else if (field != NULL && !str_equal(walk.key, STR("person_id"))) {
            used->person =
                used->person != NULL ? used->person : RECORD_NEW(arena, PersonName, person_name);
            set_scalar(&used->person->base, field, name, walk.value, arena, faults);
        } else {
            note_bad_field(faults, name, "unknown");
        }
    }
    return used;
}

static void set_used(ProtobufCMessage *body, const ProtobufCFieldDescriptor *field,
                     const struct json *value, struct arena *arena, struct faults *faults)
{
    UsedRecords ***items = (UsedRecords ***)(void *)((char *)body + field->offset);
    size_t *count = (size_t *)(void *)((char *)body + field->quantifier_offset);
    bool is_list = json_kind(value) == JSON_IS_LIST;
    size_t wanted = is_list ? json_count(value) : 0;
    if (!is_list) {
        note_bad_field(faults, str_of(field->name), "type");
    } else if (wanted > LIMIT_LIST_ELEMENTS) {
        note_too_large(faults, str_of(field->name), LIMIT_LIST_ELEMENTS);
        wanted = LIMIT_LIST_ELEMENTS;
    }
    *items = ARENA_ARRAY(arena, UsedRecords *, wanted + 1);
    for (size_t i = 0; i < wanted; i++) {
        str path = arena_format(arena, "%s[%zu]", field->name, i);
        (*items)[(*count)++] = make_used(json_element(value, i), path, arena, faults);
    }
}

/* Does the engine fill the field in? Then it is no field of CONTRACT 4. */
static bool is_engines(const ProtobufCFieldDescriptor *field)
{
    static const char *const names[] = {"new_person_id", "phone_id",  "sent_code",
                                        "code_hash",     "number_id", "form_hash"};
    bool is_one = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        is_one = is_one || strcmp(field->name, names[i]) == 0;
    }
    return is_one;
}

/* One member of the line that belongs to the action's body. */
static void set_member(Action *action, ProtobufCMessage *body, str key, const struct json *value,
                       struct arena *arena, struct faults *faults)
{
    const ProtobufCFieldDescriptor *field = record_find(body->descriptor, key);
    if (json_kind(value) == JSON_IS_NULL && (field == NULL || !is_confirmation(field))) {
        note_bad_field(faults, key, "null");
    } else if (field == NULL || is_engines(field)) {
        note_bad_field(faults, key, "unknown");
    } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        struct wish_parts parts = wish_parts(action);
        if (field->descriptor == &person_name__descriptor && parts.person == NULL) {
            PersonName **slot = (PersonName **)(void *)((char *)body + field->offset);
            set_person(slot, key, value, arena, faults);
        } else if (field->descriptor == &record_field__descriptor) {
            set_fields(body, field, value, arena, faults);
        } else if (field->descriptor == &used_records__descriptor) {
            set_used(body, field, value, arena, faults);
        } else if (field->descriptor == &selection__descriptor) {
            set_selection(body, field, value, arena, faults);
        } else {
            note_bad_field(faults, key, "unknown"); /* attachments are the engine's */
        }
    } else if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        set_list(body, field, key, value, arena, faults);
    } else {
        set_scalar(body, field, key, value, arena, faults);
    }
}

static bool is_envelope(str key)
{
    return str_equal(key, STR("id")) || str_equal(key, STR("action")) ||
           str_equal(key, STR("enterprise")) || str_equal(key, STR("clerk"));
}

/* id and actor; a value that is no text counts as a bad field. */
static void set_envelope(Action *action, const struct json *line, struct arena *arena,
                         struct faults *faults)
{
    static const char *const names[] = {"id", "enterprise", "clerk"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct json *value = json_member(line, names[i]);
        const ProtobufCFieldDescriptor *field = record_find(&action__descriptor, str_of(names[i]));
        if (value != NULL && json_kind(value) == JSON_IS_NULL) {
            note_bad_field(faults, str_of(names[i]), "null"); /* and missing, where mandatory */
        } else if (value != NULL) {
            set_scalar(&action->base, field, str_of(names[i]), value, arena, faults);
        }
    }
}

/* Names the first fault of form, in the order of RULES 0.3. */
static outcome check_faults(const Action *action, const struct faults *faults, struct arena *arena,
                            struct error *err)
{
    struct error form;
    bool form_ok = action_check_form(action, arena, &form).ok;
    if (!form_ok && form.code == MESSAGE_MISSING_FIELD) {
        *err = form;
    } else if (faults->bad_field.class != ERROR_NONE) {
        *err = faults->bad_field;
    } else if (!form_ok) {
        *err = form;
    } else if (faults->too_large.class != ERROR_NONE) {
        *err = faults->too_large;
    } else {
        return OK;
    }
    return (outcome){false};
}

/* Reads the action's fields in their own order, so that the first fault does not depend on the
 * order of the keys (RULES D34); then finds unknown keys. */
static void set_body(Action *action, ProtobufCMessage *body, const struct json *line,
                     struct arena *arena, struct faults *faults)
{
    for (unsigned i = 0; i < body->descriptor->n_fields; i++) {
        str name = str_of(body->descriptor->fields[i].name);
        const struct json *value = json_member_at(line, name);
        if (value != NULL && !is_envelope(name)) {
            set_member(action, body, name, value, arena, faults);
        }
    }
    for (struct json_walk walk = json_walk(line); walk.value != NULL; json_walk_next(&walk)) {
        if (!is_envelope(walk.key) && record_find(body->descriptor, walk.key) == NULL) {
            set_member(action, body, walk.key, walk.value, arena, faults);
        }
    }
}

static outcome parse_record(const struct json *line, struct arena *arena, Action *action,
                            str *ret_name, struct error *err)
{
    struct faults faults = {0};
    const struct json *name = json_member(line, "action");
    if (name == NULL || json_kind(name) == JSON_IS_NULL) {
        FAIL(INVALID, MESSAGE_MISSING_FIELD, ARG_TEXT("field", "action"));
    }
    if (json_kind(name) != JSON_IS_TEXT) {
        FAIL(INVALID, MESSAGE_BAD_FIELD, ARG_TEXT("field", "action"), ARG_TEXT("why", "type"));
    }
    *ret_name = arena_str(arena, json_text(name));
    Action__BodyCase body_case = action_from_name(json_text(name));
    if (body_case == ACTION__BODY__NOT_SET) {
        FAIL(INVALID, MESSAGE_UNKNOWN_ACTION, ARG_STR("action", json_text(name)));
    }
    ProtobufCMessage *body = record_new_inner(&action->base, action_field(body_case), arena);
    set_envelope(action, line, arena, &faults);
    set_body(action, body, line, arena, &faults);
    return check_faults(action, &faults, arena, err);
}

FALLIBLE wish_parse(str line, struct arena *arena, Action *ret, str *ret_id, str *ret_name,
                    struct error *err)
{
    struct json *root = NULL;
    struct error syntax;
    if (!json_parse(str_bytes(line), &root, &syntax).ok) {
        if (syntax.code == MESSAGE_JSON_TOO_LARGE) {
            FAIL(INVALID, MESSAGE_TOO_LARGE, ARG_TEXT("field", "line"),
                 ARG_INT("limit", LIMIT_LINE_BYTES));
        }
        FAIL(INVALID, MESSAGE_MALFORMED, syntax.args[1]); /* line, column */
    }
    outcome parsed = {true};
    const struct json *id = json_member(root, "id");
    if (json_kind(root) != JSON_IS_RECORD) {
        parsed = ERROR_SET(err, INVALID, MESSAGE_MALFORMED, ARG_INT("column", 1));
    } else {
        if (id != NULL && json_kind(id) == JSON_IS_TEXT) {
            *ret_id = arena_str(arena, str_first_text(json_text(id), 256));
        }
        parsed = parse_record(root, arena, ret, ret_name, err);
    }
    json_release(root);
    return parsed;
}
