/* audit_diff - the verb: what changed between two events or days, field by field.
 *
 * The log is folded up to either end, and the certificates, enterprises and persons of both are
 * walked side by side in the order of their keys. A person is an opaque id, and of personal fields
 * only that they changed is told (R-PV-05): whoever may see more asks `audit history`. */
#include <inttypes.h>
#include <string.h>

#include "core/base/date.h"
#include "core/base/record.h"
#include "jobs/engine/project.h"
#include "jobs/report.h"

struct diff_view {
    enum view_id view;
    const char *kind;
    bool personal;       /* every field is told without its values */
    const char *without; /* a field that is, or "" */
};

static const struct diff_view diff_views[] = {
    {VIEW_CERTIFICATE, "certificate", false, ""},
    {VIEW_ENTERPRISE, "enterprise", false, "legal_representative"},
    {VIEW_PERSON, "person", true, ""},
};

enum { DIFF_VIEWS = sizeof diff_views / sizeof *diff_views };

/* The records of one view at one end. */
struct side {
    struct diff_entry {
        bytes key;
        bytes value;
    } * entries;
    size_t count;
    size_t capacity;
};

/* One end: its views, and the last event they hold. */
struct diff_end {
    struct arena *arena;
    struct side sides[DIFF_VIEWS];
    uint64_t last;
};

struct diff {
    struct session *session;
    const struct diff_view *view;
    struct report_rows rows;
    struct diff_end before;
    struct diff_end after;
};

/* One end: an event number, or a day (its last event). */
static FALLIBLE read_end(const struct session *session, const char *option, const char *text,
                         uint64_t *ret_until, int32_t *ret_as_of, struct error *err)
{
    uint64_t number = 0;
    bool digits = *text != 0;
    *ret_as_of = INT32_MAX;
    *ret_until = 0;
    for (const char *c = text; *c != 0 && digits; c++) {
        digits = *c >= '0' && *c <= '9' && number <= UINT64_MAX / 100;
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (digits && number >= 1 && number <= engine_last_sequence(session->engine)) {
        *ret_until = number;
        return OK;
    }
    if (!digits && date_parse(str_of(text), ret_as_of)) {
        return OK;
    }
    FAIL(USAGE, MESSAGE_DIFF_END, ARG_TEXT("option", option), ARG_TEXT("value", text),
         ARG_INT("events", engine_last_sequence(session->engine)));
}

static outcome take(void *state, enum view_id view, bytes key, bytes value, struct error *err)
{
    struct diff_end *end = state;
    (void)err; /* memory does not fail */
    for (size_t i = 0; i < DIFF_VIEWS; i++) {
        struct side *side = &end->sides[i];
        if (diff_views[i].view == view) {
            ARENA_GROW(end->arena, side->entries, side->count, &side->capacity);
            side->entries[side->count++] =
                (struct diff_entry){arena_bytes(end->arena, key), arena_bytes(end->arena, value)};
        }
    }
    return OK;
}

/* --- one record ---------------------------------------------------------------------------------
 */

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
        json_put_text(record, "field", str_of(field));
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
    TRY(report_rows_add(&diff->rows, record, err));
    return OK;
}

/* The lists of events grow with every event: that is what all the other rows are about. */
static bool is_bookkeeping(const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "events") == 0 || strcmp(field->name, "trailed") == 0;
}

static bool is_told(const struct diff *diff, const ProtobufCFieldDescriptor *field)
{
    return !diff->view->personal && strcmp(field->name, diff->view->without) != 0 &&
           record_takes_text(field);
}

/* The messages of a field: those of a list, or the one that is there. */
static size_t messages_of(const ProtobufCMessage *record, const ProtobufCFieldDescriptor *field,
                          ProtobufCMessage *const **ret)
{
    const char *member = (const char *)record + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        *ret = *(ProtobufCMessage *const *const *)(const void *)member;
        return *(const size_t *)(const void *)((const char *)record + field->quantifier_offset);
    }
    *ret = (ProtobufCMessage *const *)(const void *)member;
    return **ret != NULL ? 1 : 0;
}

static bool is_equal(const ProtobufCMessage *before, const ProtobufCMessage *after,
                     const ProtobufCFieldDescriptor *field, struct arena *arena)
{
    ProtobufCMessage *const *then = NULL;
    ProtobufCMessage *const *now = NULL;
    if (record_takes_text(field)) {
        return str_equal(record_get(before, field, arena), record_get(after, field, arena));
    }
    BUG_UNLESS(field->type == PROTOBUF_C_TYPE_MESSAGE);
    size_t count = messages_of(before, field, &then);
    bool equal = messages_of(after, field, &now) == count;
    for (size_t i = 0; equal && i < count; i++) {
        equal = record_equal(then[i], now[i], arena);
    }
    return equal;
}

