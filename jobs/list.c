/* list - many things at once: certificates, registers, record lists (CONTRACT 5). Columns are those
 * of R-EX-03, R-IS-02, R-IN-03, R-AF-11, R-NM-02 and R-CX-02. */
#include <string.h>

#include "core/base/unicode.h"
#include "events/terms/credit_code.h"
#include "events/terms/names.h"
#include "events/terms/number.h"
#include "events/terms/validity.h"
#include "jobs/listing.h"

#define HOLDER                                                                                     \
    {.path = "person.name"}, {.path = "person.id_type"},                                           \
    {                                                                                              \
        .path = "person.id_number"                                                                 \
    }

static const struct report_column certificate_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "category"},
    {.path = "enterprise.name"},
    {.path = "medium"},
    {.path = "status"},
    {.path = "issued"},
    {.path = "valid_until"},
    {.path = "document.status", .label = "DOCUMENT"},
};
/* R-EX-03; the work list's own state is 未换取. */
static const struct report_column exchangeable_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "valid_until", .label = "VALIDITY"},
    {.path = "issued"},
    {.path = "exchange_status", .label = "STATUS"},
};
/* R-NM-02. */
static const struct report_column renamable_columns[] = {
    {.path = "person.name"},     {.path = "person.id_number"},
    {.path = "certificate"},     {.path = "valid_until", .label = "VALIDITY"},
    {.path = "enterprise.name"}, {.path = "register_name"},
};
static const struct report_column person_columns[] = {
    {.path = "name"},         {.path = "id_type"}, {.path = "id_number"},
    {.path = "certificates"}, {.path = "person"},
};
static const struct report_column enterprise_columns[] = {
    {.path = "code", .label = "ENTERPRISE_CODE"},
    {.path = "name", .label = "ENTERPRISE_NAME"},
    {.path = "legal_representative.name", .label = "LEGAL_REPRESENTATIVE"},
    {.path = "qualification"},
    {.path = "state"},
};
static const struct report_column clerk_columns[] = {
    {.path = "clerk"}, {.path = "name"},  {.path = "department"},
    {.path = "level"}, {.path = "state"},
};
/* R-IS-02. */
static const struct report_column issuance_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "enterprise.name"},
    {.path = "kind", .label = "ISSUE_KIND"},
    {.path = "date", .label = "ISSUE_DATE"},
};
/* R-IN-03. */
static const struct report_column entry_columns[] = {
    HOLDER,
    {.path = "original_certificate"},
    {.path = "certificate", .label = "NEW_CERTIFICATE"},
    {.path = "valid_until", .label = "VALIDITY_END"},
    {.path = "date", .label = "ENTRY_DATE"},
};
/* R-AF-11. */
static const struct report_column change_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "enterprise.name"},
    {.path = "kind", .label = "CHANGE_KIND"},
    {.path = "date", .label = "CHANGE_DATE"},
};
/* R-CX-02. */
static const struct report_column cancellation_columns[] = {
    HOLDER,
    {.path = "enterprise.name"},
    {.path = "certificate"},
    {.path = "kind", .label = "CANCEL_KIND"},
    {.path = "date", .label = "CANCEL_DATE"},
    {.path = "status"},
    {.path = "document.status", .label = "PROOF"},
};
static const struct report_column departure_columns[] = {
    HOLDER,
    {.path = "enterprise.name"},
    {.path = "certificate"},
    {.path = "date", .label = "DEPARTURE_DATE"},
    {.path = "status"},
    {.path = "document.status", .label = "PROOF"},
};

enum {
    FILTER_RECORD = FILTER_ENTERPRISE | FILTER_NAME | FILTER_CERTIFICATE,
    FILTER_ALL = FILTER_RECORD | FILTER_STATUS | FILTER_DOCUMENT,
};

#define COLUMNS(array) array, sizeof(array) / sizeof *(array)

