/* record_enum - the names of enum values; see record.h. */
#include "core/base/record.h"
#include "core/base/unicode.h"

str record_enum_text(const ProtobufCEnumDescriptor *descriptor, int value, struct arena *arena)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);
    if (found == NULL) {
        return arena_format(arena, "%d", value); /* a newer build's value */
    }
    return unicode_lower_ascii(str_of(found->name), arena);
}

/* Of a schema all names are upper case. */
static bool equal_any_case(str text, const char *name)
{
    size_t i = 0;
    for (; i < text.size && name[i] != 0; i++) {
        char c = text.data[i];
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (c != name[i]) {
            return false;
        }
    }
    return i == text.size && name[i] == 0;
}

int record_enum_value(const ProtobufCEnumDescriptor *descriptor, str text)
{
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        if (equal_any_case(text, descriptor->values[i].name)) {
            return descriptor->values[i].value;
        }
    }
    return -1;
}
