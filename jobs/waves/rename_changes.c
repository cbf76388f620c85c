/* rename_changes - see rename_changes.h. */
#include "jobs/waves/rename_changes.h"

#include <string.h>

#include "core/base/date.h"
#include "events/wave.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

FALLIBLE rename_changes_format(const struct session *session, bool csv, enum table_format *ret,
                               struct error *err)
{
    if (session->json && csv) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "json"), ARG_TEXT("other", "csv"));
    }
    *ret = session->json ? TABLE_JSON : csv ? TABLE_CSV : TABLE_PEOPLE;
    return OK;
}

/* --- one change ------------------------------------------------------------------------------- */

struct differ {
    struct session *session;
    const struct rename_list *list;
    struct report_rows rows;
    struct rename_changes found;
    const struct rename_entry *entry; /* the one that is compared */
    const WaveOpened *intent;
};

static void put_end(struct json *record, const char *key, int32_t end)
{
    char text[DATE_SIZE];
    if (end == DAY_UNKNOWN) {
        json_put_null(record, key);
    } else {
        date_format(end, text);
        json_put_text(record, key, str_of(text));
    }
}

static void put_name(struct json *record, const char *key, const char *name)
{
    if (name == NULL || *name == 0) {
        json_put_null(record, key);
    } else {
        json_put_text(record, key, str_of(name));
    }
}

static int32_t end_of(const CertificateView *certificate)
{
    return certificate->valid_until != NULL ? certificate->valid_until->days : DAY_UNKNOWN;
}

/* `code`: why a certificate went; 0 for the others. */
static outcome add_change(struct differ *differ, const char *change, str number, int code,
                          const struct rename_planned *planned, const CertificateView *now,
                          struct error *err)
{
    struct arena *arena = &differ->session->item_arena;
    struct json *record = json_new_record();
    json_put_text(record, "change", str_of(change));
    const char *code_of_entry = differ->entry->code; /* a notice's has none */
    json_put_text(record, "enterprise",
                  str_of(*code_of_entry != 0 ? code_of_entry : now->enterprise));
    json_put_text(record, "certificate", number);
    if (code != 0) {
        json_put_text(record, "code", message_code(code, arena));
    } else {
        json_put_null(record, "code");
    }
    put_name(record, "planned_name", planned != NULL ? planned->name : NULL);
    put_name(record, "enterprise_name", now->enterprise_name);
    put_end(record, "planned_valid_until", planned != NULL ? planned->end : DAY_UNKNOWN);
    put_end(record, "valid_until", end_of(now));
    return report_rows_add(&differ->rows, record, err);
}

/* The plan names it and a wave would not take it: the rule says why; nothing in its way is that it
 * stands twice in the plan. */
static outcome note_went(struct differ *differ, const struct rename_planned *planned,
                         struct error *err)
{
    struct session *session = differ->session;
    CertificateView *now = NULL;
    TRY(certificate_view(session, planned->number, &session->item_arena, &now, err));
    differ->found.went++;
    int code = wave_obstacle(differ->intent, now, session->run.moment.today, &session->item_arena);
    return add_change(differ, "went", planned->number, code, planned, now, err);
}

static outcome note_came(struct differ *differ, str number, struct error *err)
{
    struct session *session = differ->session;
    CertificateView *now = NULL;
    TRY(certificate_view(session, number, &session->item_arena, &now, err));
    differ->found.came++;
    return add_change(differ, "came", number, 0, NULL, now, err);
}

static outcome note_kept(struct differ *differ, const struct rename_planned *planned,
                         struct error *err)
{
    struct session *session = differ->session;
    CertificateView *now = NULL;
    TRY(certificate_view(session, planned->number, &session->item_arena, &now, err));
    bool other_name =
        *planned->name != 0 && !str_equal_c(str_of(planned->name), now->enterprise_name);
    bool other_end = planned->end != DAY_UNKNOWN && planned->end != end_of(now);
    if (!other_name && !other_end) {
        return OK;
    }
    differ->found.changed++;
    return add_change(differ, "changed", planned->number, 0, planned, now, err);
}

/* --- an enterprise ---------------------------------------------------------------------------- */

/* Both lists are sorted by number. */
static outcome compare_lists(struct differ *differ, struct error *err)
{
    const struct rename_entry *entry = differ->entry;
    str rest = entry->list.numbers;
    str number = str_cut(&rest, '\n');
    size_t at = 0;
    while (at < entry->planned_count || !str_empty(number)) {
        const struct rename_planned *planned =
            at < entry->planned_count ? &entry->planned[at] : NULL;
        int order = planned == NULL     ? 1
                    : str_empty(number) ? -1
                                        : str_compare(planned->number, number);
        if (order < 0) {
            TRY(note_went(differ, planned, err));
        } else if (order > 0) {
            TRY(note_came(differ, number, err));
        } else {
            TRY(note_kept(differ, planned, err));
        }
        at += order <= 0;
        number = order >= 0 ? str_cut(&rest, '\n') : number;
        arena_reset(&differ->session->item_arena);
    }
    return OK;
}