static outcome compare_records(struct diff *diff, const struct diff_entry *before,
                               const struct diff_entry *after, struct error *err)
{
    struct arena *arena = &diff->session->item_arena;
    const ProtobufCMessageDescriptor *kind = view_kinds[diff->view->view].message;
    ProtobufCMessage *then = NULL;
    ProtobufCMessage *now = NULL;
    arena_reset(arena);
    TRY(record_unpack(kind, before->value, arena, &then, err));
    TRY(record_unpack(kind, after->value, arena, &now, err));
    for (unsigned i = 0; i < kind->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &kind->fields[i];
        if (is_bookkeeping(field) || is_equal(then, now, field, arena)) {
            continue;
        }
        if (is_told(diff, field)) {
            const str values[2] = {record_get(then, field, arena), record_get(now, field, arena)};
            TRY(add_row(diff, after->key, "changed", field->name, values, err));
        } else {
            TRY(add_row(diff, after->key, "changed", field->name, NULL, err));
        }
    }
    return OK;
}

/* --- one view -----------------------------------------------------------------------------------
 */

static outcome merge(struct diff *diff, const struct side *before, const struct side *after,
                     struct error *err)
{
    size_t i = 0;
    size_t j = 0;
    while (i < before->count || j < after->count) {
        int order = i == before->count ? 1
                    : j == after->count
                        ? -1
                        : bytes_compare(before->entries[i].key, after->entries[j].key);
        if (order < 0) {
            TRY(add_row(diff, before->entries[i++].key, "removed", NULL, NULL, err));
        } else if (order > 0) {
            TRY(add_row(diff, after->entries[j++].key, "added", NULL, NULL, err));
        } else {
            if (!bytes_equal(before->entries[i].value, after->entries[j].value)) {
                TRY(compare_records(diff, &before->entries[i], &after->entries[j], err));
            }
            i++;
            j++;
        }
    }
    return OK;
}

static outcome fold_end(struct diff *diff, uint64_t until, int32_t as_of, struct diff_end *end,
                        struct error *err)
{
    const struct project_options options = {.until = until, .as_of = as_of};
    const struct project_sink sink = {end, take};
    return project_each(diff->session->engine, &options, &sink, &end->last, err);
}

static outcome fold_ends(struct diff *diff, struct error *err)
{
    const AuditDiffOptions *options = SESSION_OPTIONS(diff->session, AuditDiffOptions);
    uint64_t until[2];
    int32_t as_of[2];
    TRY(read_end(diff->session, "from", options->from, &until[0], &as_of[0], err));
    TRY(read_end(diff->session, "to", options->to, &until[1], &as_of[1], err));
    TRY(fold_end(diff, until[0], as_of[0], &diff->before, err));
    TRY(fold_end(diff, until[1], as_of[1], &diff->after, err));
    if (diff->before.last > diff->after.last) {
        FAIL(USAGE, MESSAGE_DIFF_ORDER, ARG_INT("from", diff->before.last),
             ARG_INT("to", diff->after.last));
    }
    return OK;
}

static outcome show(struct diff *diff, struct error *err)
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
    outcome result = OK;
    struct error closing;
    TRY(report_rows_open(diff->session, columns, sizeof columns / sizeof *columns, format,
                         &diff->rows, err));
    for (size_t i = 0; result.ok && i < DIFF_VIEWS; i++) {
        diff->view = &diff_views[i];
        result = merge(diff, &diff->before.sides[i], &diff->after.sides[i], err);
    }
    if (!report_rows_close(&diff->rows, result.ok ? err : &closing).ok) {
        return error_trace(err, HERE);
    }
    return result;
}

outcome job_audit_diff(struct session *session, struct error *err)
{
    const AuditDiffOptions *options = SESSION_OPTIONS(session, AuditDiffOptions);
    struct arena arena;
    struct diff diff = {.session = session, .before.arena = &arena, .after.arena = &arena};
    if (*options->from == 0 || *options->to == 0) {
        FAIL(USAGE, MESSAGE_OPTION_REQUIRED, ARG_TEXT("verb", "audit diff"),
             ARG_TEXT("option", *options->from == 0 ? "from" : "to"));
    }
    if (session->json && options->csv) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "json"), ARG_TEXT("other", "csv"));
    }
    arena_init(&arena, SIZE_MAX);
    outcome result = fold_ends(&diff, err);
    if (result.ok) {
        result = show(&diff, err);
    }
    engine_abort(session->engine);
    arena_release(&arena);
    return result;
}