static const struct list_kind list_kinds[] = {
    {"certificates", list_certificates, FILTER_ALL, COLUMNS(certificate_columns), 0},
    {"persons", list_persons, FILTER_RECORD, COLUMNS(person_columns), 0},
    {"enterprises", list_enterprises, FILTER_ENTERPRISE, COLUMNS(enterprise_columns), 0},
    {"clerks", list_clerks, FILTER_NAME, COLUMNS(clerk_columns), 0},
    {"exchangeable", list_certificates, FILTER_RECORD, COLUMNS(exchangeable_columns), 0},
    {"renamable", list_certificates, FILTER_RECORD, COLUMNS(renamable_columns), 0},
    {"issuances", list_records, FILTER_RECORD, COLUMNS(issuance_columns),
     RECORD_LIST__CODE__ISSUANCES},
    {"entries", list_records, FILTER_RECORD, COLUMNS(entry_columns), RECORD_LIST__CODE__ENTRIES},
    {"changes", list_records, FILTER_RECORD, COLUMNS(change_columns), RECORD_LIST__CODE__CHANGES},
    {"cancellations", list_records, FILTER_RECORD, COLUMNS(cancellation_columns),
     RECORD_LIST__CODE__CANCELLATIONS},
    {"departures", list_records, FILTER_RECORD, COLUMNS(departure_columns),
     RECORD_LIST__CODE__DEPARTURES},
};
enum { LIST_KINDS_COUNT = sizeof list_kinds / sizeof *list_kinds };

bool listing_takes_name(struct listing *listing, str name)
{
    if (str_empty(listing->name_key)) {
        return true;
    }
    str key = person_name_key(name, listing->source.arena);
    return listing->name_prefix ? str_starts_with(key, listing->name_key)
                                : str_equal(key, listing->name_key);
}

bool listing_takes_person(struct listing *listing, const PersonView *person)
{
    bool takes = listing_takes_name(listing, str_of(person->name));
    for (size_t i = 0; i < person->n_former_names && !takes; i++) {
        takes = listing_takes_name(listing, str_of(person->former_names[i]));
    }
    return takes;
}

FALLIBLE listing_walk(struct listing *listing, enum view_id view,
                      outcome (*visit)(struct listing *listing, const ProtobufCMessage *message,
                                       struct error *err),
                      struct error *err)
{
    const struct view_key all = {0};
    struct views_scan scan = {0};
    bool more = false;
    outcome result = OK;
    TRY(views_scan_open(engine_views(listing->session->engine), view, &all,
                        str_bytes(listing->after), &scan, err));
    while (listing->left > 0 && (result = views_scan_next(&scan, &more, err)).ok && more) {
        ProtobufCMessage *message = NULL;
        arena_reset(listing->source.arena);
        result = views_scan_record(&scan, listing->source.arena, &message, err);
        if (result.ok) {
            result = visit(listing, message, err);
        }
        if (!result.ok) {
            break;
        }
    }
    views_scan_close(&scan);
    return result;
}

FALLIBLE listing_add(struct listing *listing, struct json *record, struct error *err)
{
    listing->left--;
    TRY(report_rows_add(&listing->rows, record, err));
    return OK;
}

static FALLIBLE find_kind(const char *what, struct arena *arena, const struct list_kind **ret,
                          struct error *err)
{
    str all = STR("");
    for (size_t i = 0; i < LIST_KINDS_COUNT; i++) {
        if (strcmp(list_kinds[i].name, what) == 0) {
            *ret = &list_kinds[i];
            return OK;
        }
        all = arena_format(arena, "%.*s%s%s", STR_ARGS(all), i > 0 ? " " : "", list_kinds[i].name);
    }
    FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", what), ARG_STR("known", all));
}

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
                 {"document", options->document, FILTER_DOCUMENT}};
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
    listing->left = options->limit != 0 ? options->limit : UINT64_MAX;
}

outcome job_list(struct session *session, struct error *err)
{
    const ListOptions *options = SESSION_OPTIONS(session, ListOptions);
    struct listing listing = {.session = session, .options = options};
    enum table_format format = session->json ? TABLE_JSON : TABLE_PEOPLE;
    TRY(find_kind(options->arguments[0], &session->run_arena, &listing.kind, err));
    TRY(check_filters(listing.kind, options, err));
    if (session->json && options->csv) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "json"), ARG_TEXT("other", "csv"));
    }
    if (options->unmasked) {
        TRY(session_disclose(
            session, arena_format(&session->run_arena, "list %s", listing.kind->name).data, err));
    }
    read_filters(&listing);
    TRY(object_source_open(session, options->unmasked != 0, &session->item_arena, &listing.source,
                           err));
    TRY(report_rows_open(session, listing.kind->columns, listing.kind->columns_count,
                         options->csv ? TABLE_CSV : format, &listing.rows, err));
    outcome listed = listing.kind->run(&listing, err);
    struct error closing;
    if (!report_rows_close(&listing.rows, listed.ok ? err : &closing).ok) {
        return error_trace(err, HERE);
    }
    return listed;
}
