/* report - see report.h. */
#include "jobs/report.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/shown.h"
#include "core/io/csv.h"

static str last_part(str path)
{
    size_t at = path.size;
    while (at > 0 && path.data[at - 1] != '.') {
        at--;
    }
    return str_from(path, at);
}

static const struct message *find_label(str path, struct arena *arena)
{
    str whole = arena_format(arena, "FIELD_%.*s", STR_ARGS(message_row_name(path, arena)));
    str part =
        arena_format(arena, "FIELD_%.*s", STR_ARGS(message_row_name(last_part(path), arena)));
    /* The last: counts by status have the status for a key. */
    str status =
        arena_format(arena, "STATUS_%.*s", STR_ARGS(message_row_name(last_part(path), arena)));
    const struct message *message = message_named(whole);
    if (message == NULL) {
        message = message_named(part);
    }
    return message != NULL ? message : message_named(status);
}

str report_label(enum language language, str path, struct arena *arena)
{
    const struct message *message = find_label(path, arena);
    return message != NULL ? message_template(message, language) : last_part(path);
}

const struct json *report_member(const struct json *record, const char *path)
{
    str rest = str_of(path);
    while (rest.data != NULL && record != NULL) {
        char key[64] = {0};
        str part = str_cut(&rest, '.');
        BUG_UNLESS(part.size < sizeof key); /* paths are literals of ours */
        memcpy(key, part.data, part.size);
        record = json_member(record, key);
    }
    return record;
}

/* The record that a path's last part is a member of; NULL where there is none. */
static const struct json *parent_of(const struct json *record, const char *path,
                                    struct arena *arena)
{
    size_t last = last_part(str_of(path)).size;
    size_t size = strlen(path);
    return size == last
               ? record
               : report_member(record, arena_c_string(arena, (str){path, size - last - 1}));
}

/* A value of a record as people and spreadsheets see it. */
static str text_of(const struct json *value, struct arena *arena)
{
    if (value == NULL) {
        return STR("");
    }
    switch (json_kind(value)) {
    case JSON_IS_TEXT: return json_text(value);
    case JSON_IS_NUMBER: return arena_format(arena, "%" PRId64, json_number(value));
    case JSON_IS_BOOL: return json_truth(value) ? STR("true") : STR("false");
    case JSON_IS_DECIMAL: /* of a second nobody reads more */
        return arena_format(arena, "%.2f", json_decimal(value));
    case JSON_IS_RECORD: return json_dump(value, arena);
    case JSON_IS_LIST: break;
    case JSON_IS_NULL: return STR("");
    }
    str list = STR("");
    for (size_t i = 0; i < json_count(value); i++) {
        str element = text_of(json_element(value, i), arena);
        list =
            arena_format(arena, "%.*s%s%.*s", STR_ARGS(list), i > 0 ? ", " : "", STR_ARGS(element));
    }
    return list;
}

/* --- errors and notes, to stderr ---------------------------------------------------------------
 */

/* Nobody reads stdout any more: `anzheng list | head`. That is no news to anybody. */
static bool output_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

void report_put_error(struct session *session, struct json *record, const struct error *err,
                      struct arena *arena)
{
    json_put_text(record, "code", message_code(err->code, arena));
    if (err->rule != NULL) {
        json_put_text(record, "rule", str_of(err->rule));
    } else {
        json_put_null(record, "rule");
    }
    json_put_text(record, "message", message_of_error(err, session->language, arena));
    struct json *detail = json_put_record(record, "detail");
    for (int i = 0; i < err->args_count; i++) {
        const struct error_arg *arg = &err->args[i];
        uint64_t number = 0;
        if (arg->is_number && str_to_uint64(str_of(arg->text), &number) && number <= INT64_MAX) {
            json_put_number(detail, arg->name, (int64_t)number);
        } else {
            json_put_text(detail, arg->name, str_of(arg->text));
        }
    }
}

