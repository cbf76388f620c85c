/* audit_diff - the verb `audit diff`: what changed between two events or days, field by field.
 *
 * The log is folded up to the earlier end into private views (past_views.h), and then up to the
 * later end. The records of the second fold come in the order of their keys and are compared with a
 * walk over the private views, so neither end is held in memory. Persons appear as opaque ids; of
 * personal fields the verb says only that they changed (R-PV-05). `audit history` shows more to
 * those who may see it. */
#include <inttypes.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "jobs/audit/past_views.h"
#include "jobs/engine/log_days.h"
#include "jobs/memory_option.h"
#include "jobs/messages.h"
#include "jobs/objects/record_json.h"
#include "jobs/report.h"

struct diff_view {
    enum view_id view;
    const char *kind;
    bool personal;       /* fields are named without their values */
    const char *without; /* one field that is, or "" */
};

/* In the order in which a fold produces them. */
static const struct diff_view diff_views[] = {
    {VIEW_CERTIFICATE, "certificate", false, ""},
    {VIEW_PERSON, "person", true, ""},
    {VIEW_ENTERPRISE, "enterprise", false, "legal_representative"},
};

enum { DIFF_VIEWS = sizeof diff_views / sizeof *diff_views };

struct diff {
    struct session *session;
    const struct diff_view *view; /* the view being walked; one past the last at the end */
    struct report_rows rows;
    uint64_t memory_bytes; /* memory of a fold; 0: half of what there is */
    bool has_before;       /* there was an event yet */
    bool scanning;         /* the view as it was is open */
    bool more;             /* scan.key and scan.value hold a record that was not matched yet */
    struct views_scan scan;
};

/* One end, as the number of its last event: that number, or the last one of a day, 0 before the
 * first. */
static FALLIBLE read_end(const struct session *session, const char *option, const char *text,
                         uint64_t *ret, struct error *err)
{
    uint64_t number = 0;
    int32_t day = 0;
    bool digits = *text != 0;
    for (const char *c = text; *c != 0 && digits; c++) {
        digits = *c >= '0' && *c <= '9' && number <= UINT64_MAX / 100;
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (digits && number >= 1 && number <= engine_last_sequence(session->engine)) {
        *ret = number;
        return OK;
    }
    if (!digits && date_parse(str_of(text), &day)) {
        TRY(log_day_first(session->engine, day + 1, ret, err));
        *ret -= 1;
        return OK;
    }
    FAIL(USAGE, MESSAGE_DIFF_END, ARG_TEXT("option", option), ARG_TEXT("value", text),
         ARG_INT("events", engine_last_sequence(session->engine)));
}

/* --- one record ---------------------------------------------------------------------------------
 */

/* People get the heading that a field has elsewhere, machines its name. */
static str field_shown(const struct diff *diff, const char *field)
{
    struct arena *arena = &diff->session->item_arena;
    str path = arena_format(arena, "%s.%s", diff->view->kind, field);
    return diff->rows.format == TABLE_PEOPLE ? report_label(diff->session->language, path, arena)
                                             : str_of(field);
}

static outcome add_row(struct diff *diff, bytes key, const char *change, const char *field,
                       const str values[2], struct error *err)
{
    static const char *const ends[2] = {"before", "after"};
    struct json *record = json_new_record();
    str text = STR("?");
    (void)str_from_bytes(key, &text); /* numbers, codes and ids are text */
    json_put_text(record, "kind", str_of(diff->view->kind));
    json_put_text(record, "key", text);
    json_put_text(record, "change", str_of(change));
    if (field != NULL) {
        json_put_text(record, "field", field_shown(diff, field));
    } else {
        json_put_null(record, "field");
    }
    for (int i = 0; i < 2; i++) {
        if (values != NULL && values[i].size > 0) {
            json_put_text(record, ends[i], values[i]);
        } else {
            json_put_null(record, ends[i]);
        }
    }
    return report_rows_add(&diff->rows, record, err);
}

/* Lists of events grow with every event, and the other rows show that event's effect anyway. */
static bool is_bookkeeping(const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "events") == 0 || strcmp(field->name, "trailed") == 0 ||
           strcmp(field->name, "said_names") == 0;
}

