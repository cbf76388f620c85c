/* expire - the verb `expire`: which certificates end when, by month and class, or one by one.
 *
 * Only reads: expiry is a function of the date, not an event. Certificates that ended in another
 * way are not in the index that it walks; those that expired before today are left out. */
#include <string.h>

#include "core/base/date.h"
#include "events/eligible.h"
#include "events/terms/category.h"
#include "jobs/metrics.h"
#include "jobs/objects/objects.h"
#include "jobs/report.h"

enum { WITHIN_DEFAULT = 92, CLASSES = 7 };

static const char *const classes[CLASSES] = {"A", "B", "C1", "C2", "C3", "C", "other"};

/* The certificates that end in one month. */
struct month {
    char name[DATE_SIZE]; /* YYYY-MM; empty: none yet */
    uint64_t total;
    uint64_t open; /* that may be extended, as far as they alone can tell (D14, D29, D31) */
    uint64_t by_class[CLASSES];
};

struct expiry {
    struct session *session;
    const ExpireOptions *options;
    struct object_source source;
    struct report_rows rows;
    struct month month;
    int32_t last; /* day */
    uint64_t total;
};

/* The class that it has today: its number keeps the one it was given under (D26). */
static size_t class_of(const CertificateView *certificate)
{
    size_t class = 0;
    str text = category_text(certificate->category);
    while (class < CLASSES - 1 && !str_equal_c(text, classes[class])) {
        class ++;
    }
    return class;
}

static outcome add_month(struct expiry *expiry, struct error *err)
{
    const struct month *month = &expiry->month;
    if (month->total == 0) {
        return OK;
    }
    struct json *record = json_new_record();
    json_put_text(record, "month", str_of(month->name));
    json_put_number(record, "total", (int64_t)month->total);
    for (size_t i = 0; i < CLASSES; i++) {
        json_put_number(record, classes[i], (int64_t)month->by_class[i]);
    }
    json_put_number(record, "extendable", (int64_t)month->open);
    return report_rows_add(&expiry->rows, record, err);
}

/* What may be extended is asked of the rule, as `list extendable` does (0028): the window alone
 * would count paper, suspended and released ones, which the rule refuses. */
static outcome count_one(struct expiry *expiry, const CertificateView *certificate, int32_t end,
                         struct error *err)
{
    struct error refused;
    char day[DATE_SIZE];
    date_format(end, day);
    day[7] = 0; /* YYYY-MM */
    if (strcmp(day, expiry->month.name) != 0) {
        TRY(add_month(expiry, err));
        expiry->month = (struct month){0};
        memcpy(expiry->month.name, day, sizeof day);
    }
    expiry->month.total++;
    expiry->month.by_class[class_of(certificate)]++;
    expiry->month.open +=
        extend_check_certificate(certificate, expiry->session->run.moment.today, &refused).ok;
    return OK;
}

static outcome list_one(struct expiry *expiry, const CertificateView *certificate,
                        struct error *err)
{
    struct json *record = NULL;
    TRY(object_of_certificate(&expiry->source, certificate, &record, err));
    return report_rows_add(&expiry->rows, record, err);
}

static outcome take_one(struct expiry *expiry, bytes key, int32_t end, struct error *err)
{
    struct arena *arena = expiry->source.arena;
    CertificateView *certificate = NULL;
    arena_reset(arena);
    expiry->total++;
    TRY(certificate_view(expiry->session, key_last_part(key), arena, &certificate, err));
    return expiry->options->certificates ? list_one(expiry, certificate, err)
                                         : count_one(expiry, certificate, end, err);
}

/* In order of the end, from today on; days before 1970 come last there, and are none to come. */
static outcome walk(struct expiry *expiry, struct views_scan *scan, const struct view_key *prefix,
                    struct error *err)
{
    for (;;) {
        uint32_t end = 0;
        bool more = false;
        TRY(views_scan_next(scan, &more, err));
        bytes rest = more ? key_behind(scan->key, prefix) : (bytes){0};
        if (!more) {
            return OK;
        }
        BUG_UNLESS(rest.size > sizeof end);
        memcpy(&end, rest.data, sizeof end);
        int32_t day = (int32_t)__builtin_bswap32(end);
        if (day > expiry->last || day < expiry->session->run.moment.today) {
            return OK;
        }
        TRY(take_one(expiry, scan->key, day, err));
    }
}

static outcome add_rows(struct expiry *expiry, struct error *err)
{
    struct session *session = expiry->session;
    struct view_key prefix = index_certificates_by_end();
    uint32_t first = __builtin_bswap32((uint32_t)session->run.moment.today);
    struct views_scan scan = {0};
    TRY(views_scan_open(engine_views(session->engine), VIEW_INDEX, &prefix,
                        bytes_of(&first, sizeof first), &scan, err));
    outcome walked = walk(expiry, &scan, &prefix, err);
    views_scan_close(&scan);
    TRY(walked);
    return add_month(expiry, err);
}

static FALLIBLE open_rows(struct expiry *expiry, struct error *err)
{
    static const struct report_column months[] = {
        {.path = "month"},
        {.path = "total", .right = true},
        {.path = "A", .right = true},
        {.path = "B", .right = true},
        {.path = "C1", .right = true},
        {.path = "C2", .right = true},
        {.path = "C3", .right = true},
        {.path = "C", .right = true},
        {.path = "other", .right = true},
        {.path = "extendable", .right = true},
    };
    static const struct report_column certificates[] = {
        {.path = "valid_until"},
        {.path = "certificate"},
        {.path = "category"},
        {.path = "person.name"},
        {.path = "person.id_number"},
        {.path = "enterprise.code"},
        {.path = "enterprise.name", .folds = true},
        {.path = "status"},
    };
    bool one_by_one = expiry->options->certificates;
    enum table_format format = expiry->session->json  ? TABLE_JSON
                               : expiry->options->csv ? TABLE_CSV
                                                      : TABLE_PEOPLE;
    return report_rows_open(expiry->session, one_by_one ? certificates : months,
                            one_by_one ? sizeof certificates / sizeof *certificates
                                       : sizeof months / sizeof *months,
                            format, &expiry->rows, err);
}

outcome check_expire(const struct session *session, struct error *err)
{
    if (session->json && SESSION_OPTIONS(session, ExpireOptions)->csv) {
        FAIL(USAGE, MESSAGE_OPTIONS_EXCLUDE, ARG_TEXT("option", "json"), ARG_TEXT("other", "csv"));
    }
    return OK;
}

outcome job_expire(struct session *session, struct error *err)
{
    const ExpireOptions *options = SESSION_OPTIONS(session, ExpireOptions);
    uint32_t within = options->within != 0 ? options->within : WITHIN_DEFAULT;
    struct expiry expiry = {.session = session,
                            .options = options,
                            .last = session->run.moment.today + (int32_t)within};
    struct metrics metrics = metrics_start("expire");
    struct error closing;
    TRY(object_source_open(session, false, &session->item_arena, &expiry.source, err));
    TRY(open_rows(&expiry, err));
    outcome added = add_rows(&expiry, err);
    if (!report_rows_close(&expiry.rows, added.ok ? err : &closing).ok) {
        return error_trace(err, HERE);
    }
    TRY(added);
    report_rows_tell_none(&expiry.rows);
    metrics.done = expiry.total;
    metrics_try(session, &metrics);
    return OK;
}
