/* messages - all texts of the program: one table of the messages.def of all folders, and the
 * functions that make sentences of its rows.
 *
 * An error carries a code and arguments, never a sentence; sentences are made here, in the reader's
 * language. A row's name in lower case is the code that machines see. Labels, help and headings are
 * rows too and are found by name. */
#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/messages.h"
#include "core/io/messages.h"
#include "events/messages.h"
#include "importers/messages.h"
#include "projections/messages.h"

#define MESSAGE(number, name, english, chinese) MESSAGE_##name = (number),
enum message_code_jobs {
#include "jobs/messages.def"
};
#undef MESSAGE

enum language { LANGUAGE_ENGLISH, LANGUAGE_CHINESE };

struct message {
    int number;
    const char *name; /* upper case, as in the .def file */
    const char *english;
    const char *chinese;
};

/* The rows in the order of the files; for tests and lists. */
extern const struct message messages[];
extern const size_t messages_count;

/* NULL when there is no such row. */
const struct message *message_find(int number);
const struct message *message_named(str name);

/* The code of a row as machines see it: "certificate_exists"; "unknown" when there is none. */
str message_code(int number, struct arena *arena);

/* The row's text in a language, placeholders as they are. */
str message_template(const struct message *message, enum language language);

/* A template with {0}, {1}.. replaced by the arguments' texts, and {0|row|rows} by the word for as
 * many as argument 0; one without argument stays. */
str message_fill(str template, const struct error_arg *args, int args_count, struct arena *arena);

/* A value of a closed list in words: ("status", "released") is 已解聘待转, from the row
 * STATUS_RELEASED; what has no row <PATH>_<VALUE> stays as it is. */
str message_value(enum language language, str path, str value, struct arena *arena);
/* Are there such rows for a path? Asked once a column, so that long lists need not look. */
bool message_has_values(str path, struct arena *arena);
/* "person.id-type" to "PERSON_ID_TYPE": how rows are named. */
str message_row_name(str path, struct arena *arena);

/* The sentence of an error, of a row without arguments, and of one with arguments. */
str message_of_error(const struct error *err, enum language language, struct arena *arena);
str message_text(int number, enum language language);
str message_text_with(int number, enum language language, const struct error_arg *args,
                      int args_count, struct arena *arena);