static bool is_told(const struct diff *diff, const ProtobufCFieldDescriptor *field)
{
    return !diff->view->personal && strcmp(field->name, diff->view->without) != 0 &&
           record_takes_text(field);
}

/* The messages of a field, a list or a single one: their number, and the array of pointers. */
static size_t messages_of(const ProtobufCMessage *record, const ProtobufCFieldDescriptor *field,
                          const char **ret)
{
    const char *place = (const char *)record + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        *ret = record_pointer(place);
        return *(const size_t *)(const void *)((const char *)record + field->quantifier_offset);
    }
    *ret = place;
    return record_inner(record, field) != NULL ? 1 : 0;
}

static bool is_equal(const ProtobufCMessage *before, const ProtobufCMessage *after,
                     const ProtobufCFieldDescriptor *field, struct arena *arena)
{
    const char *then = NULL;
    const char *now = NULL;
    if (record_takes_text(field)) {
        return str_equal(record_get(before, field, arena), record_get(after, field, arena));
    }
    BUG_UNLESS(field->type == PROTOBUF_C_TYPE_MESSAGE);
    size_t count = messages_of(before, field, &then);
    bool equal = messages_of(after, field, &now) == count;
    for (size_t i = 0; equal && i < count; i++) {
        equal = record_equal(record_pointer(then + i * sizeof(void *)),
                             record_pointer(now + i * sizeof(void *)), arena);
    }
    return equal;
}

static str value_shown(const struct diff *diff, const ProtobufCMessage *record,
                       const ProtobufCFieldDescriptor *field)
{
    struct arena *arena = &diff->session->item_arena;
    str value = record_shown(record, field, arena);
    bool is_word = field->type == PROTOBUF_C_TYPE_ENUM || field->type == PROTOBUF_C_TYPE_BOOL;
    return is_word && diff->rows.format == TABLE_PEOPLE
               ? message_value(diff->session->language, str_of(field->name), value, arena)
               : value;
}

static outcome compare_records(struct diff *diff, bytes key, bytes before, bytes after,
                               struct error *err)
{
    struct arena *arena = &diff->session->item_arena;
    const ProtobufCMessageDescriptor *kind = view_kinds[diff->view->view].message;
    ProtobufCMessage *then = NULL;
    ProtobufCMessage *now = NULL;
    arena_reset(arena);
    TRY(record_unpack(kind, before, arena, &then, err));
    TRY(record_unpack(kind, after, arena, &now, err));
    for (unsigned i = 0; i < kind->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &kind->fields[i];
        if (is_bookkeeping(field) || is_equal(then, now, field, arena)) {
            continue;
        }
        if (is_told(diff, field)) {
            const str values[2] = {value_shown(diff, then, field), value_shown(diff, now, field)};
            TRY(add_row(diff, key, "changed", field->name, values, err));
        } else {
            TRY(add_row(diff, key, "changed", field->name, NULL, err));
        }
    }
    return OK;
}

/* --- one view -----------------------------------------------------------------------------------
 */

static bool is_behind(const struct diff *diff)
{
    return diff->view == diff_views + DIFF_VIEWS;
}

static outcome open_view(struct diff *diff, struct error *err)
{
    const struct view_key all = {0};
    if (is_behind(diff) || !diff->has_before) {
        return OK;
    }
    TRY(views_scan_open(engine_views(diff->session->engine), diff->view->view, &all, (bytes){0},
                        &diff->scan, err));
    diff->scanning = true;
    return views_scan_next(&diff->scan, &diff->more, err);
}

static void close_view(struct diff *diff)
{
    if (diff->scanning) {
        views_scan_close(&diff->scan);
    }
    diff->scanning = diff->more = false;
}

/* Reports the old records up to `key` (NULL: all of them) as gone. */
static outcome tell_removed(struct diff *diff, const bytes *key, struct error *err)
{
    while (diff->more && (key == NULL || bytes_compare(diff->scan.key, *key) < 0)) {
        TRY(add_row(diff, diff->scan.key, "removed", NULL, NULL, err));
        TRY(views_scan_next(&diff->scan, &diff->more, err));
    }
    return OK;
}

/* Goes on to `view`, or behind all. */
static outcome turn_to(struct diff *diff, enum view_id view, struct error *err)
{
    while (!is_behind(diff) && diff->view->view < view) {
        TRY(tell_removed(diff, NULL, err));
        close_view(diff);
        diff->view++;
        TRY(open_view(diff, err));
    }
    return OK;
}

