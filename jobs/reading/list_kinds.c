/* list_kinds - the table of lists: columns in the order of the manual, filters, and the function
 * that runs each list. Columns are those of R-EX-03, R-IS-02, R-IN-03, R-AF-05, R-AF-11, R-NM-02
 * and R-CX-02. */
#include <string.h>

#include "jobs/reading/listing.h"

#define HOLDER                                                                                     \
    {.path = "person.name", .folds = true}, {.path = "person.id_type"},                            \
    {                                                                                              \
        .path = "person.id_number"                                                                 \
    }

/* R-BJ-05: the certificate, then what the platform has. */
static const struct report_column conflict_columns[] = {
    {.path = "conflict"},
    {.path = "certificate"},
    HOLDER,
    {.path = "enterprise.name", .folds = true},
    {.path = "status", .label = "CERTIFICATE_STATUS"},
    {.path = "valid_until"},
    {.path = "national.certificate"},
    {.path = "national.name", .folds = true},
    {.path = "national.id_number"},
    {.path = "national.enterprise_name", .folds = true},
    {.path = "national.issued_by", .label = "ISSUED_BY", .folds = true},
    {.path = "national.state", .label = "NATIONAL_STATE"},
    {.path = "national.valid_until"},
    {.path = "national.recorded_on", .label = "NATIONAL_RECORDED_ON"},
};
/* R-QD-02, R-QD-06: the manual's columns, whose 状态 is that of the file; then our own. */
static const struct report_column certificate_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "valid_until", .label = "VALIDITY"},
    {.path = "issued"},
    {.path = "document.status", .label = "DOCUMENT_STATE"},
    {.path = "status", .label = "CERTIFICATE_STATUS"},
    {.path = "category"},
    {.path = "medium"},
    {.path = "enterprise.name", .folds = true},
};
/* R-EX-03; the work list's own state is 未换取. */
static const struct report_column exchangeable_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "valid_until", .label = "VALIDITY"},
    {.path = "issued"},
    {.path = "exchange_status", .label = "STATUS"},
};
/* R-NM-02; then the name that is to go. */
static const struct report_column renamable_columns[] = {
    {.path = "person.name", .folds = true},
    {.path = "person.id_number"},
    {.path = "certificate"},
    {.path = "valid_until", .label = "VALIDITY"},
    {.path = "register_name", .folds = true},
    {.path = "enterprise.name", .label = "PRINTED_ENTERPRISE", .folds = true},
};
static const struct report_column extendable_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "enterprise.name", .folds = true},
    {.path = "valid_until"},
    {.path = "obstacle"},
};
/* R-AF-05: the block of the person, the columns of the result, then the first day allowed. */
static const struct report_column transferable_columns[] = {
    {.path = "person.name", .folds = true},
    {.path = "person.id_number"},
    {.path = "person.id_type"},
    {.path = "sex"},
    {.path = "birth_date"},
    {.path = "certificate"},
    {.path = "class_name"},
    {.path = "validity"},
    {.path = "enterprise.name", .folds = true},
    {.path = "first_allowed"},
};
/* R-CX-04, R-DP-04: what is shown before it is confirmed. */
static const struct report_column ending_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "enterprise.name", .folds = true},
    {.path = "valid_until"},
    {.path = "issued"},
    {.path = "status"},
};
static const struct report_column person_columns[] = {
    {.path = "name", .folds = true}, {.path = "id_type"}, {.path = "id_number"},
    {.path = "certificates"},        {.path = "person"},
};
static const struct report_column enterprise_columns[] = {
    {.path = "code", .label = "ENTERPRISE_CODE"},
    {.path = "name", .label = "ENTERPRISE_NAME", .folds = true},
    {.path = "legal_representative.name", .label = "LEGAL_REPRESENTATIVE"},
    {.path = "qualification", .folds = true},
    {.path = "state"},
};
static const struct report_column clerk_columns[] = {
    {.path = "clerk"}, {.path = "name", .folds = true}, {.path = "department"}, {.path = "level"},
    {.path = "state"},
};
/* The personnel file (the guide): a line a record. */
static const struct report_column file_record_columns[] = {
    {.path = "person.name", .folds = true},
    {.path = "person.id_number"},
    {.path = "kind"},
    {.path = "record"},
    {.path = "summary", .folds = true},
    {.path = "level", .label = "DATA_LEVEL"},
    {.path = "record_state"},
    {.path = "source", .label = "RECORD_SOURCE"},
};
/* R-IS-02. */
static const struct report_column issuance_columns[] = {
    HOLDER,
    {.path = "certificate"},
    {.path = "enterprise.name", .folds = true},
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
    {.path = "enterprise.name", .folds = true},
    {.path = "kind", .label = "CHANGE_KIND"},
    {.path = "date", .label = "CHANGE_DATE"},
};
/* R-CX-02. */
static const struct report_column cancellation_columns[] = {
    HOLDER,
    {.path = "enterprise.name", .folds = true},
    {.path = "certificate"},
    {.path = "kind", .label = "CANCEL_KIND"},
    {.path = "date", .label = "CANCEL_DATE"},
    {.path = "status"},
    {.path = "document.status", .label = "PROOF"},
};
static const struct report_column departure_columns[] = {
    HOLDER,
    {.path = "enterprise.name", .folds = true},
    {.path = "certificate"},
    {.path = "date", .label = "DEPARTURE_DATE"},
    {.path = "status"},
    {.path = "document.status", .label = "PROOF"},
};