void report_error(struct session *session, const struct error *err)
{
    struct arena *arena = &session->run_arena;
    if (err->class == ERROR_RESOURCE && output_is_gone()) {
        return;
    }
    if (session->json) {
        JSON_AUTO record = json_new_record();
        report_put_error(session, json_put_record(record, "error"), err, arena);
        terminal_say(&session->terminal, TERMINAL_ERROR,
                     shown_text(json_dump(record, arena), arena));
        return;
    }
    str sentence = message_of_error(err, session->language, arena);
    str code = message_code(err->code, arena);
    str text = err->rule == NULL
                   ? arena_format(arena, "anzheng: %.*s [%.*s]", STR_ARGS(sentence), STR_ARGS(code))
                   : arena_format(arena, "anzheng: %.*s [%.*s, %s]", STR_ARGS(sentence),
                                  STR_ARGS(code), err->rule);
    terminal_say(&session->terminal, TERMINAL_ERROR, text);
}

void report_note(struct session *session, enum terminal_level level, int message,
                 const struct error_arg *args, int args_count)
{
    str sentence =
        message_text_with(message, session->language, args, args_count, &session->run_arena);
    terminal_say(&session->terminal, level,
                 arena_format(&session->run_arena, "anzheng: %.*s", STR_ARGS(sentence)));
}

void report_dry_run(struct session *session)
{
    report_note(session, TERMINAL_NOTICE, MESSAGE_DRY_RUN, NULL, 0);
}

void report_dry_run_stopped(struct session *session)
{
    report_note(session, TERMINAL_WARNING, MESSAGE_DRY_RUN_STOPPED, NULL, 0);
    session_status(session, error_exit_status(ERROR_BUSY));
}

/* --- one result ---------------------------------------------------------------------------------
 */

static enum table_language table_language(const struct session *session)
{
    return session->language == LANGUAGE_CHINESE ? TABLE_CHINESE : TABLE_ENGLISH;
}

/* Both texts of a heading: the row's, or the path's last part. */
static struct column heading(const char *path, const char *label, struct arena *arena)
{
    const struct message *message = find_label(str_of(label != NULL ? label : path), arena);
    char *key = arena_c_string(arena, str_of(path));
    for (size_t i = 0; key[i] != 0; i++) {
        key[i] = key[i] == '.' ? '_' : key[i];
    }
    return (struct column){.key = key,
                           .english = message != NULL ? message->english : key,
                           .chinese = message != NULL ? message->chinese : key};
}

/* What is not there makes no row. */
static bool is_nothing(const struct json *value)
{
    return json_kind(value) == JSON_IS_NULL ||
           (json_kind(value) == JSON_IS_TEXT && str_empty(json_text(value))) ||
           (json_kind(value) == JSON_IS_LIST && json_count(value) == 0);
}

static bool is_plain_list(const struct json *value)
{
    return json_kind(value) != JSON_IS_LIST || json_count(value) == 0 ||
           json_kind(json_element(value, 0)) != JSON_IS_RECORD;
}

enum { DEPTH_MAX = 4 };

/* An id beside a kind is somebody's own, and may be spelled like a word of ours: only of a register
 * is it one. */
static bool is_own_name(const struct json *record, str key)
{
    const struct json *kind = record != NULL ? json_member(record, "kind") : NULL;
    return str_equal(key, STR("id")) && kind != NULL && json_kind(kind) == JSON_IS_TEXT &&
           !str_equal(json_text(kind), STR("import"));
}

/* What a nested value is called where it stands, else what it is called anywhere. */
static str value_words(enum language language, str path, str value, struct arena *arena)
{
    str words = message_value(language, path, value, arena);
    return str_equal(words, value) ? message_value(language, last_part(path), value, arena) : words;
}

/* What makes the rows of one record: `about` stands before each path when a label is looked up. */
struct rows {
    const struct session *session;
    struct table *table;
    struct arena *arena;
    const char *about;
};