/* A record of the later end. */
static outcome take(void *state, enum view_id view, bytes key, bytes value, struct error *err)
{
    struct diff *diff = state;
    TRY(turn_to(diff, view, err));
    if (is_behind(diff) || diff->view->view != view) {
        return OK;
    }
    TRY(tell_removed(diff, &key, err));
    if (!diff->more || !bytes_equal(diff->scan.key, key)) {
        return add_row(diff, key, "added", NULL, NULL, err);
    }
    if (!bytes_equal(diff->scan.value, value)) {
        TRY(compare_records(diff, key, diff->scan.value, value, err));
    }
    return views_scan_next(&diff->scan, &diff->more, err);
}

/* --- both ends ----------------------------------------------------------------------------------
 */

static uint32_t unread(void)
{
    uint32_t unread = 0;
    for (int view = 0; view < VIEW_COUNT; view++) {
        bool is_read = false;
        for (size_t i = 0; i < DIFF_VIEWS; i++) {
            is_read |= diff_views[i].view == (enum view_id)view;
        }
        unread |= is_read ? 0 : 1U << view;
    }
    return unread;
}

static FALLIBLE fold_before(struct diff *diff, uint64_t until, struct error *err)
{
    const struct fold_options options = {.until = until,
                                         .as_of = INT32_MAX,
                                         .memory_bytes = diff->memory_bytes,
                                         .without = unread(),
                                         .stops = true,
                                         .for_once = true};
    uint64_t last = 0;
    diff->has_before = until > 0;
    return diff->has_before ? past_views_open(diff->session, &options, &last, err) : OK;
}

static outcome walk(struct diff *diff, uint64_t until, struct error *err)
{
    const struct fold_options options = {.until = until,
                                         .as_of = INT32_MAX,
                                         .memory_bytes = diff->memory_bytes,
                                         .without = unread(),
                                         .stops = true};
    const struct fold_sink sink = {diff, take};
    uint64_t last = 0;
    diff->view = diff_views;
    TRY(open_view(diff, err));
    if (until > 0) {
        TRY(project_each(diff->session->engine, &options, &sink, &last, err));
    }
    return turn_to(diff, VIEW_COUNT, err);
}

static outcome show(struct diff *diff, uint64_t until, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "kind"},   {.path = "key", .label = "WHAT"},
        {.path = "change"}, {.path = "field"},
        {.path = "before"}, {.path = "after"},
    };
    const AuditDiffOptions *options = SESSION_OPTIONS(diff->session, AuditDiffOptions);
    enum table_format format = diff->session->json ? TABLE_JSON
                               : options->csv      ? TABLE_CSV
                                                   : TABLE_PEOPLE;
    struct error closing;
    TRY(report_rows_open(diff->session, columns, sizeof columns / sizeof *columns, format,
                         &diff->rows, err));
    outcome result = walk(diff, until, err);
    close_view(diff);
    if (!report_rows_close(&diff->rows, result.ok ? err : &closing).ok) {
        return error_trace(err, HERE);
    }
    TRY(result);
    report_rows_tell_none(&diff->rows);
    return OK;
}

outcome job_audit_diff(struct session *session, struct error *err)
{
    const AuditDiffOptions *options = SESSION_OPTIONS(session, AuditDiffOptions);
    struct diff diff = {.session = session};
    uint64_t from = 0, to = 0;
    if (*options->from == 0 || *options->to == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "audit diff"),
             ARG_TEXT("option", *options->from == 0 ? "from" : "to"));
    }
    if (session->json && options->csv) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "json"), ARG_TEXT("other", "csv"));
    }
    TRY(memory_option(options->memory, &diff.memory_bytes, err));
    TRY(read_end(session, "from", options->from, &from, err));
    TRY(read_end(session, "to", options->to, &to, err));
    if (from > to) {
        FAIL(USAGE, MESSAGE_DIFF_ORDER, ARG_INT("from", from), ARG_INT("to", to));
    }
    TRY(fold_before(&diff, from, err));
    outcome result = show(&diff, to, err);
    engine_abort(session->engine);
    return result;
}