static outcome note_refused(struct differ *differ, struct error *err)
{
    const CertificateView none = CERTIFICATE_VIEW__INIT;
    const struct rename_planned planned = {STR(""), differ->entry->name, DAY_UNKNOWN};
    differ->found.refused++;
    return add_change(differ, "refused", STR(""), differ->entry->refusal->code, &planned, &none,
                      err);
}

/* What goes on or was done before is as planned, whatever it left behind. */
static outcome compare_entry(struct differ *differ, const struct rename_entry *entry,
                             struct error *err)
{
    struct session *session = differ->session;
    const EnterpriseView *enterprise = NULL;
    differ->entry = entry;
    if (!entry->is_planned) {
        return OK;
    }
    if (entry->refusal != NULL) {
        return note_refused(differ, err);
    }
    bool same_list = bytes_equal(entry->planned_sha256, entry->list.numbers_sha256);
    if (entry->holds && !same_list) {
        return OK;
    }
    differ->intent = entry->intent;
    if (differ->intent == NULL) {
        TRY(rename_entry_intent(session, differ->list, entry, &session->batch_arena,
                                &differ->intent, &enterprise, err));
    }
    outcome compared = compare_lists(differ, err);
    arena_reset(&session->batch_arena);
    return compared;
}

static outcome compare_entries(struct differ *differ, struct error *err)
{
    for (size_t i = 0; i < differ->list->count; i++) {
        TRY(compare_entry(differ, differ->list->items[i], err));
    }
    return OK;
}

FALLIBLE rename_changes_show(struct session *session, const struct rename_list *list,
                             struct rename_changes *ret, struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "change"},
        {.path = "enterprise"},
        {.path = "certificate"},
        {.path = "code"},
        {.path = "planned_name", .folds = true},
        {.path = "enterprise_name", .folds = true},
        {.path = "planned_valid_until"},
        {.path = "valid_until"},
    };
    struct differ differ = {.session = session, .list = list};
    struct error closing;
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns, list->format,
                         &differ.rows, err));
    outcome compared = compare_entries(&differ, err);
    outcome closed = report_rows_close(&differ.rows, compared.ok ? err : &closing);
    TRY(compared);
    *ret = differ.found;
    return closed;
}

static const struct error *first_refusal(const struct rename_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->is_planned && list->items[i]->refusal != NULL) {
            return list->items[i]->refusal;
        }
    }
    return NULL;
}

FALLIBLE rename_changes_check(struct session *session, const struct rename_list *list,
                              struct error *err)
{
    struct rename_changes found = {0};
    const struct error *refusal = first_refusal(list);
    if (list->differing == 0) {
        return OK;
    }
    TRY(rename_changes_show(session, list, &found, err));
    if (refusal != NULL) {
        *err = *refusal;
        return error_trace(err, HERE);
    }
    const char *rule = list->items[0]->intent != NULL ? "D26" : "R-NM-06";
    FAIL(REFUSED(rule), MESSAGE_PLAN_DIFFERS, ARG_INT("came", found.came),
         ARG_INT("went", found.went), ARG_INT("changed", found.changed),
         ARG_INT("enterprises", list->differing));
}

/* --- counts ----------------------------------------------------------------------------------- */

static outcome add_counts(struct session *session, const struct rename_list *list,
                          struct report_rows *rows, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct rename_entry *entry = list->items[i];
        EnterpriseView *enterprise = NULL;
        if (entry->refusal != NULL) {
            continue;
        }
        TRY(enterprise_view(session, str_of(entry->code), &session->item_arena, &enterprise, err));
        struct json *record = json_new_record();
        json_put_text(record, "enterprise", str_of(entry->code));
        json_put_text(record, "register_name", str_of(enterprise->name));
        json_put_number(record, "count", (int64_t)rename_entry_count(entry));
        arena_reset(&session->item_arena);
        TRY(report_rows_add(rows, record, err));
    }
    return OK;
}

FALLIBLE rename_counts_show(struct session *session, const struct rename_list *list,
                            struct error *err)
{
    static const struct report_column columns[] = {
        {.path = "enterprise"},
        {.path = "register_name", .folds = true},
        {.path = "count", .right = true},
    };
    struct report_rows rows;
    struct error closing;
    TRY(report_rows_open(session, columns, sizeof columns / sizeof *columns, list->format, &rows,
                         err));
    outcome added = add_counts(session, list, &rows, err);
    outcome closed = report_rows_close(&rows, added.ok ? err : &closing);
    TRY(added);
    return closed;
}