static str label_of(const struct rows *rows, str path)
{
    if (str_starts_with(path, STR("last_success."))) { /* a job is called as its verb is typed */
        return last_part(path);
    }
    enum language language = rows->session->language;
    str whole = arena_format(rows->arena, "%s.%.*s", rows->about, STR_ARGS(path));
    str name =
        arena_format(rows->arena, "FIELD_%.*s", STR_ARGS(message_row_name(whole, rows->arena)));
    const struct message *message = *rows->about != 0 ? message_named(name) : NULL;
    return message != NULL ? message_template(message, language)
                           : report_label(language, path, rows->arena);
}

static str path_below(str prefix, str key, struct arena *arena)
{
    return str_empty(prefix) ? arena_str(arena, key)
                             : arena_format(arena, "%.*s.%.*s", STR_ARGS(prefix), STR_ARGS(key));
}

/* One of several records as a line: its values with their labels; of an error, what it says. */
static str line_of(const struct rows *rows, const struct json *record, str path)
{
    enum language language = rows->session->language;
    struct arena *arena = rows->arena;
    str line = STR("");
    for (struct json_walk walk = json_walk(record); walk.value != NULL; json_walk_next(&walk)) {
        if (is_nothing(walk.value)) {
            continue;
        }
        const struct json *value = walk.value;
        if (json_kind(value) == JSON_IS_RECORD && json_member(value, "message") != NULL) {
            value = json_member(value, "message");
        }
        str below = path_below(path, walk.key, arena);
        str text = text_of(value, arena);
        str words =
            is_own_name(record, walk.key) ? text : value_words(language, below, text, arena);
        line = arena_format(arena, "%.*s%s%.*s %.*s", STR_ARGS(line),
                            str_empty(line)                ? ""
                            : language == LANGUAGE_CHINESE ? "，"
                                                           : ", ",
                            STR_ARGS(report_label(language, below, arena)), STR_ARGS(words));
    }
    return line;
}

static void put_value(const struct rows *rows, str text, str prefix, str path)
{
    str group = str_empty(prefix)
                    ? STR("")
                    : arena_format(rows->arena, "%.*s · ", STR_ARGS(label_of(rows, prefix)));
    str label = label_of(rows, path);
    table_cell(rows->table,
               arena_format(rows->arena, "%.*s%.*s", STR_ARGS(group), STR_ARGS(label)));
    table_cell(rows->table, text);
}

/* A row for each value below `record`; elements of a list of records are a row each. */
static void put_rows(const struct rows *rows, const struct json *record, str prefix, int depth)
{
    for (struct json_walk walk = json_walk(record); walk.value != NULL; json_walk_next(&walk)) {
        if (is_nothing(walk.value)) {
            continue;
        }
        str path = path_below(prefix, walk.key, rows->arena);
        if (json_kind(walk.value) == JSON_IS_RECORD && depth < DEPTH_MAX) {
            put_rows(rows, walk.value, path, depth + 1);
        } else if (is_plain_list(walk.value)) {
            str text = text_of(walk.value, rows->arena);
            str words = is_own_name(record, walk.key)
                            ? text
                            : value_words(rows->session->language, path, text, rows->arena);
            put_value(rows, words, prefix, path);
        } else {
            for (size_t i = 0; i < json_count(walk.value); i++) {
                table_cell(rows->table, label_of(rows, path));
                table_cell(rows->table, line_of(rows, json_element(walk.value, i), path));
            }
        }
    }
}

static FALLIBLE print_record(struct session *session, const char *about, const struct json *record,
                             struct error *err)
{
    struct arena *arena = &session->item_arena;
    const struct column columns[] = {heading("item", NULL, arena), heading("value", NULL, arena)};
    struct rows rows = {.session = session, .arena = arena, .about = about};
    TRY(table_open(TABLE_PEOPLE, table_language(session), columns, 2, stdout, &rows.table, err));
    put_rows(&rows, record, STR(""), 0);
    outcome closed = table_close(rows.table, err);
    arena_reset(arena);
    return closed;
}

