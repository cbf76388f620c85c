/* file_fields - checks the fields of a personnel-file record and brings them into their normal
 * form. */
#pragma once

#include <event.pb-c.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "events/file_kinds.h"

struct file_fields {
    RecordField **items;
    size_t count;
};

/* Whatever the kind: labels narrow, values without blanks around, days as YYYY-MM-DD where they are
 * days, 起止时间 as 开始时间 and 结束时间, sorted by label. So neither the order of keys nor a
 * spelling makes another wish. Empty values stay: in an edit they take a value away. */
struct file_fields file_fields_tidy(struct file_fields fields, struct arena *arena);

/* Tidy fields of a kind, complete: without empty ones, in the guide's order, chosen words as the
 * guide writes them, a title's specialty 无 where none was given (R-DL-23).
 * fails   INVALID MESSAGE_MISSING_FIELD, MESSAGE_BAD_FIELD, MESSAGE_TOO_LARGE (`fields.LABEL`) */
FALLIBLE file_fields_check(const struct file_kind *kind, struct file_fields fields,
                           struct arena *arena, struct file_fields *ret, struct error *err);

/* `fields` with the changed ones instead: what an edit makes of a record. */
struct file_fields file_fields_merge(struct file_fields fields, struct file_fields changed,
                                     struct arena *arena);

/* The value of a label; "" when it is not there. */
str file_fields_value(struct file_fields fields, const char *label);

/* Equal labels and values, in the same order? */
bool file_fields_equal(struct file_fields a, struct file_fields b);
