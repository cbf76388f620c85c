/* record_json - any message as JSON, by reflection: the fields that are present, under their names.
 * Personal data (Personal, sealed bytes) is left out. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/arena.h"
#include "core/base/record.h"
#include "core/io/json.h"

/* The text of a field as answers show it: a class as everywhere ("C1"), other enums in lower case,
 * what else is no message as record_get has it. */
str record_shown(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                 struct arena *arena);

/* Puts the fields of `message` into `record`. Dates as YYYY-MM-DD, months as YYYY-MM, enums as
 * shown, bytes in hex (long ones, like certificates, are left out), lists as lists. */
void record_put_json(const ProtobufCMessage *message, struct json *record, struct arena *arena);
