/* scenario_text - lines of scenarios as words, and messages set from and compared with them. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum { SCENARIO_WORDS_MAX = 64 };

/* A word of a line: name=value, or a bare name. */
struct scenario_word {
    str name;
    str value;
    bool has_value;
};

struct scenario_line {
    struct scenario_word words[SCENARIO_WORDS_MAX];
    size_t count;
};

/* Cuts a line into words; false when a quote does not end or there are too many. */
bool scenario_line_read(str text, struct arena *arena, struct scenario_line *ret);

/* The oneof member whose message has that name ("CertificateIssued"), or NULL. */
const ProtobufCFieldDescriptor *scenario_member(const ProtobufCMessageDescriptor *whole, str name);
/* Selects the member with an empty body and gives the body. */
ProtobufCMessage *scenario_select(ProtobufCMessage *whole, const ProtobufCFieldDescriptor *member,
                                  struct arena *arena);

/* Does `actual` have the value in its field ("exam.exam_date")? *ret_actual is what it has. */
FALLIBLE scenario_field_equals(const ProtobufCMessage *actual, str field, const str *values,
                               size_t count, struct arena *arena, bool *ret, str *ret_actual,
                               struct error *err);

/* "2003 field=person.name": an error for people who read test output. */
str scenario_error_text(const struct error *error, struct arena *arena);
