/* list - the verb `list`: certificates, work lists, registers, record lists (CONTRACT 5).
 * list_kinds.c has the table of all lists. */
#include <string.h>

#include "core/io/output.h"
#include "events/conflicts.h"
#include "events/terms/credit_code.h"
#include "events/terms/names.h"
#include "events/terms/number.h"
#include "events/terms/validity.h"
#include "jobs/messages.h"
#include "jobs/objects/subject.h"
#include "jobs/reading/listing.h"

/* A filter that a list does not have is a mistake, not a wish for everything. */
static FALLIBLE check_filters(const struct list_kind *kind, const ListOptions *options,
                              struct error *err)
{
    const struct {
        const char *name, *value;
        unsigned filter;
    } given[] = {{"enterprise", options->enterprise, FILTER_ENTERPRISE},
                 {"name", options->name, FILTER_NAME},
                 {"certificate", options->certificate, FILTER_CERTIFICATE},
                 {"status", options->status, FILTER_STATUS},
                 {"document", options->document, FILTER_DOCUMENT},
                 {"person", options->person, FILTER_PERSON},
                 {"conflict", options->conflict, FILTER_CONFLICT}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (*given[i].value != 0 && (kind->filters & given[i].filter) == 0) {
            FAIL(USAGE, MESSAGE_OPTION_FOR_OTHER, ARG_TEXT("option", given[i].name),
                 ARG_TEXT("list", kind->name));
        }
    }
    Status__Code status;
    if (*options->status != 0 && strcmp(options->status, "expired") != 0 &&
        !status_from_text(str_of(options->status), &status)) {
        FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", options->status),
             ARG_TEXT("known", "valid expired suspended released cancelled departed superseded "
                               "revoked withdrawn"));
    }
    enum conflict conflict;
    if (*options->conflict != 0 && !conflict_from_text(str_of(options->conflict), &conflict)) {
        FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", options->conflict),
             ARG_TEXT("known", "ended_nationally in_force_nationally state_differs holder_differs "
                               "name_differs valid_elsewhere"));
    }
    if (*options->document != 0 && strcmp(options->document, "pending") != 0 &&
        strcmp(options->document, "ready") != 0 && strcmp(options->document, "failed") != 0) {
        FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", options->document),
             ARG_TEXT("known", "pending ready failed"));
    }
    return OK;
}

static void read_filters(struct listing *listing)
{
    struct arena *arena = &listing->session->run_arena;
    const ListOptions *options = listing->options;
    struct number number;
    str name = str_trim(str_of(options->name));
    listing->enterprise = str_of(options->enterprise);
    listing->certificate = str_of(options->certificate);
    listing->after = str_of(options->after);
    listing->document = str_of(options->document);
    (void)credit_code_normalise(listing->enterprise, arena, &listing->enterprise); /* else as is */
    if (number_parse(listing->certificate, arena, &number)) {
        listing->certificate = number.canonical;
    }
    if (number_parse(listing->after, arena, &number)) {
        listing->after = number.canonical;
    }
    listing->name_prefix = str_ends_with(name, STR("*"));
    if (listing->name_prefix) {
        name = str_first(name, name.size - 1);
    }
    listing->name_key = person_name_key(name, arena);
    listing->enterprise_key = enterprise_name_key(name, arena);
    if (listing->kind->work == &work_transferable) {
        listing->acting = listing->enterprise; /* what it holds itself is not to be taken over */
        listing->enterprise = STR("");
    }
    listing->left = options->limit != 0 ? options->limit : UINT64_MAX;
}

/* A person by the number of a document, as `show person` finds one (R-AF-05, R-DP-03). */
static FALLIBLE read_person(struct listing *listing, struct error *err)
{
    struct session *session = listing->session;
    struct subject subject;
    if (*listing->options->person == 0) {
        return OK;
    }
    TRY(session_open_store(session, NEEDS_READ_KEYS, err));
    TRY(subject_find(session, "person", listing->options->person, &session->run_arena, &subject,
                     err));
    listing->person_id = str_of(subject.key);
    return OK;
}

/* An empty list of an enterprise that nobody knows is a mistyped code, not an empty list. */
static FALLIBLE check_enterprise(const struct listing *listing, uint64_t wanted, struct error *err)
{
    struct session *session = listing->session;
    str code = listing->enterprise;
    EnterpriseView *enterprise = NULL;
    if (str_empty(code) || listing->left != wanted) {
        return OK;
    }
    TRY(enterprise_view(session, code, &session->run_arena, &enterprise, err));
    if (*enterprise->code == 0) {
        FAIL(REFUSED("D20"), MESSAGE_ENTERPRISE_UNKNOWN, ARG_STR("enterprise", code));
    }
    return OK;
}

static FALLIBLE list_on(struct listing *listing, enum table_format format, FILE *out,
                        struct error *err)
{
    struct error closing;
    TRY(report_rows_open_on(listing->session, listing->kind->columns, listing->kind->columns_count,
                            format, out, &listing->rows, err));
    outcome listed = listing->kind->run(listing, err);
    outcome closed = report_rows_close(&listing->rows, listed.ok ? err : &closing);
    TRY(listed);
    return closed;
}

/* To stdout, or to a file of its own: CSV there unless JSON lines are asked for. */
static FALLIBLE list_to(struct listing *listing, enum table_format format, struct error *err)
{
    enum { LIST_MODE = 0600 };
    const char *path = listing->options->out;
    struct output_stream file;
    if (*path == 0) {
        TRY(list_on(listing, format, stdout, err));
        report_rows_tell_none(&listing->rows);
        return OK;
    }
    TRY(output_stream_open(path, LIST_MODE, &file, err));
    outcome listed = list_on(listing, format == TABLE_PEOPLE ? TABLE_CSV : format, file.file, err);
    TRY(output_stream_close(&file, listed, err));
    struct json *summary = json_new_record();
    json_put_number(summary, "rows", (int64_t)listing->rows.count);
    json_put_text(summary, "file", str_of(path));
    return report_result(listing->session, summary, err);
}

outcome job_list(struct session *session, struct error *err)
{
    const ListOptions *options = SESSION_OPTIONS(session, ListOptions);
    struct listing listing = {.session = session, .options = options};
    enum table_format format = session->json ? TABLE_JSON : TABLE_PEOPLE;
    TRY(list_kind_find(options->arguments[0], &session->run_arena, &listing.kind, err));
    TRY(check_filters(listing.kind, options, err));
    if (session->json && options->csv) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "json"), ARG_TEXT("other", "csv"));
    }
    if (options->unmasked) {
        TRY(session_disclose(
            session, arena_format(&session->run_arena, "list %s", listing.kind->name).data, err));
    }
    read_filters(&listing);
    uint64_t wanted = listing.left;
    TRY(read_person(&listing, err));
    TRY(object_source_open(session, options->unmasked != 0, &session->item_arena, &listing.source,
                           err));
    TRY(list_to(&listing, options->csv ? TABLE_CSV : format, err));
    return check_enterprise(&listing, wanted, err);
}
