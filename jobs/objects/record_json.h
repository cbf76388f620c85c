/* record_json - any message as JSON, by reflection: fields that are there, under their names. What
 * is personal (Personal, sealed bytes) is left out. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/arena.h"
#include "core/io/json.h"

/* Puts the fields of `message` into `record`. Dates as YYYY-MM-DD, months as YYYY-MM, enums in
 * lower case, bytes in hex (long ones, like certificates, are left out), lists as lists. */
void record_put_json(const ProtobufCMessage *message, struct json *record, struct arena *arena);