FALLIBLE report_result_about(struct session *session, const char *about, struct json *record,
                             struct error *err)
{
    outcome printed = session->json ? json_write_line(record, stdout, err)
                                    : print_record(session, about, record, err);
    json_release(record);
    return printed;
}

FALLIBLE report_result(struct session *session, struct json *record, struct error *err)
{
    return report_result_about(session, "", record, err);
}

/* --- many results -------------------------------------------------------------------------------
 */

/* A file of its own is opened in a spreadsheet; what goes to stdout, another program may read. */
static outcome mark_file(enum table_format format, FILE *out, struct error *err)
{
    struct csv_writer writer;
    if (format != TABLE_CSV || out == stdout) {
        return OK;
    }
    csv_writer_on(out, NULL, &writer);
    csv_write_mark(&writer);
    return csv_writer_flush(&writer, err);
}

FALLIBLE report_rows_open_on(struct session *session, const struct report_column *columns,
                             size_t columns_count, enum table_format format, FILE *out,
                             struct report_rows *ret, struct error *err)
{
    struct arena *arena = &session->run_arena; /* the headings outlive the table */
    struct column *headings = ARENA_ARRAY(arena, struct column, columns_count);
    struct table *table = NULL;
    bool *has_words = ARENA_ARRAY(arena, bool, columns_count);
    for (size_t i = 0; i < columns_count; i++) {
        has_words[i] = format == TABLE_PEOPLE && message_has_values(str_of(columns[i].path), arena);
        headings[i] = heading(columns[i].path, columns[i].label, arena);
        headings[i].right = columns[i].right;
        headings[i].folds = columns[i].folds;
    }
    TRY(mark_file(format, out, err));
    if (format != TABLE_JSON) {
        TRY(table_open(format, table_language(session), headings, columns_count, out, &table, err));
    }
    *ret = (struct report_rows){.session = session,
                                .columns = columns,
                                .columns_count = columns_count,
                                .format = format,
                                .out = out,
                                .table = table,
                                .has_words = has_words};
    arena_init(&ret->cells, 0);
    return OK;
}

FALLIBLE report_rows_open(struct session *session, const struct report_column *columns,
                          size_t columns_count, enum table_format format, struct report_rows *ret,
                          struct error *err)
{
    return report_rows_open_on(session, columns, columns_count, format, stdout, ret, err);
}

FALLIBLE report_rows_add(struct report_rows *rows, struct json *record, struct error *err)
{
    JSON_AUTO owned = record;
    rows->count++;
    if (rows->format == TABLE_JSON) {
        TRY(json_write_line(owned, rows->out, err));
        return OK;
    }
    for (size_t i = 0; i < rows->columns_count; i++) {
        const char *path = rows->columns[i].path;
        str text = text_of(report_member(owned, path), &rows->cells);
        if (rows->has_words[i] &&
            !is_own_name(parent_of(owned, path, &rows->cells), last_part(str_of(path)))) {
            text = message_value(rows->session->language, str_of(path), text, &rows->cells);
        }
        table_cell(rows->table, text);
    }
    arena_reset(&rows->cells);
    return OK;
}

FALLIBLE report_rows_close(struct report_rows *rows, struct error *err)
{
    arena_release(&rows->cells);
    if (rows->table != NULL) {
        struct table *table = rows->table;
        rows->table = NULL;
        TRY(table_close(table, err));
    }
    return OK;
}

void report_rows_tell_none(const struct report_rows *rows)
{
    if (rows->count == 0 && rows->format == TABLE_PEOPLE) {
        report_note(rows->session, TERMINAL_NOTICE, MESSAGE_LIST_EMPTY, NULL, 0);
    }
}
