/* report - prints results to stdout and everything else to stderr, for people in their language or
 * for machines as JSON. Only help, --version, `template show` (a description as it is) and submit.c
 * (its answers) write to stdout by themselves.
 *
 * A verb gives every result as a JSON record; for people it is printed as a table. The label of a
 * key is the message row FIELD_<PATH> or FIELD_<LAST PART>. A value is replaced by the text of the
 * row <PATH>_<VALUE>, where there is one ("status", "valid": STATUS_VALID). A list within a record
 * is printed one item per row, each value behind its label. */
#pragma once

#include "core/io/json.h"
#include "core/io/table.h"
#include "jobs/session.h"

/* An error, with its code and rule; with --json as one JSON object. To stderr. Silent when whoever
 * read our output has gone away. */
void report_error(struct session *session, const struct error *err);

/* A sentence to stderr; notices and infos are kept back by --quiet. */
void report_note(struct session *session, enum terminal_level level, int message,
                 const struct error_arg *args, int args_count);

/* What a dry run says at its end; of one that a signal stopped the status is 75. */
void report_dry_run(struct session *session);
void report_dry_run_stopped(struct session *session);

/* The fields of an error as machines get them: code, rule, message, detail. */
void report_put_error(struct session *session, struct json *record, const struct error *err,
                      struct arena *arena);

/* One result: a JSON line, or a table of two columns. `record` is given back.
 * fails   RESOURCE MESSAGE_FILE_NOT_WRITABLE */
FALLIBLE report_result(struct session *session, struct json *record, struct error *err);
/* The same of a thing whose keys have labels of their own: the "name" of "enterprise" is
 * FIELD_ENTERPRISE_NAME. */
FALLIBLE report_result_about(struct session *session, const char *about, struct json *record,
                             struct error *err);

struct report_column {
    const char *path;  /* in the record: "person.name" */
    const char *label; /* "ISSUED": heading FIELD_ISSUED; NULL: by the path */
    bool right;
    bool folds; /* may be long: struct column */
};

/* Many results: a JSON line each, a table, or CSV. */
struct report_rows {
    struct session *session;
    const struct report_column *columns;
    size_t columns_count;
    enum table_format format;
    FILE *out;
    struct table *table; /* NULL for JSON */
    bool *has_words;     /* by column: its values have rows of their own */
    struct arena cells;
    uint64_t count;
};

FALLIBLE report_rows_open(struct session *session, const struct report_column *columns,
                          size_t columns_count, enum table_format format, struct report_rows *ret,
                          struct error *err);
/* The same to a stream, which stays the caller's. */
FALLIBLE report_rows_open_on(struct session *session, const struct report_column *columns,
                             size_t columns_count, enum table_format format, FILE *out,
                             struct report_rows *ret, struct error *err);
/* `record` is given back. */
FALLIBLE report_rows_add(struct report_rows *rows, struct json *record, struct error *err);
/* Prints what is left. Call it once after open, also when something failed. */
FALLIBLE report_rows_close(struct report_rows *rows, struct error *err);
/* After a table without rows: tells people that it is empty, because nothing at all is printed
 * then. JSON and CSV need no such note. */
void report_rows_tell_none(const struct report_rows *rows);

/* The label of a path in a language: "证书编号", or its last part itself. */
str report_label(enum language language, str path, struct arena *arena);
/* The member of a record that a path names ("person.name"), or NULL. */
const struct json *report_member(const struct json *record, const char *path);
