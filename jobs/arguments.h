/* arguments - the command line read into options messages, by reflection.
 *
 * Every field of a message is an option: `root_cert` is --root-cert, `person.name` is
 * --person-name, `selection.valid_until.from` is --selection-valid-until-from, a repeated
 * `certificates` is --certificate as often as needed. Bools take no value. What comes first in the
 * table wins when two messages have an option of one name. GNU habits hold: options and arguments
 * in any order, unique abbreviations, `--` ends options; -h is --help. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"

enum { OPTIONS_MAX = 64 };

struct option_target {
    const char *name; /* without the dashes */
    ProtobufCMessage *message;
    const char *path; /* for record_set: "person.name" */
    const ProtobufCFieldDescriptor *field;
    bool takes_value;
};

struct arguments {
    struct option_target options[OPTIONS_MAX];
    size_t count;
};

/* Adds an option for each field of `message` but `arguments`, members of a oneof, those of
 * `without` (field names, NULL-terminated; may be NULL) and those whose option is there already. */
void arguments_add(struct arguments *arguments, ProtobufCMessage *message,
                   const char *const *without, struct arena *arena);

/* Reads argv[0..count) into the messages; what is no option goes to ret_rest.
 * verb    for messages
 * A list may also be named as its field is: --certificates=A --certificates=B.
 * fails   USAGE MESSAGE_UNKNOWN_OPTION, MESSAGE_OPTION_NEEDS_VALUE, MESSAGE_OPTION_TAKES_NO_VALUE,
 *         MESSAGE_EMPTY_OPTION (nothing but blanks), MESSAGE_OPTION_VALUE (also a number out of its
 * bounds, and 0 where that would be read as "not given"), MESSAGE_ARGUMENT_NOT_TEXT */
FALLIBLE arguments_parse(const struct arguments *arguments, const char *verb, int count,
                         char *const *argv, struct arena *arena, str **ret_rest,
                         size_t *ret_rest_count, struct error *err);

/* Appends the positional arguments to the field `arguments` of an options message.
 * fails   USAGE MESSAGE_ARGUMENTS_TOO_MANY when the message has no such field,
 *         MESSAGE_EMPTY_ARGUMENT */
FALLIBLE arguments_put_rest(ProtobufCMessage *options, const char *verb, const str *rest,
                            size_t count, struct arena *arena, struct error *err);