enum {
    FILTER_CLERK = FILTER_NAME,
    FILTER_RECORD = FILTER_ENTERPRISE | FILTER_NAME | FILTER_CERTIFICATE | FILTER_PERSON,
    FILTER_PROOF = FILTER_RECORD | FILTER_DOCUMENT,
    FILTER_ALL = FILTER_PROOF | FILTER_STATUS,
};

#define COLUMNS(array) array, sizeof(array) / sizeof *(array)
#define CERTIFICATES(name, columns, work)                                                          \
    {                                                                                              \
        name, list_certificates, FILTER_ALL, COLUMNS(columns), RECORD_LIST__CODE__NONE, work       \
    }
#define REGISTER(name, filters, columns)                                                           \
    {                                                                                              \
#name, list_##name, filters, COLUMNS(columns), RECORD_LIST__CODE__NONE, NULL               \
    }
#define RECORDS(name, filters, columns, list)                                                      \
    {                                                                                              \
        name, list_records, filters, COLUMNS(columns), RECORD_LIST__CODE__##list, NULL             \
    }

static const struct list_kind list_kinds[] = {
    CERTIFICATES("certificates", certificate_columns, NULL),
    REGISTER(persons, FILTER_ALL, person_columns),
    REGISTER(enterprises, FILTER_ALL, enterprise_columns),
    REGISTER(clerks, FILTER_CLERK, clerk_columns),
    {"records", list_file_records, FILTER_NAME | FILTER_PERSON, COLUMNS(file_record_columns),
     RECORD_LIST__CODE__NONE, NULL},
    CERTIFICATES("exchangeable", exchangeable_columns, &work_exchangeable),
    CERTIFICATES("renamable", renamable_columns, &work_renamable),
    CERTIFICATES("extendable", extendable_columns, &work_extendable),
    CERTIFICATES("transferable", transferable_columns, &work_transferable),
    CERTIFICATES("cancellable", ending_columns, &work_cancellable),
    CERTIFICATES("departable", ending_columns, &work_departable),
    {"conflicts", list_conflicts, FILTER_ALL | FILTER_CONFLICT, COLUMNS(conflict_columns),
     RECORD_LIST__CODE__NONE, NULL},
    RECORDS("issuances", FILTER_RECORD, issuance_columns, ISSUANCES),
    RECORDS("entries", FILTER_RECORD, entry_columns, ENTRIES),
    RECORDS("changes", FILTER_RECORD, change_columns, CHANGES),
    RECORDS("cancellations", FILTER_PROOF, cancellation_columns, CANCELLATIONS),
    RECORDS("departures", FILTER_PROOF, departure_columns, DEPARTURES),
};
enum { LIST_KINDS_COUNT = sizeof list_kinds / sizeof *list_kinds };

FALLIBLE list_kind_find(const char *name, struct arena *arena, const struct list_kind **ret,
                        struct error *err)
{
    str all = STR("");
    for (size_t i = 0; i < LIST_KINDS_COUNT; i++) {
        if (strcmp(list_kinds[i].name, name) == 0) {
            *ret = &list_kinds[i];
            return OK;
        }
        all = arena_format(arena, "%.*s%s%s", STR_ARGS(all), i > 0 ? " " : "", list_kinds[i].name);
    }
    FAIL(USAGE, MESSAGE_UNKNOWN_VALUE, ARG_TEXT("value", name), ARG_STR("known", all));
}
