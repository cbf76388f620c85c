/* make_plans - writes the plans of core/base/record_plan.h as C, from protobuf-c's descriptors. Run
 * by the Makefile, which links it with the descriptors and lists them in descriptors.h. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/record_plan.h"

#include <descriptors.h>

struct named {
    const char *name;
    const ProtobufCMessageDescriptor *descriptor;
};

static const struct named messages[] = {ALL_DESCRIPTORS};
enum { MESSAGES = sizeof messages / sizeof *messages };

/* The build ends here: what a schema may hold is said in one place. */
static void refuse(const char *message, const char *why)
{
    fprintf(stderr, "make_plans: %s: %s\n", message, why);
    _Exit(EXIT_FAILURE);
}

static uint16_t in_two_bytes(size_t value, const char *message)
{
    if (value > UINT16_MAX) {
        refuse(message, "a number or an offset needs more than two bytes");
    }
    return (uint16_t)value;
}

static uint16_t index_of(const ProtobufCMessageDescriptor *descriptor)
{
    uint16_t i = 0;
    while (i < MESSAGES && messages[i].descriptor != descriptor) {
        i++;
    }
    if (i == MESSAGES) {
        refuse(descriptor->name, "is not among the descriptors");
    }
    return i;
}

static enum plan_kind kind_of(const ProtobufCFieldDescriptor *field)
{
    static const enum plan_kind kinds[] = {
        [PROTOBUF_C_TYPE_STRING] = PLAN_TEXT,   [PROTOBUF_C_TYPE_BYTES] = PLAN_BYTES,
        [PROTOBUF_C_TYPE_INT32] = PLAN_INT32,   [PROTOBUF_C_TYPE_ENUM] = PLAN_INT32,
        [PROTOBUF_C_TYPE_UINT32] = PLAN_UINT32, [PROTOBUF_C_TYPE_SINT32] = PLAN_SINT32,
        [PROTOBUF_C_TYPE_BOOL] = PLAN_BOOL,     [PROTOBUF_C_TYPE_INT64] = PLAN_WIDE,
        [PROTOBUF_C_TYPE_UINT64] = PLAN_WIDE,   [PROTOBUF_C_TYPE_MESSAGE] = PLAN_MESSAGE,
    };
    bool may_be_absent =
        field->label == PROTOBUF_C_LABEL_REQUIRED || field->label == PROTOBUF_C_LABEL_OPTIONAL;
    if (may_be_absent || (size_t)field->type >= sizeof kinds / sizeof *kinds) {
        return PLAN_NONE;
    }
    bool is_day = field->type == PROTOBUF_C_TYPE_MESSAGE && field->descriptor == &date__descriptor;
    return is_day ? PLAN_DAY : kinds[field->type];
}

static struct plan_field plan_of_field(const ProtobufCFieldDescriptor *field, const char *message)
{
    enum plan_kind kind = kind_of(field);
    bool is_choice = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
    bool is_packed = (field->flags & PROTOBUF_C_FIELD_FLAG_PACKED) != 0;
    if (kind == PLAN_NONE || (is_list && plan_is_number(kind) && !is_packed)) {
        refuse(message, "has a type of field that core/base/record_plan.h does not know");
    }
    if (is_choice && kind != PLAN_MESSAGE) {
        refuse(message, "has a oneof with a member that is no message");
    }
    if (field->id > PLAN_NUMBER_MOST) {
        refuse(message, "has a field whose tag has more than two bytes");
    }
    unsigned wire = is_list || !plan_is_number(kind) ? PLAN_WIRE_SIZED : PLAN_WIRE_VARINT;
    return (struct plan_field){
        .tag = (uint16_t)(field->id << 3 | wire),
        .kind = (uint8_t)kind,
        .shape = is_list     ? PLAN_LIST
                 : is_choice ? PLAN_CHOICE
                             : PLAN_SINGLE,
        .offset = in_two_bytes(field->offset, message),
        .beside = in_two_bytes(field->quantifier_offset, message),
        .inner = kind == PLAN_MESSAGE ? index_of(field->descriptor) : 0,
    };
}

/* By number: those of no field are all 0. */
static void print_fields(const struct named *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    printf("static const struct plan_field %s_fields[] = {{0}", message->name);
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        struct plan_field plan = plan_of_field(&descriptor->fields[i], message->name);
        printf(",\n    [%" PRIu32 "] = {%u, %u, %u, %u, %u, %u}", descriptor->fields[i].id,
               plan.tag, plan.kind, plan.shape, plan.offset, plan.beside, plan.inner);
    }
    printf("};\n");
}

/* The members of a oneof must stand together, so that they are passed by at once. */
static void print_plan(const struct named *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    unsigned count = descriptor->n_fields;
    uint32_t first = 0;
    uint32_t last = 0;
    unsigned beside = 0;
    for (unsigned i = 0; i < count; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0) {
            continue;
        }
        if (first != 0 && (field->quantifier_offset != beside || last != field[-1].id)) {
            refuse(message->name, "has two oneofs, or one with other fields in between");
        }
        first = first == 0 ? field->id : first;
        last = field->id;
        beside = field->quantifier_offset;
    }
    printf("    {&%s__descriptor, %s_fields, %u, %u, %" PRIu32 ", %" PRIu32 "},\n", message->name,
           message->name, count > 0 ? descriptor->fields[count - 1].id : 0,
           in_two_bytes(descriptor->sizeof_message, message->name), first, last);
}

static void print_slots(void)
{
    uint16_t slots[PLAN_SLOTS] = {0};
    for (uint16_t i = 0; i < MESSAGES; i++) {
        if (strlen(messages[i].descriptor->short_name) < 3) {
            refuse(messages[i].name, "has a name of less than three letters");
        }
        unsigned slot = record_plan_slot(messages[i].descriptor);
        while (slots[slot] != 0) {
            slot = (slot + 1) % PLAN_SLOTS;
        }
        slots[slot] = (uint16_t)(i + 1);
    }
    printf("const uint16_t record_plan_slots[PLAN_SLOTS] = {");
    for (unsigned i = 0; i < PLAN_SLOTS; i++) {
        printf(i % 20 == 0 ? "\n    %u," : " %u,", slots[i]);
    }
    printf("};\n");
}

int main(void)
{
    _Static_assert(MESSAGES * 2 < PLAN_SLOTS, "half of the slots are empty");
    printf("/* Made by core/base/plans/make_plans.c. */\n#include \"core/base/record_plan.h\"\n\n");
    for (unsigned i = 0; i < MESSAGES; i++) {
        printf("extern const ProtobufCMessageDescriptor %s__descriptor;\n", messages[i].name);
        print_fields(&messages[i]);
    }
    printf("const struct record_plan record_plans[] = {\n");
    for (unsigned i = 0; i < MESSAGES; i++) {
        print_plan(&messages[i]);
    }
    printf("};\n");
    print_slots();
    return 0;
}
